"""Thin edges: parse, get a permit, call a use case, render."""
