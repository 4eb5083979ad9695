"""Party fragments as the fields that a linking model compares: a function of each fragment alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onefold.customer.identity.linking.columns import Column, column_of, columns_of
from onefold.customer.identity.linking.fields import Field, fields_of, reading
from onefold.customer.identity.linking.rows import texts_of
from onefold.customer.identity.model import LIKENESS, Portrait
from onefold.customer.identity.rules import FIRST_DAY, LAST_DAY
from onefold.kernel.time import iso_day

_KINDS = {
    "organisation_name": "organisation",
    "national_id": "identifier",
    "tax_id": "identifier",
    "customer_number": "identifier",
    "address": "street",
}
"""Canonical field → kind of linking field, where they are called by two names."""

_COLUMNS = tuple((name, _KINDS.get(name, name)) for name in (*LIKENESS, "birth_date"))
_READ = reading(())
"""Days of birth are written one way, whatever order they have elsewhere."""

_PERSON = (
    *("Anna", "Petrovna", "Ivanova", "Ivanova Anna Petrovna", "", "anna.ivanova@mail.ru", "+79161234567"),
    *("4509123456", "7707083893", "17", "Lenina 5-12", "Moskva", "Moskva", "101000", "RU", "1980-02-03"),
)
_FIRM = ("", "", "", "Romashka LLC", "Romashka LLC", *[""] * 11)
_EVERYTHING = (_PERSON, _FIRM)
"""Rows that are read beside all others: which fields there are follows from what columns hold, and with these
in each of them what a row says does not hang on who is read with it."""


def fields_of_portraits(portraits: Sequence[Portrait]) -> list[Field]:
    """What each portrait says, one row each in their order; fields in which nobody says anything lack."""
    rows = [*map(_row, portraits), *_EVERYTHING]
    columns: dict[str, list[tuple[str, Column]]] = {}
    for (name, kind), texts in zip(_COLUMNS, zip(*rows, strict=True), strict=True):
        columns.setdefault(kind, []).append((name, column_of(texts)))
    kept = len(portraits)
    found = {it.name: it for it in fields_of(columns)}
    said = {
        name: [it.column.values[code] for code in it.column.codes[:kept].tolist()]
        for name, it in found.items()
    }
    names = [name for name, it in found.items() if it.kind == "name"]
    shared = dict(zip(names, columns_of([said[it] for it in names]), strict=True))
    return [
        Field(name, found[name].kind, shared[name] if name in shared else column_of(texts))
        for name, texts in said.items()
        if any(texts)
    ]


def texts_of_portrait(portrait: Portrait) -> Mapping[str, str]:
    """What one portrait says, by the names of the fields, whoever stands beside it."""
    said: dict[str, list[tuple[str, str]]] = {}
    for (name, kind), text in zip(_COLUMNS, _row(portrait), strict=True):
        if text:
            said.setdefault(kind, []).append((name, text))
    return texts_of(said, _READ)


def _row(portrait: Portrait) -> tuple[str, ...]:
    return (*(portrait.said or [""] * len(LIKENESS)), _born(portrait))


def _born(portrait: Portrait) -> str:
    day = portrait.birth_date
    return "" if day is None or not FIRST_DAY <= day <= LAST_DAY else iso_day(day)
