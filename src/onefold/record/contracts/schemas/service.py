"""The schema registry over the contracts.

The contract reads everything that is written, so it alone decides about a first schema: derived versions
say what it asks for and bind nobody to their exact types (a producer's `int` is as good as our `long`). What
producers have registered binds those who come after them, by the compatibility of the subject.
"""

from __future__ import annotations

import threading
from typing import Any

import msgspec

from onefold.kernel.errors import Refused
from onefold.record.contracts.model import Compatibility
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.avro_schemas import avro_node, parse_avro, unreadable_avro
from onefold.record.contracts.schemas.errors import (
    SchemaIncompatible,
    SchemaInvalid,
    SchemaUnknown,
    VersionInvalid,
    VersionUnknown,
)
from onefold.record.contracts.schemas.json_schemas import json_node, parse_json
from onefold.record.contracts.schemas.levels import level_named, promises, ways
from onefold.record.contracts.schemas.model import Node, Registered, Schema, SchemaKind
from onefold.record.contracts.schemas.nodes import unreadable
from onefold.record.contracts.schemas.ports import SchemaStore
from onefold.record.contracts.schemas.subjects import Subject, subject_of, subjects_of
from onefold.record.contracts.schemas.writing import contract_faults

LATEST = {"latest", "-1"}
_SHOWN_FAULTS = 20


class SchemaRegistry:
    """Every schema of one cell. Safe to share by threads."""

    def __init__(self, contracts: Contracts, store: SchemaStore) -> None:
        self._contracts = contracts
        self._store = store
        self._guard = threading.RLock()
        self._derived: dict[str, str] = {}

    def subjects(self, prefix: str = "") -> list[str]:
        """The names of all subjects that begin so, in order."""
        return sorted(it.name for it in subjects_of(self._contracts) if it.name.startswith(prefix))

    def versions(self, subject: str) -> list[Registered]:
        """Every version of a subject, the oldest first."""
        return self._versions(subject_of(self._contracts, subject))

    def version(self, subject: str, version: str) -> Registered:
        """One version by its number, or the `latest`."""
        return _chosen(self.versions(subject), version)

    def schema(self, number: int) -> Schema:
        """The schema of an id."""
        found = self._store.schema(number)
        if found is None:
            raise SchemaUnknown(f"Schema {number} not found.")
        return found

    def places(self, number: int) -> list[tuple[str, int]]:
        """The subjects, each with the version, that have the schema of an id."""
        self.schema(number)
        return self._store.places(number)

    def find(self, subject: str, schema: Schema) -> Registered:
        """The version of a subject that has this schema."""
        parsed(schema)
        found = _same(self.versions(subject), schema)
        if found is None:
            raise SchemaUnknown("Schema not found.", detail=f"{subject} has no such version.")
        return found

    def register(self, source: str, subject: str, schema: Schema) -> Registered:
        """Gives a source's subject a schema; `SchemaIncompatible` says field by field why not."""
        with self._guard:
            at = subject_of(self._contracts, subject)
            _own(source, at)
            node = parsed(schema)
            versions = self._versions(at)
            found = _same(versions, schema)
            if found is not None:
                return found
            faults = contract_faults(at.item, node) + self._faults_before(at, schema, versions)
            if faults:
                raise SchemaIncompatible(
                    f"The schema is incompatible with what {subject} has promised.", detail=_told(faults)
                )
            return self._store.add(subject, schema, derived=False)

    def check(self, subject: str, version: str, schema: Schema) -> list[str]:
        """Why a schema could not be registered, judged by one version (empty: by all that count)."""
        at = subject_of(self._contracts, subject)
        node = parsed(schema)
        versions = self._versions(at)
        faults = contract_faults(at.item, node)
        if not version:
            return faults + self._faults_before(at, schema, versions)
        chosen = _chosen(versions, version)
        return faults + ([] if chosen.derived else _faults_against(schema, [chosen], self._level(at)))

    def level(self, subject: str) -> Compatibility:
        """The compatibility in force for a subject."""
        return self._level(subject_of(self._contracts, subject))

    def set_level(self, source: str, subject: str, word: str) -> Compatibility:
        """Holds a subject to more than its contract says."""
        at = subject_of(self._contracts, subject)
        _own(source, at)
        level = level_named(word, at.contract.compatibility)
        self._store.set_level(subject, level.value)
        return level

    def _level(self, at: Subject) -> Compatibility:
        """What was set, unless the contract has come to promise more since."""
        word = self._store.level(at.name)
        stated = at.contract.compatibility
        return Compatibility(word) if word and promises(Compatibility(word), stated) else stated

    def _versions(self, at: Subject) -> list[Registered]:
        """The versions, with the one that the contract in force asks for.

        Once producers write in another language than the derived one, nothing further is derived.
        """
        with self._guard:
            versions = self._store.versions(at.name)
            if self._derived.get(at.name) == at.contract.digest:
                return versions
            schema = at.derived()
            if all(it.derived or it.schema.kind is schema.kind for it in versions):
                self._store.add(at.name, schema, derived=True)
                versions = self._store.versions(at.name)
            self._derived[at.name] = at.contract.digest
            return versions

    def _faults_before(self, at: Subject, schema: Schema, versions: list[Registered]) -> list[str]:
        level = self._level(at)
        registered = [it for it in versions if not it.derived]
        return _faults_against(schema, registered if level.is_transitive else registered[-1:], level)


