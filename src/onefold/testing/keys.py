"""A key for tokens that is in memory alone."""

from __future__ import annotations

from onefold.kernel.keys import TokenKey


class OneTokenKey:
    """Implements `TokenKeys` with a secret that is never replaced."""

    def __init__(self, secret: bytes = bytes(32), key_id: str = "one") -> None:
        self._key = TokenKey(key_id, secret)

    def signing(self) -> TokenKey:
        """That one."""
        return self._key

    def verifying(self, key_id: str, now_seconds: int) -> bytes | None:
        """Its secret, if it is meant."""
        return self._key.secret if key_id == self._key.id else None
