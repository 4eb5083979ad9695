"""What a process asked the kernel for, in order: a reader of strace's output."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

TRACED = (
    "openat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,rename,renameat,renameat2"
)
WRITES = frozenset({"write", "pwrite64", "writev", "pwritev", "pwritev2"})
SYNCS = frozenset({"fsync", "fdatasync"})

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
_BEGUN = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<arguments>.*)$")
_RESULT = re.compile(r"\) += (?P<result>-?\d+)")
_PATH = re.compile(r"^-?\w+<(?P<path>[^>]*)>")


class Call(NamedTuple):
    """One system call: `began` and `ended` are places in the trace, `path` that of its descriptor."""

    name: str
    path: str
    text: str
    began: int
    ended: int
    result: int


def trace(arguments: Sequence[str], folder: Path) -> list[Call]:
    """Runs a Python program under strace and returns its calls, ordered by their beginning."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    output = folder / "trace"
    command = ["strace", "-f", "-y", "-s", "1000000", "-e", f"trace={TRACED}", "-o", str(output)]
    run = subprocess.run([*command, sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return sorted(parse(output.read_text(errors="replace").splitlines()), key=lambda call: call.began)


def parse(lines: Sequence[str]) -> Iterator[Call]:
    """The calls of a trace; one that another thread interrupts in the trace is put together again."""
    unfinished: dict[str, tuple[str, str, int]] = {}
    for place, line in enumerate(lines):
        whole = _LINE.match(line)
        if whole is None:
            continue
        pid, rest = whole["pid"], whole["rest"]
        if resumed := _RESUMED.match(rest):
            if pid in unfinished:
                name, arguments, began = unfinished.pop(pid)
                yield from _call(name, arguments + resumed["arguments"], began, place)
        elif begun := _BEGUN.match(rest):
            if rest.endswith("<unfinished ...>"):
                arguments = begun["arguments"].removesuffix("<unfinished ...>")
                unfinished[pid] = (begun["name"], arguments, place)
            else:
                yield from _call(begun["name"], begun["arguments"], place, place)


def _call(name: str, arguments: str, began: int, ended: int) -> Iterator[Call]:
    results = list(_RESULT.finditer(arguments))
    if results:
        path = _PATH.match(arguments)
        result = int(results[-1]["result"])
        yield Call(name, path["path"] if path else "", arguments, began, ended, result)


def unsynced_acknowledgements(calls: Sequence[Call], suffix: str) -> list[str]:
    """Acknowledged tokens (`ack #17#` on standard output) that were not on the disk by then.

    A token is on the disk when a call that wrote it to a file with the suffix was followed, before the
    acknowledgement began, by a whole and successful sync of that file.
    """
    faults = []
    for ack in calls:
        token = re.search(r'"ack (#\d+#)', ack.text) if ack.name in WRITES else None
        if token is None:
            continue
        written = [
            call
            for call in calls
            if call.name in WRITES and call.path.endswith(suffix) and token[1] in call.text
        ]
        if not any(_synced(calls, write, ack) for write in written):
            faults.append(token[1])
    return faults


def acknowledgements(calls: Sequence[Call]) -> list[Call]:
    """The calls that acknowledge something."""
    return [call for call in calls if call.name in WRITES and '"ack ' in call.text]


def _synced(calls: Sequence[Call], write: Call, ack: Call) -> bool:
    return any(
        sync.name in SYNCS
        and sync.path == write.path
        and sync.result == 0
        and write.ended < sync.began
        and sync.ended < ack.began
        for sync in calls
    )
