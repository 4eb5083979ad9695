"""The keys that sessions are signed with: `session.key` signs, those it replaced verify until they are over.

A replaced key is kept as `session-<second>-<id>.key`: until that second tokens signed with it are good. The
folder is looked at each time, so that a rotation counts at once in a server that runs.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.keys import create_key_file, read_key_file
from onefold.kernel.keys import KEY_BYTES, TokenKey

_FORMER = re.compile(r"session-([0-9]{1,15})-([0-9a-f]{16})\.key")
_NEWEST = "session.key"


class SessionKeyFiles:
    """Implements `TokenKeys` with the key files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest = folder / _NEWEST
        self._looked_at = str(folder), str(self._newest)
        self._seen = (-1, -1)
        self._signing = TokenKey("", b"")
        self._former: Mapping[str, tuple[bytes, int]] = {}
        self._lock = threading.Lock()

    def signing(self) -> TokenKey:
        """The key that signs now."""
        self._look()
        return self._signing

    def verifying(self, key_id: str, now_seconds: int) -> bytes | None:
        """The secret of that id: of the key that signs, or of one it replaced whose time is not over."""
        self._look()
        if key_id == self._signing.id:
            return self._signing.secret
        secret, until = self._former.get(key_id, (None, 0))
        return secret if now_seconds < until else None

    def _look(self) -> None:
        """Reads the keys again where the folder, or the key that signs, is not what it was."""
        folder, newest = self._looked_at
        stamp = (_written_at(folder), _written_at(newest))
        if stamp == self._seen:
            return
        with self._lock:
            secret = read_key_file(self._newest)
            self._former = {
                key_id: (read_key_file(path), until) for path, until, key_id in _former_of(self._folder)
            }
            self._signing = TokenKey(_id_of(secret), secret)
            self._seen = stamp


def rotate_session_key(folder: Path, now_seconds: int, good_for_seconds: int) -> str:
    """Makes a new key that signs from now on; returns its id.

    The one before verifies for so many seconds more; zero ends every session at once. Those whose time is
    over, or with zero all others, are removed.
    """
    newest = folder / _NEWEST
    until = now_seconds + good_for_seconds
    if good_for_seconds and newest.exists():
        kept = folder / f"session-{until}-{_id_of(read_key_file(newest))}.key"
        kept.unlink(missing_ok=True)
        os.link(newest, kept)
    fresh = os.urandom(KEY_BYTES)
    staged = folder / f"{_NEWEST}.new"
    staged.unlink(missing_ok=True)
    create_key_file(staged, fresh.hex(), 0o600)
    staged.rename(newest)
    for path, good_until, _ in _former_of(folder):
        if good_until <= now_seconds or not good_for_seconds:
            path.unlink()
    Disk().sync_folder(folder)
    return _id_of(fresh)


def _former_of(folder: Path) -> list[tuple[Path, int, str]]:
    """Keys that were replaced: the file, the second until which it is good, its id."""
    named = ((path, _FORMER.fullmatch(path.name)) for path in sorted(folder.iterdir()))
    return [(path, int(found[1]), found[2]) for path, found in named if found]


def _written_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # `Path.stat` takes twice as long, each request.
    except FileNotFoundError:
        return 0


def _id_of(secret: bytes) -> str:
    return sha256(b"onefold session key" + secret).hexdigest()[:16]
