"""Consent facts folded, and the pure combine of facts."""
