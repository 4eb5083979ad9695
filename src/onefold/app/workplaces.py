"""Folders for work that leaves nothing behind: gone when it ends and, where it was killed, at the next start.

Derived data may lie in one, which no erasure reaches. So it is locked by whoever works there, and a start
removes those that nobody holds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from onefold.adapters.files.disk import failed, is_locked, lock

_PREFIX = "work-"
_LOCK = "lock"


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """A folder of one's own below `root` until the block ends; `Unavailable` where none can be made."""
    try:
        place = Path(mkdtemp(prefix=_PREFIX, dir=root))
        held = lock(place / _LOCK, "this folder")
    except OSError as error:
        raise failed(error, f"no folder can be made in {root.name}") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def clear_workplaces(root: Path) -> None:
    """Removes those that nobody works in any more.

    One that was made this very moment has no lock yet, and is left to the next start.
    """
    for place in root.glob(f"{_PREFIX}*"):
        if (place / _LOCK).exists() and not is_locked(place / _LOCK):
            shutil.rmtree(place, ignore_errors=True)
