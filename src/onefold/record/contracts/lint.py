"""What the JSON Schema cannot say: that a contract's words exist, fit each other and keep the canon."""

from __future__ import annotations

import re
from typing import Any

from onefold.record.canon.entities import ENTITIES, Field, FieldClass, FieldType
from onefold.record.canon.identifiers import PROOFS
from onefold.record.canon.purposes import PURPOSES, may_serve
from onefold.record.canon.vocabulary import MANDATORY, VOCABULARY
from onefold.record.contracts.batches import lint_batches
from onefold.record.contracts.documents import lint_documents
from onefold.record.contracts.errors import BadOption
from onefold.record.contracts.fetching import lint_fetch
from onefold.record.contracts.lifecycle import STATUSES
from onefold.record.contracts.model import Contract, Delivers, ObjectContract, Rule, Store
from onefold.record.contracts.reading import Faults
from onefold.record.contracts.stamps import lint_stamped
from onefold.record.contracts.transforms import TRANSFORMS, Option
from onefold.record.contracts.withheld import is_shown_to_more
from onefold.record.contracts.wrapping import lint_wrapping
from onefold.record.log.model import EventKind

_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]{1,32})?(\+[1-9][0-9]{0,5})?")
_SENSITIVE = {FieldClass.PII, FieldClass.PCI, FieldClass.SPECIAL, FieldClass.SECRET}
_CONST_TYPES = {FieldType.TEXT: str, FieldType.INTEGER: int, FieldType.FLAG: bool}


_SELF_SUBJECTS = {"household", "place", "contract", "adoption"}
"""Things with a key of their own, under which nothing but their rows is sealed."""


def lint(contract: Contract, faults: Faults, *, published: bool = False) -> None:
    """Adds a fault for everything that would fail, or mean something else, when rows come.

    A `published` contract may still map flags of proof that it is not entitled to, and what more people would
    see than its class allows: both are left out (withheld.py).
    """
    if not _SOURCE.fullmatch(contract.source):
        faults.add("contract.id", "names the source; use lower-case letters, digits and dashes, at most 63")
    if not _VERSION.fullmatch(contract.version):
        faults.add("contract.version", "must be a version such as 1.2.0")
    faults.known("contract.status", contract.status, STATUSES, "status")
    if not contract.owner:
        faults.add("contract.team", "names nobody; set team.name to who answers for the data")
    if not contract.purposes:
        faults.add("contract.purposes", f"is empty; list what the data may serve: {', '.join(PURPOSES)}")
    for purpose in contract.purposes:
        faults.known("contract.purposes", purpose, PURPOSES, "purpose")
    if not contract.objects:
        faults.add("contract.schema", "has no object; add one for each table, topic or call")
    elif "" in contract.objects:
        faults.add("contract.schema", "has an object without a name; name it as the table, topic or call")
    for item in contract.objects.values():
        _object(contract, item, faults)
        if not published and item.entity == "party":
            _proofs(contract, item, faults)
    _shared_keys(contract, faults)
    _consumers(contract, faults)
    lint_wrapping(contract, faults)
    lint_stamped(contract, faults)


def _consumers(contract: Contract, faults: Faults) -> None:
    """Who reads must read something that there is, or no change would ever be said to break them."""
    known = set(contract.objects)
    for item in contract.objects.values():
        known.add(item.entity)
        known.update(f"{item.name}.{it.path}" for it in item.properties)
        known.update(f"{item.entity}.{field}" for field in item.rules)
    for consumer in contract.consumers:
        for read in consumer.reads:
            faults.known(
                f"contract.consumers.{consumer.name}.reads", read, known, "object, property or field"
            )


def _shared_keys(contract: Contract, faults: Faults) -> None:
    """Two tables that state whole rows under the same keys would overwrite each other."""
    first: dict[tuple[str, str], str] = {}
    for item in contract.objects.values():
        if item.kind is EventKind.UPSERT and item.delivers is Delivers.RECORD:
            other = first.setdefault((item.entity, item.key_prefix), item.name)
            if other != item.name:
                faults.add(
                    f"contract.schema.{item.name}",
                    f"has {item.entity} keys like those of {other}; give one a keyPrefix, or kind: patch",
                )


def _proofs(contract: Contract, item: ObjectContract, faults: Faults) -> None:
    """What rows say about themselves proves nothing; that a source can prove it, its contract says."""
    for field in PROOFS:
        place = f"contract.schema.{item.name}.map.{field}"
        if field in item.rules and field == "identifiers_verified":
            faults.add(place, "is made from the custom property trusted; leave it out")
        elif field in item.rules and not contract.trusted:
            faults.add(place, "is proof that only a trusted source has; leave it out, or set trusted: true")


