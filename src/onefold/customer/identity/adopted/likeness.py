"""Party fragments as the fields that a linking model compares: a function of each fragment alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Column, column_of
from onefold.customer.identity.linking.fields import Field, fields_of
from onefold.customer.identity.model import LIKENESS, Portrait
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
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896


def fields_of_portraits(portraits: Sequence[Portrait]) -> list[Field]:
    """What each portrait says, one row each in their order; fields in which nobody says anything lack."""
    columns: dict[str, list[tuple[str, Column]]] = {}
    said = [(name, [_said(it, at) for it in portraits]) for at, name in enumerate(LIKENESS)]
    for name, texts in (*said, ("birth_date", list(map(_born, portraits)))):
        if any(texts):
            columns.setdefault(_KINDS.get(name, name), []).append((name, column_of(texts)))
    return fields_of(columns)


class Likenesses:
    """The texts that portraits say in the fields of a model, so that each portrait is read once.

    Keeps the last ones that were asked for, `most` at a time, in memory alone.
    """

    def __init__(self, wanted: Wanted, most: int = 20_000) -> None:
        self._wanted = wanted
        self._most = most
        self._known: dict[Portrait, tuple[str, ...]] = {}

    def fields(self, portraits: Sequence[Portrait]) -> list[Field]:
        """The fields of the model, one row for each portrait; empty where nothing is said."""
        rows = self._rows(portraits)
        names = [at for at, (_, kind) in enumerate(self._wanted) if kind == "name"]
        shared = _together([[row[at] for row in rows] for at in names])
        columns = dict(zip(names, shared, strict=True))
        return [
            Field(name, kind, columns[at] if at in columns else column_of(row[at] for row in rows))
            for at, (name, kind) in enumerate(self._wanted)
        ]

    def _rows(self, portraits: Sequence[Portrait]) -> list[tuple[str, ...]]:
        unknown = list({it: None for it in portraits if it not in self._known})
        if len(self._known) + len(unknown) > self._most:
            self._known.clear()
            unknown = list(dict.fromkeys(portraits))
        found = {it.name: it.column for it in fields_of_portraits(unknown)} if unknown else {}
        columns = [found.get(name) for name, _ in self._wanted]
        texts = (
            [""] * len(unknown) if it is None else [it.values[code] for code in it.codes] for it in columns
        )
        self._known.update(zip(unknown, zip(*texts, strict=True), strict=True))
        return [self._known[it] for it in portraits]


def _together(columns: Sequence[Sequence[str]]) -> list[Column]:
    """Columns with one list of values for all of them, so that their codes can be compared."""
    values = sorted({"", *(text for it in columns for text in it)})
    place = {text: at for at, text in enumerate(values)}
    return [Column(np.array([place[text] for text in it], dtype=np.int32), tuple(values)) for it in columns]


def _said(portrait: Portrait, at: int) -> str:
    return portrait.said[at] if portrait.said else ""


def _born(portrait: Portrait) -> str:
    day = portrait.birth_date
    return "" if day is None or not _FIRST_DAY <= day <= _LAST_DAY else iso_day(day)
