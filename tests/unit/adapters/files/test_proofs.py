"""Proofs made from the files of a log: over checkpoints, segments and what went wrong."""

from __future__ import annotations

import os

import msgspec
import pytest

from onefold.adapters.files.keys import FileSigner
from onefold.kernel.errors import CallerError, Damaged, NotFound
from onefold.record.log.checkpoints import Checkpoint, sign
from onefold.record.log.proof import faults_of
from tests.logs import CELL, LogOnDisk, abandon, entries


@pytest.fixture
def log(tmp_path):
    """Sixty records in some segments, checkpoints in between, closed."""
    log = LogOnDisk(tmp_path)
    writer = log.open(segment_bytes=1500, checkpoint_records=5)
    for start in range(0, 60, 3):
        writer.append(entries(3, start=start))
    writer.close()
    assert len(log.segments()) > 2
    return log


def test_every_record_is_proved_and_its_proof_is_the_same_when_the_log_has_grown(log):
    proofs = [log.proofs().prove(it) for it in range(1, 61)]
    assert [it.record for it in proofs] == list(range(1, 61))
    assert [faults_of(it, log.public_keys) for it in proofs] == [[]] * 60
    log.write(entries(9, start=60), checkpoint_records=1)
    assert log.proofs().prove_all(range(1, 61)) == proofs


def test_what_nobody_signed_for_is_not_proved(log):
    log.write(entries(1, start=60))
    proofs = log.proofs()
    assert proofs.sealed_through == 60
    for sequence in (0, 61, 62):
        with pytest.raises(NotFound):
            proofs.prove(sequence)


def test_while_a_writer_writes_what_is_signed_is_proved(log):
    writer = log.open(checkpoint_records=2)
    proofs = log.proofs()
    for number in range(4):
        writer.append(entries(2, start=60 + 2 * number))
        assert faults_of(proofs.prove(61 + number), log.public_keys) == []
    abandon(writer)


def test_a_changed_record_cannot_be_proved_nor_any_other_of_its_segment(log):
    path = log.segments()[1]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    for sequence in (int(path.stem), int(path.stem) + 1):
        with pytest.raises(Damaged):
            log.proofs().prove(sequence)


def test_a_checkpoint_that_another_key_signed_proves_nothing(log):
    stranger = FileSigner(os.urandom(32))
    lines = log.checkpoints.read(CELL, "log")
    log.public_keys = {stranger.key_id: stranger.public_key}
    with pytest.raises(NotFound):
        log.proofs().prove(1)
    assert log.proofs().checkpoints() == []
    assert lines


def test_from_every_checkpoint_the_log_only_grew(log):
    proofs = log.proofs()
    for signed in proofs.checkpoints():
        assert faults_of(proofs.since(signed), log.public_keys) == []
    assert proofs.since(proofs.checkpoints()[-1]).path == ()


def test_an_older_history_than_the_one_there_is_told(log):
    """The firm signed one history, and later shows another one that it signed as well."""
    proofs = log.proofs()
    signed = proofs.checkpoints()[3]
    assert isinstance(signed.statement, Checkpoint)
    other = sign(msgspec.structs.replace(signed.statement, root="ab" * 32), log.signer)
    with pytest.raises(Damaged):
        proofs.since(other)
    more = sign(msgspec.structs.replace(signed.statement, size=1000), log.signer)
    with pytest.raises(Damaged):
        proofs.since(more)


def test_a_checkpoint_of_another_log_has_no_place_here(log):
    proofs = log.proofs()
    statement = proofs.checkpoints()[0].statement
    assert isinstance(statement, Checkpoint)
    with pytest.raises(CallerError):
        proofs.since(sign(msgspec.structs.replace(statement, log="audit"), log.signer))
