"""Changes of database tables in the envelopes of Debezium, as rows of the objects of these tables.

A row is the table's columns after the change (for a delete: those before it), with `__op` and `__ts_ms`
beside them, as Debezium's own flattening calls them. Converters that write a schema around the payload, and
those that do not, give the same row. What is no change of a row (a tombstone, a change of a schema, a
heartbeat, a transaction's begin and end) is named and passed over.

**Order.** Changes of one transaction share their millisecond, so the time alone does not tell which was last.
The place in the database's own log does: it goes before the event's id, where the fold breaks ties.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.wrapping import CHANGE_MS, CHANGE_OP
from onefold.record.intake.envelopes.model import Unwrapped, faulty, message_id, read_items, read_message
from onefold.record.intake.model import ORDER_BYTES, Offered

CHANGE_BYTES_MAX = 256 << 10
"""An envelope holds a row twice, and often its schema four times."""

TOMBSTONE = "tombstone"
SCHEMA_CHANGE = "schema_change"
HEARTBEAT = "heartbeat"
TRANSACTION = "transaction"
TRUNCATE = "truncate"
MESSAGE = "message"

_OPS = ("c", "r", "u", "d")
_PASSED_OVER = {"t": TRUNCATE, "m": MESSAGE}
_PLACES = (
    "lsn", "pos", "change_lsn", "commit_lsn", "scn", "ord", "row", "event_serial_no", "file", "sequence",
)  # fmt: skip
_FILE_NUMBER = re.compile(r"\.(\d{1,9})$")
_LSN = re.compile(r"([0-9a-fA-F]{1,8}):([0-9a-fA-F]{1,8}):([0-9a-fA-F]{1,4})")
_ORDER_MAX = (1 << (8 * ORDER_BYTES)) - 1


def parse_changes(body: bytes) -> list[Unwrapped]:
    """Messages of one request: a JSON array of envelopes, one envelope, or one a line (JSON Lines).

    `CallerError` when it is none of these. Each message is judged by itself; `null` is a tombstone.
    """
    start = body.lstrip()[:1]
    if start == b"[":
        items = read_items(body)
    elif start == b"{" or b"\n" in body:
        items = [body] if read_message(body) is not None else [it for it in body.split(b"\n") if it.strip()]
    else:
        items = None
    if items is None:
        raise CallerError("The body holds no changes.", hint="Send JSON envelopes: an array, or one a line.")
    return [parse_change(raw, number) for number, raw in enumerate(items, 1)]


def parse_change(raw: bytes | None, line: int) -> Unwrapped:
    """One message value as its bytes; None or `null` is a tombstone."""
    if raw is None or raw.strip() == b"null":
        return Unwrapped((), None, TOMBSTONE)
    if len(raw) > CHANGE_BYTES_MAX:
        return faulty(raw, line, Reason.MESSAGE_TOO_LARGE)
    message = read_message(raw)
    if message is None:
        return faulty(raw, line, Reason.BAD_JSON)
    return unwrap(message, line) or faulty(raw, line, Reason.BAD_ENVELOPE)


def unwrap(message: dict[str, Any], line: int) -> Unwrapped | None:
    """One decoded message as a row, or as something to pass over; None when it is no envelope of Debezium."""
    if "payload" in message and "schema" in message:
        payload: Any = message["payload"]
        if payload is None:
            return Unwrapped((), None, TOMBSTONE)
        if not isinstance(payload, dict):
            return None
        message = payload
    other = _no_change_of_a_row(message)
    if other:
        return Unwrapped((), None, other)
    op, source = message.get("op"), message.get("source")
    row = message.get("before" if op == "d" else "after")
    if op not in _OPS or not isinstance(source, dict) or not isinstance(row, dict):
        return None
    at, table = _instant(message, source), source.get("table") or source.get("collection")
    if at is None or not isinstance(table, str) or not table:
        return None
    names = _names(source, table)
    offered = Offered(
        row | {CHANGE_OP: op, CHANGE_MS: at},
        line,
        message_id("debezium", names[0], op, str(at), _written(_place(source)), _written(row)),
        order=order_of(source),
    )
    return Unwrapped(names, offered)


def order_of(source: dict[str, Any]) -> bytes:
    """Where a change stands among those of its millisecond; empty when the database does not say.

    PostgreSQL: the LSN. MySQL and MariaDB: file, position, row. SQL Server: the change's LSN and serial.
    Oracle: the SCN. MongoDB: the ordinal. Else microseconds or nanoseconds, where Debezium has them.
    """
    lsn, position = _count(source.get("lsn")), _count(source.get("pos"))
    if lsn is not None:
        return _order(lsn)
    if position is not None:
        file = _FILE_NUMBER.search(source["file"]) if isinstance(source.get("file"), str) else None
        number = int(file.group(1)) & 0xFFFF if file else 0
        row = min(_count(source.get("row")) or 0, 0xFFFF)
        return _order(number << 48 | min(position, 0xFFFF_FFFF) << 16 | row)
    change = source.get("change_lsn")
    found = _LSN.fullmatch(change) if isinstance(change, str) else None
    if found:
        file_number, block, slot = (int(it, 16) for it in found.groups())
        serial = min(_count(source.get("event_serial_no")) or 0, 0xF)
        return _order((file_number & 0xFFFF) << 48 | (block & 0xFFF_FFFF) << 20 | slot << 4 | serial)
    for name in ("scn", "ord", "ts_ns", "ts_us"):
        value = _count(source.get(name))
        if value is not None:
            return _order(value)
    return b""


def _order(value: int) -> bytes:
    return min(value, _ORDER_MAX).to_bytes(ORDER_BYTES, "big")


def _count(value: Any) -> int | None:
    """A whole number from zero up, or the text of one; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _no_change_of_a_row(message: dict[str, Any]) -> str:
    """What a message is that is no change of a row; empty for a change."""
    if "op" in message:
        return _PASSED_OVER.get(message["op"], "") if isinstance(message["op"], str) else ""
    if "ddl" in message or "tableChanges" in message:
        return SCHEMA_CHANGE
    if message.get("status") in ("BEGIN", "END") and "id" in message:
        return TRANSACTION
    return HEARTBEAT if set(message) <= {"ts_ms", "ts_us", "ts_ns"} and message else ""


def _instant(message: dict[str, Any], source: dict[str, Any]) -> int | None:
    """When the database committed it; a connector that does not know says when it read it."""
    for value in (source.get("ts_ms"), message.get("ts_ms")):
        if found := _count(value):
            return found
    return None


def _names(source: dict[str, Any], table: str) -> tuple[str, ...]:
    """`database.schema.table`, then shorter, so that a contract may be as exact as it needs to be."""
    parts = [it for it in (source.get("db"), source.get("schema")) if isinstance(it, str) and it]
    full = [*parts, table]
    return tuple(".".join(full[at:]) for at in range(len(full)))


def _place(source: dict[str, Any]) -> list[Any]:
    return [source.get(name) for name in _PLACES]


def _written(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
