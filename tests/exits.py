"""What a process may write, connect to and start, and what of all that it did it may not.

Rooms are those of a data folder (`DataFolder`), each of which tests/style/test_stores.py asks about, and the
few files beside them. A file that is written anywhere else is an exit that nobody declared.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from onefold.app.folder import DataFolder
from onefold.app.rooms import LOGS
from tests.watching import sitecustomize as watching

SETTINGS = {"config.toml", "users.json", "visitors.json", "machines.json", "writekeys.json"}
SETTINGS |= {"ended-sessions.json"}
_ASIDE = re.compile(r"(-wal|-shm|-journal|\.lock|\.new|\.[0-9a-f]+\.new|\.tmp)$")
"""What stands beside a file while it is written."""


class Happened(NamedTuple):
    """An audit event of the interpreter and what it was about: a path, an address, a command."""

    event: str
    what: Any


@contextmanager
def watched(notes: Path) -> Iterator[None]:
    """While it lasts, this process and its children note what they do."""
    there = str(Path(watching.__file__).parent)
    given = {
        watching.VARIABLE: str(notes),
        "PYTHONPATH": os.pathsep.join(filter(None, (there, os.environ.get("PYTHONPATH")))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    watching.note_into(str(notes))
    try:
        yield
    finally:
        watching.note_into(None)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def happened(notes: Path) -> list[Happened]:
    """Everything that was noted, in order."""
    return [Happened(*json.loads(line)) for line in notes.read_text().splitlines()]


def rooms_of(folder: DataFolder) -> set[Path]:
    """Every file and folder in which something may be kept."""
    named = {it for it in dir(DataFolder) if not it.startswith("_")} - {"root", "of_cell"}
    found = {at for it in named if isinstance(at := getattr(folder, it), Path)}
    return found | {folder.log(it) for it in LOGS} | {folder.root / it for it in SETTINGS}


def undeclared(
    done: Collection[Happened], folder: DataFolder, files: Collection[Path] = (), ports: Collection[int] = ()
) -> list[Happened]:
    """What is neither within the rooms of the folder, nor one of these files or ports of this machine."""
    rooms = rooms_of(folder) | set(files)
    above = {at for it in rooms for at in (it, *it.parents)}

    def is_declared(it: Happened) -> bool:
        if it.event in watching.STARTS:
            return isinstance(it.what, list) and it.what[0] == sys.executable
        if it.event in watching.CALLS:
            return isinstance(it.what, list) and it.what[0] == "127.0.0.1" and it.what[1] in ports
        if it.event in watching.ASKS:
            return it.what in ("127.0.0.1", b"127.0.0.1")
        if it.event == "os.mkdir" and Path(it.what) in above:
            return True
        path = Path(_ASIDE.sub("", it.what))
        hidden = path.with_name(path.name.removeprefix("."))
        return it.what == os.devnull or any(
            at == room or room in at.parents for at in (path, hidden) for room in rooms
        )

    return [it for it in done if not is_declared(it)]
