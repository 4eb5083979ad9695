"""Implementations of ports; they decide nothing."""
