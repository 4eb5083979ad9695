"""Chats and tickets in JSON: one object a file, or a list of them."""

from __future__ import annotations

from typing import Any

import msgspec

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.depth import is_deeper
from onefold.record.intake.documents.model import Reading, Row, decoded, digest_of

ITEMS_MAX = 10_000
"""Rows that one object may come to, with `each`."""

_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


def read_json(data: bytes, reading: Reading) -> tuple[Row, ...]:
    """A row for each object, in the order of the list."""
    try:
        found: Any = _DECODE(decoded(data, reading.encoding))
    except (msgspec.DecodeError, RecursionError):
        raise RowFault(Reason.BAD_JSON) from None
    objects = found if isinstance(found, list) else [found]
    if not objects:
        raise RowFault(Reason.DOCUMENT_EMPTY)
    if not all(isinstance(it, dict) for it in objects):
        raise RowFault(Reason.BAD_JSON)
    if is_deeper(objects):
        raise RowFault(Reason.DOCUMENT_TOO_DEEP)
    return tuple(
        {"document": digest_of("json", _ENCODE(it).decode()), **row}
        for it in objects
        for row in _rows(it, reading.shape.each)
    )


def _rows(found: Row, each: tuple[str, ...]) -> list[Row]:
    """A row for each item at the paths, with the item in its place; one row where there is none."""
    rows = [found]
    for path in each:
        rows = [row for it in rows for row in _with_each(it, path.split("."))]
        if len(rows) > ITEMS_MAX:
            raise RowFault(Reason.DOCUMENT_TOO_LARGE)
    return rows


def _with_each(row: Row, path: list[str]) -> list[Row]:
    name, *below = path
    value = row.get(name)
    if below:
        return [row | {name: it} for it in _with_each(value, below)] if isinstance(value, dict) else [row]
    if isinstance(value, dict):
        value = [key for key, held in value.items() if held not in (None, False, "", [], {})]
    if not isinstance(value, list):
        return [row]
    return [row | {name: it} for it in value] or [{key: held for key, held in row.items() if key != name}]