def _object(contract: Contract, item: ObjectContract, faults: Faults) -> None:
    place = f"contract.schema.{item.name}"
    paths = {it.path: it.store for it in item.properties}
    if len(paths) != len(item.properties):
        faults.add(f"{place}.properties", "name a property twice; leave one out")
    for path in paths:
        if not item.flat and any(other.startswith(path + ".") for other in paths):
            faults.add(f"{place}.properties.{path}", "is kept whole and in parts; declare one of the two")
    for path in item.key:
        _kept(path, paths, f"{place}.key", faults)
    if item.deleted:
        _kept(item.deleted.path, paths, f"{place}.deletedWhen.from", faults)
        if not item.deleted.values:
            faults.add(f"{place}.deletedWhen.values", "is empty; list the words that mean deleted")
    lint_batches(item, place, faults)
    _documents(item, place, faults)
    lint_fetch(contract, item, place, faults)
    for name in item.also:
        faults.known(f"{place}.also", name, contract.objects, "object")
    _subjects(contract, item, paths, place, faults)
    if item.entity in ENTITIES:
        _mapping(contract, item, place, faults)
        _grants(item, place, faults)


def _documents(item: ObjectContract, place: str, faults: Faults) -> None:
    if item.file is None or item.file.documents is None:
        return
    declared = {it.path: it.required for it in item.properties}
    dated_by = item.occurred.sources if item.occurred and not item.occurred.otherwise else ()
    lint_documents(item.file.format, item.file.documents, declared, dated_by, place, faults)


def _mapping(contract: Contract, item: ObjectContract, place: str, faults: Faults) -> None:
    fields = ENTITIES[item.entity].fields
    for field, rule in item.rules.items():
        _rule(contract, item, rule, fields[field], field, f"{place}.map.{field}", faults)
    if item.occurred:
        moment = Field(FieldType.INSTANT, FieldClass.INTERNAL, "")
        _rule(contract, item, item.occurred, moment, "", f"{place}.occurredAt", faults)
    if item.kind is EventKind.UPSERT:
        for field in sorted(MANDATORY.get(item.entity, frozenset()) - set(item.rules)):
            faults.add(f"{place}.map.{field}", f"is missing; a {item.entity} means nothing without it")


def _kept(path: str, paths: dict[str, Store], place: str, faults: Faults) -> None:
    if faults.known(place, path, paths, "property") and paths[path] is not Store.KEEP:
        faults.add(place, f"{path} is stored as {paths[path]}; this needs store: keep")


def _subjects(
    contract: Contract, item: ObjectContract, paths: dict[str, Store], place: str, faults: Faults
) -> None:
    if not item.subjects and item.entity in ENTITIES:
        faults.add(
            f"{place}.subject",
            "is missing; say whose key encrypts the rows: {entity: party, key: the property with their key}",
        )
    for subject in item.subjects:
        allowed = {"party", "account", "device"} | ({item.entity} & _SELF_SUBJECTS)
        if not subject.by_id:
            faults.known(f"{place}.subject.entity", subject.entity, allowed, "subject entity")
        if subject.object:
            faults.known(f"{place}.subject.object", subject.object, contract.objects, "object")
        for path in subject.sources:
            _kept(path, paths, f"{place}.subject", faults)


def _rule(
    contract: Contract, item: ObjectContract, rule: Rule, field: Field, name: str, place: str, faults: Faults
) -> None:
    if rule.otherwise:
        _rule(contract, item, rule.otherwise, field, name, f"{place}.or", faults)
    if rule.event_time:
        if field.type is not FieldType.INSTANT:
            faults.add(place, f"is a {field.type}; the event's time fits only an instant")
        return
    if rule == Rule():
        return  # It could not be read, which is told already.
    if not rule.transform:
        _constant(rule.const, field, item.entity, name, place, faults)
        return
    if not faults.known(f"{place}.as", rule.transform, TRANSFORMS, "transform"):
        return
    spec = TRANSFORMS[rule.transform]
    if field.type not in spec.gives:
        faults.add(f"{place}.as", f"{rule.transform} gives no {field.type}; use {_fitting(field.type)}")
    _sources(contract, item, rule, field, place, faults)
    _options(contract, rule, field, place, faults)
    if rule.transform in {"values", "sign"}:
        words = [rule.options.get(it) for it in ("positive", "negative", "default") if it in rule.options]
        table = rule.options.get("values")
        for word in words + (list(table.values()) if isinstance(table, dict) else []):
            if word is not None:
                _constant(word, field, item.entity, name, place, faults)


