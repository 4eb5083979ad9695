"""Has what deleted rows left in an SQLite file overwritten; pages.py says why that is needed, and does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from onefold.adapters.sqlite import pages
from onefold.kernel.errors import Unavailable
from onefold.kernel.waiting import can_read

SILENT_SECONDS = 60.0
"""A slice is read and written within one second; a disk that is stuck holds up everybody who writes."""


def sweep(path: Path, mark: str, wait_seconds: float) -> int:
    """How many pages held what belonged to nobody; none does when it returns.

    The file is in WAL mode and may be in use. `mark` is a statement that changes a row. `Unavailable` when
    others were in the way for `wait_seconds`, or the file is of a kind that cannot be swept: it is safe to
    begin again.
    """
    command = [sys.executable, "-I", "-S", pages.__file__, str(path.absolute()), mark, str(wait_seconds)]
    try:
        process = subprocess.Popen(  # noqa: S603  # our own program
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise _failed(path, type(error).__name__) from None
    with process:
        try:
            said = _last_line(process, wait_seconds + SILENT_SECONDS)
        finally:
            process.kill()  # It has ended, or is stuck; its locks end with it.
    if said.isdecimal():
        return int(said)
    if said == pages.BUSY:
        raise Unavailable(
            f"Pages of {path.name} still hold what was erased.",
            retry_after_seconds=5,
            hint="It finishes when no reader is in the way: erase again, or start again.",
        )
    if said.startswith(pages.UNKNOWN):
        raise Unavailable(
            f"Pages of {path.name} that hold what was erased cannot be told.",
            detail=f"{said.removeprefix(pages.UNKNOWN).strip().capitalize()}.",
            hint="Stop the server and run VACUUM on the file, which leaves nothing that was deleted.",
        )
    raise _failed(path, said)


def _last_line(process: subprocess.Popen[bytes], silent_seconds: float) -> str:
    """What it said at last: of its errors, if there are any; they name files and no data."""
    assert process.stdout is not None
    assert process.stderr is not None
    heard = b""
    while can_read(process.stdout.fileno(), silent_seconds):
        more = os.read(process.stdout.fileno(), 65_536)
        if not more:
            said = process.stderr.read().strip().splitlines() or heard.split() or [b"it ended without a word"]
            return said[-1].decode()
        heard = (heard + more)[-1000:]
    return f"it said nothing for {silent_seconds:g} seconds"


def _failed(path: Path, reason: str) -> Unavailable:
    return Unavailable(
        f"Pages of {path.name} that hold what was erased could not be overwritten.",
        detail=f"The program that does it failed: {reason}.",
        hint="Check that the disk has space and the file may be written, and erase again.",
    )
