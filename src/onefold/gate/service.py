"""The gate."""

from __future__ import annotations


class Gate:
    """Mints permits and cuts views."""
