"""What consent and suppression fragments say, as the facts that `customer/consent` combines.

A grant is read only where one event states it whole: party, purpose, channel and end. A later patch of one of
these does not stretch a grant, it ends it (law L5). Restrictions are read from what was ever said, whatever
became of the row (`enduring.py`): over all they may have covered, where that was told in parts.
"""

from __future__ import annotations

from itertools import product

from onefold.customer.consent.model import (
    OURSELVES,
    ConsentFact,
    FactKind,
    Notice,
    Suppression,
)
from onefold.customer.fragments.enduring import NARROWING, spoken
from onefold.customer.fragments.model import Fragment, Values
from onefold.record.canon.data_classes import ANY_DATA

_SCOPE = {"party", "purpose", "channel"}
_GRANT = (
    *("fact", "party", "purpose", "channel", "given_at", "until_at"),
    *("from_at", "data_class", "controller", "includes_parts", "basis"),
)


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
    return _place(fact) == _place(granted)


def _place(fact: ConsentFact) -> tuple[object, ...]:
    scope = fact.party, fact.purpose, fact.channel, fact.data_class, fact.controller, fact.includes_parts
    return fact.kind, fact.at, *scope


def _grant(fragment: Fragment, values: Values) -> ConsentFact | None:
    if values.get("fact") != FactKind.GRANTED or not values.keys() >= _SCOPE:
        return None
    if fragment.patches:
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
        values.get("from_at"),
        values.get("data_class", ANY_DATA),
        values.get("controller", OURSELVES),
        values.get("includes_parts", False),
        values.get("basis", ""),
        _notice(values),
    )


def _notice(values: Values) -> Notice:
    return Notice(
        values.get("notice", ""),
        values.get("notice_version", ""),
        values.get("language", ""),
        values.get("mechanism", ""),
        values.get("jurisdiction", ""),
    )


def _ever_said(fragment: Fragment, values: Values) -> list[ConsentFact]:
    """What is remembered of each word; one that was told in part covers whatever was ever named."""
    ever = fragment.ever
    if not ever:
        return []
    scopes = list(product(*(ever.get(name, ()) for name in ("party", "purpose", "channel"))))
    classes, controllers = (ever.get(it) or (whole,) for it, whole in NARROWING.items())
    facts = []
    for kind, narrowed, includes_parts, at in spoken(ever):
        stands = values.get("fact") == kind
        facts += [
            ConsentFact(
                fragment.fragment_id,
                party,
                purpose,
                channel,
                kind,
                at,
                at if kind is FactKind.GRANTED else None,
                fragment.source,
                values.get("evidence", "") if stands else "",
                None,
                data_class,
                controller,
                includes_parts,
                values.get("basis", "") if stands and kind is not FactKind.GRANTED else "",
                _notice(values) if stands else Notice(),
            )
            for party, purpose, channel in scopes
            for data_class, controller in (
                product(classes, controllers) if narrowed else [(ANY_DATA, OURSELVES)]
            )
        ]
    return facts


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
