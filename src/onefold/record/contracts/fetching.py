"""How an object's referenced values are asked for: the custom property `fetch`, read and checked.

A key never becomes a part of a question: over SQL it is a bound parameter, over REST it is one segment of a
path, percent-encoded. Where the source is, and who we are to it, the settings of the house say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onefold.record.canon.entities import ENTITIES, FieldType
from onefold.record.canon.identifiers import PROOFS
from onefold.record.contracts.model import Contract, Fetch, ObjectContract, Rule, Using
from onefold.record.contracts.reading import Faults, Reader

FETCHED_ENTITIES = ("party", "account")
"""Whose fields are shown on a customer's page, one customer at a time."""
TIMEOUT_MS = 1000
TIMEOUT_MS_MAX = 5000
CACHE_SECONDS_MAX = 300
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
BOUND = re.compile(r"(?<![:\w\\]):(key(?:_[1-9][0-9]?)?)\b(?!:(?!:))")
"""Our parameters in a statement; a colon anywhere else is a colon."""

_WORDS = ("using", "connection", "statement", "path", "fields", "timeoutMs", "cacheSeconds")
_CONNECTION = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*(\?[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")
_POINTER = re.compile(r"(/([^~/]|~[01])*)+")


def read_fetch(ours: Reader) -> Fetch | None:
    """`fetch: {using: sql, connection: core, statement: "SELECT …", timeoutMs: 500, cacheSeconds: 30}`."""
    if "fetch" not in ours:
        return None
    reader = ours.reader("fetch")
    reader.only(_WORDS)
    using = reader.word("using", Using)
    fields = reader.reader("fields") if "fields" in reader else None
    named = {name: value for name, value in fields.items() if isinstance(value, str)} if fields else {}
    if fields and len(named) < len(list(fields.items())):
        reader.faults.add(fields.place, "must name a JSON pointer for each property, such as mobile: /mobile")
    if using is None:
        return None
    return Fetch(
        using=using,
        connection=reader.text("connection"),
        statement=reader.text("statement").strip().rstrip(";").rstrip(),
        path=reader.text("path"),
        fields=named,
        timeout_ms=reader.integer("timeoutMs", TIMEOUT_MS),
        cache_seconds=reader.integer("cacheSeconds", 0),
    )


def parameters_of(key: Sequence[str]) -> tuple[str, ...]:
    """What the parts of a key are called in a statement or path: `key`, or `key_1`, `key_2` … of several."""
    return ("key",) if len(key) == 1 else tuple(f"key_{number}" for number in range(1, len(key) + 1))


def lint_fetch(contract: Contract, item: ObjectContract, place: str, faults: Faults) -> None:
    """Adds a fault for what could not be asked for, could be asked amiss, or would mean nothing."""
    fetch = item.fetch
    if fetch is None:
        return
    at = f"{place}.fetch"
    if item.entity in ENTITIES and item.entity not in FETCHED_ENTITIES:
        faults.add(at, f"is for {' and '.join(FETCHED_ENTITIES)}; of a {item.entity} everything must be kept")
    if not _CONNECTION.fullmatch(fetch.connection):
        faults.add(
            f"{at}.connection",
            "must name a connection of the data folder: lower-case letters, digits, dashes",
        )
    for word, value, least, most in (
        ("timeoutMs", fetch.timeout_ms, 10, TIMEOUT_MS_MAX),
        ("cacheSeconds", fetch.cache_seconds, 0, CACHE_SECONDS_MAX),
    ):
        if not least <= value <= most:
            faults.add(f"{at}.{word}", f"must be {least} to {most}")
    if not item.fetched:
        faults.add(at, "has nothing to fetch; set store: reference for what is not to be kept")
    if fetch.using is Using.SQL:
        _statement(item, fetch, at, faults)
    else:
        _path(item, fetch, at, faults)
        _fields(item, fetch, at, faults)
    _rules(item, place, faults)
    _twice(contract, item, at, faults)


def _statement(item: ObjectContract, fetch: Fetch, at: str, faults: Faults) -> None:
    for word, value in (("path", fetch.path), ("fields", fetch.fields)):
        if value:
            faults.add(f"{at}.{word}", "is for using: rest; leave it out")
    if not fetch.statement.lower().startswith(("select", "with")):
        faults.add(f"{at}.statement", "must be one SELECT; nothing else is asked of a source")
    _parameters(item, set(BOUND.findall(fetch.statement)), ":{}", f"{at}.statement", faults)


def _path(item: ObjectContract, fetch: Fetch, at: str, faults: Faults) -> None:
    if fetch.statement:
        faults.add(f"{at}.statement", "is for using: sql; leave it out")
    path, _, query = fetch.path.partition("?")
    segments = path.split("/")[1:]
    if not _PATH.fullmatch(fetch.path) or "" in segments[:-1] or {".", ".."} & set(segments):
        faults.add(f"{at}.path", "must be a path on the connection's host, such as /customers/{key}/contact")
    if PLACEHOLDER.search(query):
        faults.add(f"{at}.path", "has the key behind the question mark; it can only be a segment of the path")
    for it in segments:
        if PLACEHOLDER.search(it) and not PLACEHOLDER.fullmatch(it):
            faults.add(f"{at}.path", f"has {it}; the key must be a segment of its own")
    _parameters(item, set(PLACEHOLDER.findall(path)), "{{{}}}", f"{at}.path", faults)


def _parameters(item: ObjectContract, found: set[str], written: str, place: str, faults: Faults) -> None:
    wanted = parameters_of(item.key) if item.key else ()
    for name in wanted:
        if name not in found:
            faults.add(place, f"does not ask for one thing alone: it lacks {written.format(name)}")
    for name in sorted(found - set(wanted)):
        faults.add(place, f"has {written.format(name)}, but the key is {', '.join(wanted) or 'missing'}")


def _fields(item: ObjectContract, fetch: Fetch, at: str, faults: Faults) -> None:
    declared = {it.path for it in item.properties}
    for name, pointer in fetch.fields.items():
        faults.known(f"{at}.fields", name, declared, "property")
        if not _POINTER.fullmatch(pointer):
            faults.add(f"{at}.fields.{name}", "must be a JSON pointer (RFC 6901), such as /contact/mobile")
    for name in item.key:
        if name in declared and name not in fetch.fields:
            faults.add(
                f"{at}.fields.{name}", "is missing; without the key nobody knows whom an answer is about"
            )
    for name in sorted(item.fetched - set(fetch.fields)):
        faults.add(f"{at}.fields.{name}", "is missing; say where in the answer it stands, such as /mobile")


def _rules(item: ObjectContract, place: str, faults: Faults) -> None:
    """What is made of referenced values is made of them alone, and nothing else rests on them."""
    fetched = item.fetched
    known = ENTITIES[item.entity].fields if item.entity in ENTITIES else {}
    for name, rule in item.rules.items():
        if not rule.reads & fetched or name not in known:
            continue
        at = f"{place}.map.{name}"
        if known[name].type is FieldType.REF or name in PROOFS:
            faults.add(at, "holds together what is known, so it must be kept; set store: keep")
        for one in _chain(rule):
            if not one.sources or not set(one.sources) <= fetched:
                faults.add(at, "mixes what is fetched with what is not; make it of references alone")
    if item.occurred is not None and item.occurred.reads & fetched:
        faults.add(f"{place}.occurredAt", "must be made of what is kept")
    for quality in item.quality:
        if set(quality.paths) & fetched:
            faults.add(f"{place}.quality", f"{quality.name} is held over rows, which lack what is fetched")
    made = {path for rule in item.rules.values() for path in rule.reads}
    for path in sorted(fetched - made):
        faults.add(f"{place}.properties.{path}", "is fetched, but nothing in map is made of it")


def _chain(rule: Rule) -> Iterator[Rule]:
    at: Rule | None = rule
    while at is not None:
        yield at
        at = at.otherwise


def _twice(contract: Contract, item: ObjectContract, at: str, faults: Faults) -> None:
    """Two objects that give one field of the same things would answer against each other."""
    for other in contract.objects.values():
        if (other.entity, other.key_prefix) != (item.entity, item.key_prefix) or other is item:
            continue
        for name in sorted(set(item.fetched_fields) & set(other.fetched_fields)):
            faults.add(at, f"gives {item.entity}.{name}, and so does {other.name}; fetch it in one of them")
