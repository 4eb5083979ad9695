"""A key management service without a network: master keys that never leave it, rotation, and failures."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.kernel.errors import Damaged, Unavailable
from onefold.kernel.keys import KEY_BYTES

_NONCE_BYTES = 12


class FakeKms:
    """Implements `KeyCustody` as a remote service would.

    Each call counts in `calls`; those beyond `calls_max` fail.
    """

    def __init__(self) -> None:
        self._masters: dict[str, AESGCM] = {}
        self.calls = 0
        self.calls_max: int | None = None
        self.rotate()

    @property
    def current(self) -> str:
        """The version that wraps now."""
        return self._current

    def rotate(self) -> str:
        """Makes a new version; the former ones still unwrap."""
        self._current = f"test/master/versions/{len(self._masters) + 1}"
        self._masters[self._current] = AESGCM(os.urandom(KEY_BYTES))
        return self._current

    def retire(self, version: str) -> None:
        """Destroys a version: nothing that is under it opens again."""
        del self._masters[version]

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """One call a batch."""
        self._called()
        cipher = self._masters[self._current]
        nonces = [os.urandom(_NONCE_BYTES) for _ in keys]
        return [it + cipher.encrypt(it, *pair) for it, pair in zip(nonces, keys, strict=True)]

    def unwrap(self, master_id: str, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """One call a batch."""
        self._called()
        cipher = self._masters.get(master_id)
        if cipher is None:
            raise Unavailable("A version of the master key is not there.", detail=master_id)
        try:
            return [cipher.decrypt(it[:_NONCE_BYTES], it[_NONCE_BYTES:], owner) for it, owner in wrapped]
        except (InvalidTag, ValueError) as error:
            raise Damaged("A wrapped data key does not open.", detail=master_id) from error

    def _called(self) -> None:
        self.calls += 1
        if self.calls_max is not None and self.calls > self.calls_max:
            raise Unavailable("The key management service does not answer.", retry_after_seconds=1)
