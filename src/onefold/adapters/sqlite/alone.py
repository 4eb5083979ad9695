"""Files of SQLite for their owner alone; what it makes beside one (`-wal`, `-shm`) has the same rights.

A file that may be in use is never opened here: a process that closes one gives up every lock that it has on
it, also those of SQLite (POSIX), and what others then write beside it damages the file.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_RIGHTS = 0o600


def alone(path: Path) -> None:
    """Makes the file where there is none, and takes everybody else's rights to one of before.

    What cannot be done is left to SQLite to say, which opens the file next.
    """
    with suppress(OSError):
        made(path)
        for it in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if it.exists() and it.stat().st_mode & 0o077:
                it.chmod(_RIGHTS)


def made(path: Path) -> None:
    """Makes the file where there is none; `OSError` where that cannot be."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _RIGHTS))
