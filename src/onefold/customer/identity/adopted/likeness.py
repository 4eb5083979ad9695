"""Party fragments as the fields that a linking model compares: a function of each fragment alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Column, column_of
from onefold.customer.identity.linking.fields import Field, fields_of
from onefold.customer.identity.model import LIKENESS, Portrait
from onefold.customer.identity.rules import FIRST_DAY, LAST_DAY
from onefold.kernel.time import iso_day

Wanted = Sequence[tuple[str, str]]
"""Name and kind of the fields of a model, in its order."""

_KINDS = {
    "organisation_name": "organisation",
    "national_id": "identifier",
    "tax_id": "identifier",
    "customer_number": "identifier",
    "address": "street",
}
"""Canonical field → kind of linking field, where they are called by two names."""

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
    wanted, texts = _read(portraits)
    rows = list(zip(*texts, strict=True))
    said = [at for at, column in enumerate(texts) if any(column)]
    return _fields([wanted[at] for at in said], [tuple(row[at] for at in said) for row in rows])


def _read(portraits: Sequence[Portrait]) -> tuple[Wanted, list[list[str]]]:
    """Every field there is, and what each row says in it."""
    rows = [*map(_row, portraits), *_EVERYTHING]
    columns: dict[str, list[tuple[str, Column]]] = {}
    for name, texts in zip((*LIKENESS, "birth_date"), zip(*rows, strict=True), strict=True):
        columns.setdefault(_KINDS.get(name, name), []).append((name, column_of(texts)))
    found = fields_of(columns)
    kept = len(portraits)
    said = [[it.column.values[code] for code in it.column.codes[:kept].tolist()] for it in found]
    return [(it.name, it.kind) for it in found], said


def _fields(wanted: Wanted, rows: Sequence[tuple[str, ...]]) -> list[Field]:
    """Fields of rows of texts; names of people have one list of values."""
    names = [at for at, (_, kind) in enumerate(wanted) if kind == "name"]
    shared = dict(zip(names, _together([[row[at] for row in rows] for at in names]), strict=True))
    return [
        Field(name, kind, shared[at] if at in shared else column_of(row[at] for row in rows))
        for at, (name, kind) in enumerate(wanted)
    ]


class Likenesses:
    """The texts that portraits say in the fields of a model, so that each portrait is read once.

    Keeps the last ones that were asked for, `most` at a time, in memory alone.
    """

    def __init__(self, wanted: Wanted, most: int = 5_000) -> None:
        self._wanted = wanted
        self._most = most
        self._known: dict[Portrait, tuple[str, ...]] = {}

    def fields(self, portraits: Sequence[Portrait]) -> list[Field]:
        """The fields of the model, one row for each portrait; empty where nothing is said."""
        return _fields(self._wanted, self._rows(portraits))

    def _rows(self, portraits: Sequence[Portrait]) -> list[tuple[str, ...]]:
        known = {it: row for it in portraits if (row := self._known.get(it)) is not None}
        unknown = [it for it in dict.fromkeys(portraits) if it not in known]
        if unknown:
            wanted, texts = _read(unknown)
            told = {name: column for (name, _), column in zip(wanted, texts, strict=True)}
            nothing = [""] * len(unknown)
            columns = [told.get(name, nothing) for name, _ in self._wanted]
            fresh = dict(zip(unknown, zip(*columns, strict=True), strict=True))
            if len(self._known) + len(fresh) > self._most:
                self._known = {}
            self._known.update(fresh)
            known |= fresh
        return [known[it] for it in portraits]


def _together(columns: Sequence[Sequence[str]]) -> list[Column]:
    """Columns with one list of values for all of them, so that their codes can be compared."""
    values = sorted({"", *(text for it in columns for text in it)})
    place = {text: at for at, text in enumerate(values)}
    return [Column(np.array([place[text] for text in it], dtype=np.int32), tuple(values)) for it in columns]


def _row(portrait: Portrait) -> tuple[str, ...]:
    return (*(portrait.said or [""] * len(LIKENESS)), _born(portrait))


def _born(portrait: Portrait) -> str:
    day = portrait.birth_date
    return "" if day is None or not FIRST_DAY <= day <= LAST_DAY else iso_day(day)
