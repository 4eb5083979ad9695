"""Signed statements about a log, kept outside its folder: where it stood, and what was compacted away.

The signature is Ed25519 over the canonical JSON of the statement (keys sorted, no spaces, hashes in hex),
so that anyone can check it with a public key and standard tools.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onefold.kernel.errors import Damaged
from onefold.kernel.keys import Signer


class Checkpoint(msgspec.Struct, frozen=True, tag_field="kind", tag="checkpoint", forbid_unknown_fields=True):
    """The log's end at an instant: `size` records in the segment that starts at sequence `segment`.

    `root` is the tree root of those records, `chain` the chain root after them (see merkle.py), in hex;
    `at` is milliseconds since the epoch.
    """

    log: str
    cell: str
    segment: int
    size: int
    root: str
    chain: str
    at: int

    @property
    def last_sequence(self) -> int:
        """The last record this vouches for."""
        return self.segment + self.size - 1


class Compaction(msgspec.Struct, frozen=True, tag_field="kind", tag="compaction", forbid_unknown_fields=True):
    """Payloads that were dropped by the owner of the log: ranges of sequences, both ends included."""

    log: str
    cell: str
    segment: int
    dropped: tuple[tuple[int, int], ...]
    at: int


Statement = Checkpoint | Compaction


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement, who signed it and the signature in hex: one line of a checkpoint file."""

    statement: Statement
    key_id: str
    signature: str


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Signed)


def signed_bytes(statement: Statement) -> bytes:
    """The canonical JSON that is signed."""
    return _ENCODER.encode(statement)


def sign(statement: Statement, signer: Signer) -> Signed:
    """The statement with a signature, under the key that the signer has now."""
    while True:
        key_id = signer.key_id
        signature = signer.sign(signed_bytes(statement))
        if signer.key_id == key_id:
            return Signed(statement, key_id, signature.hex())


def holds(signed: Signed, public_keys: Mapping[str, bytes]) -> bool:
    """Whether the signature is that of the key it names, among the 32-byte public keys given by id."""
    public = public_keys.get(signed.key_id)
    if public is None:
        return False
    try:
        signature = bytes.fromhex(signed.signature)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed_bytes(signed.statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def to_line(signed: Signed) -> bytes:
    """One line of JSON, with its newline."""
    return _ENCODER.encode(signed) + b"\n"


def from_line(line: bytes) -> Signed:
    """The statement of a line; `Damaged` when it is not one."""
    try:
        return _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged("A checkpoint line cannot be read.", detail=str(error)) from error
