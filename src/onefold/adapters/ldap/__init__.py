"""The directory of the company, over LDAP."""
