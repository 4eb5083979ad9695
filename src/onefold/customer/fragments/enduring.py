"""What cannot be unsaid: the restrictions that consent and suppression fragments have ever stated.

A row of a consent is a register like any other, but a withdrawal must outlive its row: a source that deletes
the row, corrects its channel, or moves it to another party has not granted anything (law L5). So a fragment
of these entities also keeps every party, purpose and channel it ever named, and when it last said each word
that restricts. The restriction covers all it ever named: too much where a row was used for two things, never
too little. Only something explicit ends it: a grant with a later instant, or `off` for a suppression.

That a grant was given is kept too, though it allows nothing once its row is gone: it had replaced the grants
before it, and they must not come back because it was deleted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from onefold.customer.consent.model import ANY_CHANNEL, ANY_PURPOSE
from onefold.customer.fragments.model import Statement

Ever = dict[str, tuple[Any, ...]]
"""Field → every value it ever had, sorted; word → (the latest instant it was said at, what breaks ties)."""


class _Enduring(NamedTuple):
    """`scope`: fields of which nothing is forgotten. `instant`: the field that dates the word, if any."""

    scope: tuple[str, ...]
    word: str
    kept: frozenset[str]
    instant: str
    unsaid: str
    """The word that a whole row means which leaves it out."""


_ANY = {"purpose": ANY_PURPOSE, "channel": ANY_CHANNEL}
"""What a whole row covers that leaves a field out. A patch covers what its row names, nothing until then."""

_ENDURING = {
    "consent": _Enduring(
        ("party", "purpose", "channel"),
        "fact",
        frozenset({"withdrawn", "objected", "granted"}),
        "given_at",
        "",
    ),
    # A suppression is dated by when it was said: `since_at` stays what it was when it is lifted.
    "suppression": _Enduring(("party", "channel", "reason"), "state", frozenset({"on", "off"}), "", "on"),
}


def said(ever: Ever, statement: Statement) -> Ever:
    """What was ever said, after one more statement; the very same object when it adds nothing."""
    enduring = _ENDURING.get(statement.entity)
    values = statement.values
    if enduring is None or not values:
        return ever
    added: Ever = {}
    for name in enduring.scope:
        value = values.get(name) or ("" if statement.partial else _ANY.get(name))
        if value and value not in ever.get(name, ()):
            added[name] = tuple(sorted((*ever.get(name, ()), value)))
    word = values.get(enduring.word) or ("" if statement.partial else enduring.unsaid)
    if word in enduring.kept:
        dated = values.get(enduring.instant)
        instant = statement.stamp if dated is None else (dated, b"")
        if instant > ever.get(word, ()):
            added[word] = instant
    return {**ever, **added} if added else ever
