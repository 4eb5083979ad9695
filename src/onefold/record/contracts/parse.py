"""ODCS YAML into a `Contract`, or `BrokenContract` with every fault, its place and what to do.

All is looked at, whatever is wrong elsewhere: a part that cannot be read is left out, and what would only
follow from that is not told.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from onefold.record.canon.entities import ENTITIES, OF_OURSELVES
from onefold.record.contracts.batches import read_query, read_snapshot
from onefold.record.contracts.documents import DOCUMENT_FORMATS, DOCUMENT_WORDS, read_documents
from onefold.record.contracts.errors import BrokenContract, Fault
from onefold.record.contracts.fetching import read_fetch
from onefold.record.contracts.lint import lint
from onefold.record.contracts.mapping import read_map, read_rule
from onefold.record.contracts.model import (
    Compatibility,
    Consumer,
    Contract,
    Deletion,
    Delivers,
    FileShape,
    ObjectContract,
    Subject,
)
from onefold.record.contracts.odcs import read_yaml, schema_faults
from onefold.record.contracts.places import locate
from onefold.record.contracts.properties import primary_key, read_properties
from onefold.record.contracts.quality import read_quality
from onefold.record.contracts.reading import Faults, Reader
from onefold.record.contracts.stamps import on_every_call, read_stamped
from onefold.record.contracts.withheld import without_withheld
from onefold.record.contracts.wrapping import read_rate, read_webhook, read_wrapping
from onefold.record.log.model import EventKind

CONTRACT_WORDS = ("purposes", "trusted", "compatibility", "consumers", "webhook", "rateLimit", "stamped")
OBJECT_WORDS = (
    "entity", "delivers", "kind", "key", "keyPrefix", "subject", "occurredAt", "deletedWhen", "file", "map",
    "also", "absent", "owner", "version",
    "query", "snapshot", "snapshotStop", "envelope", "fetch",
)  # fmt: skip
FILE_WORDS = (
    "name", "format", "delimiter", "encoding", "quote", "header", "lineLimit", "sheet", *DOCUMENT_WORDS
)  # fmt: skip
FILE_FORMATS = ("csv", "tsv", "jsonl", "parquet", "xlsx", *DOCUMENT_FORMATS)
SUBJECT_WORDS = ("entity", "key", "source", "object", "prefix", "fragment")
OURSELVES = "onefold"
_SELF_SUBJECTS = {"party", "account", "device", "household", "place", "contract", "adoption"}
_HOURS = {"h": 1.0, "hr": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0}


def parse_contract(data: bytes, name: str, *, published: bool = False) -> Contract:
    """Reads one contract; `name` is what errors call it (a file name).

    One that is `published` was checked when it went live, and is not held to the standard's schema again;
    what its map shows to more people than may see it is left out (withheld.py).
    """
    document, unread = read_yaml(data)
    if unread:
        raise BrokenContract(name, (unread,))
    strange = [] if published else schema_faults(document)
    if not isinstance(document, dict):
        raise BrokenContract(name, strange or (Fault("contract", "must be a mapping of ODCS entries"),))
    faults = Faults(published=published)
    contract = _contract(document, sha256(data).hexdigest(), faults)
    lint(contract, faults, published=published)
    found = strange + [it for it in faults.found if not _is_told(it, strange)]
    if found:
        raise BrokenContract(name, locate(data, found))
    return without_withheld(contract) if published else contract


def _is_told(fault: Fault, strange: list[Fault]) -> bool:
    """Whether the standard's schema says already that something is wrong at this very place, or around it."""
    return any(
        fault.place == it.place
        or it.place.endswith(fault.place.removeprefix("contract"))
        or (fault.place.startswith(f"{it.place}.") and " is not of type " in it.what)
        for it in strange
    )


