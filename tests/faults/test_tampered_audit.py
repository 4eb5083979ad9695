"""Law L8 on a real audit: each byte of a segment changed on its own, and whatever else can be done to it.

A default run samples; `make faults` changes every byte of 64 KiB and 10,000 bytes of a large audit.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from onefold.adapters.files.layout import HEAD_BYTES, parse
from onefold.kernel.ids import Cell, CellKey
from onefold.record.audit.model import Rests
from onefold.record.audit.service import AuditLog, decode_record
from onefold.record.log.model import Record
from onefold.record.log.service import GroupCommit
from onefold.testing.audit import MemoryAuditIndex
from onefold.testing.clock import SetClock
from tests.faults.test_tampering import forge, forged
from tests.logs import CELL, LogOnDisk

pytestmark = pytest.mark.timeout(3600)
LONG = os.environ.get("ONEFOLD_FAULTS") == "long"
SEGMENT_BYTES = 64 * 1024
STRIDE = 1 if LONG else 67
"""Prime, so that a sample meets every place within a record."""
FLIPS = 10_000 if LONG else 50


def audited(base: Path, size: int, **settings) -> LogOnDisk:
    """A closed audit of at least so many bytes, as the gate writes it."""
    log = LogOnDisk(base)
    writer = log.open(**settings)
    audit = AuditLog(
        GroupCommit(writer),
        log.reader(),
        Cell.parse(CELL),
        CellKey(bytes(32)),
        SetClock(),
        MemoryAuditIndex(),
    )
    number = 0
    while sum(it.stat().st_size for it in log.segments()) < size:
        number += 1
        who = number.to_bytes(16, "big")
        audit.record(
            "view",
            actor=f"agent-{number % 7}",
            role="agent",
            action="show_customer",
            purpose="servicing",
            channel="console",
            outcome="allowed",
            customer=who,
            fragments=[who],
            rests=Rests(number, 1_700_000_000_000 + number, ((who.hex(),),)),
            said="who is that" if number % 3 else "",
        )
    writer.close()
    assert log.verify().sound
    return log


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> LogOnDisk:
    """One segment of 64 KiB."""
    return audited(tmp_path_factory.mktemp("small"), SEGMENT_BYTES)


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> LogOnDisk:
    """Many segments; two MiB in the long mode."""
    size = 2 * 1024 * 1024 if LONG else 256 * 1024
    return audited(tmp_path_factory.mktemp("large"), size, segment_bytes=SEGMENT_BYTES)


def records_of(log: LogOnDisk, first: int = 1) -> list[Record]:
    """The records of a segment."""
    return [entry[0] for entry in parse(log.segment(first).read_bytes(), HEAD_BYTES, first, 1 << 20)[0]]


def test_every_byte_of_a_segment_changed_on_its_own_is_found(small):
    path = small.segment()
    data = path.read_bytes()
    assert len(data) >= SEGMENT_BYTES
    missed = []
    for at in range(0, len(data), STRIDE):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        if small.verify().sound:
            missed.append(at)
    path.write_bytes(data)
    assert missed == []
    assert small.verify().sound


def test_random_bytes_of_a_large_audit_are_found(large):
    chance = random.Random(8)
    paths = large.segments()
    assert len(paths) > 3
    held = {path: path.read_bytes() for path in paths}
    missed = []
    for _ in range(FLIPS):
        path = chance.choice(paths)
        data = held[path]
        at, mask = chance.randrange(len(data)), chance.randrange(1, 256)
        path.write_bytes(data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :])
        if large.verify().sound:
            missed.append((path.name, at, mask))
        path.write_bytes(data)
    assert missed == []
    assert large.verify().sound


def test_every_cut_between_two_records_and_within_one_is_found(small):
    path = small.segment()
    data = path.read_bytes()
    ends = [entry[3] for entry in parse(data, HEAD_BYTES, 1, 1 << 20)[0]]
    for end in ends[: -1 if LONG else 12]:
        for size in (end, end - 7):
            path.write_bytes(data[:size])
            assert not small.verify().sound, size
    path.write_bytes(data)


def test_two_records_in_each_others_place_are_found_with_right_checksums(small):
    path = small.segment()
    data, records = path.read_bytes(), records_of(small)
    chance = random.Random(8)
    for _ in range(len(records) if LONG else 12):
        one, other = sorted(chance.sample(range(len(records)), 2))
        order = [*records]
        order[one], order[other] = order[other], order[one]
        forge(small, 1, [forged(at, it.header, it.payload or b"") for at, it in enumerate(order, 1)])
        assert not small.verify().sound, (one, other)
    path.write_bytes(data)


def test_an_audit_written_anew_as_a_whole_is_found_by_the_checkpoint_outside(large):
    """Somebody takes one name out, everywhere, and sets every checksum, root and chain right again."""
    held = {path: path.read_bytes() for path in large.segments()}
    chain = None
    for path in large.segments():
        first = int(path.stem)
        anew = [
            forged(it.sequence, it.header, (it.payload or b"").replace(b"agent-3", b"agent-4"))
            for it in records_of(large, first)
        ]
        assert all(decode_record(it).actor != "agent-3" for it in anew)
        chain = forge(large, first, anew, chain)
    report = large.verify()
    assert not report.sound
    assert {it.place for it in report.findings} >= {path.name for path in large.segments()}
    for path, data in held.items():
        path.write_bytes(data)
    assert large.verify().sound
