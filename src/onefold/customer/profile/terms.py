"""What a person may type to find somebody: the terms a fragment is found by, and the terms in a question.

Both sides go through the same words, so a question finds what was written in another script or order. Each
kind of term comes from fields of one class: whoever may not see the class may not search by the kind, or the
answer would tell what the screen hides. Accounts are found by number and key; their holders are found from
there by the links.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.identity.names import skeleton, words
from onefold.record.canon.entities import FieldClass

Term = tuple[str, str, bytes]
"""(term, kind, fragment_id)."""

TERM_LENGTH_MOST = 64
_SEPARATORS = re.compile(r"[\s./\\\-–()]+")
_PHONE_DIGITS_LEAST = 4


class Kind(NamedTuple):
    """One kind of term: the class of the fields it is made from, and those fields by entity."""

    field_class: FieldClass
    fields: dict[str, tuple[str, ...]]


KINDS: dict[str, Kind] = {
    "name": Kind(
        FieldClass.PII,
        {"party": ("full_name", "given_name", "middle_name", "family_name", "organisation_name")},
    ),
    "phone": Kind(FieldClass.PII, {"party": ("phone",)}),
    "email": Kind(FieldClass.PII, {"party": ("email",)}),
    "national_id": Kind(FieldClass.PII, {"party": ("national_id", "tax_id")}),
    "customer_number": Kind(FieldClass.PII, {"party": ("customer_number",)}),
    "account": Kind(FieldClass.PCI, {"account": ("number",)}),
    "key": Kind(FieldClass.PII, {"party": (), "account": ()}),
}
"""Every kind there is. The key of a source has no field: it is the fragment's own key."""

_BY_ENTITY = {
    entity: tuple((name, kind.fields[entity]) for name, kind in KINDS.items() if entity in kind.fields)
    for entity in ("party", "account")
}


def terms_of(fragment: Fragment, values: Values) -> set[Term]:
    """The terms by which a fragment that stands with these values is found; none for other entities."""
    found: set[Term] = set()
    for kind, fields in _BY_ENTITY.get(fragment.entity, ()):
        written = (fragment.key,) if kind == "key" else tuple(values.get(name, "") for name in fields)
        for text in written:
            found.update((term, kind, fragment.fragment_id) for term in _terms(kind, text))
    return found


def question(text: str) -> dict[str, tuple[str, ...]]:
    """What to look for in each kind, all as prefixes; every term of a kind has to be found on one customer.

    `"karimov 99890"` looks for both among the names, and for the whole of it as a number or key.
    """
    asked = {"name": _names(text)}
    compact = _compact(text)
    if compact:
        asked |= dict.fromkeys(("national_id", "customer_number", "account", "key"), (compact,))
    digits = "".join(it for it in text if it.isdigit())
    if len(digits) >= _PHONE_DIGITS_LEAST and len(digits) == len(compact.lstrip("+")):
        asked["phone"] = (digits,)
    if "@" in text or not any(it.isspace() for it in text.strip()):
        asked["email"] = (text.strip().casefold(),)
    return {kind: terms for kind, terms in asked.items() if terms and all(terms)}


def _terms(kind: str, text: str) -> set[str]:
    if not text:
        return set()
    if kind == "name":
        return set(_names(text)) | {it[:TERM_LENGTH_MOST] for it in words(text)}
    if kind == "email":
        return {text.casefold()[:TERM_LENGTH_MOST]}
    if kind == "phone":
        return _phones(text)
    return {_compact(text)}


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(skeleton(it)[:TERM_LENGTH_MOST] for it in words(text)))


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()[:TERM_LENGTH_MOST]


def _phones(e164: str) -> set[str]:
    """The number with its country code, and each end of it that people say without one."""
    digits = "".join(it for it in e164 if it.isdigit())
    return {digits[cut:] for cut in range(4) if len(digits) - cut >= _PHONE_DIGITS_LEAST}