def _contract(document: dict[str, Any], digest: str, faults: Faults) -> Contract:
    top = Reader(document, "contract", faults)
    ours = top.custom(CONTRACT_WORDS)
    agreed = {it.text("property"): it for it in top.readers("slaProperties")}
    purposes = ours.texts("purposes")
    objects: dict[str, ObjectContract] = {}
    for reader in top.readers("schema"):
        found = _object(reader, purposes)
        if found.entity in OF_OURSELVES and top.text("id") != OURSELVES:
            faults.add(reader.place, f"no source delivers {found.entity}; it is recorded with Onefold itself")
        if found.name in objects:
            faults.add(reader.place, "two objects have this name; give each its own")
        objects[found.name] = found
    described = document.get("description")
    stamped = read_stamped(ours)
    return Contract(
        source=top.text("id"),
        version=top.text("version"),
        status=top.text("status", "active"),
        name=top.text("name") or top.text("id"),
        domain=top.text("domain"),
        about=str(described.get("purpose") or "") if isinstance(described, dict) else "",
        owner=_owner(document.get("team")),
        purposes=purposes,
        objects=on_every_call(objects, stamped),
        digest=digest,
        trusted=ours.flag("trusted"),
        freshness_hours=_hours(agreed.get("freshness")),
        future_tolerance_days=round((_hours(agreed.get("futureTolerance")) or 24.0) / 24),
        compatibility=ours.word("compatibility", Compatibility, Compatibility.BACKWARD)
        or Compatibility.BACKWARD,
        consumers=tuple(_consumer(it) for it in ours.readers("consumers")),
        webhook=read_webhook(ours),
        rate=read_rate(ours),
        stamped=stamped,
    )


def _owner(team: Any) -> str:
    """The team's name, or its first member's; the older form of the standard has members alone."""
    named = team.get("name") if isinstance(team, dict) else ""
    members = team.get("members") if isinstance(team, dict) else team
    for member in members if isinstance(members, list) and not named else []:
        if isinstance(member, dict):
            named = named or member.get("name") or member.get("username")
    return str(named or "")


def _consumer(reader: Reader) -> Consumer:
    reader.only(("name", "reads"))
    found = Consumer(reader.text("name"), reader.texts("reads"))
    if not found.name or not found.reads:
        reader.faults.add(
            reader.place,
            "must have a name and what it reads: {name: Risk scoring, reads: [party.national_id]}",
        )
    return found


def _hours(agreed: Reader | None) -> float | None:
    if agreed is None:
        return None
    unit, value = agreed.text("unit", "d"), agreed.raw("value")
    if unit not in _HOURS:
        agreed.faults.add(agreed.at("unit"), f"the unit {unit} is not known; use h or d")
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        agreed.faults.add(agreed.at("value"), "must be a number, with its unit in unit")
        return None
    return float(value) * _HOURS[unit]


def _object(reader: Reader, purposes: tuple[str, ...]) -> ObjectContract:
    """One object; where its entity is not known nothing says what may stand in its map, so it is not read."""
    ours = reader.custom(OBJECT_WORDS)
    faults = reader.faults
    file = _file(ours.reader("file")) if "file" in ours else None
    query = read_query(ours)
    nested = query is None and (file is None or file.is_nested)
    properties = read_properties(reader, purposes, nested=nested)
    wrapped = read_wrapping(ours, reader.text("name"))
    properties += wrapped.properties(it.path for it in properties)
    delivers = ours.word("delivers", Delivers)
    entity = ours.text("entity")
    if not entity:
        faults.add(ours.at("entity"), "is missing; say which canonical entity the rows are")
    else:
        faults.known(ours.at("entity"), entity, ENTITIES, "entity")
    key = ours.texts("key") or primary_key(reader)
    if not key and "key" not in ours:
        faults.add(reader.place, "has no key; set the custom property key, or primaryKey on a property")
    prefix = ours.text("keyPrefix")
    return ObjectContract(
        name=reader.text("name"),
        about=reader.text("description"),
        entity=entity,
        delivers=delivers or Delivers.EVENT,
        kind=_kind(ours),
        key=key,
        key_prefix=prefix,
        subjects=_subjects(ours, entity, key, prefix),
        properties=tuple(properties),
        rules=read_map(ours.reader("map"), entity),
        occurred=read_rule(ours.raw("occurredAt"), ours.at("occurredAt"), "instant", faults)
        if "occurredAt" in ours
        else wrapped.occurred,
        deleted=_deletion(ours) or wrapped.deleted,
        file=file,
        also=ours.texts("also"),
        absent=ours.texts("absent"),
        query=query,
        snapshot_stop=read_snapshot(ours),
        quality=read_quality(reader),
        owner=ours.text("owner"),
        version=ours.text("version"),
        envelope=wrapped.envelope,
        called=wrapped.called,
        fetch=read_fetch(ours),
    )


def _kind(ours: Reader) -> EventKind:
    kind = ours.text("kind", "upsert")
    ours.faults.known(ours.at("kind"), kind, ("upsert", "patch"), "kind")
    return EventKind.PATCH if kind == "patch" else EventKind.UPSERT


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
        documents=read_documents(reader, kind),
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
