"""The properties of a contract's object as read: types, classes, what is kept, which values may come."""

from __future__ import annotations

from typing import Any

from onefold.record.canon.entities import FieldClass
from onefold.record.canon.purposes import PURPOSES, may_serve
from onefold.record.contracts.limits import read_limits
from onefold.record.contracts.model import Property, Store
from onefold.record.contracts.reading import Reader
from onefold.record.contracts.sensitive import WORDS
from onefold.record.contracts.texts import plain

PROPERTY_WORDS = ("store", "purposes", "cleared")


def read_properties(
    reader: Reader, purposes: tuple[str, ...], *, nested: bool, before: str = ""
) -> list[Property]:
    """Every property of an object, those of nested ones by their dotted path.

    `purposes` are those the contract permits.
    """
    found: list[Property] = []
    for item in reader.readers("properties"):
        path = before + item.text("name")
        if nested and item.raw("properties"):
            found += read_properties(item, purposes, nested=True, before=path + ".")
            continue
        ours = item.custom(PROPERTY_WORDS)
        serves = ours.texts("purposes")
        for purpose in serves:
            item.faults.known(ours.at("purposes"), purpose, PURPOSES, "purpose")
        cleared = ours.texts("cleared")
        for word in cleared:
            item.faults.known(ours.at("cleared"), word, sorted(WORDS), "kind of value")
        classed = item.word("classification", FieldClass, FieldClass.INTERNAL)
        found.append(
            Property(
                path=path,
                logical_type=item.text("logicalType", "string"),
                required=item.flag("required"),
                field_class=classed or FieldClass.INTERNAL,
                store=_stored(ours, serves, purposes),
                about=item.text("description"),
                allowed=_allowed(item),
                limits=read_limits(item),
                purposes=serves,
                cleared=cleared,
            )
        )
    return found


def _stored(ours: Reader, serves: tuple[str, ...], purposes: tuple[str, ...]) -> Store:
    """What is kept: nothing of what serves only purposes that the contract does not permit."""
    stored = ours.word("store", Store, Store.KEEP) or Store.KEEP
    if serves and not may_serve(serves, purposes) and stored is not Store.REFUSE:
        return Store.DROP
    return stored


def _allowed(item: Reader) -> tuple[str, ...]:
    values = item.raw("enum") or []
    if not isinstance(values, list):
        return ()
    stated: list[Any] = [it["value"] for it in values if isinstance(it, dict) and "value" in it]
    return tuple(plain(it) for it in stated if isinstance(it, str | int | float | bool))


def primary_key(reader: Reader) -> tuple[str, ...]:
    """The properties that the standard's own words mark as the key, in their order."""
    marked = [it for it in reader.readers("properties") if it.flag("primaryKey")]
    marked.sort(key=lambda it: it.integer("primaryKeyPosition", -1))
    return tuple(it.text("name") for it in marked)
