"""Who it is about: consent, fragments, identity and the profile."""
