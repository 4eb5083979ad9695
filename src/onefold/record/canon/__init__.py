"""Canonical entity types, identifiers and purposes; nothing that acts."""
