"""What a person may type to find somebody: the terms a fragment is found by, and the terms in a question.

Both sides go through the same words, so a question finds what was written in another script or order. Each
kind of term comes from fields of one class: whoever may not see the class may not search by the kind, or the
answer would tell what the screen hides. Accounts are found by number and key; their holders are found from
there by the links. A key is of the class of what it names: many a source keys its accounts by their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.identity.names import skeleton, words
from onefold.record.canon.entities import FieldClass

Term = tuple[str, str, bytes]
"""(term, kind, fragment_id)."""

TERM_LENGTH_MOST = 64
_THRICE = re.compile(r"(.)\1\1")
_SEPARATORS = re.compile(r"[\s./\\\-–()]+")
_PHONE_DIGITS_LEAST = 4
_LETTERS_BESIDE_DIGITS_LEAST = 3
_WRITTEN_AS_ONE = ("national_id", "customer_number", "account", "account_key", "key")
_WHOLE = ("key",)
"""A key is copied, not typed: it is asked for as it stands. That of an account is often its number."""


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
    "key": Kind(FieldClass.PII, {"party": ()}),
    "account_key": Kind(FieldClass.PCI, {"account": ()}),
}
"""Every kind there is. A kind without fields is made from the fragment's own key."""

_BY_ENTITY = {
    entity: tuple((name, kind.fields[entity]) for name, kind in KINDS.items() if entity in kind.fields)
    for entity in ("party", "account")
}


def terms_of(fragment: Fragment, values: Values) -> set[Term]:
    """The terms by which a fragment that stands with these values is found; none for other entities."""
    found: set[Term] = set()
    for kind, fields in _BY_ENTITY.get(fragment.entity, ()):
        written = tuple(values.get(name, "") for name in fields) if fields else (fragment.key,)
        for text in written:
            found.update((term, kind, fragment.fragment_id) for term in _terms(kind, text))
    return found


class Asked(NamedTuple):
    """What to look for among the terms of one kind: every part has to be found on one customer.

    A part is found by any of its spellings: each a prefix, or the term itself where it is `whole`. `initials`
    narrow what the parts find to those with another word that begins so.
    """

    kind: str
    parts: tuple[tuple[str, ...], ...]
    whole: bool = False
    initials: tuple[tuple[str, ...], ...] = ()


def question(text: str) -> tuple[Asked, ...]:
    """What a person may have meant by a text, kind by kind.

    `"Karimov Aziz"` asks for a name of two parts, and for a number or key that reads `karimovaziz`.
    """
    compact = _compact(text)
    if not compact:
        return ()
    asked = [Asked(kind, ((compact,),), whole=kind in _WHOLE) for kind in _WRITTEN_AS_ONE]
    named = _names_in(text)
    if named:
        longer = [word for word in named if not _is_initial(word)]
        parts = tuple(_meant(word) for word in longer or named)
        # A Latin letter is meant as typed: C is for Carol and Chingiz, not for every name with a K.
        initials = [(it,) if it.isascii() else _spellings(it) for it in named if longer and _is_initial(it)]
        asked.append(Asked("name", parts, not longer, tuple(initials)))
    digits = "".join(it for it in compact if it.isdigit())
    if len(digits) >= _PHONE_DIGITS_LEAST and digits == compact.removeprefix("+"):
        asked.append(Asked("phone", ((digits,),)))
    if not any(it.isspace() for it in text.strip()):
        asked.append(Asked("email", ((text.strip().casefold()[:TERM_LENGTH_MOST],),)))
    return tuple(asked)


def _names_in(text: str) -> list[str]:
    """The words of a question that may be of a name.

    Letters between digits are of a key or a passport: `C-1` asks for nobody whose name begins with C.
    """
    return [
        word
        for written in text.split()
        for word in words(written)
        if len(word) >= _LETTERS_BESIDE_DIGITS_LEAST or not any(it.isdigit() for it in written)
    ]


def _is_initial(word: str) -> bool:
    """One letter of a script that has initials; in others one sign may be a whole name."""
    return len(word) == 1 and word.upper() != word.lower()


def _meant(word: str) -> tuple[str, ...]:
    """How a word that somebody typed may be spelled.

    No name has a letter three times in a row. Folded into one, `qqq` would ask for everybody with a K.
    """
    return (word[:TERM_LENGTH_MOST],) if _THRICE.search(word) else _spellings(word)


def _spellings(word: str) -> tuple[str, ...]:
    return tuple(sorted({word[:TERM_LENGTH_MOST]} | ({skeleton(word)} - {""})))


def begins_with(
    names: Iterable[str], parts: Sequence[tuple[str, ...]], initials: Sequence[tuple[str, ...]]
) -> bool:
    """Whether every part and every initial begins a word of its own among these names of one fragment."""
    left = {skeleton(word): _spellings(word) for name in names for word in words(name)}
    longest_first = sorted(parts, key=lambda it: -max(map(len, it)))
    for part in (*longest_first, *initials):
        taken = next((key for key, said in left.items() if any(it.startswith(part) for it in said)), None)
        if taken is None:
            return False
        del left[taken]
    return True


def _terms(kind: str, text: str) -> set[str]:
    if not text:
        return set()
    if kind == "name":
        return {it[:TERM_LENGTH_MOST] for word in words(text) for it in (word, skeleton(word)) if it}
    if kind == "email":
        return {text.casefold()[:TERM_LENGTH_MOST]}
    if kind == "phone":
        return _phones(text)
    return {_compact(text)}


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()[:TERM_LENGTH_MOST]


def _phones(e164: str) -> set[str]:
    """The number with its country code, and each end of it that people say without one."""
    digits = "".join(it for it in e164 if it.isdigit())
    return {digits[cut:] for cut in range(4) if len(digits) - cut >= _PHONE_DIGITS_LEAST}
