"""What one record says, field by field: what `fields_of` makes of a row of columns, with no column made.

It is for records that come one at a time. A row of its own has nobody beside it, so what hangs on a column
is given: how its dates are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from onefold.customer.identity.linking import fields as of
from onefold.customer.identity.linking.columns import APART, alternatives
from onefold.customer.identity.linking.persons import CLEANED, PERSON_KINDS, assembled
from onefold.kernel.memory import remembered

Said = Mapping[str, Sequence[tuple[str, str]]]
"""By kind: the names of columns, and what the record says in them."""

_MOST = 65_536
_once = remembered(_MOST)
_SIMPLE = {kind: _once(change) for kind, change in of.SIMPLE}
_NAMES = {kind: _once(change) for kind, change in CLEANED.items()}
_OWN = {"identifier": _once(of.identifier), "category": _once(of.words)}
"""Kinds of which each column is a field of its own."""
_organisation, _streets, _email = _once(of.organisation), _once(of.streets), _once(of.email)
_generation = _once(of.generation_of)
_desk, _assembled = _once(of.desk), _once(assembled)


def texts_of(said: Said, read_date: Callable[[str], str]) -> dict[str, str]:
    """The text of each field by name; fields in which nothing is said may lack."""
    found, order, firms = _who(said)
    found[of.ORDER] = order
    if numbers := [it for kind in PERSON_KINDS for text in _told(said, kind) if (it := _generation(text))]:
        found[of.GENERATION] = _together(numbers)
    if firms:
        found["organisation"] = _together(firms)
    for kind, columns in said.items():
        if kind in _SIMPLE:
            found[kind] = _together([_SIMPLE[kind](text) for _, text in columns if text])
        elif kind in _OWN:
            found.update((name, _OWN[kind](text)) for name, text in columns if text)
    if "street" in said:
        (found["street"],) = _streets(tuple(_told(said, "street")))
    if "email" in said:
        boxes = _told(said, "email")
        (found["email"],) = of.mailboxes(len(boxes), (*map(_email, boxes), *map(_desk, boxes), *firms))
    if "birth_date" in said:
        found["birth_date"] = _together([read_date(it) for it in _told(said, "birth_date")])
    sure = found.get("birth_date", ""), found.get("gender", "")
    (found[of.NATURE],) = of.nature((order, found.get("organisation", ""), *sure))
    return found


def _who(said: Said) -> tuple[dict[str, str], str, list[str]]:
    """The names of a person, how their order is known, and the names of firms."""
    firms = [_organisation(it) for it in _told(said, "organisation")]
    parts = [(kind, text) for kind in PERSON_KINDS[:-1] for text in _told(said, kind)]
    beside = [text for _, text in parts]
    for text in _told(said, "full_name"):
        firm, whole = of.firm_or_person((text, *beside))
        if firm:
            firms.append(_organisation(firm))
        if whole:
            parts.append(("full_name", whole))
    kinds = tuple([kind for kind, _ in parts])
    *names, order = _assembled(kinds, tuple([_NAMES[kind](text) for kind, text in parts]))
    return dict(zip(("given_name", "middle_name", "family_name"), names, strict=True)), order, firms


def _told(said: Said, kind: str) -> list[str]:
    """What is said in the columns of a kind, where anything is."""
    return [text for _, text in said[kind] if text] if kind in said else []


def _together(texts: list[str]) -> str:
    """One text made of several, with the alternatives of all; one alone stays as it is."""
    if len(texts) == 1:
        return texts[0]
    return alternatives(chain.from_iterable(it.split(APART) for it in texts))
