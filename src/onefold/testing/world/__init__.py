"""A seeded bank and telecom whose truth is known."""
