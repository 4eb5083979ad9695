"""The provider that people of the company sign in at, over OpenID Connect."""