def parsed(schema: Schema) -> Node:
    """What the schema lets stand in a row; `SchemaInvalid` where it is none."""
    if schema.kind is SchemaKind.AVRO:
        return avro_node(parse_avro(schema.text))
    return json_node(parse_json(schema.text))


def _faults_against(schema: Schema, others: list[Registered], level: Compatibility) -> list[str]:
    faults = []
    for other in others:
        if not ways(level):
            continue
        if other.schema.kind is not schema.kind:
            faults.append(f"the schema: is {schema.kind}, and version {other.version} is {other.schema.kind}")
            continue
        if "backward" in ways(level):
            faults += [f"{it} (reading version {other.version})" for it in _unreadable(schema, other.schema)]
        if "forward" in ways(level):
            faults += [f"{it} (read by version {other.version})" for it in _unreadable(other.schema, schema)]
    return faults


def _unreadable(reader: Schema, writer: Schema) -> list[str]:
    if reader.kind is SchemaKind.AVRO:
        return unreadable_avro(parse_avro(reader.text), parse_avro(writer.text))
    return unreadable(parsed(reader), parsed(writer))


def _same(versions: list[Registered], schema: Schema) -> Registered | None:
    digest = schema.digest
    return next((it for it in reversed(versions) if it.schema.digest == digest), None)


def _chosen(versions: list[Registered], version: str) -> Registered:
    if version in LATEST:
        return versions[-1]
    if not (version.isascii() and version.isdigit() and 0 < int(version[:10]) < 1 << 31):
        raise VersionInvalid(
            f"The specified version '{version[:20]}' is not a valid version id.",
            hint="Allowed values are 1 and above, and latest.",
        )
    found = next((it for it in versions if str(it.version) == version.lstrip("0")), None)
    if found is None:
        raise VersionUnknown(f"Version {version[:20]} not found.")
    return found


def _own(source: str, at: Subject) -> None:
    if at.contract.source != source:
        raise Refused(
            f"{at.name} belongs to another source.",
            reasons=(f"the write key is that of {source}, the subject that of {at.contract.source}",),
        )


def _told(faults: list[str]) -> str:
    more = f"; and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
    return "; ".join(faults[:_SHOWN_FAULTS]) + more + "."


def schema_of(text: Any, kind: Any = None, references: Any = None, rules: Any = None) -> Schema:
    """A schema as a request brings it; `SchemaInvalid` for what is not understood here."""
    if not isinstance(text, str) or not text.strip():
        raise SchemaInvalid("Empty schema.", hint="Send the schema as text under the key schema.")
    if references:
        raise SchemaInvalid(
            "References to other schemas are not followed.", hint="Put it all into one schema."
        )
    if rules:
        raise SchemaInvalid(
            "Rule sets are not run here.", hint="Say it in the contract: quality, store, enum."
        )
    if kind not in (None, "", *SchemaKind):
        raise SchemaInvalid("Invalid schema type.", hint=f"It is one of {', '.join(SchemaKind)}.")
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise SchemaInvalid("The schema is not JSON.") from None
    return Schema(SchemaKind(kind or SchemaKind.AVRO), text)
