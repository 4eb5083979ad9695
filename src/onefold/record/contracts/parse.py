"""ODCS YAML into a `Contract`, or `BrokenContract` with every fault, its place and what to do."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from onefold.record.canon.entities import FieldClass
from onefold.record.contracts.batches import read_query, read_snapshot
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.lint import lint
from onefold.record.contracts.mapping import read_map, read_rule
from onefold.record.contracts.model import (
    Contract,
    Deletion,
    Delivers,
    FileShape,
    ObjectContract,
    Property,
    Store,
    Subject,
)
from onefold.record.contracts.odcs import read_yaml, schema_faults
from onefold.record.contracts.reading import Faults, Reader
from onefold.record.log.model import EventKind

CONTRACT_WORDS = ("purposes", "trusted")
OBJECT_WORDS = (
    "entity", "delivers", "kind", "key", "keyPrefix", "subject", "occurredAt", "deletedWhen", "file", "map",
    "also", "absent",
    "query", "snapshot", "snapshotStop",
)  # fmt: skip
PROPERTY_WORDS = ("store",)
FILE_WORDS = ("name", "format", "delimiter", "encoding", "quote", "header", "lineLimit", "sheet")
FILE_FORMATS = ("csv", "tsv", "jsonl", "parquet", "xlsx")
SUBJECT_WORDS = ("entity", "key", "source", "object", "prefix", "fragment")
_SELF_SUBJECTS = {"party", "account", "device", "place", "contract"}
_HOURS = {"h": 1.0, "hr": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0}


def parse_contract(data: bytes, name: str, *, published: bool = False) -> Contract:
    """Reads one contract; `name` is what errors call it (a file name).

    One that is `published` was checked when it went live, and is not held to the standard's schema again.
    """
    document, fault = read_yaml(data)
    if fault:
        raise BrokenContract(name, (fault,))
    faults = Faults()
    if not published:
        faults.found += schema_faults(document)
    if faults.found:
        raise BrokenContract(name, tuple(faults.found))
    contract = _contract(document, sha256(data).hexdigest(), faults)
    lint(contract, faults, published=published)
    if faults.found:
        raise BrokenContract(name, tuple(faults.found))
    return contract


def _contract(document: dict[str, Any], digest: str, faults: Faults) -> Contract:
    top = Reader(document, "contract", faults)
    ours = top.custom(CONTRACT_WORDS)
    agreed = {item["property"]: item for item in document.get("slaProperties") or []}
    objects: dict[str, ObjectContract] = {}
    for reader in top.readers("schema"):
        found = _object(reader)
        if found is None:
            continue
        if found.name in objects:
            faults.add(reader.place, "two objects have this name; give each its own")
        objects[found.name] = found
    return Contract(
        source=document["id"],
        version=document["version"],
        status=document.get("status", "active"),
        name=document.get("name", document["id"]),
        domain=document.get("domain", ""),
        about=(document.get("description") or {}).get("purpose", ""),
        owner=_owner(document.get("team")),
        purposes=ours.texts("purposes"),
        objects=objects,
        digest=digest,
        trusted=ours.flag("trusted"),
        freshness_hours=_hours(agreed.get("freshness"), faults),
        future_tolerance_days=round((_hours(agreed.get("futureTolerance"), faults) or 24.0) / 24),
    )


def _owner(team: Any) -> str:
    if isinstance(team, dict):
        return str(team.get("name") or next((it.get("name", "") for it in team.get("members") or []), ""))
    return ""


def _hours(agreed: dict[str, Any] | None, faults: Faults) -> float | None:
    if agreed is None:
        return None
    unit, value = agreed.get("unit", "d"), agreed["value"]
    place = f"contract.slaProperties.{agreed['property']}"
    if unit not in _HOURS:
        faults.add(place, f"the unit {unit} is not known; use h or d")
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        faults.add(place, "the value must be a number, with its unit in unit")
        return None
    return float(value) * _HOURS[unit]


def _object(reader: Reader) -> ObjectContract | None:
    ours = reader.custom(OBJECT_WORDS)
    faults = reader.faults
    file = _file(ours.reader("file")) if "file" in ours else None
    query = read_query(ours)
    nested = query is None and (file is None or file.format == "jsonl")
    properties = tuple(_properties(reader, "", nested=nested))
    delivers = ours.word("delivers", Delivers)
    entity = ours.text("entity")
    if not entity:
        faults.add(ours.at("entity"), "is missing; say which canonical entity the rows are")
    key = ours.texts("key") or tuple(_primary_key(reader))
    if not key:
        faults.add(reader.place, "has no key; set the custom property key, or primaryKey on a property")
    if delivers is None or not entity or not key:
        return None
    prefix = ours.text("keyPrefix")
    return ObjectContract(
        name=reader.text("name"),
        about=reader.text("description"),
        entity=entity,
        delivers=delivers,
        kind=_kind(ours),
        key=key,
        key_prefix=prefix,
        subjects=_subjects(ours, entity, key, prefix),
        properties=properties,
        rules=read_map(ours.reader("map"), entity),
        occurred=read_rule(ours.raw("occurredAt"), ours.at("occurredAt"), "instant", faults)
        if "occurredAt" in ours
        else None,
        deleted=_deletion(ours),
        file=file,
        also=ours.texts("also"),
        absent=ours.texts("absent"),
        query=query,
        snapshot_stop=read_snapshot(ours),
    )


def _kind(ours: Reader) -> EventKind:
    kind = ours.text("kind", "upsert")
    ours.faults.known(ours.at("kind"), kind, ("upsert", "patch"), "kind")
    return EventKind.PATCH if kind == "patch" else EventKind.UPSERT


def _primary_key(reader: Reader) -> list[str]:
    marked = [it for it in reader.raw("properties") or [] if it.get("primaryKey")]
    return [str(it["name"]) for it in sorted(marked, key=lambda it: int(it.get("primaryKeyPosition", -1)))]


def _properties(reader: Reader, before: str, *, nested: bool) -> list[Property]:
    found: list[Property] = []
    for item in reader.readers("properties"):
        path = before + item.text("name")
        if nested and item.raw("properties"):
            found += _properties(item, path + ".", nested=True)
            continue
        classed = item.word("classification", FieldClass, FieldClass.INTERNAL)
        stored = item.custom(PROPERTY_WORDS).word("store", Store, Store.KEEP)
        found.append(
            Property(
                path=path,
                logical_type=item.text("logicalType", "string"),
                required=item.flag("required"),
                field_class=classed or FieldClass.INTERNAL,
                store=stored or Store.KEEP,
                about=item.text("description"),
            )
        )
    return found


def _subjects(ours: Reader, entity: str, key: tuple[str, ...], prefix: str) -> tuple[Subject, ...]:
    if "subject" not in ours:
        return (Subject(entity, key, prefix=prefix),) if entity in _SELF_SUBJECTS else ()
    value = ours.raw("subject")
    found = []
    for item in value if isinstance(value, list) else [value]:
        reader = Reader(item, ours.at("subject"), ours.faults)
        reader.only(SUBJECT_WORDS)
        by_id = reader.text("fragment")
        sources = (by_id,) if by_id else reader.texts("key")
        if not sources:
            ours.faults.add(reader.place, "names no property; set key to the property that holds their key")
        found.append(
            Subject(
                entity=reader.text("entity"),
                sources=sources,
                source=reader.text("source"),
                object=reader.text("object"),
                prefix=reader.text("prefix"),
                by_id=bool(by_id),
            )
        )
    return tuple(found)


def _deletion(ours: Reader) -> Deletion | None:
    if "deletedWhen" not in ours:
        return None
    reader = ours.reader("deletedWhen")
    reader.only(("from", "values"))
    return Deletion(reader.text("from"), reader.texts("values"))


def _file(reader: Reader) -> FileShape:
    reader.only(FILE_WORDS)
    kind = reader.text("format", "csv")
    tabs = kind == "tsv"
    shape = FileShape(
        name=reader.text("name"),
        format=kind,
        delimiter=reader.text("delimiter", "\t" if tabs else ","),
        encoding=reader.text("encoding", "utf-8").lower(),
        quote=reader.text("quote", "" if tabs else '"'),
        header=reader.flag("header", True),
        line_limit_bytes=reader.integer("lineLimit", 1 << 20),
        sheet=reader.text("sheet"),
    )
    if not shape.name:
        reader.faults.add(reader.at("name"), 'is missing; say how the file is called: "customers*.csv"')
    reader.faults.known(reader.at("format"), kind, FILE_FORMATS, "format")
    if shape.sheet and kind != "xlsx":
        reader.faults.add(reader.at("sheet"), "is for workbooks alone; leave it out, or say format: xlsx")
    for name, mark in (("delimiter", shape.delimiter), ("quote", shape.quote)):
        if (len(mark) != 1 or mark in "\r\n") and not (tabs and name == "quote" and not mark):
            reader.faults.add(reader.at(name), "must be one character")
    try:
        plain = "a\n".encode(shape.encoding) == b"a\n"
    except (LookupError, UnicodeError):
        plain = False
    if not plain:
        reader.faults.add(reader.at("encoding"), "must be utf-8 or a one-byte encoding such as cp1251")
    return shape
