"""One byte string for equal values, and the order-free hash of a set of rows.

Bytes are MessagePack with map keys sorted (deterministic mode of msgspec). `StateHash` is a sum of
row hashes modulo 2^256: adding rows in any order gives the same value and removing one subtracts it
(AdHash, Bellare and Micciancio 1997). It finds differences between copies of our own state; it is
not a proof against an attacker, which is what the Merkle tree of the log is for.
"""

from __future__ import annotations

from hashlib import blake2b, sha256
from typing import Any

import msgspec

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODER = msgspec.msgpack.Decoder()
_MODULUS = 1 << 256


def canonical_bytes(value: Any) -> bytes:
    """Equal values give equal bytes, whatever the order their maps were built in."""
    return _ENCODER.encode(value)


def from_canonical(data: bytes) -> Any:
    """The value of `canonical_bytes`; tuples come back as lists."""
    return _DECODER.decode(data)


def sha256_digest(*parts: bytes) -> bytes:
    """SHA-256 of the parts joined; callers prefix domains and lengths where ambiguity could arise."""
    return sha256(b"".join(parts)).digest()


def row_hash(table: str, row: bytes) -> int:
    """The share of one row in the state hash."""
    return int.from_bytes(blake2b(row, key=table.encode(), digest_size=32).digest(), "big")


class StateHash:
    """An order-free sum of rows; two states are equal when their texts are."""

    __slots__ = ("_sum",)

    def __init__(self) -> None:
        self._sum = 0

    def add(self, table: str, row: bytes) -> None:
        """Counts one row in."""
        self._sum = (self._sum + row_hash(table, row)) % _MODULUS

    def remove(self, table: str, row: bytes) -> None:
        """Takes one row out again."""
        self._sum = (self._sum - row_hash(table, row)) % _MODULUS

    def __str__(self) -> str:
        return f"{self._sum:064x}"
