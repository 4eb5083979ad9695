"""What cannot be unsaid: the restrictions that consent and suppression fragments have ever stated.

A row of a consent is a register like any other, but a withdrawal must outlive its row: a source that deletes
the row, corrects its channel, or moves it to another party has not granted anything (law L5). So a fragment
of these entities also keeps every party, purpose and channel it ever named, and the latest instant at which
it restricted. The restriction covers all it ever named: too much where a row was used for two things, never
too little. Only something explicit ends it: a grant with a later instant, or `off` for a suppression.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from onefold.customer.fragments.model import Statement

RESTRICTED_AT, LIFTED_AT = "restricted_at", "lifted_at"

Ever = dict[str, tuple[Any, ...]]


class _Enduring(NamedTuple):
    scope: tuple[str, ...]
    word: str
    restricts: frozenset[str]
    lifts: frozenset[str]
    instant: str


_ENDURING = {
    "consent": _Enduring(
        ("party", "purpose", "channel"), "fact", frozenset({"withdrawn", "objected"}), frozenset(), "given_at"
    ),
    "suppression": _Enduring(
        ("party", "channel", "reason"), "state", frozenset({"on"}), frozenset({"off"}), "since_at"
    ),
}


def said(ever: Ever, statement: Statement) -> Ever:
    """What was ever said, after one more statement; the very same object when it adds nothing."""
    enduring = _ENDURING.get(statement.entity)
    values = statement.values
    if enduring is None or not values:
        return ever
    added: Ever = {}
    for name in enduring.scope:
        value = values.get(name)
        if value is not None and value not in ever.get(name, ()):
            added[name] = tuple(sorted((*ever.get(name, ()), value)))
    word = values.get(enduring.word)
    kept = RESTRICTED_AT if word in enduring.restricts else LIFTED_AT if word in enduring.lifts else ""
    if kept:
        at = values.get(enduring.instant)
        instant = statement.stamp[0] if at is None else at
        if instant > ever.get(kept, (instant - 1,))[0]:
            added[kept] = (instant,)
    return {**ever, **added} if added else ever
