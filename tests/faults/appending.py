"""A program that appends to a log, or makes subject keys, and acknowledges each on standard output.

Run as `python tests/faults/appending.py <what> <folder> <synced|unsynced>`; the test traces it.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.keys import FileKeyCustody, FileSigner
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.record.log.service import GroupCommit
from onefold.testing.clock import SetClock


def acknowledge(token: str) -> None:
    """Says so with one system call, which the trace shows."""
    os.write(1, f"ack {token}\n".encode())


def append(folder: Path, sync: bool, threads: int, each: int) -> None:
    """Each thread appends records one by one, in segments so small that they roll."""
    checkpoints = FileCheckpoints(folder / "checkpoints", FileSigner(bytes(range(32))))
    writer = FileSegmentWriter(
        folder / "log", "log", "demo/uz", checkpoints, SetClock(), sync=sync, segment_bytes=2000
    )
    commit = GroupCommit(writer)

    def work(first: int) -> None:
        for number in range(first, first + each):
            token = f"#{number}#"
            commit.append([(token.encode(), b"payload" * 10)])
            acknowledge(token)

    workers = [threading.Thread(target=work, args=(1 + each * number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    writer.close()


def make_keys(folder: Path, sync: bool) -> None:
    """Makes keys one by one."""
    keys = SqliteSubjectKeys(folder / "subject-keys.db", FileKeyCustody(bytes(range(32))), sync=sync)
    for number in range(1, 11):
        keys.obtain([number.to_bytes(16, "big")])
        acknowledge(f"#{number}#")
    keys.close()


if __name__ == "__main__":
    what, place, mode = sys.argv[1:]
    synced = {"synced": True, "unsynced": False}[mode]
    if what == "keys":
        make_keys(Path(place), synced)
    else:
        append(Path(place), synced, *{"one": (1, 40), "many": (4, 25), "endless": (8, 1_000_000)}[what])
