"""One row in quarantine as one permit may see it: property by property, under the classes of its contract.

A row that is broken may hold a value in the wrong place. So to whom personal data is hidden no value is shown
at all, a class counts as its strictest use does (the property's own, and those of every field that is made of
it), and a line that could not be taken apart is shown only to whom every property of its object is. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

import msgspec

from onefold.gate.masks import DOTS, masked
from onefold.gate.model import Permit
from onefold.record.canon.entities import ENTITIES, FieldClass, FieldType
from onefold.record.contracts.access import MISSING, getter
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import Property, Store

SHOWN_CHARACTERS_MAX = 2_000
_RIGHTS = ("hidden", "masked", "full")
"""A row that is held is of nobody yet, so there are no tokens of it: what would be one is hidden."""
_NEVER = {FieldClass.SPECIAL.value, FieldClass.SECRET.value}
_ROW = msgspec.json.Decoder(dict[str, Any])


class HeldValue(msgspec.Struct, frozen=True):
    """One property of a held row. `shown` says how far its value is: full, masked, hidden, digest or none.

    `digest`: only a digest of it was kept. `none`: the row does not speak of it. `editable`: another value
    can be handed in. A value that is longer than is shown says so in `cut`.
    """

    path: str
    type: str
    field_class: str
    required: bool
    about: str
    allowed: tuple[str, ...]
    value: str
    shown: str
    broken: bool
    cut: bool
    editable: bool


class HeldContent(NamedTuple):
    """The properties of a row, or its line as it came; `withheld` says why there is no value of it."""

    values: tuple[HeldValue, ...]
    line: str
    withheld: str


def cut_held(
    permit: Permit, found: CompiledObject | None, purposes: Container[str], body: bytes, fields: str
) -> HeldContent:
    """What a permit may see of a row of a source that allows `purposes`; `fields` are those that broke."""
    if found is None:
        return HeldContent((), "", "No contract speaks of such rows, so nothing says what may be shown.")
    row = _row(body)
    broken = frozenset(it.strip() for it in fields.split(",") if it.strip())
    withheld = _why_not(permit, purposes, body)
    rights = {it.path: _right(permit, found, it) for it in found.item.properties}
    values = tuple(
        _value(found, it, row, "hidden" if withheld else rights[it.path], it.path in broken)
        for it in found.item.properties
        if it.store is not Store.DROP or it.path in broken
    )
    line = ""
    if row is None and not withheld:
        if all(right == "full" for right in rights.values()):
            line = body.decode("utf-8", "replace")[:SHOWN_CHARACTERS_MAX]
        else:
            withheld = "The line could not be taken apart, and not all of its properties may be shown to you."
    return HeldContent(values, line, withheld)


def _why_not(permit: Permit, purposes: Container[str], body: bytes) -> str:
    if not body:
        return "Nothing of it is kept but a digest and the reason."
    if _of_class(permit, FieldClass.PII) == "hidden":
        return "Your role sees which properties there are and what broke, not what the row says."
    if permit.purpose not in purposes:
        return f"Its contract does not allow {permit.purpose}."
    return ""


def _row(body: bytes) -> dict[str, Any] | None:
    try:
        return _ROW.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _right(permit: Permit, found: CompiledObject, item: Property) -> str:
    """How a property may be shown: the least that any class of it allows."""
    if item.purposes and permit.purpose not in item.purposes:
        return "hidden"
    classes = {item.field_class.value, *_uses(found, item.path)}
    if classes & _NEVER:
        return "hidden"
    return min((_of_class(permit, it) for it in classes), key=_RIGHTS.index)


def _of_class(permit: Permit, field_class: str) -> str:
    right = permit.fields.get(field_class, "hidden")
    return right if right in _RIGHTS else "hidden"


def _uses(found: CompiledObject, path: str) -> set[str]:
    """The classes of what a property is used for: fields made of it, and keys of what it names.

    The key of a party is as personal as a customer number; any other may be the number of an account.
    """
    entity = ENTITIES[found.entity]
    classes = set()
    for name in _made(found, path):
        field = entity.fields[name]
        classes.add(field.field_class.value)
        if field.type is FieldType.REF:
            classes.add(_of_key(field.to))
    if path in found.item.key:
        classes.add(_of_key(found.entity))
    classes |= {_of_key(it.entity) for it in found.item.subjects if path in it.sources}
    return classes


def _of_key(entity: str) -> str:
    return FieldClass.PII.value if entity == "party" else FieldClass.PCI.value


def _made(found: CompiledObject, path: str) -> list[str]:
    known = ENTITIES[found.entity].fields
    return [name for name, rule in found.item.rules.items() if path in rule.reads and name in known]


def _value(
    found: CompiledObject, item: Property, row: Mapping[str, Any] | None, right: str, broken: bool
) -> HeldValue:
    raw = MISSING if row is None else getter(item.path, flat=found.item.flat)(dict(row))
    text, shown = "", right
    if item.store is not Store.KEEP:
        shown = "digest"
    elif right == "full":
        text, shown = ("", "none") if raw is MISSING else (_text(raw), "full")
    elif right == "masked":
        text, shown = ("", "none") if raw is MISSING else (_masked(found, item.path, raw), "masked")
    return HeldValue(
        path=item.path,
        type=item.logical_type,
        field_class=item.field_class.value,
        required=item.required,
        about=item.about,
        allowed=item.allowed,
        value=text[:SHOWN_CHARACTERS_MAX],
        shown=shown,
        broken=broken,
        cut=len(text) > SHOWN_CHARACTERS_MAX,
        editable=row is not None and item.store is Store.KEEP and item.logical_type not in _WHOLE,
    )


_WHOLE = {"object", "array", "map"}


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    return raw if isinstance(raw, str) else msgspec.json.encode(raw).decode()


def _masked(found: CompiledObject, path: str, raw: Any) -> str:
    """As the field that is made of it is masked; what is no text, or of no one field, becomes dots."""
    made = _made(found, path)
    field = ENTITIES[found.entity].fields[made[0]] if len(made) == 1 else None
    if not isinstance(raw, str) or field is None or field.type is not FieldType.TEXT:
        return DOTS
    return str(masked(field, made[0], raw, {}))
