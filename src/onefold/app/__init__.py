"""The composition root: the only place that chooses adapters and puts the product together."""

from __future__ import annotations

from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run


def main() -> None:
    """The `onefold` command."""
    run(LocalHouse())
