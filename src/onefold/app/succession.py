"""One state comes in the place of another: put in use at once, or left for whoever has the folder open."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from onefold.app.folder import DataFolder

TAKEN_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


def put_in_use(rebuilt: Path, state: Path) -> None:
    """Takes the old state away whole before the new one comes: a crash between leaves none, which is remade.

    Left beside the new one, the old one's write-ahead log would be taken for the new one's.
    """
    take_away(state)
    shutil.move(rebuilt, state)


def take_away(state: Path) -> None:
    """Removes a state whole; it can be made again from the log."""
    for path in (state, *(state.with_name(state.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)


def hand_over(rebuilt: Path, folder: DataFolder) -> bool:
    """Leaves a state for who has the folder open; whether it was taken while we waited."""
    leave(rebuilt, folder)
    return until_taken(folder)


def leave(rebuilt: Path, folder: DataFolder) -> None:
    """Leaves a state for whoever opens the folder next, or has it open.

    It comes whole: under another name first, as it may come from another disk.
    """
    coming = folder.next_state.with_suffix(".coming")
    shutil.move(rebuilt, coming)
    os.replace(coming, folder.next_state)


def left_by(folder: DataFolder) -> str:
    """Who left the state that lies ready: the operator to whom its file belongs."""
    try:
        return f"operator:{folder.next_state.owner()}"
    except KeyError:
        return f"operator:{folder.next_state.stat().st_uid}"


def until_taken(folder: DataFolder) -> bool:
    """Whether what was left was taken while we waited."""
    deadline = time.monotonic() + TAKEN_SECONDS
    while folder.next_state.exists() and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
    return not folder.next_state.exists()
