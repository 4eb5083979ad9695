"""Notes what a process writes, connects to and starts, from its first line on (`sys.addaudithook`).

Python imports this by its name wherever the folder is on PYTHONPATH, so children of a process are watched
with it. A line a thing goes to the file that ONEFOLD_WATCHED names; without that nothing is noted. What
libraries in C open by themselves is not seen but for databases, which are seen when they are connected to.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

VARIABLE = "ONEFOLD_WATCHED"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir", "os.truncate"}
"""Events whose first argument is a path that is made or changed."""
MOVES = {"os.rename", "os.link", "os.symlink"}
"""The second is."""
CALLS = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
"""The second is an address."""
ASKS = {"socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "smtplib.connect", "ftplib.connect"}
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}

_files: list[int] = []


def note_into(path: str | None) -> None:
    """From now on into this file, or nowhere."""
    for it in _files:
        os.close(it)
    _files.clear()
    if path is not None:
        _files.append(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))


def _noted(event: str, args: tuple[Any, ...]) -> Any:
    """What there is to note of an event; None for nothing."""
    if event == "open":
        path, _, flags = args
        return _path(path) if isinstance(flags, int) and flags & WRITES else None
    if event == "sqlite3.connect":
        return _database(args[0])
    if event in CHANGES:
        return _path(args[0])
    if event in MOVES:
        return _path(args[1])
    if event in CALLS:
        return args[1]
    if event in STARTS:
        return args[1] if event == "subprocess.Popen" else args[:2]
    return args[0] if event in ASKS else None


def _path(path: Any) -> str | None:
    """As an absolute path; None for a descriptor that is open already."""
    return None if isinstance(path, int) or path is None else os.path.abspath(os.fsdecode(path))


def _database(path: Any) -> str | None:
    """A file that may be written; None for memory, and for what is opened to be read."""
    name, _, how = os.fsdecode(path).removeprefix("file:").partition("?")
    return None if name in ("", ":memory:") or "mode=ro" in how else os.path.abspath(name)


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _files and (what := _noted(event, args)) is not None:
        line = json.dumps([event, what], default=repr) + "\n"
        os.write(_files[0], line.encode())


sys.addaudithook(_hook)
note_into(os.environ.get(VARIABLE))
