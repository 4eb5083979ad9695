"""Who keeps the keys: ports for wrapping data keys, for signing, for tokens. No key material lives here.

Data keys are many and stored wrapped beside the data; the master key that wraps them is one and stays
in custody (a file, a KMS). `KeyCustody` works on batches, so that a remote custody costs one call a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

KEY_BYTES = 32


class KeyCustody(Protocol):
    """Wraps and unwraps keys under master keys that never leave it."""

    @property
    def current(self) -> str:
        """The id of the master key that `wrap` uses; stored beside what was wrapped, for rotation."""
        ...

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """Wraps (key, owner) pairs; the owner is bound in, so a wrapped key opens for nobody else."""
        ...

    def unwrap(self, master_id: str, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """Opens (wrapped key, owner) pairs.

        `Damaged` if one does not open, `Unavailable` if that master key is not in custody.
        """
        ...


class TokenKey(NamedTuple):
    """A secret that tokens are signed with, and the id that they name it by."""

    id: str
    secret: bytes


class TokenKeys(Protocol):
    """The keys of tokens: one signs, others verify; a rotation counts from the next call on."""

    def signing(self) -> TokenKey:
        """The one that signs now."""
        ...

    def verifying(self, key_id: str, now_seconds: int) -> bytes | None:
        """The secret of that id, if tokens signed with it are still good."""
        ...


def wrap_now(custody: KeyCustody, keys: Sequence[tuple[bytes, bytes]]) -> tuple[str, list[bytes]]:
    """The wrapped keys and the id of the master key they are under, however custody goes on meanwhile."""
    while True:
        master = custody.current
        wrapped = custody.wrap(keys)
        if custody.current == master:
            return master, wrapped


class Signer(Protocol):
    """Signs with Ed25519 under a private key that never leaves it."""

    @property
    def key_id(self) -> str:
        """Tells which public key verifies: the first 16 hex digits of its SHA-256."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of the data."""
        ...
