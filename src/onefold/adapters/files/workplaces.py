"""Folders for work that leaves nothing behind: gone when it ends and, where it was killed, at the next start.

Derived data may lie in one, which no erasure reaches. So whoever works there holds a lock on the folder,
and a start removes those that nobody holds. A removal that is interrupted is gone on with at the next start:
the folder goes last.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from onefold.adapters.files.disk import failed

_PREFIX = "work-"


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """A folder of one's own below `root` until the block ends; `Unavailable` where none can be made."""
    place, held = _taken(root)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def clear_workplaces(root: Path) -> None:
    """Removes those that nobody works in any more."""
    for place in root.glob(f"{_PREFIX}*"):
        # It may be somebody's, or go this very moment: then it is not ours to remove.
        with contextlib.suppress(OSError):
            held = _locked(place)
            try:
                shutil.rmtree(place, ignore_errors=True)
            finally:
                os.close(held)


def _taken(root: Path) -> tuple[Path, int]:
    """A fresh folder, and its lock. One that a start removed before it was locked is not taken."""
    try:
        while True:
            place = Path(mkdtemp(prefix=_PREFIX, dir=root))
            with contextlib.suppress(FileNotFoundError, BlockingIOError):
                held = _locked(place)
                with contextlib.suppress(FileNotFoundError):
                    if os.fstat(held).st_ino == place.stat().st_ino:
                        return place, held
                os.close(held)
    except OSError as error:
        raise failed(error, f"no folder can be made in {root.name}") from error


def _locked(place: Path) -> int:
    """The lock of a folder; `BlockingIOError` where somebody has it."""
    held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held
