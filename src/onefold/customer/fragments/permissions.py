"""What consent and suppression fragments say, as the facts that `customer/consent` combines.

A grant is read only where one event states it whole: party, purpose, channel and end. A later patch of one of
these does not stretch a grant, it ends it (law L5). Restrictions are read from what was ever said, whatever
became of the row (`enduring.py`).
"""

from __future__ import annotations

from itertools import product

from onefold.customer.consent.model import ANY_CHANNEL, ANY_PURPOSE, ConsentFact, FactKind, Suppression
from onefold.customer.fragments.model import Fragment, Values

_GRANT = ("fact", "party", "purpose", "channel", "given_at", "until_at")
_RESTRICTIONS = (FactKind.WITHDRAWN, FactKind.OBJECTED)


def facts_of(fragment: Fragment) -> tuple[ConsentFact, ...]:
    """The facts a consent fragment holds: every restriction it ever stated, and its grant if any."""
    values = fragment.values or {}
    granted = _grant(fragment, values)
    return (*_restrictions(fragment, values), *([granted] if granted else []))


def _grant(fragment: Fragment, values: Values) -> ConsentFact | None:
    if values.get("fact") != FactKind.GRANTED or "party" not in values or "purpose" not in values:
        return None
    stated = {fragment.stamp_of(it) for it in _GRANT if it in values or it in fragment.patches}
    if len(stated) > 1:
        return None
    return ConsentFact(
        fragment.fragment_id,
        values["party"],
        values["purpose"],
        values.get("channel", ANY_CHANNEL),
        FactKind.GRANTED,
        values.get("given_at", fragment.stamp_of("fact")[0]),
        values.get("until_at"),
        fragment.source,
        values.get("evidence", ""),
    )


def _restrictions(fragment: Fragment, values: Values) -> list[ConsentFact]:
    ever = fragment.ever
    scopes = list(
        product(
            ever.get("party", ()), ever.get("purpose", (ANY_PURPOSE,)), ever.get("channel", (ANY_CHANNEL,))
        )
    )
    return [
        ConsentFact(
            fragment.fragment_id,
            party,
            purpose,
            channel,
            kind,
            ever[kind][0],
            None,
            fragment.source,
            values.get("evidence", "") if values.get("fact") == kind else "",
        )
        for kind in _RESTRICTIONS
        if kind in ever
        for party, purpose, channel in scopes
    ]


def suppressions_of(fragment: Fragment) -> tuple[Suppression, ...]:
    """The suppressions in force that a suppression fragment holds: said `on`, and not lifted since."""
    ever = fragment.ever
    if "on" not in ever or ever.get("off", ()) > ever["on"]:
        return ()
    reasons = ever.get("reason", ("",))
    return tuple(
        Suppression(fragment.fragment_id, party, channel, reason, ever["on"][0], fragment.source)
        for party, channel, reason in product(
            ever.get("party", ()), ever.get("channel", (ANY_CHANNEL,)), reasons
        )
    )
