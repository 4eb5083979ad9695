"""How deep values may stand within values: what is deeper is held by its digest, whatever door it came by.

RFC 8259 (section 9) leaves the bound to who reads. Parsers count levels against what is left of the stack, so
a row near their bound would be read at a door and not where the log is read, with more calls on the stack.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Offered

DEPTH_MAX = 100
"""Several times what any format of events has, and a tenth of what parsers bear."""

_NESTED = frozenset({dict, list})


def is_deeper(value: Any, most: int = DEPTH_MAX) -> bool:
    """Whether a value has more levels of lists and objects than that; no call within a call."""
    level = [value] if type(value) in _NESTED else []
    for _ in range(most):
        if not level:
            return False
        level = [inner for it in level for inner in _inside(it) if type(inner) in _NESTED]
    return bool(level)


def within_depth(offered: Offered) -> Offered:
    """The row as it is, or the fault that it is too deep."""
    row = offered.row
    if row is None or not any(type(it) in _NESTED for it in row.values()) or not is_deeper(row):
        return offered
    return Offered(None, offered.line, offered.message_id, Reason.TOO_DEEP, digest=_digest(row))


def _inside(value: Any) -> Any:
    return value.values() if type(value) is dict else value


def _digest(row: dict[str, Any]) -> bytes:
    """What tells one such row from another: all it holds, in the order in which it stands."""
    digest = sha256()
    waiting: list[Any] = [row]
    while waiting:
        value = waiting.pop()
        if type(value) in _NESTED:
            digest.update(f"{type(value).__name__}{len(value)}".encode())
            waiting += [*value] if type(value) is list else [it for entry in value.items() for it in entry]
        else:
            digest.update(repr(value).encode() + b"\0")
    return digest.digest()
