"""Law L8 on files: whatever is done to a log below its last outside checkpoint, `verify` finds it.

An accident changes bytes. An attacker also sets every checksum, every chain root and every header right
again, and has every key but the signing key.
"""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.files.layout import (
    COMPACTED,
    HEAD_BYTES,
    LAST_OF_GROUP,
    Head,
    decode_head,
    encode_group,
    encode_head,
    encode_record,
    parse,
)
from onefold.kernel.errors import Damaged
from onefold.record.log.merkle import Frontier, chain_root, leaf_hash
from onefold.record.log.model import Record
from tests.logs import LogOnDisk, contents, entries

LONG = os.environ.get("ONEFOLD_FAULTS") == "long"


def make(base, records: int = 12, **settings) -> LogOnDisk:
    """A closed log, so that its last checkpoint covers all of it."""
    log = LogOnDisk(base)
    writer = log.open(**settings)
    for start in range(0, records, 3):
        writer.append(entries(3, start=start))
    writer.close()
    assert log.verify().sound
    return log


@pytest.fixture
def log(tmp_path):
    return make(tmp_path)


def records_of(log: LogOnDisk, first: int = 1) -> list[Record]:
    """The records of one segment, straight from its bytes."""
    data = log.segment(first).read_bytes()
    return [entry[0] for entry in parse(data, HEAD_BYTES, first, 1 << 20)[0]]


def forge(log: LogOnDisk, first: int, records: list[Record], previous: bytes | None = None) -> bytes:
    """Writes a segment as a writer would have, checksums and all; returns the chain root after it."""
    head = decode_head(log.segment(first).read_bytes())
    assert head is not None
    head = Head(head.log, first, previous or head.chain)
    frontier = Frontier()
    parts = [encode_head(head)]
    for record in records:
        flags = LAST_OF_GROUP | (COMPACTED if record.payload is None else 0)
        rest = record.payload_digest if record.payload is None else record.payload
        parts.append(encode_record(record.sequence, 0, flags, record.header, rest))
        frontier.append(leaf_hash(record.header, record.payload_digest))
    log.segment(first).write_bytes(b"".join(parts))
    return chain_root(head.chain, frontier.root(), frontier.size)


def forged(sequence: int, header: bytes, payload: bytes) -> Record:
    """A record as a writer would have made it."""
    return parse(encode_group(sequence, [(header, payload)])[0], 0, sequence, 1)[0][0][0]


def test_every_changed_byte_of_a_segment_is_found(log):
    """One bit a byte, another one in its neighbour; with ONEFOLD_FAULTS=long every bit, zeros and ones."""
    data = log.segment().read_bytes()
    for at in range(len(data)):
        masks = {1 << bit for bit in range(8)} | {data[at], data[at] ^ 0xFF} if LONG else {1 << at % 8}
        for mask in masks - {0}:
            log.segment().write_bytes(data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :])
            assert not log.verify().sound, f"byte {at} changed by {mask:#x}"


def test_every_cut_is_found(log):
    data = log.segment().read_bytes()
    (log.folder / "durable").unlink()
    for size in range(0, len(data), 1 if LONG else 7):
        log.segment().write_bytes(data[:size])
        assert not log.verify().sound, f"cut to {size}"


def test_no_damaged_log_is_opened_for_writing(log):
    data = log.segment().read_bytes()
    random.seed(8)
    for at in random.sample(range(len(data)), 60):
        changed = bytearray(data)
        changed[at] ^= 0x40
        log.segment().write_bytes(changed)
        with pytest.raises(Damaged):
            log.open()
        assert log.segment().read_bytes() == bytes(changed)


def test_random_bytes_of_a_log_of_many_segments_are_found(tmp_path):
    log = make(tmp_path, records=3000, segment_bytes=40_000, checkpoint_records=500)
    assert len(log.segments()) > 5
    random.seed(8)
    for _ in range(40):
        path = random.choice(log.segments())
        data = path.read_bytes()
        changed = bytearray(data)
        for at in random.sample(range(len(data)), random.choice([1, 1, 2, 50])):
            changed[at] ^= random.randrange(1, 256)
        path.write_bytes(changed)
        report = log.verify()
        assert not report.sound
        assert any(it.place == path.name for it in report.findings)
        path.write_bytes(data)
    assert log.verify().sound


@given(data=st.data())
def test_any_stretch_of_bytes_moved_replaced_or_repeated_is_found(data, tmp_path_factory):
    log = make(tmp_path_factory.mktemp("log"))
    original = log.segment().read_bytes()
    start = data.draw(st.integers(0, len(original) - 1))
    end = data.draw(st.integers(start, len(original)))
    target = data.draw(st.integers(0, len(original)))
    stretch = data.draw(st.sampled_from([original[start:end], bytes(end - start), original[end:] or b"x"]))
    changed = data.draw(
        st.sampled_from([original[:start] + original[end:], original[:target] + stretch + original[target:]])
    )
    log.segment().write_bytes(changed)
    report = log.verify()
    if changed.startswith(original):
        # Behind the last checkpoint stands what nobody signed for: it is not taken for part of the log.
        assert report.records == 12 or report.findings
        assert report.torn_bytes == len(changed) - len(original) or report.findings
    else:
        assert not report.sound


