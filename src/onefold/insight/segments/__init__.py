"""Segments: one expression with a live and a bulk compiler."""
