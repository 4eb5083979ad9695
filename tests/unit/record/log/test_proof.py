"""Proofs checked with the public key alone: what holds, and that nothing else does."""

from __future__ import annotations

import os
from hashlib import sha256

import msgspec
import pytest

from onefold.adapters.files.keys import FileSigner
from onefold.kernel.errors import CallerError
from onefold.record.log.checkpoints import Checkpoint, Compaction, Signed, sign
from onefold.record.log.merkle import Tree, chain_root, leaf_hash, log_digest, tree_root
from onefold.record.log.model import Record
from onefold.record.log.proof import (
    ConsistencyProof,
    Grown,
    RecordProof,
    decode_proof,
    encode_proof,
    faults_of,
    prove,
    prove_consistency,
)

SIGNER = FileSigner(os.urandom(32))
KEYS = {SIGNER.key_id: SIGNER.public_key}
BEFORE = chain_root(log_digest("demo/uz", "audit"), tree_root([bytes(32)] * 100), 100)
RECORDS = [
    Record(101 + it, b"header %d" % it, b'{"n":%d}' % it, sha256(b'{"n":%d}' % it).digest())
    for it in range(13)
]
LEAVES = [leaf_hash(it.header, it.payload_digest) for it in RECORDS]
replace = msgspec.structs.replace


def signed(size: int, log: str = "audit", leaves: list[bytes] = LEAVES) -> Signed:
    """What was signed when the segment held so many records."""
    root = tree_root(leaves[:size])
    chain = chain_root(BEFORE, root, size)
    return sign(Checkpoint(log, "demo/uz", 101, size, root.hex(), chain.hex(), 0), SIGNER)


def proof_of(index: int, size: int = 13) -> RecordProof:
    """The proof of one record."""
    return prove(Tree(LEAVES[:size]), RECORDS[index], signed(size), BEFORE, SIGNER.public_key)


def growth(first: int = 5, later: int = 9) -> ConsistencyProof:
    """From so many records to all of the segment, and another segment with so many."""
    next_segment = [sha256(b"next %d" % it).digest() for it in range(later)]
    full = chain_root(BEFORE, tree_root(LEAVES), len(LEAVES))
    root = tree_root(next_segment)
    second = Checkpoint("audit", "demo/uz", 114, later, root.hex(), chain_root(full, root, later).hex(), 9)
    segments = [Grown(tree_root(LEAVES).hex(), 13), Grown(root.hex(), later)]
    return prove_consistency(
        LEAVES, signed(first), sign(second, SIGNER), BEFORE, segments, [SIGNER.public_key]
    )


@pytest.mark.parametrize("size", [1, 7, 8, 13])
def test_every_signed_record_is_proved_and_no_other_passes_for_it(size):
    for index in range(size):
        proof = proof_of(index, size)
        assert faults_of(proof, KEYS) == []
        for other, record in enumerate(RECORDS):
            posing = replace(
                proof, header=record.header.hex(), payload=None, payload_digest=record.payload_digest.hex()
            )
            assert bool(faults_of(posing, KEYS)) == (other != index)


def test_a_proof_survives_its_file_and_the_payload_its_erasure():
    proof = proof_of(3)
    assert decode_proof(encode_proof(proof)) == proof
    assert proof.payload == '{"n":3}'
    assert faults_of(replace(proof, payload=None), KEYS) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": '{"n":4}'},
        {"payload_digest": "00" * 32},
        {"header": "00"},
        {"record": 105},
        {"record": 100},
        {"path": ()},
        {"path": ("00" * 32,) * 4},
        {"path": ("no hex",)},
        {"chain_before": "00" * 32},
        {"checkpoint": signed(12)},
        {"checkpoint": sign(Compaction("audit", "demo/uz", 101, (), 0), SIGNER)},
        {"checkpoint": sign(Checkpoint("audit", "demo/uz", 101, 13, "", "", 0), FileSigner(os.urandom(32)))},
    ],
)
def test_whatever_is_changed_in_a_proof_it_does_not_hold(changed):
    assert faults_of(replace(proof_of(3), **changed), KEYS)


def test_a_signature_over_something_else_does_not_hold():
    proof = proof_of(3)
    statement = replace(proof.checkpoint.statement, at=1)
    assert faults_of(replace(proof, checkpoint=replace(proof.checkpoint, statement=statement)), KEYS) == [
        "its signature is wrong"
    ]
    assert "a key that was not given" in faults_of(proof, {})[0]


@pytest.mark.parametrize("sequence", [-1, 99, 8, 12])
def test_there_is_no_proof_for_what_was_not_signed(sequence):
    with pytest.raises(CallerError):
        prove(Tree(LEAVES[:8]), replace(RECORDS[0], sequence=101 + sequence), signed(8), BEFORE, b"")


def test_there_is_no_proof_from_a_log_that_is_shorter_than_what_was_signed():
    with pytest.raises(CallerError):
        prove(Tree(LEAVES[:5]), RECORDS[1], signed(8), BEFORE, b"")


@pytest.mark.parametrize("first", range(14))
def test_a_log_that_only_grew_is_proved_over_segments(first):
    proof = growth(first)
    assert faults_of(proof, KEYS) == []
    assert decode_proof(encode_proof(proof)) == proof


@pytest.mark.parametrize(
    "changed",
    [
        {"first": signed(5, leaves=[*LEAVES[:4], bytes(32)])},
        {"first": signed(6)},
        {"first": signed(5, log="log")},
        {"first": sign(Compaction("audit", "demo/uz", 101, (), 0), SIGNER)},
        {"second": signed(13)},
        {"path": ()},
        {"path": ("zz",)},
        {"chain_before": "11" * 32},
        {"segments": ()},
        {"segments": growth().segments[:1]},
        {"segments": (*growth().segments, growth().segments[1])},
        {"segments": (Grown("00" * 32, 13), growth().segments[1])},
    ],
)
def test_a_log_that_did_not_only_grow_is_not(changed):
    assert faults_of(replace(growth(), **changed), KEYS)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"proves":"nothing"}', b"\xff", b"[" * 100_000])
def test_what_is_no_proof_is_said_to_be_none(data):
    with pytest.raises(CallerError):
        decode_proof(data)
