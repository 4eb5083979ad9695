"""Proofs for one record, checked without the log."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest

from onefold.kernel.errors import CallerError
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.merkle import leaf_hash, tree_root
from onefold.record.log.proof import prove, proves

RECORDS = [(b"header %d" % it, sha256(b"payload %d" % it).digest()) for it in range(13)]
LEAVES = [leaf_hash(header, digest) for header, digest in RECORDS]


def checkpoint(size: int) -> Checkpoint:
    """What was signed when the segment held so many records."""
    return Checkpoint("log", "demo/uz", 101, size, tree_root(LEAVES[:size]).hex(), "", 0)


@pytest.mark.parametrize("size", [1, 7, 8, 13])
def test_every_signed_record_is_proved_and_no_other_passes_for_it(size):
    for index in range(size):
        proof = prove(LEAVES, 101 + index, checkpoint(size))
        for other, (header, digest) in enumerate(RECORDS):
            assert proves(proof, header, digest, checkpoint(size)) == (other == index)


def test_a_proof_holds_against_its_own_checkpoint_only():
    proof = prove(LEAVES, 103, checkpoint(8))
    assert not proves(proof, *RECORDS[2], checkpoint(7))
    assert not proves(proof, *RECORDS[2], msgspec.structs.replace(checkpoint(8), root="00" * 32))
    assert not proves(proof, *RECORDS[2], msgspec.structs.replace(checkpoint(8), root="no hex"))


@pytest.mark.parametrize("sequence", [0, 100, 109])
def test_there_is_no_proof_for_what_was_not_signed(sequence):
    with pytest.raises(CallerError):
        prove(LEAVES, sequence, checkpoint(8))


def test_there_is_no_proof_from_a_log_that_is_shorter_than_what_was_signed():
    with pytest.raises(CallerError):
        prove(LEAVES[:5], 101, checkpoint(8))
