"""What consent and suppression fragments say, as the facts that `customer/consent` combines.

A grant is read only where one event states it whole: party, purpose, channel and end. A later patch of one of
these does not stretch a grant, it ends it (law L5). Restrictions are read from what was ever said, whatever
became of the row (`enduring.py`).
"""

from __future__ import annotations

from itertools import product

from onefold.customer.consent.model import ConsentFact, FactKind, Suppression
from onefold.customer.fragments.model import Fragment, Values

_SCOPE = {"party", "purpose", "channel"}
_GRANT = ("fact", "party", "purpose", "channel", "given_at", "until_at")


def facts_of(fragment: Fragment) -> tuple[ConsentFact, ...]:
    """The facts a consent fragment holds: what it ever restricted or granted, and the grant that stands.

    A grant that was deleted or changed is one that was over the moment it was given: it allows nothing, and
    it keeps the place in time that it had before older grants.
    """
    values = fragment.values or {}
    granted = _grant(fragment, values)
    said = [fact for fact in _ever_said(fragment, values) if granted is None or not _is_of(fact, granted)]
    return (*said, *([granted] if granted else []))


def _is_of(fact: ConsentFact, granted: ConsentFact) -> bool:
    """Whether a fact is what is remembered of the grant that stands."""
    return (fact.kind, fact.party, fact.purpose, fact.channel, fact.at) == (
        granted.kind,
        granted.party,
        granted.purpose,
        granted.channel,
        granted.at,
    )


def _grant(fragment: Fragment, values: Values) -> ConsentFact | None:
    if values.get("fact") != FactKind.GRANTED or not values.keys() >= _SCOPE:
        return None
    stated = {fragment.stamp_of(it) for it in _GRANT if it in values or it in fragment.patches}
    if len(stated) > 1:
        return None
    return ConsentFact(
        fragment.fragment_id,
        values["party"],
        values["purpose"],
        values["channel"],
        FactKind.GRANTED,
        values.get("given_at", fragment.stamp_of("fact")[0]),
        values.get("until_at"),
        fragment.source,
        values.get("evidence", ""),
    )


def _ever_said(fragment: Fragment, values: Values) -> list[ConsentFact]:
    ever = fragment.ever
    scopes = list(product(*(ever.get(name, ()) for name in ("party", "purpose", "channel"))))
    return [
        ConsentFact(
            fragment.fragment_id,
            party,
            purpose,
            channel,
            kind,
            ever[kind][0],
            ever[kind][0] if kind is FactKind.GRANTED else None,
            fragment.source,
            values.get("evidence", "") if values.get("fact") == kind else "",
        )
        for kind in FactKind
        if kind in ever
        for party, purpose, channel in scopes
    ]


def suppressions_of(fragment: Fragment) -> tuple[Suppression, ...]:
    """The suppressions in force that a suppression fragment holds: said `on`, and not lifted since.

    What was said at the same instant lifts nothing.
    """
    ever = fragment.ever
    if "on" not in ever or ("off" in ever and ever["off"][0] > ever["on"][0]):
        return ()
    scopes = product(ever.get("party", ()), ever.get("channel", ()), ever.get("reason", ("",)))
    return tuple(
        Suppression(fragment.fragment_id, party, channel, reason, ever["on"][0], fragment.source)
        for party, channel, reason in scopes
    )
