"""Doors that account for every offered row."""