@pytest.mark.parametrize("place", [0, 5, 11])
@pytest.mark.parametrize("part", ["header", "payload"])
def test_a_record_rewritten_with_right_checksums_is_found(log, place, part):
    records = records_of(log)
    old = records[place]
    header = b"another" if part == "header" else old.header
    payload = b"another" if part == "payload" else old.payload or b""
    records[place] = forged(old.sequence, header, payload)
    forge(log, 1, records)
    assert "not those that were signed" in str(log.verify().findings[0])


def test_records_swapped_and_renumbered_with_right_checksums_are_found(log):
    records = records_of(log)
    for at in range(len(records) - 1):
        swapped = [*records[:at], records[at + 1], records[at], *records[at + 2 :]]
        renumbered = [forged(number, it.header, it.payload or b"") for number, it in enumerate(swapped, 1)]
        forge(log, 1, renumbered)
        assert not log.verify().sound


def test_a_record_taken_out_or_put_in_with_right_checksums_is_found(log):
    records = [(it.header, it.payload or b"") for it in records_of(log)]
    for shorter_or_longer in (records[:4] + records[5:], records[:4] + records[3:], records[:-1]):
        made = [forged(number, *it) for number, it in enumerate(shorter_or_longer, 1)]
        forge(log, 1, made)
        (log.folder / "durable").unlink(missing_ok=True)
        assert not log.verify().sound


def test_a_payload_taken_away_as_if_erased_is_found(log):
    records = records_of(log)
    records[4] = Record(5, records[4].header, None, records[4].payload_digest)
    forge(log, 1, records)
    assert [it.sequence for it in log.verify().findings] == [5]
    assert "no signed erasure" in log.verify().findings[0].what


def test_every_segment_rewritten_with_right_chains_is_found(tmp_path):
    log = make(tmp_path, records=60, segment_bytes=1000)
    firsts = [int(path.stem) for path in log.segments()]
    assert len(firsts) > 4
    chain = None
    for first in firsts:
        records = records_of(log, first)
        records[0] = forged(first, records[0].header, b"another history")
        chain = forge(log, first, records, chain)
    report = log.verify()
    assert len({it.place for it in report.findings}) == len(firsts)


def test_a_change_in_an_early_segment_is_found_by_any_later_checkpoint(tmp_path):
    log = make(tmp_path, records=60, segment_bytes=1000)
    firsts = [int(path.stem) for path in log.segments()]
    last_line = log.checkpoint_file.read_bytes().splitlines(keepends=True)[-1]
    log.checkpoint_file.write_bytes(last_line)
    assert log.verify().sound
    records = records_of(log)
    records[0] = forged(1, b"another", b"history")
    chain = forge(log, 1, records)
    for first in firsts[1:]:
        chain = forge(log, first, records_of(log, first), chain)
    assert "the segments before are not those that were signed" in str(log.verify().findings[0])


def test_segments_exchanged_renamed_or_doubled_are_found(tmp_path):
    log = make(tmp_path, records=60, segment_bytes=1000)
    paths = log.segments()
    saved = {path: path.read_bytes() for path in paths}
    for one, other in ((0, 1), (1, 3), (0, len(paths) - 1)):
        paths[one].write_bytes(saved[paths[other]])
        assert not log.verify().sound, "doubled"
        paths[other].write_bytes(saved[paths[one]])
        assert not log.verify().sound, "exchanged"
        for path, data in saved.items():
            path.write_bytes(data)
    for path in paths:
        path.rename(path.with_name("gone"))
        assert not log.verify().sound, f"{path.name} is gone"
        path.with_name("gone").rename(path)
    assert log.verify().sound


def test_a_log_replaced_whole_by_an_honest_one_of_the_same_cell_is_found(tmp_path):
    log, other = make(tmp_path / "one"), LogOnDisk(tmp_path / "other")
    other.write(entries(15, start=100))
    log.segment().write_bytes(other.segment().read_bytes())
    assert not log.verify().sound


def test_checkpoints_forged_with_another_key_do_not_help(log):
    records = records_of(log)
    records[2] = forged(3, b"another", b"history")
    forge(log, 1, records)
    log.checkpoint_file.unlink()
    (log.folder / "durable").unlink()
    forger = LogOnDisk(log.folder.parent)
    writer = forger.open()
    writer.append(entries(1, start=50))
    writer.close()
    assert forger.verify().sound, "in the eyes of who trusts the forger"
    report = log.verify()
    assert report.checkpoints == 0
    assert not report.sound


def test_what_is_behind_the_last_checkpoint_is_said_to_be_unsealed(log):
    """The limit of the promise: nobody signed for these, so a careful forger is not found. It is counted."""
    log.write([(b"header 12", b"the truth")])
    log.lose_mark()
    records = records_of(log)
    records[-1] = forged(13, b"header 12", b"a forgery")
    forge(log, 1, records)
    report = log.verify()
    assert report.sound
    assert (report.sealed_through, report.unsealed) == (12, 1)
    assert contents(log.reader())[-1] == (b"header 12", b"a forgery")
