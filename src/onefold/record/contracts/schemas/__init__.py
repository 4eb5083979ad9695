"""Schemas of what may be written to a contract's objects, as Confluent's schema registry knows them."""
