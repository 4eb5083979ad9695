"""Master and signing keys of a data folder as they are now: a rotation counts at once in a server that runs.

The master key may stand in the environment instead of a file (`ONEFOLD_MASTER_KEY`, 64 hexadecimal digits),
for those who get it from a vault when the process starts. Key files that are there then count as former ones,
as does what `ONEFOLD_FORMER_MASTER_KEYS` lists, so that data keys can be moved over and the files removed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from onefold.adapters.files.keys import (
    MASTER_VARIABLE,
    FileKeyCustody,
    FileSigner,
    KeyFiles,
    key_of,
    read_key_file,
)

FORMER_VARIABLE = "ONEFOLD_FORMER_MASTER_KEYS"
_MASTER = "master.key"
_SIGNING = "signing.key"


class FolderCustody:
    """Implements `KeyCustody`; the folder is looked at each time. Safe to share by threads."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._folder = folder
        self._environment = environment
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._held = self._read()

    @property
    def current(self) -> str:
        """The id of the master key that wraps now."""
        return self._now().current

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """As the port says."""
        return self._now().wrap(keys)

    def unwrap(self, master_id: str, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """As the port says."""
        return self._now().unwrap(master_id, wrapped)

    def _now(self) -> FileKeyCustody:
        with self._lock:
            if self._stamp() != self._seen:
                self._held = self._read()
            return self._held

    def _stamp(self) -> tuple[int, ...]:
        return _stamp(self._folder, _MASTER)

    def _read(self) -> FileKeyCustody:
        self._seen = self._stamp()
        given = self._environment.get(MASTER_VARIABLE, "")
        if not given:
            return KeyFiles(self._folder).custody()
        listed = self._environment.get(FORMER_VARIABLE, "").replace(",", " ").split()
        files = sorted(self._folder.glob("master*.key"))
        former = [*(key_of(FORMER_VARIABLE, it) for it in listed), *map(read_key_file, files)]
        return FileKeyCustody(key_of(MASTER_VARIABLE, given), former)


class FolderSigner:
    """Implements `Signer` with the signing key of a folder; it is looked at each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen = _stamp(folder, _SIGNING)
        self._held = KeyFiles(folder).signer()

    @property
    def key_id(self) -> str:
        """The id of the key that signs now."""
        return self._now().key_id

    def sign(self, data: bytes) -> bytes:
        """As the port says."""
        return self._now().sign(data)

    def _now(self) -> FileSigner:
        with self._lock:
            stamp = _stamp(self._folder, _SIGNING)
            if stamp != self._seen:
                self._held = KeyFiles(self._folder).signer()
                self._seen = stamp
            return self._held


def _stamp(folder: Path, name: str) -> tuple[int, ...]:
    """What is another once a key was put in the place of another; a file that is gone is told on reading."""
    stamp = [folder.stat().st_mtime_ns]
    try:
        found = (folder / name).stat()
    except FileNotFoundError:
        return tuple(stamp)
    return (*stamp, found.st_ino, found.st_mtime_ns)
