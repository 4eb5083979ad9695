"""A target that breaks, to see that a finding is found, told and kept. No parser is behind it."""

from __future__ import annotations

from onefold.kernel.errors import CallerError
from tests.fuzz.target import Target


def run(data: bytes) -> None:
    """Breaks where two bytes are right."""
    if data[:1] == b"{" and data[1:2] == b"!":
        raise CallerError("This was planted.")


PLANTED = Target("planted", run, (b"{}",), (b"{!",))
