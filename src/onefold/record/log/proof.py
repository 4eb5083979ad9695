"""Proofs that need no log: a record stands where it was signed for; a log only grew between two signatures.

A proof is a file of JSON that holds all it takes to check it. Hashes are hex, and what was hashed is there as
bytes: for a record its header and the digest of its payload, for the signature the canonical JSON of the
checkpoint. Whoever checks trusts one thing, which no proof can give them: that the public key is that of the
firm. So they compare the key, or its id, with one that they got another way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.log.checkpoints import Checkpoint, Signed, holds
from onefold.record.log.merkle import (
    HASH_BYTES,
    Tree,
    chain_root,
    consistency_path,
    consistent,
    included,
    leaf_hash,
)
from onefold.record.log.model import Record


class RecordProof(msgspec.Struct, frozen=True, kw_only=True, tag_field="proves", tag="record"):
    """Record `record` of a log is leaf `record - segment` of the records that `checkpoint` signed.

    `header` is hex; `payload` is what the record says, where it is text and still there, and
    `payload_digest` its SHA-256. `path` is that of RFC 9162, nearest sibling first. `chain_before` is the
    chain root before the segment, so that the checkpoint's chain root can be checked as well. `key` is the
    public key, in hex, of the signature.
    """

    record: int
    header: str
    payload: str | None
    payload_digest: str
    path: tuple[str, ...]
    chain_before: str
    checkpoint: Signed
    key: str


class Grown(msgspec.Struct, frozen=True):
    """One segment on the way from one checkpoint to another: its tree root and its records."""

    root: str
    size: int


class ConsistencyProof(msgspec.Struct, frozen=True, kw_only=True, tag_field="proves", tag="consistency"):
    """What `first` signed is the beginning of what `second` signed: nothing was changed, cut or reordered.

    `path` is that of RFC 9162 from the first checkpoint's tree to the whole of its segment. `segments` are
    that segment and those after it, the last as large as the second checkpoint says.
    """

    first: Signed
    second: Signed
    path: tuple[str, ...]
    chain_before: str
    segments: tuple[Grown, ...]
    keys: tuple[str, ...]


Proof = RecordProof | ConsistencyProof

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Proof)


def encode_proof(proof: Proof) -> bytes:
    """The bytes of a proof file: one line of JSON, always the same for the same proof."""
    return _ENCODER.encode(proof) + b"\n"


def decode_proof(data: bytes) -> Proof:
    """The proof of a file; `CallerError` when it is none."""
    try:
        proof: Proof = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CallerError("That is not a proof.", detail=str(error)) from error
    return proof


def prove(tree: Tree, record: Record, signed: Signed, chain_before: bytes, key: bytes) -> RecordProof:
    """The proof of one record; `tree` is that of exactly the records the checkpoint signed for."""
    checkpoint = _checkpoint(signed)
    index = record.sequence - checkpoint.segment
    if not 0 <= index < checkpoint.size == tree.size:
        raise CallerError(
            "The checkpoint does not speak of that record.",
            detail=f"It vouches for {checkpoint.segment} to {checkpoint.last_sequence}.",
        )
    return RecordProof(
        record=record.sequence,
        header=record.header.hex(),
        payload=_text(record.payload),
        payload_digest=record.payload_digest.hex(),
        path=tuple(it.hex() for it in tree.path(index)),
        chain_before=chain_before.hex(),
        checkpoint=signed,
        key=key.hex(),
    )


def prove_consistency(
    leaves: Sequence[bytes],
    first: Signed,
    second: Signed,
    chain_before: bytes,
    segments: Sequence[Grown],
    keys: Sequence[bytes],
) -> ConsistencyProof:
    """The proof, from the leaves of the first checkpoint's segment as far as the second one reaches."""
    path = consistency_path(leaves, _checkpoint(first).size) if _checkpoint(first).size else []
    return ConsistencyProof(
        first=first,
        second=second,
        path=tuple(it.hex() for it in path),
        chain_before=chain_before.hex(),
        segments=tuple(segments),
        keys=tuple(it.hex() for it in keys),
    )


def faults_of(proof: Proof, public_keys: Mapping[str, bytes]) -> list[str]:
    """Why a proof does not hold, in sentences; none where it does. Needs nothing but the keys, by id."""
    try:
        if isinstance(proof, RecordProof):
            return _faults_of_record(proof, public_keys)
        return _faults_of_growth(proof, public_keys)
    except ValueError:
        return ["a hash in it is not hexadecimal"]


def _faults_of_record(proof: RecordProof, public_keys: Mapping[str, bytes]) -> list[str]:
    faults = _faults_of_signature(proof.checkpoint, public_keys)
    checkpoint = proof.checkpoint.statement
    if not isinstance(checkpoint, Checkpoint):
        return [*faults, "what is signed is no checkpoint"]
    digest = bytes.fromhex(proof.payload_digest)
    if proof.payload is not None and sha256(proof.payload.encode()).digest() != digest:
        faults.append("what the record is said to say is not what was hashed")
    root = bytes.fromhex(checkpoint.root)
    leaf = leaf_hash(bytes.fromhex(proof.header), digest)
    path = [bytes.fromhex(it) for it in proof.path]
    if len(digest) != HASH_BYTES or not included(
        leaf, proof.record - checkpoint.segment, checkpoint.size, path, root
    ):
        faults.append("the record is not among those that were signed, or not at that place")
    if chain_root(bytes.fromhex(proof.chain_before), root, checkpoint.size).hex() != checkpoint.chain:
        faults.append("the segments before are not those that were signed")
    return faults


def _faults_of_growth(proof: ConsistencyProof, public_keys: Mapping[str, bytes]) -> list[str]:
    faults = [
        it for signed in (proof.first, proof.second) for it in _faults_of_signature(signed, public_keys)
    ]
    first, second = proof.first.statement, proof.second.statement
    if not isinstance(first, Checkpoint) or not isinstance(second, Checkpoint) or not proof.segments:
        return [*faults, "it does not speak of two checkpoints"]
    if (first.log, first.cell) != (second.log, second.cell):
        faults.append("the checkpoints are of two logs")
    before = bytes.fromhex(proof.chain_before)
    if chain_root(before, bytes.fromhex(first.root), first.size).hex() != first.chain:
        faults.append("the segments before are not those that were signed first")
    own = proof.segments[0]
    path = [bytes.fromhex(it) for it in proof.path]
    # An empty tree is the beginning of every other, with nothing to show for it.
    if first.size and not consistent(
        first.size, bytes.fromhex(first.root), own.size, bytes.fromhex(own.root), path
    ):
        faults.append("the records that were signed first are not those that are there")
    chain, start = before, first.segment
    for it in proof.segments:
        chain = chain_root(chain, bytes.fromhex(it.root), it.size)
        start += it.size
    last = proof.segments[-1]
    if (last.root, last.size, chain.hex(), start - last.size) != (
        second.root,
        second.size,
        second.chain,
        second.segment,
    ):
        faults.append("the segments do not lead to what was signed later")
    return faults


def _faults_of_signature(signed: Signed, public_keys: Mapping[str, bytes]) -> list[str]:
    if signed.key_id not in public_keys:
        return [f"it is signed by a key that was not given ({signed.key_id})"]
    return [] if holds(signed, public_keys) else ["its signature is wrong"]


def _checkpoint(signed: Signed) -> Checkpoint:
    assert isinstance(signed.statement, Checkpoint)
    return signed.statement


def _text(payload: bytes | None) -> str | None:
    """The payload where it is text, so that people can read what is proved."""
    try:
        return None if payload is None else payload.decode()
    except UnicodeDecodeError:
        return None
