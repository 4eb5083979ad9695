"""What is kept of a faulty row that takes something away: no slip beside a withdrawal silences it.

The row goes to quarantine as any faulty row does. Besides, its restriction is logged without the properties
that cannot be read; where these would have narrowed it, it covers any purpose or any channel. Where even the
word itself, or whom it is about, cannot be read, nothing can be kept, and the sender is told so.
"""

from __future__ import annotations

from typing import Any

from onefold.record.canon.restrictions import RESTRICTING, may_restrict, restricts, scoped
from onefold.record.contracts.access import getter
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import RowFault
from onefold.record.log.model import EventKind

_WHOLE = frozenset({"object", "array", "map"})


def rescued(found: CompiledObject, row: dict[str, Any], now: int) -> tuple[dict[str, Any] | None, bool]:
    """The row without what cannot be read, if it restricts all the same; else whether it may have."""
    if found.entity not in RESTRICTING or _is_deleted(found, row):
        return None, False
    kept = found.redact(row)
    for it in found.item.properties:
        raw = getter(it.path, flat=found.item.flat)(kept)
        if it.logical_type not in _WHOLE and isinstance(raw, dict | list):
            _drop(kept, it.path, flat=found.item.flat)
    values, unread = found.legible(kept, now)
    if not restricts(found.entity, values):
        return None, may_restrict(found.entity, values)
    if found.kind is EventKind.PATCH and not scoped(found.entity, values):
        return None, True
    for path in unread:
        _drop(kept, path, flat=found.item.flat)
    try:
        found.values(kept, now, whole=False)
    except RowFault:
        return None, True
    return kept, False


def _is_deleted(found: CompiledObject, row: dict[str, Any]) -> bool:
    """Whether the row says so in a word that can be read; one that cannot silences nothing."""
    try:
        return found.is_deleted(row)
    except RowFault:
        return False


def may_be_unheard(found: CompiledObject) -> bool:
    """Whether a row of the object that cannot be read at all may have taken something away."""
    return any(it.entity in RESTRICTING for it in (found, *found.also))


def _drop(row: dict[str, Any], path: str, *, flat: bool) -> None:
    *parents, last = [path] if flat else path.split(".")
    at: Any = row
    for part in parents:
        at = at.get(part) if isinstance(at, dict) else None
    if isinstance(at, dict):
        at.pop(last, None)
