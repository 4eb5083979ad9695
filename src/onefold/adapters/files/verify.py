"""Reading a log's files for `onefold verify`: everything, tolerant of damage, trusting nothing it reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onefold.adapters.files.checkpoints import checkpoint_lines, unfinished_line
from onefold.adapters.files.disk import failed
from onefold.adapters.files.layout import (
    HEAD_BYTES,
    PREFIX_BYTES,
    Fault,
    decode_head,
    parse,
    segment_name,
)
from onefold.adapters.files.mark import has_mark, stored_mark
from onefold.adapters.files.recovery import FAULTS, damaged, segments_in
from onefold.adapters.files.tail import read_tail
from onefold.kernel.errors import Damaged
from onefold.record.log.checkpoints import from_line
from onefold.record.log.merkle import HASH_BYTES
from onefold.record.log.model import Record
from onefold.record.log.verify import LogVerifier, VerifyReport

_BATCH = 4096


def verify_folder(
    folder: Path, checkpoints: Path, log: str, cell: str, public_keys: Mapping[str, bytes]
) -> VerifyReport:
    """Checks one log against the checkpoints in a folder; needs no private key and changes nothing.

    `public_keys` by id (`public_key_id`). A writer may be at work: what it adds meanwhile may or may not be
    counted. `Unavailable` when a file cannot be read at all; anything wrong in one is a finding.
    """
    verifier = LogVerifier(log, cell, public_keys)
    # First what is vouched for, then the files: the other way round a live writer would look like a thief.
    for place, line in checkpoint_lines(checkpoints, cell, log):
        try:
            verifier.statement(from_line(line), place)
        except Damaged as error:
            verifier.found(place, 0, f"cannot be read: {error.detail}")
    place = unfinished_line(checkpoints, cell, log)
    if place:
        verifier.found(place, 0, "was cut: by a crash while it was signed, or bytes were removed")
    mark = stored_mark(folder)
    if mark:
        verifier.acknowledged(mark.sequence, "durable")
    elif has_mark(folder):
        verifier.found("durable", 0, "was changed; opening the log for writing makes it anew")
    vouched = max(verifier.sealed_through, mark.sequence if mark else 0)
    firsts = segments_in(folder)
    for first in firsts:
        path = folder / segment_name(first)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise failed(error, f"{path.name} cannot be read") from error
        _verify_segment(verifier, path.name, first, data, vouched if first == firsts[-1] else None)
    return verifier.report()


def read_leaves(folder: Path, first: int) -> list[bytes]:
    """The leaf hashes of the segment that starts at a sequence, for proofs; `Damaged` if it was changed."""
    path = folder / segment_name(first)
    try:
        tail = read_tail(path.read_bytes(), first)
    except OSError as error:
        raise failed(error, f"{path.name} cannot be read") from error
    if tail.damage:
        raise damaged(path, tail.damage)
    return tail.leaves


def _verify_segment(verifier: LogVerifier, name: str, first: int, data: bytes, vouched: int | None) -> None:
    """Feeds one segment; `vouched` is given for the last one, the only one that may end in a torn write."""
    head = decode_head(data)
    if head is None:
        verifier.segment_without_header(name, first)
    else:
        if head.first != first:
            verifier.found(name, 0, f"the header says it starts at {head.first}")
        verifier.segment(name, first, head.log, head.chain)
    end = len(data)
    if vouched is not None and head is not None:
        tail = read_tail(data, first, vouched)
        verifier.torn(tail.torn)
        end -= tail.torn
    offset, sequence = HEAD_BYTES, first
    while offset < end:
        entries, fault = parse(data[:end] if end < len(data) else data, offset, sequence, _BATCH)
        verifier.records(entry[0] for entry in entries)
        if entries:
            offset, sequence = entries[-1][3], sequence + len(entries)
        if fault is None:
            continue
        if not PREFIX_BYTES < fault.end - fault.offset <= end - fault.offset:
            verifier.unreadable(sequence, FAULTS[fault.kind])
            return
        verifier.found(name, sequence, FAULTS[fault.kind])
        verifier.records([_unlike_any(data, fault)])
        offset, sequence = fault.end, sequence + 1


def _unlike_any(data: bytes, fault: Fault) -> Record:
    """Stands in for a record that was changed, so that those behind it keep their places in the tree."""
    return Record(fault.sequence, data[fault.offset : fault.end], b"", bytes(HASH_BYTES))
