"""A disk that fails when it is told to: full, or with an error at a sync or a cut."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from onefold.adapters.files.disk import Disk


class FaultyDisk(Disk):
    """The real disk until one of its faults is set; set it back and the disk works again.

    `space` is how many bytes it still takes (None: as many as the real one): like a file system it
    writes what fits before it fails. `sync_error` and `truncate_error` are errnos, 0 for none. With
    `failed_syncs` set, that many syncs fail and the next ones do not.
    """

    def __init__(self) -> None:
        self.space: int | None = None
        self.sync_error = 0
        self.failed_syncs: int | None = None
        self.truncate_error = 0
        self.syncs = 0
        """Syncs that succeeded."""

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Writes what fits; `OSError` ENOSPC when that is not all."""
        if self.space is not None:
            fits = data[: self.space]
            super().write(descriptor, fits, offset)
            self.space -= len(fits)
            if len(fits) < len(data):
                raise _error(errno.ENOSPC)
            return
        super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        """Syncs, or fails with `sync_error`."""
        if self.sync_error and self.failed_syncs != 0:
            if self.failed_syncs is not None:
                self.failed_syncs -= 1
            raise _error(self.sync_error)
        super().sync(descriptor)
        self.syncs += 1

    def truncate(self, descriptor: int, size: int) -> None:
        """Cuts, or fails with `truncate_error`."""
        if self.truncate_error:
            raise _error(self.truncate_error)
        super().truncate(descriptor, size)

    def sync_folder(self, folder: Path) -> None:
        """Syncs the folder, or fails with `sync_error`."""
        if self.sync_error:
            raise _error(self.sync_error)
        super().sync_folder(folder)


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
