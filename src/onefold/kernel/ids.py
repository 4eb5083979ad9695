"""Cells, and ids that are keyed digests: opaque, equal for equal content, unlinkable across cells.

A birth id is HMAC-SHA-256 under the cell's key over length-prefixed parts, cut to 16 bytes
(collision odds at 10^9 ids: 1.5e-21). Source keys and message ids are often e-mails or account
numbers, so nothing outside an encrypted body ever shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from onefold.kernel.errors import CallerError

ID_BYTES = 16
_BLOCK_BYTES = 64
_INNER = bytes(it ^ 0x36 for it in range(256))
_OUTER = bytes(it ^ 0x5C for it in range(256))
_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def is_jurisdiction(text: str) -> bool:
    """Whether a cell can have this as its jurisdiction."""
    return _PART.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Cell:
    """Tenant × jurisdiction: the wall nothing crosses (law L9)."""

    tenant: str
    jurisdiction: str

    def __post_init__(self) -> None:
        if not (_PART.fullmatch(self.tenant) and is_jurisdiction(self.jurisdiction)):
            raise CallerError(
                "A cell needs a tenant and a jurisdiction.",
                hint="Write it as tenant/jurisdiction in lower case, for example demo/uz.",
            )

    @classmethod
    def parse(cls, text: str) -> Cell:
        """Reads `tenant/jurisdiction`; an unset or malformed cell is a `CallerError`."""
        tenant, _, jurisdiction = text.partition("/")
        return cls(tenant, jurisdiction)

    def __str__(self) -> str:
        return f"{self.tenant}/{self.jurisdiction}"


def _joined(parts: tuple[bytes, ...]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class CellKey:
    """The secret of one cell that turns source keys into ids."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise CallerError("A cell key is 32 bytes.", hint="Create the folder with `onefold init`.")
        # HMAC by its definition (RFC 2104): ids are made for every row, and copying two hashes that have
        # taken in the key costs half of what the standard library's object does.
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(padded.translate(_INNER))
        self._outer = sha256(padded.translate(_OUTER))

    def digest(self, domain: bytes, *parts: bytes) -> bytes:
        """16 bytes over the parts, separated by domain so that no two uses can collide."""
        inner, whole = self._inner.copy(), self._outer.copy()
        inner.update(_joined((domain, *parts)))
        whole.update(inner.digest())
        return whole.digest()[:ID_BYTES]

    def digester(self, domain: bytes, *first: bytes) -> Callable[[bytes], bytes]:
        """`digest` with its first parts fixed: `digester(d, a)(b) == digest(d, a, b)`, for hot loops."""
        copy, copy_outer = self._after(domain, *first), self._outer.copy

        def of_last(last: bytes) -> bytes:
            inner, whole = copy(), copy_outer()
            inner.update(len(last).to_bytes(4, "big") + last)
            whole.update(inner.digest())
            return whole.digest()[:ID_BYTES]

        return of_last

    def digester_of_many(self, domain: bytes, *first: bytes) -> Callable[[Iterable[bytes]], list[bytes]]:
        """`digester` for a list of last parts: a call each would be a sixth of their time."""
        copy, copy_outer = self._after(domain, *first), self._outer.copy

        def of_each(lasts: Iterable[bytes]) -> list[bytes]:
            found = []
            for last in lasts:
                inner, whole = copy(), copy_outer()
                inner.update(len(last).to_bytes(4, "big") + last)
                whole.update(inner.digest())
                found.append(whole.digest()[:ID_BYTES])
            return found

        return of_each

    def _after(self, *parts: bytes) -> Callable[[], Any]:
        """Copies of the inner hash that has taken in some parts."""
        state = self._inner.copy()
        state.update(_joined(parts))
        return state.copy

    def birth_id(self, source: str, entity: str, key: str) -> bytes:
        """The id of a fragment, for ever: what `source` calls `key` among its `entity` things."""
        return self.digest(b"birth", source.encode(), entity.encode(), key.encode())

    def event_id(self, source: str, message: bytes) -> bytes:
        """The id of one delivery: its message id where the source gives one, else its row digest."""
        return self.digest(b"event", source.encode(), message)

    def row_digest(self, source: str, row: bytes) -> bytes:
        """Tells equal rows of a source from changed ones without keeping them readable."""
        return self.digest(b"row", source.encode(), row)


def id_text(value: bytes) -> str:
    """An id as people and URLs see it: 32 hex digits."""
    return value.hex()


def id_from_text(text: str) -> bytes:
    """The bytes of an id; `CallerError` when it is not 32 hex digits."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != ID_BYTES:
        raise CallerError("That is not an id.", hint="An id is 32 hexadecimal digits.")
    return value
