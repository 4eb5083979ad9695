"""Databases of sources, by SQLAlchemy."""
