"""The verifier on its own: what it finds in records, headers and statements given by hand."""

from __future__ import annotations

import os
from hashlib import sha256

import msgspec
import pytest

from onefold.adapters.files.keys import FileSigner
from onefold.record.log.checkpoints import Checkpoint, Compaction, sign
from onefold.record.log.merkle import chain_root, leaf_hash, log_digest, tree_root
from onefold.record.log.model import Record
from onefold.record.log.verify import FINDINGS_MAX, LogVerifier

CELL, LOG = "demo/uz", "log"
ORIGIN = log_digest(CELL, LOG)
SIGNER = FileSigner(os.urandom(32))


def record(sequence: int, payload: bytes | None = b"payload") -> Record:
    """A record whose header names its sequence."""
    return Record(sequence, b"header %d" % sequence, payload, sha256(b"payload").digest())


def root_of(records: list[Record]) -> bytes:
    """The tree root over records."""
    return tree_root([leaf_hash(it.header, it.payload_digest) for it in records])


FIRST, SECOND = [record(it) for it in range(1, 6)], [record(it) for it in range(6, 9)]
CHAIN = chain_root(ORIGIN, root_of(FIRST), 5)


def checkpoint(records: list[Record], before: bytes) -> Checkpoint:
    """An honest checkpoint after some records of a segment."""
    root = root_of(records)
    chain = chain_root(before, root, len(records))
    return Checkpoint(LOG, CELL, records[0].sequence, len(records), root.hex(), chain.hex(), 0)


def verifier(*statements) -> LogVerifier:
    """A verifier that was given signed statements."""
    made = LogVerifier(LOG, CELL, {SIGNER.key_id: SIGNER.public_key})
    for statement in statements:
        made.statement(sign(statement, SIGNER), "checkpoints")
    return made


def feed(it: LogVerifier, first=FIRST, second=SECOND, chain=CHAIN):
    """Two segments, and the report."""
    it.segment("1.seg", 1, ORIGIN, ORIGIN)
    it.records(first)
    it.segment("6.seg", 6, ORIGIN, chain)
    it.records(second)
    return it.report()


def findings(report) -> str:
    """All findings as one text."""
    return "\n".join(str(it) for it in report.findings)


def test_an_untouched_log_is_sound_and_counted():
    report = feed(verifier(checkpoint(FIRST, ORIGIN), checkpoint(SECOND, CHAIN)))
    assert report.sound
    assert (report.segments, report.records, report.checkpoints) == (2, 8, 2)
    assert (report.sealed_through, report.unsealed, report.compacted) == (8, 0, 0)
    assert report.chain == chain_root(CHAIN, root_of(SECOND), 3).hex()


def test_records_behind_the_last_checkpoint_are_called_unsealed_and_not_wrong():
    report = feed(verifier(checkpoint(FIRST[:3], ORIGIN)))
    assert report.sound
    assert (report.sealed_through, report.unsealed) == (3, 5)


def test_a_log_that_nobody_signed_for_is_not_sound():
    assert "no valid checkpoint" in findings(feed(verifier()))


def test_a_changed_record_is_found_by_the_checkpoint_over_it():
    changed = [*FIRST[:2], msgspec.structs.replace(FIRST[2], header=b"changed"), *FIRST[3:]]
    report = feed(verifier(checkpoint(FIRST, ORIGIN)), first=changed)
    assert "1.seg, record 5: records 1 to 5 are not those that were signed" in findings(report)


def test_a_rewritten_segment_is_found_by_a_checkpoint_of_a_later_one():
    other = [record(it) for it in range(1, 5)] + [msgspec.structs.replace(FIRST[4], header=b"other")]
    forged = chain_root(ORIGIN, root_of(other), 5)
    report = feed(verifier(checkpoint(SECOND, CHAIN)), first=other, chain=forged)
    assert "the segments before are not those that were signed" in findings(report)


def test_a_header_that_breaks_the_chain_is_found_without_a_checkpoint_over_it():
    report = feed(verifier(checkpoint(FIRST, ORIGIN)), chain=bytes(32))
    assert "6.seg: the header does not continue the chain" in findings(report)


def test_a_header_of_another_log_is_found():
    it = verifier(checkpoint(FIRST, ORIGIN))
    it.segment("1.seg", 1, log_digest(CELL, "audit"), ORIGIN)
    it.records(FIRST)
    assert "names another log or cell" in findings(it.report())


def test_records_that_were_signed_for_and_are_gone_are_found():
    report = feed(verifier(checkpoint(SECOND, CHAIN)), second=SECOND[:2])
    assert "record 8: record 8 was signed for, but the log ends at 7" in findings(report)


def test_a_missing_segment_is_found():
    it = verifier(checkpoint(FIRST, ORIGIN), checkpoint(SECOND, CHAIN))
    it.segment("6.seg", 6, ORIGIN, CHAIN)
    it.records(SECOND)
    assert "the segment should start at 1" in findings(it.report())


def test_an_acknowledged_record_that_is_gone_is_found_without_a_checkpoint():
    it = verifier(checkpoint(FIRST, ORIGIN))
    it.acknowledged(9, "durable")
    assert "durable, record 9: was acknowledged, but the log ends at 8" in findings(feed(it))


def test_a_dropped_payload_needs_a_signed_compaction():
    dropped = [*FIRST[:3], record(4, None), record(5, None)]
    statements = [checkpoint(FIRST, ORIGIN), Compaction(LOG, CELL, 1, ((4, 4),), 0)]
    report = feed(verifier(*statements), first=dropped)
    assert report.compacted == 2
    assert findings(report) == "1.seg, record 5: its payload is gone and no signed erasure says so"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda it: msgspec.structs.replace(it, signature="00" * 64), "its signature is wrong"),
        (lambda it: msgspec.structs.replace(it, key_id="0" * 16), "a key that was not given"),
        (lambda it: sign(msgspec.structs.replace(it.statement, log="audit"), SIGNER), "another log"),
    ],
)
def test_a_statement_that_does_not_hold_is_found_and_vouches_for_nothing(change, what):
    it = verifier(checkpoint(FIRST[:2], ORIGIN))
    it.statement(change(sign(checkpoint(SECOND, CHAIN), SIGNER)), "checkpoints, line 9")
    report = feed(it)
    assert "checkpoints, line 9" in findings(report)
    assert what in findings(report)
    assert (report.checkpoints, report.sealed_through) == (1, 2)


def test_one_broken_segment_does_not_make_the_next_one_look_broken():
    it = verifier(checkpoint(SECOND, CHAIN))
    it.segment("1.seg", 1, ORIGIN, ORIGIN)
    it.records(FIRST[:2])
    it.unreadable(3, "the start of a record was changed")
    it.segment("6.seg", 6, ORIGIN, CHAIN)
    it.records(SECOND)
    assert findings(it.report()) == "1.seg, record 3: the start of a record was changed"


def test_a_torn_end_is_counted_and_not_wrong():
    it = verifier(checkpoint(FIRST, ORIGIN))
    it.torn(77)
    report = feed(it)
    assert report.sound
    assert report.torn_bytes == 77


def test_the_list_of_findings_ends_somewhere_and_says_so():
    it = verifier(checkpoint(FIRST, ORIGIN))
    for _ in range(FINDINGS_MAX + 5):
        it.found("1.seg", 1, "is wrong")
    report = feed(it)
    assert len(report.findings) == FINDINGS_MAX + 1
    assert "5 more findings" in str(report.findings[-1])
