"""A small JSON file of name → value that several processes read and few change."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from onefold.adapters.files.disk import Disk, alone_in, failed
from onefold.kernel.errors import Damaged

T = TypeVar("T")


class Entries(Generic[T]):
    """A JSON file of name → value; what was read is kept until the file changes."""

    def __init__(self, path: Path, type_: type[T], disk: Disk) -> None:
        self._path = path
        self._looked_at = str(path)
        self._decode: Callable[[bytes], dict[str, T]] = msgspec.json.Decoder(dict[str, type_]).decode  # type: ignore[valid-type]
        self._disk = disk
        self._seen: tuple[int, int] = (-1, -1)
        self._held: dict[str, T] = {}
        self._reading = threading.Lock()
        """Never held while somebody waits for another process: an event loop reads, too."""
        self._changing = threading.Lock()

    def read(self) -> dict[str, T]:
        """What stands in the file now; nothing where there is no file."""
        try:
            stat = os.stat(self._looked_at)  # `Path.stat` takes twice as long, each request.
        except FileNotFoundError:
            return {}
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._seen:
            with self._reading:
                try:
                    self._held = self._decode(self._path.read_bytes())
                except msgspec.DecodeError:
                    raise Damaged(
                        f"{self._path.name} is not readable.", hint="Mend it or take it from a backup."
                    ) from None
                self._seen = stamp
        return self._held

    def put(self, name: str, value: T) -> None:
        """Adds or replaces one entry, durably; nobody ever sees half a file."""
        self.change(name, lambda _: value)

    def change(self, name: str, make: Callable[[T | None], T]) -> T:
        """Replaces one entry by what is made of it, durably; no process changes the file in between.

        What `make` raises leaves the file as it is.
        """
        with self._changing, alone_in(self._path.parent):
            held = self._decode(self._path.read_bytes()) if self._path.exists() else {}
            value = make(held.get(name))
            text = msgspec.json.format(msgspec.json.encode(held | {name: value}), indent=2) + b"\n"
            try:
                self._disk.replace(self._path, text)
            except OSError as error:
                raise failed(error, f"writing {self._path.name}") from error
            return value
