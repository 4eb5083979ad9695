"""A process that erases people and kills itself at one of the steps, as a power failure would end it.

`python -m tests.faults.erasing FOLDER STEP ID…`: before the step of that number it is gone (-9); with a step
beyond the last it ends, and prints how many there were.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from onefold.adapters.files.disk import Disk
from onefold.record.erasure.model import Because
from tests.canaries import rooms_of

STEPS = ("add", "erase", "destroy", "append")


class Steps:
    """Counts calls of whatever it is put around, and ends the process before one of them."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last

    def step(self) -> None:
        """One more; the process may not come back from it."""
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def around(self, it: Any) -> Any:
        """The same thing, its steps counted."""
        return _Counted(it, self)


class _Counted:
    def __init__(self, it: Any, steps: Steps) -> None:
        self._it = it
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._it, name)
        if name not in STEPS:
            return found

        def counted(*arguments: Any) -> Any:
            self._steps.step()
            return found(*arguments)

        return counted


def main(data: Path, last: int, ids: list[str]) -> int:
    """Erases; the number of steps it took."""
    steps = Steps(last)
    with rooms_of(data) as rooms:
        eraser = dataclasses.replace(
            rooms.eraser,
            ledger=steps.around(rooms.eraser.ledger),
            log=steps.around(rooms.eraser.log),
            keys=steps.around(rooms.eraser.keys),
            first=tuple(map(steps.around, rooms.eraser.first)),
            last=tuple(map(steps.around, rooms.eraser.last)),
        )
        replace: Callable[..., None] = Disk.replace

        def counted(*arguments: Any) -> None:
            steps.step()
            replace(*arguments)

        with patch.object(Disk, "replace", counted):
            eraser.erase([bytes.fromhex(it) for it in ids], Because.REQUEST, "officer")
    return steps.count


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
