"""Writes the reference pages that are made from code: the canonical model, the errors, the HTTP API,
the schema registry.

`python tools/reference.py` writes them; a test fails when a committed page is not what the code would write.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import onefold
from onefold.channels.api.endpoint import Access
from onefold.channels.api.registry import ENDPOINTS as REGISTRY
from onefold.channels.api.registry import MEDIA_TYPE, NUMBERS
from onefold.channels.api.routes import ENDPOINTS
from onefold.kernel.errors import OnefoldError
from onefold.record.canon.crosswalk import BIAN, TM_FORUM
from onefold.record.canon.data_classes import DATA_CLASSES, class_of
from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import MECHANISMS
from onefold.usecases.describe_plan import plan_page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- Made by tools/reference.py from the code. Change the code, then run it again. -->"
MODEL = """\
Contracts map every source onto these entities. Days are days, instants are UTC with milliseconds, money is
whole minor units with a currency. A reference names a thing of another source or table by its key.

Beside a field stands its name in the open APIs of TM Forum (TMF632 Party Management 5.0.0, TMF629 Customer
Management 5.0.1) where it has one, and beside an entity the service domains of BIAN that keep such things."""
PURPOSES_SAY = """\
The closed list, as a tree. Policies and contracts name wholes: who may act for a purpose may act for its
parts, and data that may serve it may serve them. What a customer says is read strictly: a yes to a purpose is
no yes to its parts unless the notice says so (`includes_parts`); a no to a purpose is a no to all of them.
Without a fact the answer is no where a purpose rests on consent. `dpv:` is the Data Privacy Vocabulary,
version 2."""
DATA_CLASSES_SAY = """\
What a consent is about where it is not about all: a yes to one class allows the use of that class, never of
all; a no to one class stops the use of it, and the use of all at once. `any` means all, and is meant where
none is named. Alerts and blocks (`risk`) come of all there is, and are shown where all may be used; what was
said about consent and suppression is shown wherever anything is."""
ERRORS = """\
Over HTTP an error is an `application/problem+json` document (RFC 9457) with `code`, `title`, `status`,
`detail` and `hint`; on the command line it is one line. Codes are stable. No error shows customer data."""
SUBJECTS = """\
The server answers the REST protocol of Confluent's schema registry under `/registry`, over the same
contracts; [the guide](../how-to/use-the-schema-registry.md) shows clients. Every request carries a source's
write key as the user name of HTTP basic authentication. A write key reads every schema and sets those of
its own source.

A subject is `<source>.<object>-value`, for every object of every contract in force, so the topic is called
`<source>.<object>`. Version 1 is derived from the contract: Avro, or JSON Schema where Avro has no name for
a property. `<source>.<object>.json-value` is the same object with JSON Schema first. A new version of the
contract that asks for something else adds a version.

**The contract is the reader of everything.** A schema can be registered when it always writes what the
contract requires, writes nothing that must not be stored, and in types that the contract reads:

