"""What cannot be unsaid: the restrictions that consents, suppressions and holds have ever stated.

A row of a consent is a register like any other, but a withdrawal must outlive its row: a source that deletes
the row, corrects its channel, or moves it to another party has not granted anything (law L5). So a fragment
of these entities also keeps every party, purpose and channel it ever named, and when it last said each word
that restricts. The restriction covers all it ever named: too much where a row was used for two things, never
too little. Only something explicit ends it: a grant with a later instant, or `off` for the other two.

That a grant was given is kept too, though it allows nothing once its row is gone: it had replaced the grants
before it, and they must not come back because it was deleted.

A word of a whole row that names a class of data or a controller is remembered apart, as told in part: it
covers every class and every controller that such rows and patches ever named. All other words cover all of
them, those of patches too, which do not say what their row named. A grant whose row included the parts of its
purpose is remembered apart as well, since it had replaced grants of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from onefold.customer.consent.model import ANY_CHANNEL, ANY_PURPOSE, OURSELVES, FactKind
from onefold.customer.fragments.model import Statement, Values
from onefold.record.canon.data_classes import ANY_DATA
from onefold.record.canon.purposes import Basis

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

NARROWING = {"data_class": ANY_DATA, "controller": OURSELVES}
"""Fields of a consent that leave some of it out → the value that leaves out nothing."""
_IN_PART, _WITH_PARTS = " in part", " with parts"
_WORDS = tuple(
    (kind + _IN_PART * narrowed + _WITH_PARTS * includes_parts, kind, narrowed, includes_parts)
    for kind in FactKind
    for narrowed in (False, True)
    for includes_parts in (False, True)
)
"""Every word of a consent as it is remembered, and what it says."""

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
    # A hold too: whoever deletes its row, or writes another party into it, has not lifted it.
    "hold": _Enduring(("party",), "state", frozenset({"on", "off"}), "", "on"),
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
    if statement.entity == "consent":
        added |= _named_in_part(ever, values, statement.partial)
        word = _told(word, values)
    if word and word.split(" ", 1)[0] in enduring.kept:
        dated = values.get(enduring.instant)
        instant = statement.stamp if dated is None else (dated, b"")
        if instant > ever.get(word, ()):
            added[word] = instant
    return {**ever, **added} if added else ever


def spoken(ever: Ever) -> Iterator[tuple[FactKind, bool, bool, int]]:
    """Each word of a consent that was ever said: kind, whether in part, whether with parts, when last."""
    for key, kind, narrowed, includes_parts in _WORDS:
        if key in ever:
            yield kind, narrowed, includes_parts, ever[key][0]


def _is_narrowed(values: Values) -> bool:
    return any(values.get(it, whole) not in (None, whole) for it, whole in NARROWING.items())


def _named_in_part(ever: Ever, values: Values, partial: bool) -> Ever:
    """Classes and controllers that rows told in part, and patches, add to those ever named."""
    added: Ever = {}
    for name, whole in NARROWING.items() if _is_narrowed(values) else ():
        value = values.get(name)
        if value is None:
            value = None if partial else whole
        if value is not None and value not in ever.get(name, ()):
            added[name] = tuple(sorted((*ever.get(name, ()), value)))
    return added


def _told(word: str, values: Values) -> str:
    """The word of a consent as it is remembered; none for a yes that rests on no consent."""
    grants = word == FactKind.GRANTED
    if grants and values.get("basis") not in (None, Basis.CONSENT):
        return ""
    told = word + _IN_PART if word and _is_narrowed(values) else word
    return told + _WITH_PARTS if grants and values.get("includes_parts") else told
