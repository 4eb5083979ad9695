"""Cells, and ids that are keyed digests: opaque, equal for equal content, unlinkable across cells.

A birth id is HMAC-SHA-256 under the cell's key over length-prefixed parts, cut to 16 bytes
(collision odds at 10^9 ids: 1.5e-21). Source keys and message ids are often e-mails or account
numbers, so nothing outside an encrypted body ever shows them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from onefold.kernel.errors import CallerError

ID_BYTES = 16
_PART = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class Cell:
    """Tenant × jurisdiction: the wall nothing crosses (law L9)."""

    tenant: str
    jurisdiction: str

    def __post_init__(self) -> None:
        if not (_PART.fullmatch(self.tenant) and _PART.fullmatch(self.jurisdiction)):
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

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise CallerError("A cell key is 32 bytes.", hint="Create the folder with `onefold init`.")
        # Copying a keyed state costs a third of keying anew, and ids are made for every row.
        self._keyed = hmac.new(key, digestmod="sha256")

    def digest(self, domain: bytes, *parts: bytes) -> bytes:
        """16 bytes over the parts, separated by domain so that no two uses can collide."""
        state = self._keyed.copy()
        state.update(_joined((domain, *parts)))
        return state.digest()[:ID_BYTES]

    def digester(self, domain: bytes, *first: bytes) -> Callable[[bytes], bytes]:
        """`digest` with its first parts fixed: `digester(d, a)(b) == digest(d, a, b)`, for hot loops."""
        state = self._keyed.copy()
        state.update(_joined((domain, *first)))

        def of_last(last: bytes) -> bytes:
            copy = state.copy()
            copy.update(len(last).to_bytes(4, "big") + last)
            return copy.digest()[:ID_BYTES]

        return of_last

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
