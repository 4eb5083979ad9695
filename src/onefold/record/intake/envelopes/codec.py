"""One message of any envelope by its bytes: what files, topics and requests share."""

from __future__ import annotations

from collections.abc import Callable

from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import ANY, Envelope, ObjectContract
from onefold.record.intake.envelopes import cloudevents, debezium
from onefold.record.intake.envelopes.model import Unwrapped, faulty, read_message
from onefold.record.intake.model import Offered

Read = Callable[[bytes, int], Unwrapped]
"""From the bytes of a message and its number to what it holds."""


def _cloudevent(raw: bytes, line: int) -> Unwrapped:
    message = read_message(raw)
    if message is None:
        return faulty(raw, line, Reason.BAD_JSON)
    return cloudevents.unwrap(message, line) or faulty(raw, line, Reason.BAD_ENVELOPE)


def _bare(raw: bytes, line: int) -> Unwrapped:
    """What was a webhook: its signature proved the request, and is not part of the row."""
    message = read_message(raw)
    return faulty(raw, line, Reason.BAD_JSON) if message is None else Unwrapped((), Offered(message, line))


READERS: dict[Envelope, Read] = {
    Envelope.CLOUDEVENTS: _cloudevent,
    Envelope.DEBEZIUM: debezium.parse_change,
    Envelope.WEBHOOK: _bare,
}


def read_of(item: ObjectContract, raw: bytes, line: int) -> Unwrapped:
    """A message of a stream that is said to hold one object: one of another is a fault of the stream."""
    assert item.envelope is not None
    found = READERS[item.envelope](raw, line)
    if found.offered is None or found.offered.row is None or not found.names:
        return found
    if ANY in item.called or any(name in item.called for name in found.names):
        return found
    return faulty(raw, line, Reason.UNKNOWN_CALL)
