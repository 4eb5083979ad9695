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
from onefold.record.intake.segment import Call, inflate, parse_batch, parse_call
from onefold.usecases.list_sources import accounting
from onefold.usecases.model import Ingested, TrackingSettings, TurnedAway
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
    rooms.limits.take(source, rate, rooms.clock.now_ms())
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


def ingest_batch(permit: Permit, rooms: Rooms, body: bytes, encoding: str) -> Ingested:
    """Many calls in one body; each is accounted for by itself."""
    permit.needs("ingest")
    return take(permit, rooms, parse_batch(inflate(body, encoding)))


def ingest_call(permit: Permit, rooms: Rooms, kind: str, body: bytes, encoding: str) -> Ingested:
    """One call; `kind` is in the address."""
    permit.needs("ingest")
    return take(permit, rooms, [parse_call(kind, inflate(body, encoding))])


def take(permit: Permit, rooms: Rooms, calls: Sequence[Call]) -> Ingested:
    """Calls through the door; what they take away is in force before the answer."""
    permit.needs("ingest")
    source = permit.actor.id
    contract = rooms.contracts.latest(source)
    receipt = rooms.door.offer_calls(source, calls)
    rooms.barrier.wake()
    if any(_restricts(contract, call) for call in calls):
        in_force(rooms, receipt.sequence)
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
    found = contract.call(name, event)
    if found is None or offered.row is None:
        return False
    return any(it.entity in RESTRICTING and _is_made(it, offered.row) for it in (found, *found.also))


def _is_made(item: CompiledObject, row: dict[str, Any]) -> bool:
    """Whether the row has what this object is known by; one that is faulty restricts nothing."""
    try:
        return item.key(row) is not None
    except RowFault:
        return False
