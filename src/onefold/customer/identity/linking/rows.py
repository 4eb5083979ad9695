"""What one record says, field by field: what `fields_of` makes of a row of columns, with no column made.

It is for records that come one at a time. A row of its own has nobody beside it, so what hangs on a column
is given: how its dates are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
_organisation, _streets, _identifier = _once(of.organisation), _once(of.streets), _once(of.identifier)
_email, _desk, _words, _assembled = _once(of.email), _once(of.desk), _once(of.words), _once(assembled)


def texts_of(said: Said, read_date: Callable[[str], str]) -> dict[str, str]:
    """The text of each field by name; fields in which nothing is said may lack."""
    found, order, firms = _who(said)
    found[of.ORDER] = order
    found["organisation"] = firm = _together(firms)
    for kind, change in _SIMPLE.items():
        found[kind] = _together(change(it) for it in _told(said, kind))
    (found["street"],) = _streets(tuple(_told(said, "street")))
    boxes = _told(said, "email")
    (found["email"],) = of.mailboxes(len(boxes), (*map(_email, boxes), *map(_desk, boxes), *firms))
    found["birth_date"] = born = _together(read_date(it) for it in _told(said, "birth_date"))
    (found[of.NATURE],) = of.nature((order, firm, born, found["gender"]))
    found.update((name, _identifier(text)) for name, text in said.get("identifier", ()) if text)
    found.update((name, _words(text)) for name, text in said.get("category", ()) if text)
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
    kinds = tuple(kind for kind, _ in parts)
    *names, order = _assembled(kinds, tuple(_NAMES[kind](text) for kind, text in parts))
    return dict(zip(("given_name", "middle_name", "family_name"), names, strict=True)), order, firms


def _told(said: Said, kind: str) -> list[str]:
    """What is said in the columns of a kind, where anything is."""
    return [text for _, text in said.get(kind, ()) if text]


def _together(texts: Iterable[str]) -> str:
    """One text made of several, with the alternatives of all; one alone stays as it is."""
    made = list(texts)
    if len(made) == 1:
        return made[0]
    return alternatives(chain.from_iterable(it.split(APART) for it in made))
