"""Take what streams send over HTTP in envelopes: CloudEvents, and changes of databases.

Each message goes to the object that the contract has for its type or table, and is accounted for by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from onefold.gate.model import Permit
from onefold.record.contracts.model import Envelope
from onefold.record.contracts.wrapping import CHANGE_MS
from onefold.record.intake.envelopes import cloudevents, debezium
from onefold.record.intake.envelopes.model import Unwrapped
from onefold.record.intake.segment import Call, inflate
from onefold.record.intake.skew import happened, sent_in_headers
from onefold.usecases.ingest import take
from onefold.usecases.model import Ingested, IngestedChanges
from onefold.usecases.rooms import Rooms


def ingest_events(permit: Permit, rooms: Rooms, headers: Mapping[str, str], body: bytes) -> Ingested:
    """One CloudEvent or a batch of them."""
    permit.needs("ingest")
    plain = inflate(body, _encoding(headers))
    found = cloudevents.parse_request(headers, plain)
    _heard(permit, rooms, headers, found, "time")
    return take(permit, rooms, calls_of(permit, rooms, Envelope.CLOUDEVENTS, found))


def ingest_changes(permit: Permit, rooms: Rooms, headers: Mapping[str, str], body: bytes) -> IngestedChanges:
    """Changes of tables in the envelopes of Debezium; what holds no row is counted and passed over."""
    permit.needs("ingest")
    found = debezium.parse_changes(inflate(body, _encoding(headers)))
    _heard(permit, rooms, headers, found, CHANGE_MS)
    taken = take(permit, rooms, calls_of(permit, rooms, Envelope.DEBEZIUM, found))
    ignored = Counter(it.ignored for it in found if it.offered is None)
    return IngestedChanges(success=taken.success, counts=taken.counts, ignored=dict(ignored))


def calls_of(permit: Permit, rooms: Rooms, envelope: Envelope, messages: Sequence[Unwrapped]) -> list[Call]:
    """Messages as the calls they are: each of the first of its names that the contract knows."""
    permit.needs("ingest")
    contract = rooms.contracts.latest(permit.actor.id)
    calls = []
    for it in messages:
        if it.offered is not None:
            known = (name for name in it.names if contract.call(envelope, name) is not None)
            calls.append((envelope.value, next(known, ""), it.offered))
    return calls


def _heard(
    permit: Permit, rooms: Rooms, headers: Mapping[str, str], messages: Sequence[Unwrapped], name: str
) -> None:
    """Notes by how much the sender's clock is off, by when it sent, or by when the newest event happened."""
    rows = [it.offered.row for it in messages if it.offered is not None and it.offered.row is not None]
    told = sent_in_headers(headers) or happened([row.get(name) for row in rows])
    rooms.skews.heard(permit.actor.id, told, rooms.clock.now_ms())


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("content-encoding", "").strip().lower()
