"""Sessions that were signed out, in a small file of the data folder: a restart forgets none of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk, failed
from onefold.kernel.errors import Damaged


class EndedSessionsFile:
    """Implements `EndedSessions` with `ended-sessions.json`: session id → when its last token is over."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._path = folder / "ended-sessions.json"
        self._disk = disk or Disk()

    def read(self) -> dict[str, int]:
        """What stands in the file; nothing where there is no file."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise failed(error, f"{self._path.name} cannot be read") from error
        except msgspec.DecodeError:
            raise Damaged(
                f"{self._path.name} is not readable.",
                hint="Restore it from a backup; or remove it and replace keys/session.key, which ends every "
                "session.",
            ) from None

    def write(self, sessions: Mapping[str, int]) -> None:
        """Replaces the file, durable; `Unavailable` where that fails."""
        try:
            self._disk.replace(self._path, msgspec.json.encode(sessions))
        except OSError as error:
            raise failed(error, f"writing {self._path.name}") from error
