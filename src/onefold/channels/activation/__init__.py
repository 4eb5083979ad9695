"""Audiences and messages on their way out."""
