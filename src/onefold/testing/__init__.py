"""Fakes that pass the port suites, and the seeded world."""
