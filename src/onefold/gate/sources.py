"""What each source's data may serve, read from the contracts in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from onefold.gate.fetching.model import Fetchable
from onefold.record.canon.entities import ENTITIES, STRICTNESS, FieldClass, FieldType
from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.model import Contract, ObjectContract
from onefold.record.contracts.registry import Contracts


class ContractPurposes:
    """Implements `SourcePurposes`. Answers are kept until something is published."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._kept = _Kept(-1, (), (), {}, {}, {}, {})

    def sources(self) -> Sequence[str]:
        """Every source with a contract in force, by name."""
        return self._now().sources

    def purposes_of(self, source: str) -> frozenset[str]:
        """The purposes of the newest contract in force; none where there is no such contract."""
        return self._now().purposes.get(source) or self._purposes_of(source)

    def served(self) -> dict[str, tuple[str, ...]]:
        """Source → its purposes."""
        return self._now().served

    def trusted(self) -> tuple[str, ...]:
        """Sources whose contract says that they are to be believed first."""
        return self._now().trusted

    def classes(self) -> Mapping[str, Mapping[str, str]]:
        """Source → `entity.field` → its class, where a contract says a stricter one than the canon."""
        return self._now().classes

    def fetchable(self) -> Mapping[str, tuple[Fetchable, ...]]:
        """Source → its objects by what they give only on demand, for the sources that have such."""
        return self._now().fetchable

    def _now(self) -> _Kept:
        """The answers of this revision: made anew as a whole, so that threads see all of it or nothing."""
        revision = self._contracts.revision
        kept = self._kept
        if kept.revision != revision:
            sources = tuple(self._contracts.sources())
            latest = {it: self._contracts.latest(it).contract for it in sources}
            trusted = tuple(it for it in sources if latest[it].trusted)
            purposes = {it: frozenset(latest[it].purposes) for it in sources}
            served = {it: tuple(sorted(found)) for it, found in purposes.items()}
            fetchable = {it: found for it, known in latest.items() if (found := _fetchable(known))}
            close = close_of(self._contracts.all())
            classes = {
                it: stricter
                for it, known in latest.items()
                if (stricter := close.get(it, {}) | classes_of(known))
            }
            kept = self._kept = _Kept(revision, sources, trusted, purposes, served, fetchable, classes)
        return kept

    def _purposes_of(self, source: str) -> frozenset[str]:
        """Of a source that delivers nothing: Onefold's own facts, or none at all."""
        try:
            return frozenset(self._contracts.latest(source).contract.purposes)
        except UnknownSource:
            return frozenset()


class _Kept(NamedTuple):
    revision: int
    sources: tuple[str, ...]
    trusted: tuple[str, ...]
    purposes: dict[str, frozenset[str]]
    served: dict[str, tuple[str, ...]]
    fetchable: dict[str, tuple[Fetchable, ...]]
    classes: dict[str, dict[str, str]]


def classes_of(contract: Contract) -> dict[str, str]:
    """`entity.field` → class, for fields of conversations that a property feeds whose class is another.

    What people say can be more sensitive than the canon expects of a text, never less: the strictest of all
    properties counts, and one that is less strict than the canon does not.
    """
    found: dict[str, FieldClass] = {}
    for it in contract.objects.values():
        known = {prop.path: prop.field_class for prop in it.properties}
        for name, rule in it.rules.items() if it.entity in ("interaction", "case") else ():
            place = f"{it.entity}.{name}"
            field = ENTITIES[it.entity].fields[name]
            if field.type is FieldType.REF:
                continue  # It is shown as an id of ours, whatever the key is that it was made from.
            standing = found.get(place, field.field_class)
            for path in rule.reads:
                stated = known.get(path, FieldClass.OPEN)
                # Numbers of cards are shown to fewer people than names: of two that are equal, they count.
                if (STRICTNESS[stated], stated is FieldClass.PCI) > (
                    STRICTNESS[standing],
                    standing is FieldClass.PCI,
                ):
                    standing = found[place] = stated
    return {place: it.value for place, it in found.items()}


def close_of(contracts: Iterable[Contract]) -> dict[str, dict[str, str]]:
    """Source → `entity.field` → class, for what decides something and was fed by what fewer people see.

    Every version counts, since what came under it is in the state.
    """
    found: dict[str, dict[str, FieldClass]] = {}
    for contract in contracts:
        for item in contract.objects.values():
            for it in item.withheld:
                of, place = found.setdefault(contract.source, {}), f"{item.entity}.{it.field}"
                if it.decides and STRICTNESS[it.field_class] > STRICTNESS[of.get(place, FieldClass.OPEN)]:
                    of[place] = it.field_class
    return {source: {place: it.value for place, it in of.items()} for source, of in found.items() if of}


def _fetchable(contract: Contract) -> tuple[Fetchable, ...]:
    if not any(it.fetch for it in contract.objects.values()):
        return ()
    return tuple(
        Fetchable(
            object=it.name,
            entity=it.entity,
            prefix=it.key_prefix,
            fields={name: _serves(contract, it, name) for name in it.fetched_fields},
        )
        for it in contract.objects.values()
    )


def _serves(contract: Contract, item: ObjectContract, name: str) -> tuple[str, ...]:
    """What a fetched field may serve: what the contract permits and all of its properties may."""
    served = set(contract.purposes)
    for it in item.properties:
        if it.purposes and it.path in item.rules[name].reads:
            served &= set(it.purposes)
    return tuple(sorted(served))
