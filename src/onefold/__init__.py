"""Onefold: one fold over one immutable log, and the customer that it shows."""
