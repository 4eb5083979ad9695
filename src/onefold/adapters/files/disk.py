"""The system calls a log rests on, in one place: a fault test gives a disk that is full or fails."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from onefold.kernel.errors import Unavailable

_LOCK_TRIES = 10
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})

# Not everywhere: macOS has no fdatasync, and its fsync does at least as much.
_sync_data = getattr(os, "fdatasync", os.fsync)


class Disk:
    """Writes, syncs and cuts open files; errors are the system's own (`OSError`)."""

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Writes all of it at an offset; a failure may leave a part behind."""
        rest = memoryview(data)
        while rest:
            done = os.pwrite(descriptor, rest, offset)
            rest = rest[done:]
            offset += done

    def sync(self, descriptor: int) -> None:
        """Returns when the file's data is on the disk."""
        _sync_data(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cuts the file to a size."""
        os.ftruncate(descriptor, size)

    def sync_folder(self, folder: Path) -> None:
        """Makes created, renamed and removed names of a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, path: Path, data: bytes) -> None:
        """Puts a whole file in its place, durable, so that nobody ever sees half of it."""
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self.write(descriptor, data, 0)
            self.sync(descriptor)
        except OSError:
            # The half-written file takes space that somebody may need just now.
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise
        finally:
            os.close(descriptor)
        fresh.rename(path)
        self.sync_folder(path.parent)


class UnsyncedDisk(Disk):
    """A disk whose syncs do nothing: for measuring what syncing costs, and for proving a test sees it."""

    def sync(self, descriptor: int) -> None:
        """Promises nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Promises nothing."""


def failed(error: OSError, what: str) -> Unavailable:
    """The error to show for a failed system call: says what was tried, and what to do if it is space."""
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    if error.errno in NO_SPACE:
        return Unavailable(
            f"The disk is full: {what}.",
            retry_after_seconds=30,
            hint="Nothing was acknowledged. Free some space; writing goes on by itself.",
        )
    return Unavailable(f"The disk failed: {what}.", retry_after_seconds=60, detail=reason)


def lock(path: Path, what: str) -> int:
    """Takes the exclusive lock of a file; `Unavailable` when another process has it. Close to let go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # `is_locked` of a reader holds the lock for an instant.
            time.sleep(0.02)
        else:
            return descriptor
    os.close(descriptor)
    raise Unavailable(
        f"Another process is writing {what}.",
        hint="One process writes a log at a time: stop the other one, or send it the data over HTTP.",
    )


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other process or thread changes files of a folder in this way, and keeps them out."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds the exclusive lock of a file now."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
