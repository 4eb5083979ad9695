"""Which referenced fields of a customer's records a permit may have fetched, and what came of it as shown.

Planned by the same rules as what is kept: the record permits that its data is used, its source's contract
allows it, the role may see the class of the field. What is hidden is not fetched; nor is what would be a
token, since what it stands for would have to be kept, and nothing that is fetched is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from onefold.gate.fetching.model import Fetchable, Fetched, Outcome, Wanted
from onefold.gate.masks import cut
from onefold.gate.model import FetchedValue, Permit, Referenced
from onefold.gate.scope import Scope, Standing
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.data_classes import class_of
from onefold.record.canon.entities import ENTITIES

_SHOWN = ("full", "masked")


def wanted_of(scope: Scope, records: Iterable[Standing]) -> tuple[Wanted, ...]:
    """What may be asked for, a line for each record and object of its source."""
    found = []
    for it in records:
        for known in _of_record(scope, it):
            fields = tuple(
                name for name in known.fields if _may_see(scope, known, name) and _serves(scope, it, name)
            )
            if fields:
                record = it.fragment
                found.append(
                    Wanted(
                        fragment=record.fragment_id,
                        entity=record.entity,
                        source=record.source,
                        object=known.object,
                        key=record.key,
                        fields=fields,
                        currency=str(it.values.get("currency") or ""),
                    )
                )
    return tuple(found)


def hidden_of(scope: Scope, records: Iterable[Standing]) -> frozenset[str]:
    """Fields of the party that a source could be asked for, but not by this role."""
    return frozenset(
        name
        for it in records
        if it.fragment.entity == "party"
        for known in _of_record(scope, it)
        for name in known.fields
        if not _may_see(scope, known, name)
    )


def referenced(wanted: Iterable[Wanted]) -> tuple[Referenced, ...]:
    """As a view names it."""
    return tuple(
        Referenced(it.entity, id_text(it.fragment), name, it.source) for it in wanted for name in it.fields
    )


def shown(permit: Permit, fetched: Sequence[Fetched], granted: Sequence[Wanted]) -> Iterator[FetchedValue]:
    """What was fetched, as far as it is granted now, under the masks of the permit."""
    rights = {(it.fragment, it.object, it.key): frozenset(it.fields) for it in granted}
    for it in fetched:
        wanted = it.wanted
        still = rights.get((wanted.fragment, wanted.object, wanted.key), frozenset())
        for name in wanted.fields:
            if name in still:
                yield _value(permit, it, name)


def account_of(fetched: Sequence[Fetched]) -> dict[str, Any]:
    """What the audit keeps of asking: for each source how it ended how often, and the longest it took."""
    details = {}
    for source in sorted({it.wanted.source for it in fetched}):
        of_source = [it for it in fetched if it.wanted.source == source]
        ended = Counter("recent" if it.is_recent else it.outcome.value for it in of_source)
        said = ", ".join(f"{name} {number}" for name, number in sorted(ended.items()))
        details[source] = f"{said}; {max(it.latency_ms for it in of_source)} ms"
    return {"counts": {"records": len(fetched)}, "details": details}


def _value(permit: Permit, fetched: Fetched, name: str) -> FetchedValue:
    wanted, raw = fetched.wanted, fetched.values.get(name)
    answered = fetched.outcome is Outcome.ANSWERED
    value, masked = None, False
    if raw is not None:
        values = {"currency": wanted.currency} | fetched.values
        value, masked = cut(wanted.entity, name, raw, values, permit.fields)
    outcome = "value" if value is not None else "none"
    return FetchedValue(
        entity=wanted.entity,
        fragment=id_text(wanted.fragment),
        field=name,
        source=wanted.source,
        outcome=outcome if answered or fetched.outcome is Outcome.ABSENT else "unavailable",
        value=value,
        masked=masked,
        reason="" if answered else f"{wanted.source} {fetched.outcome.about}",
        asked_at=iso_instant(fetched.asked_at),
        recent=fetched.is_recent,
    )


def _of_record(scope: Scope, it: Standing) -> list[Fetchable]:
    """The objects that a record can be of: those with the longest prefix that its key has."""
    record = it.fragment
    fitting = [
        known
        for known in scope.fetchable.get(record.source, ())
        if known.entity == record.entity and record.key.startswith(known.prefix)
    ]
    longest = max((len(known.prefix) for known in fitting), default=0)
    return [known for known in fitting if len(known.prefix) == longest]


def _serves(scope: Scope, it: Standing, name: str) -> bool:
    """Whether the customer lets the data that the field holds be used."""
    return scope.serves(it.fragment.fragment_id, class_of(it.fragment.entity, name))


def _may_see(scope: Scope, known: Fetchable, name: str) -> bool:
    """Whether the field may serve the purpose, and the role see something of its class."""
    field_class = ENTITIES[known.entity].fields[name].field_class.value
    return scope.permit.purpose in known.fields[name] and scope.permit.fields.get(field_class) in _SHOWN
