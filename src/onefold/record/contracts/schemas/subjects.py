"""Subjects: `<source>.<object>-value` for every object of every contract in force.

The first schema of a subject is derived from the contract: Avro, or JSON Schema where Avro has no name for
a property. `<source>.<object>.json-value` is the same object, its first schema JSON Schema in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onefold.record.contracts.model import Contract, ObjectContract
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.avro_schemas import derive_avro
from onefold.record.contracts.schemas.errors import SubjectUnknown
from onefold.record.contracts.schemas.json_schemas import derive_json
from onefold.record.contracts.schemas.model import Schema, SchemaKind

_SUFFIX = "-value"
_JSON = ".json"


@dataclass(frozen=True, slots=True)
class Subject:
    """The values of one topic, and the object of a contract that takes them."""

    name: str
    contract: Contract
    item: ObjectContract
    prefers_json: bool

    def derived(self) -> Schema:
        """What the contract asks to be written."""
        source = self.contract.source
        text = None if self.prefers_json else derive_avro(source, self.item)
        if text is not None:
            return Schema(SchemaKind.AVRO, text)
        return Schema(SchemaKind.JSON, derive_json(source, self.item))


def subjects_of(contracts: Contracts) -> Iterator[Subject]:
    """Every subject there is."""
    for source in contracts.sources():
        contract = contracts.latest(source).contract
        for name, item in contract.objects.items():
            yield Subject(f"{source}.{name}{_SUFFIX}", contract, item, prefers_json=False)
            if f"{name}{_JSON}" not in contract.objects:
                yield Subject(f"{source}.{name}{_JSON}{_SUFFIX}", contract, item, prefers_json=True)


def subject_of(contracts: Contracts, name: str) -> Subject:
    """One subject; `SubjectUnknown` says how they are called."""
    found = next((it for it in subjects_of(contracts) if it.name == name), None)
    if found is None:
        raise SubjectUnknown(
            f"Subject '{name[:200]}' not found.",
            hint="A subject is <source>.<object>-value, for an object of a contract in force.",
        )
    return found
