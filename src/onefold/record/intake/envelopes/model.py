"""What comes out of an envelope, whatever the envelope and whatever carried it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from onefold.record.contracts.errors import Reason
from onefold.record.intake.depth import is_deeper
from onefold.record.intake.model import Offered

_MESSAGE = msgspec.json.Decoder(dict[str, Any])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


class Unwrapped(msgspec.Struct, frozen=True):
    """One message without its envelope.

    `names` are what the contract may know its object by, the most exact first. A message that holds no row by
    design (a tombstone, a change of a schema) has `ignored` say what it is, and nothing offered.
    """

    names: tuple[str, ...]
    offered: Offered | None
    ignored: str = ""


def faulty(raw: bytes, line: int, reason: Reason) -> Unwrapped:
    """A message that could not be read: nothing can be left out of it, so only its digest goes on."""
    return Unwrapped((), Offered(None, line, fault=reason, digest=sha256(raw).digest()))


def message_id(kind: str, *parts: str) -> str:
    """One id of bounded length for what identifies a message; a NUL in a part cannot shift them."""
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return f"{kind}:{digest.hexdigest()}"


def read_message(raw: bytes) -> dict[str, Any] | None:
    """One JSON object; None when it is not one, or too deep to be read."""
    try:
        found = _MESSAGE.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return None if is_deeper(found) else found


def read_items(raw: bytes) -> list[bytes] | None:
    """The items of a JSON array, each as its bytes; None when it is not one."""
    try:
        return [bytes(it) for it in _ITEMS.decode(raw)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
