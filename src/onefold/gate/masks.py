"""A field as one permit may see it: in full, masked, as a token, or not at all. Pure.

Masking keeps what people need to recognise a value and no more: initials of names, the year of a birth date,
the first letter of an e-mail, the last four of any number. Amounts are not identifiers: under a mask of their
class they stay, hidden they go. Whatever has no mask of its own becomes dots.

A token (record/tokens/rules.py) tells less: not who somebody is, but that two are the same. What names
somebody or something has one; of the rest a day is its year, amounts stay, and everything else becomes dots,
first names and towns among it, since their token would be told by how often it comes. Where nobody can make
tokens, what would be one is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from onefold.gate.model import Shown
from onefold.kernel.ids import CellKey, id_text
from onefold.kernel.money import decimal_text
from onefold.kernel.time import iso_day, iso_instant
from onefold.record.canon.entities import ENTITIES, Field, FieldType
from onefold.record.tokens.rules import token_of

DOTS = "•••"
_NAMES = {"full_name", "given_name", "middle_name", "family_name", "organisation_name"}
_NUMBERS = {"national_id", "tax_id", "customer_number", "phone", "number", "counterparty_account"}
TOKENED = {
    "full_name": "name",
    "organisation_name": "name",
    "counterparty": "name",
    "phone": "phone",
    "email": "email",
    "address": "address",
    "national_id": "document",
    "tax_id": "tax",
    "customer_number": "customer",
    "number": "account",
    "counterparty_account": "account",
}
"""Fields that have a token, and its kind: fields of one kind can be joined."""
_READ: dict[FieldType, Callable[[Any], Shown]] = {
    FieldType.DAY: iso_day,
    FieldType.INSTANT: iso_instant,
    FieldType.REF: id_text,
}
"""Types whose values people read in another form; amounts are read with their currency."""
_FIELDS = {
    entity.name: {
        name: (field, field.field_class.value, field.type in _READ or field.type is FieldType.MONEY)
        for name, field in entity.fields.items()
    }
    for entity in ENTITIES.values()
}
"""Entity → name → the field, its class, and whether people read it in another form."""
_WORD = re.compile(r"[^\W\d_]+")


class Cut(NamedTuple):
    """A value as shown; `value` None where it is hidden."""

    value: Shown | None
    masked: bool


class Minting:
    """Makes tokens and remembers each, so that what it stands for can be kept before it is shown."""

    def __init__(self, key: bytes) -> None:
        self._key = CellKey(key)
        self.made: dict[tuple[str, bytes], tuple[str, str]] = {}
        """(token, the record that says the value) → (field, value)."""

    def token(self, name: str, value: str, fragment_id: bytes) -> str:
        """The token of a value of that field."""
        token = token_of(self._key, TOKENED[name], value)
        self.made[token, fragment_id] = name, value
        return token


def cut(
    entity: str,
    name: str,
    value: Any,
    values: Mapping[str, Any],
    fields: Mapping[str, str],
    field_class: str = "",
    minting: Minting | None = None,
    fragment_id: bytes = b"",
) -> Cut:
    """One field of an entity under the field rights of a permit; `values` are its record, for its currency.

    Its class is that of the canon unless another is given. A class the permit does not speak of is hidden.
    `minting` makes tokens of what the record `fragment_id` says; without it, what would be one is hidden.
    """
    field, of_canon, is_read_otherwise = _FIELDS[entity][name]
    right = fields.get(field_class or of_canon, "hidden")
    if right == "full":
        return Cut(plain(field, value, values) if is_read_otherwise else value, False)
    if right == "masked":
        return Cut(masked(field, name, value, values), field.type is not FieldType.MONEY)
    if right == "token" and minting is not None:
        return Cut(
            tokened(field, name, value, values, minting, fragment_id), field.type is not FieldType.MONEY
        )
    return Cut(None, False)


def cut_all(
    entity: str,
    values: Mapping[str, Any],
    fields: Mapping[str, str],
    classes: Mapping[str, str],
    minting: Minting | None,
    fragment_id: bytes,
) -> dict[str, Shown]:
    """Every field of a record that may be seen, as `cut` shows it; `classes` are those of its contract."""
    known, found = _FIELDS[entity], {}
    for name, value in values.items():
        _, of_canon, is_read_otherwise = known[name]
        field_class = classes.get(f"{entity}.{name}", "") if classes else ""
        if fields.get(field_class or of_canon) == "full" and not is_read_otherwise:
            shown = value  # Most fields of most views; `cut` would say the same.
        else:
            shown = cut(entity, name, value, values, fields, field_class, minting, fragment_id).value
        if shown is not None:
            found[name] = shown
    return found


def plain(field: Field, value: Any, values: Mapping[str, Any]) -> Shown:
    """The value as people read it."""
    if field.type is FieldType.MONEY:
        return decimal_text(value, values.get("currency") or "")
    read = _READ.get(field.type)
    shown: Shown = read(value) if read else value
    return shown


def masked(field: Field, name: str, value: Any, values: Mapping[str, Any]) -> Shown:
    """The value as far as it may be recognised."""
    if field.type is FieldType.MONEY:
        return plain(field, value, values)
    if field.type is FieldType.DAY:
        return iso_day(value)[:4]
    if field.type is not FieldType.TEXT:
        return DOTS
    if name in _NAMES:
        return initials(value)
    if name in _NUMBERS:
        return last_four(value)
    if name == "email":
        return str(value)[:1] + DOTS + "@" + DOTS
    return DOTS


def tokened(
    field: Field, name: str, value: Any, values: Mapping[str, Any], minting: Minting, fragment_id: bytes
) -> Shown:
    """The value as far as two of a kind may be told to be the same."""
    if field.type is FieldType.TEXT:
        return minting.token(name, str(value), fragment_id) if name in TOKENED else DOTS
    return masked(field, name, value, values)


def initials(name: str) -> str:
    """`Anna Karimova` is `A. K.`, in whatever script."""
    return " ".join(word[0].upper() + "." for word in _WORD.findall(name)) or DOTS


def last_four(number: str) -> str:
    """The last four of a number that is long enough to stay unknown; dots alone for a short one."""
    return f"•••• {number[-4:]}" if len(number) >= 8 else "••••"


def key_as_shown(entity: str, key: str, fields: Mapping[str, str]) -> str:
    """A source's own key, empty where it is hidden.

    A party's is as personal as a customer number. That of anything else is treated as an account number,
    which it often is.
    """
    right = fields.get("pii" if entity == "party" else "pci", "hidden")
    if right == "full":
        return key
    return last_four(key) if right == "masked" else ""
