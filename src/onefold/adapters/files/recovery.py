"""Opening a log for writing: finds its durable end, cuts a torn tail, refuses damage.

Looks at the last segment and the checkpoints only, so that opening takes a second however long the log is;
`onefold verify` looks at everything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.layout import HEAD_BYTES, Fault, Head, decode_head, encode_head, segment_name
from onefold.adapters.files.mark import stored_mark
from onefold.adapters.files.tail import Tail, read_tail
from onefold.kernel.errors import CallerError, Damaged
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.merkle import Frontier, chain_root

_NAME = re.compile(r"(\d{16})\.seg")
_VERIFY = "Nothing was changed. `onefold verify` lists what is wrong; restore the files from a backup."
FAULTS = {
    "short": "the file ends inside a record",
    "prefix": "the start of a record was changed",
    "body": "the content of a record was changed",
    "order": "a record stands where another belongs",
}


class Recovered(NamedTuple):
    """What a writer goes on from: the last segment's header, its tree, and its end in bytes."""

    head: Head
    frontier: Frontier
    end: int


def segments_in(folder: Path) -> list[int]:
    """First sequences of the segment files of a log, ascending."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    return sorted(int(match.group(1)) for match in map(_NAME.fullmatch, names) if match)


def recover(folder: Path, origin: bytes, known: Sequence[Checkpoint], disk: Disk) -> Recovered:
    """The state to go on from; makes the first segment of a new log.

    `origin` is the log's digest. Errors of the system come out as they are (`OSError`).
    """
    for stray in folder.glob("*.new"):
        stray.unlink()
    firsts = segments_in(folder)
    mark = stored_mark(folder)
    vouched = max([0, *(it.last_sequence for it in known), mark.sequence if mark else 0])
    if not firsts:
        if vouched:
            raise _missing(0, vouched)
        head = Head(origin, 1, origin)
        disk.replace(folder / segment_name(1), encode_head(head))
        return Recovered(head, Frontier(), HEAD_BYTES)
    _check_names(firsts, known)
    path = folder / segment_name(firsts[-1])
    data = path.read_bytes()
    head = _head_of(path, data, firsts[-1], origin)
    tail = read_tail(data, head.first, vouched)
    if tail.damage:
        raise damaged(path, tail.damage)
    if head.first + len(tail.leaves) - 1 < vouched:
        raise _missing(head.first + len(tail.leaves) - 1, vouched)
    frontier = _tree(path, head, tail.leaves, known)
    synced = mark.end if mark and mark.segment == head.first else 0
    _settle(path, data, tail, synced, disk)
    return Recovered(head, frontier, tail.end)


def damaged(path: Path, fault: Fault) -> Damaged:
    """The error for a fault in a segment file."""
    return Damaged(
        "The log is damaged.",
        detail=f"{path.name}, byte {fault.offset}, record {fault.sequence}: {FAULTS[fault.kind]}.",
        hint=_VERIFY,
    )


def _missing(last: int, vouched: int) -> Damaged:
    return Damaged(
        "Records are missing at the end of the log.",
        detail=f"It ends at {last}, but {vouched} were acknowledged.",
        hint=_VERIFY + " If an older backup was restored on purpose, its checkpoints and the file `durable` "
        "must be of the same age.",
    )


def _check_names(firsts: list[int], known: Sequence[Checkpoint]) -> None:
    present = set(firsts)
    lost = sorted({1, *(it.segment for it in known if it.size)} - present)
    if lost:
        raise Damaged(
            "A segment of the log is missing.",
            detail=", ".join(segment_name(first) for first in lost),
            hint=_VERIFY,
        )


def _head_of(path: Path, data: bytes, first: int, origin: bytes) -> Head:
    head = decode_head(data)
    if head is None or head.first != first:
        raise Damaged("The log is damaged.", detail=f"{path.name}: its header was changed.", hint=_VERIFY)
    if head.log != origin:
        raise CallerError(
            "This folder holds another log.",
            detail=f"{path.name} is of another cell or name.",
            hint="Give each log of each cell its own folder.",
        )
    return head


def _tree(path: Path, head: Head, leaves: list[bytes], known: Sequence[Checkpoint]) -> Frontier:
    """The tree over the leaves, compared with every checkpoint of this segment on the way."""
    due: dict[int, list[Checkpoint]] = {}
    for checkpoint in known:
        if checkpoint.segment == head.first:
            due.setdefault(checkpoint.size, []).append(checkpoint)
    frontier = Frontier()
    for leaf in [None, *leaves]:
        if leaf is not None:
            frontier.append(leaf)
        for checkpoint in due.get(frontier.size, ()):
            root = frontier.root()
            if (root.hex(), chain_root(head.chain, root, frontier.size).hex()) != (
                checkpoint.root,
                checkpoint.chain,
            ):
                raise Damaged(
                    "The log is not what its checkpoint signed.",
                    detail=f"{path.name}, records {head.first} to {checkpoint.last_sequence}.",
                    hint=_VERIFY,
                )
    return frontier


def _settle(path: Path, data: bytes, tail: Tail, synced: int, disk: Disk) -> None:
    """Makes what stands durable for certain, and takes away what was never acknowledged."""
    if tail.torn:
        disk.replace(path.with_suffix(".torn"), data[tail.end :])
    descriptor = os.open(path, os.O_RDWR)
    try:
        if tail.torn:
            disk.truncate(descriptor, tail.end)
        if synced < tail.end:
            disk.write(descriptor, data[synced : tail.end], synced)
        disk.sync(descriptor)
    finally:
        os.close(descriptor)
