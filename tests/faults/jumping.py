"""`onefold` on a machine whose clock is wrong: `python tests/faults/jumping.py <offset file> <arguments>`.

The file holds by how many milliseconds the clock is wrong; it may be written at any time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from onefold.app import clock, main


class WrongClock:
    """Stands for the module `time` in the product's clock, the only place that asks for the hour."""

    monotonic_ns = staticmethod(time.monotonic_ns)

    def __init__(self, offset: Path) -> None:
        self._offset = offset

    def time_ns(self) -> int:
        """The machine's time, and what it was set ahead or back."""
        return time.time_ns() + int(self._offset.read_text() or "0") * clock.MS


if __name__ == "__main__":
    setattr(clock, "time", WrongClock(Path(sys.argv[1])))  # noqa: B010  # a module takes no other type
    sys.argv = ["onefold", *sys.argv[2:]]
    main()
