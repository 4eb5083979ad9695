"""Passwords, tokens, and settings that hold some, each in a file of its own that not everybody can read."""

from __future__ import annotations

import os
from pathlib import Path

from onefold.kernel.errors import CallerError

_OF_STRANGERS = 0o027
"""What others may do at all, and writing by a group. Its group may read a secret that is mounted for it."""


def read_secret(path: Path) -> str:
    """What the file holds, without the space around it; empty where it is not there or cannot be read.

    `CallerError` where everybody may read it, or more than its owner may write it.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            found = file.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""
    if found and mode & _OF_STRANGERS:
        raise CallerError(
            f"The file {path.name} holds a secret and is open to others.",
            detail=f"Its permissions are {mode:04o}.",
            hint="Make it yours alone (chmod 600, or mode 0440 where a container mounts it), and ask who may"
            " have read it.",
        )
    return found
