"""A tracking plan is a contract whose objects are calls: what breaks it in a message, all of it at once.

The door stops at the first fault of a row, because one is enough to keep it out. Whoever writes the messages
wants every fault, and also what the door would silently leave out: properties that nobody declared, and
events that are in no plan. Names and types are told, never values.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from onefold.record.contracts.access import MISSING, getter
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import RowFault
from onefold.record.contracts.limits import limit_check, said
from onefold.record.contracts.model import Property, Store
from onefold.record.contracts.quality import breaker, is_of_row
from onefold.record.contracts.registry import CompiledContract
from onefold.record.contracts.rows import fits_type
from onefold.record.contracts.texts import plain

PROPERTIES = "properties"
"""Where the tracking API keeps what an event says of itself."""

_TRACK = "track:"
_NOON = 43_200_000


class Violation(NamedTuple):
    """What is wrong in one message, and what was expected instead."""

    event: str
    property: str
    expected: str


def planned(contract: CompiledContract) -> dict[str, CompiledObject]:
    """The events of the plan by name: objects called `track:Order Completed`."""
    events = (name.removeprefix(_TRACK) for name in contract.objects if name.startswith(_TRACK))
    return {event: contract.objects[_TRACK + event] for event in events if event}


def violations(contract: CompiledContract, row: dict[str, Any]) -> tuple[Violation, ...]:
    """Everything that is wrong with one message; nothing for one that keeps the plan."""
    call, event = row.get("type"), row.get("event")
    if not isinstance(call, str):
        return (Violation("", "type", "the name of a call, such as track"),)
    named = event if isinstance(event, str) and call == "track" else ""
    found = contract.call(call, named)
    events = planned(contract)
    if call == "track" and events and named not in events:
        near = get_close_matches(named, events, n=1)
        offer = f"; did you mean {near[0]}?" if near else ""
        return (Violation(named or call, "event", f"an event of the plan{offer}"),)
    if found is None:
        return (Violation(named or call, "type", f"one of {', '.join(sorted(contract.objects))}"),)
    said = list(_of_object(found, row))
    for also in found.also:
        if also.key(row) is not None:
            said += _of_object(also, row)
    return tuple(dict.fromkeys(Violation(named or call, path, expected) for path, expected in said))


def _of_object(found: CompiledObject, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    item, told = found.item, set()
    fetched = item.fetched
    for declared in (it for it in item.properties if it.path not in fetched):
        raw = getter(declared.path, flat=item.flat)(row)
        expected = _expected(declared, raw)
        if expected:
            told.add(declared.path)
            yield declared.path, expected
    for rule in item.quality:
        if is_of_row(rule) and breaker(rule, flat=item.flat)(row):
            told.update(rule.paths)
            yield ", ".join(rule.paths), rule.about or f"what the rule {rule.name} allows"
    if not told:
        yield from _meaning(found, row)
    yield from _undeclared(item.properties, row)


def _expected(declared: Property, raw: Any) -> str:
    """What a property should have been; empty where it is."""
    if raw is MISSING or raw is None or raw == "":
        return f"{_type(declared)}, which is required" if declared.required else ""
    if declared.store is Store.REFUSE:
        return "nothing: it must not be sent"
    if not fits_type(declared.logical_type, raw):
        return _type(declared)
    if declared.allowed and (isinstance(raw, dict | list) or plain(raw) not in declared.allowed):
        return f"one of {', '.join(declared.allowed)}"
    if declared.limits and limit_check(declared.logical_type, declared.limits)(raw) is not None:
        return f"{_type(declared)} within its limits: {said(declared.limits)}"
    return ""


def _type(declared: Property) -> str:
    return f"{'an' if declared.logical_type[0] in 'aeiou' else 'a'} {declared.logical_type}"


def _meaning(found: CompiledObject, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the map, the key or the subject cannot do with a message that is right in form."""
    try:
        if found.key(row) is None:
            yield ", ".join(found.item.key), "a value: it is the key"
        found.subject_id(row)
        found.occurred_at(row)
        found.values(found.redact(row), _NOON)
    except RowFault as fault:
        yield fault.field, fault.reason.about.removesuffix(".").lower()


def _undeclared(declared: tuple[Property, ...], row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Properties of the event that nobody declared: they are not kept, and mostly misspelt."""
    said = row.get(PROPERTIES)
    paths = [it.path.split(".") for it in declared]
    known = {parts[1] for parts in paths if parts[0] == PROPERTIES and len(parts) > 1}
    if not isinstance(said, dict) or not known:
        return
    for name in said:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            offer = f"; did you mean {near[0]}?" if near else ""
            yield f"{PROPERTIES}.{name}", f"no such property: it is not in the plan{offer}"
