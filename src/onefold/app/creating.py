"""Making a data folder, or opening the one that is there, and publishing contracts."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

from onefold.adapters.files.keys import create_key_files, require_key_files
from onefold.app.contracts import publish_files
from onefold.app.folder import create_folder
from onefold.app.rooms import open_rooms
from onefold.channels.cli.house import Created
from onefold.kernel.ids import Cell


def create(data: Path, cell: Cell, contracts: Sequence[Path], checkpoints: Path | None) -> Created:
    """Makes or opens a data folder and publishes the contracts that are new.

    `CallerError`, and nothing is touched, where the folder is in use and a key that cannot be made again is
    lost: beside a new one, what is there would be closed for ever and look as if nothing had happened.
    """
    folder = create_folder(data, cell, checkpoints)
    if folder.is_used:
        require_key_files(folder.keys)
    create_key_files(folder.keys)
    published = publish_files(folder.contracts, contracts, f"operator:{getpass.getuser()}")
    with open_rooms(folder):
        # Opening says in the log which contracts are live, and makes every file that is missing.
        return Created(str(cell), folder.checkpoints, tuple(f"{it.source} {it.version}" for it in published))