def _fitting(kind: FieldType) -> str:
    return " or ".join(name for name, spec in TRANSFORMS.items() if kind in spec.gives)


def _sources(
    contract: Contract, item: ObjectContract, rule: Rule, field: Field, place: str, faults: Faults
) -> None:
    many = TRANSFORMS[rule.transform].many
    properties = {it.path: it for it in item.properties}
    limit = 2 if rule.transform == "money" else 1
    if not rule.sources or (len(rule.sources) > limit and not many):
        faults.add(f"{place}.from", f"{rule.transform} takes one property")
    for path in rule.sources:
        if not faults.known(f"{place}.from", path, properties, "property"):
            continue
        found = properties[path]
        if found.store in {Store.DROP, Store.REFUSE}:
            why = f"is not stored ({found.store})"
            if found.purposes and not may_serve(found.purposes, contract.purposes):
                why = f"serves only {', '.join(found.purposes)}, which the contract does not permit"
            faults.add(f"{place}.from", f"{path} {why}, so nothing can be made from it")
        open_class = found.field_class in {FieldClass.OPEN, FieldClass.INTERNAL}
        if field.field_class in _SENSITIVE and open_class and path == rule.sources[0]:
            faults.add(
                f"contract.schema.{item.name}.properties.{path}.classification",
                f"is {found.field_class} but feeds a field that is {field.field_class}; classify it as such",
            )
        if not faults.published and is_shown_to_more(item.entity, field, found):
            faults.add(
                f"{place}.from",
                f"{path} is {found.field_class}, and the field is shown to who sees {field.field_class} "
                "data; leave it out of the map, or classify it as the field is",
            )


def _options(contract: Contract, rule: Rule, field: Field, place: str, faults: Faults) -> None:
    spec = TRANSFORMS[rule.transform]
    before = len(faults.found)
    for name, value in rule.options.items():
        if name == "birth":
            continue
        if faults.known(place, name, spec.options, f"option of {rule.transform}"):
            _option(name, value, spec.options[name], f"{place}.{name}", faults)
    for name, option in spec.options.items():
        if option.required and name not in rule.options:
            faults.add(f"{place}.{name}", f"is missing; {rule.transform} needs it")
    other = rule.options.get("object")
    if isinstance(other, str) and faults.known(f"{place}.object", other, contract.objects, "object"):
        entity = contract.objects[other].entity
        if entity != field.to:
            faults.add(f"{place}.object", f"{other} is a {entity}, but the field refers to a {field.to}")
    if spec.build and len(faults.found) == before:
        try:
            spec.build(rule.options)
        except BadOption as fault:
            faults.add(place, fault.message)


def _option(name: str, value: Any, option: Option, place: str, faults: Faults) -> None:
    if option.kind is dict and isinstance(value, dict) and not all(isinstance(key, str) for key in value):
        faults.add(place, "has codes that YAML reads as numbers or as true/false; put them in quotes")
    elif not isinstance(value, option.kind) or (option.kind is int and isinstance(value, bool)):
        faults.add(place, f"must be {option.kind.__name__}")
    elif option.choices and value not in option.choices:
        faults.add(place, f"must be one of: {', '.join(option.choices)}")


def _constant(value: Any, field: Field, entity: str, name: str, place: str, faults: Faults) -> None:
    wanted = _CONST_TYPES.get(field.type)
    if wanted is None:
        faults.add(place, f"is a {field.type}, which cannot be a constant; take it from a property")
    elif not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        faults.add(
            place, f"holds {type(value).__name__} where {field.type} belongs; put words such as on in quotes"
        )
    else:
        words = VOCABULARY.get((entity, name))
        if words is not None:
            faults.known(place, str(value), words, f"word of {entity}.{name}")


def _grants(item: ObjectContract, place: str, faults: Faults) -> None:
    """A snapshot row never grants consent, and a grant is nothing without its evidence."""
    if item.entity != "consent":
        return
    if item.delivers is Delivers.RECORD:
        faults.add(
            f"{place}.delivers", "must be event: consents are facts with their own instant, not a snapshot"
        )
    if "evidence" not in item.rules:
        faults.add(
            f"{place}.map.evidence",
            "is missing; a grant needs its evidence (a notice version, a form, a call)",
        )
