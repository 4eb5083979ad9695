"""Take what a source sends over HTTP: authorised by its write key, durable before it is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError, Unauthenticated
from onefold.record.canon.restrictions import RESTRICTING
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import RowFault
from onefold.record.contracts.registry import CompiledContract
from onefold.record.intake.model import Receipt
from onefold.record.intake.runs import Way
from onefold.record.intake.segment import Call, inflate, parse_batch, parse_call
from onefold.record.intake.skew import sent_in_body
from onefold.usecases.list_sources import accounting
from onefold.usecases.model import Ingested, SourceConfig, SourceSettings, TrackingSettings, TurnedAway
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import in_force


class _Keyed(msgspec.Struct, rename="camel"):
    write_key: str = ""


_KEY = msgspec.json.Decoder(_Keyed)


def admit(rooms: Rooms, write_key: str) -> Permit:
    """The permit of the source that a write key belongs to."""
    source = rooms.users.source_of(write_key)
    if source is None:
        raise Unauthenticated("This write key is not one of ours.", hint="Make one: onefold key SOURCE")
    return enter(rooms, source)


def enter(rooms: Rooms, source: str) -> Permit:
    """The permit of a source that has proven who it is; `TooManyRequests` above the rate of its contract."""
    rate = rooms.contracts.latest(source).contract.rate
    rooms.limits.enter(source, rate, rooms.clock.now_ms())
    return rooms.gate.admit(source, "api")


def write_key_in(body: bytes, encoding: str) -> str:
    """The `writeKey` that a call carries itself, as those of browsers do; empty where it has none."""
    try:
        return _KEY.decode(inflate(body, encoding)).write_key
    except (CallerError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def tracking_settings(permit: Permit, write_key: str, host: str, *, secure: bool) -> TrackingSettings:
    """What a library in a page asks for before it sends: where to, and that nothing else is to be loaded."""
    permit.needs("ingest")
    protocol = "https" if secure else "http"
    return TrackingSettings(
        {"Segment.io": {"apiKey": write_key, "apiHost": f"{host}/v1", "protocol": protocol}}
    )


def source_settings(permit: Permit, write_key: str) -> SourceSettings:
    """What RudderStack's library asks for before it sends: a source, and nothing else to be loaded."""
    permit.needs("ingest")
    return SourceSettings(SourceConfig(permit.actor.id, permit.actor.id, write_key))


def ingest_batch(permit: Permit, rooms: Rooms, body: bytes, encoding: str) -> Ingested:
    """Many calls in one body; each is accounted for by itself."""
    permit.needs("ingest")
    received, plain = rooms.clock.now_ms(), inflate(body, encoding)
    calls = parse_batch(plain)
    rooms.skews.heard(permit.actor.id, sent_in_body(plain), received)
    return take(permit, rooms, calls)


def ingest_call(permit: Permit, rooms: Rooms, kind: str, body: bytes, encoding: str) -> Ingested:
    """One call; `kind` is in the address."""
    permit.needs("ingest")
    received, plain = rooms.clock.now_ms(), inflate(body, encoding)
    call = parse_call(kind, plain)
    rooms.skews.heard(permit.actor.id, sent_in_body(plain), received)
    return take(permit, rooms, [call])


def take_calls(permit: Permit, rooms: Rooms, calls: Sequence[Call]) -> Receipt:
    """Calls through the door; what they take away is in force when this returns."""
    permit.needs("ingest")
    source = permit.actor.id
    contract = rooms.contracts.latest(source)
    way = Way.TOPICS if permit.channel == "kafka" else Way.MESSAGES
    receipt = rooms.door.offer_calls(source, calls, way=way)
    rooms.barrier.wake()
    if any(_restricts(contract, call) for call in calls):
        in_force(rooms, receipt.sequence)
    return receipt


def take(permit: Permit, rooms: Rooms, calls: Sequence[Call]) -> Ingested:
    """Calls through the door, and the answer for whoever sent them; `TooManyRequests` above the rate."""
    permit.needs("ingest")
    rate = rooms.contracts.latest(permit.actor.id).contract.rate
    rooms.limits.hold(permit.actor.id, rate, rooms.clock.now_ms(), len(calls))
    receipt = take_calls(permit, rooms, calls)
    faults = (
        TurnedAway(it.line, it.object, it.reason, it.reason.about, it.field, it.unheard)
        for it in receipt.turned
    )
    return Ingested(receipt.unheard == 0, accounting(receipt.tally), tuple(faults))


def _restricts(contract: CompiledContract, call: Call) -> bool:
    """Whether a call, or what is made of the same row, can withdraw, object, suppress or block.

    Such a call is acknowledged when it is in force.
    """
    name, event, offered = call
    row = offered.row
    if row is None:
        return False
    made = contract.made_of(name, event)
    return any(it.entity in RESTRICTING and _is_made(it, row) and not _grants(it, row) for it in made)


def _is_made(item: CompiledObject, row: dict[str, Any]) -> bool:
    """Whether the row has what this object is known by; one that is faulty restricts nothing."""
    try:
        return item.key(row) is not None
    except RowFault:
        return False


def _grants(item: CompiledObject, row: dict[str, Any]) -> bool:
    """Whether the row says outright that something is granted: nobody has to wait for that."""
    try:
        return item.values(item.check(row), 0).get("fact") == "granted"
    except RowFault:
        return False
