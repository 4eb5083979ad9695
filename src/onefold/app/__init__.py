"""The composition root: the only place that chooses adapters and puts the product together.

Its processes import what they need of it and no more: what only the command needs is imported when it runs.
"""

from __future__ import annotations


def main() -> None:
    """The `onefold` command."""
    from onefold.app.house import LocalHouse
    from onefold.channels.cli.main import run

    run(LocalHouse())