| logicalType in the contract | what may be written |
| --- | --- |
| string | string, enum (within the contract's list of values), uuid |
| integer | int, long, integer |
| number | int, long, float, double, decimal, number |
| boolean | boolean |
| date, time, timestamp | text, or Avro's logical types; epochs for timestamp |
| object, map | record, map, object |
| array | array |

What the contract does not declare may be written and is not kept. For changes of Debezium the row under
`after` is what counts. Derived versions bind nobody to their exact types; versions that producers
registered bind those after them by the subject's compatibility: the contract's (`BACKWARD` unless it says
otherwise), or more where `PUT /config/{subject}` set more. Less than the contract says cannot be set. What
the record of Avro is called does not matter. Whitespace and the order of keys make no other schema; equal
schemas have one id, for ever.

References between schemas, rule sets and Protobuf are not taken. Nothing is deleted. `normalize`, `deleted`
and other parameters that are not named here have no effect.

Registered schemas are in `schemas.db` of the data folder and cannot be made again: back it up with the
logs."""
_ACCESS = {
    Access.PERMIT: "a session or token, and a permit of the gate",
    Access.SESSION: "a session or token",
    Access.WRITE_KEY: "a source's write key",
    Access.SIGNATURE: "a source's signature over the body",
    Access.OPEN: "nobody in particular",
}


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def _table(*rows: tuple[str, ...]) -> str:
    head, *body = rows
    lines = [head, tuple("---" for _ in head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def model_page() -> str:
    """Every entity of the canonical model with its fields."""
    parts = [
        "# The canonical model",
        MADE,
        MODEL,
    ]
    for entity in ENTITIES.values():
        elsewhere = TM_FORUM.get(entity.name, {})
        rows = [
            (
                f"`{name}`",
                f"reference to {field.to}" if field.to else field.type.value,
                field.field_class.value,
                field.about,
                *(
                    [", ".join(f"{it.api} `{it.path}`" for it in elsewhere.get(name, ()))]
                    if elsewhere
                    else []
                ),
            )
            for name, field in entity.fields.items()
        ]
        head = ("field", "type", "class", "what it is", *(["TM Forum"] if elsewhere else []))
        domains = ", ".join(BIAN.get(entity.name, ()))
        parts += [f"## {entity.name}", entity.about, *([f"BIAN: {domains}."] if domains else [])]
        parts += [_table(head, *rows)]
    parts += ["## Purposes", PURPOSES_SAY, _purposes()]
    parts += ["## Data classes", DATA_CLASSES_SAY, _data_classes()]
    parts += ["## How a consent is given", _table(("mechanism", "what it is"), *_coded(MECHANISMS))]
    return "\n\n".join(parts) + "\n"


def _purposes() -> str:
    rows = [
        (f"`{it.name}`", f"`{it.part_of}`" if it.part_of else "", it.basis.value, f"`dpv:{it.dpv}`", it.about)
        for it in PURPOSES.values()
    ]
    return _table(("purpose", "part of", "rests on", "DPV", "what it is"), *rows)


def _data_classes() -> str:
    rows = [(f"`{name}`", f"`{dpv}`", about, _holding(name)) for name, (dpv, about) in DATA_CLASSES.items()]
    return _table(("class", "DPV", "what it is", "fields"), *rows)


def _holding(data_class: str) -> str:
    """The fields of a class; an entity by its name where all of its are."""
    found = []
    for entity in ENTITIES.values():
        names = [it for it in entity.fields if class_of(entity.name, it) == data_class]
        whole = len(names) == len(entity.fields)
        found += [f"`{entity.name}`"] if whole else [f"`{entity.name}.{it}`" for it in names]
    return ", ".join(found)


def _coded(words: dict[str, str]) -> list[tuple[str, ...]]:
    return [(f"`{word}`", about) for word, about in words.items()]


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(onefold.__path__, "onefold."):
        if not found.name.endswith("__main__"):
            yield found.name


def error_classes() -> list[type[OnefoldError]]:
    """Every error of the package, by status and code."""
    for name in _modules():
        importlib.import_module(name)
    found: set[type[OnefoldError]] = set()
    waiting = [OnefoldError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("onefold."):
            found.add(kind)
    return sorted(found, key=lambda it: (it.status, it.code, it.__name__, it.__module__))


def errors_page() -> str:
    """Every error with its code, status and meaning."""
    rows = [
        (f"`{it.code}`", str(it.status), f"`{it.__name__}`", _first_paragraph(it.__doc__))
        for it in error_classes()
    ]
    return (
        "\n\n".join(
            [
                "# Errors",
                MADE,
                ERRORS,
                _table(("code", "status", "class", "when"), *rows),
            ]
        )
        + "\n"
    )


def api_page() -> str:
    """Every route with who may call it."""
    rows = [
        (f"`{it.method} {it.path}`", _first_paragraph(it.summary), _ACCESS[it.access])
        for it in sorted(ENDPOINTS, key=lambda it: (it.path, it.method))
    ]
    return (
        "\n\n".join(
            [
                "# HTTP API",
                MADE,
                "The running server answers `/api/openapi.json`, from which the console's client is made.",
                "[The schema registry](schema-registry.md) under `/registry` is another protocol.",
                _table(("route", "what it does", "who may call it"), *rows),
            ]
        )
        + "\n"
    )


def registry_page() -> str:
    """Every route of the schema registry, and the numbers of its errors."""
    routes = [
        (f"`{it.method} {it.path}`", _first_paragraph(it.summary))
        for it in sorted(REGISTRY, key=lambda it: (it.path, it.method))
    ]
    kinds = {it.code: it for it in error_classes()}
    numbers = [
        (str(number), str(kinds[code].status), _first_paragraph(kinds[code].__doc__))
        for code, number in sorted(NUMBERS.items(), key=lambda it: it[1])
    ]
    errors = f"""Answers and errors are `{MEDIA_TYPE}`; an error is `{{"error_code": 40401, "message": "…"}}`.
An error that is not listed has its HTTP status for a number."""
    return (
        "\n\n".join(
            [
                "# Schema registry",
                MADE,
                SUBJECTS,
                _table(("route", "what it does"), *routes),
                errors,
                _table(("error_code", "status", "when"), *numbers),
            ]
        )
        + "\n"
    )


def digital_plan_page() -> str:
    """The tracking plan of the demo's app and site, as `onefold plan docs` writes it."""
    path = FOLDER.parents[1] / "contracts" / "world" / "digital.yaml"
    title, _, rest = plan_page((path.name, path.read_bytes())).partition("\n\n")
    return f"{title}\n\n{MADE}\n\n{rest}"


PAGES = {
    "plan-digital.md": digital_plan_page,
    "model.md": model_page,
    "errors.md": errors_page,
    "api.md": api_page,
    "schema-registry.md": registry_page,
}


def main() -> None:
    """Writes every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
