"""Bookmarks as files of one folder, each replaced whole; names are hashed, since they may hold anything."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from onefold.adapters.files.disk import Disk, failed


class FileBookmarks:
    """Implements `Bookmarks`."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()

    def find(self, name: str) -> bytes | None:
        """What was kept last under a name."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise failed(error, "a bookmark was not read") from error

    def keep(self, name: str, data: bytes) -> None:
        """Takes the place of what was kept, durable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._disk.replace(self._path(name), data)
        except OSError as error:
            raise failed(error, "a bookmark was not kept") from error

    def drop(self, name: str) -> None:
        """Forgets it."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise failed(error, "a bookmark was not removed") from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{sha256(name.encode()).hexdigest()[:40]}.json"
