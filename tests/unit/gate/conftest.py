"""Fixtures that several files of tests of the gate share."""

from __future__ import annotations

from tests.unit.gate.test_service import house

__all__ = ["house"]
