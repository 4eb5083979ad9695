"""Party fragments as the fields that a linking model compares: a function of each fragment alone."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.customer.identity.linking.columns import Column, column_of
from onefold.customer.identity.linking.fields import Field, fields_of
from onefold.customer.identity.model import LIKENESS, Portrait
from onefold.kernel.time import iso_day

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
    said = ((name, [it.said[at] if it.said else "" for it in portraits]) for at, name in enumerate(LIKENESS))
    for name, texts in (*said, ("birth_date", list(map(_born, portraits)))):
        if any(texts):
            columns.setdefault(_KINDS.get(name, name), []).append((name, column_of(texts)))
    return fields_of(columns)


def aligned(fields: Sequence[Field], wanted: Sequence[tuple[str, str]], rows: int) -> list[Field]:
    """The fields of these names and kinds, in this order; empty where one lacks."""
    by_name = {it.name: it for it in fields}
    empty = column_of([""] * rows)
    return [by_name.get(name) or Field(name, kind, empty) for name, kind in wanted]


def _born(portrait: Portrait) -> str:
    day = portrait.birth_date
    return "" if day is None or not _FIRST_DAY <= day <= _LAST_DAY else iso_day(day)
