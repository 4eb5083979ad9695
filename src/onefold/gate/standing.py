"""What stands about consent for a whole customer, as people read it.

A customer may be contacted when every member permits it, so what is shown for a purpose and a channel is the
first answer of a member that is not a yes, and a yes only when all say so. A yes of some is told beside it:
it is there, though it is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    ANY_PURPOSE,
    OURSELVES,
    FactKind,
    Standing,
    State,
)
from onefold.gate.dossier import Dossier
from onefold.gate.model import ConsentView
from onefold.kernel.time import iso_instant
from onefold.record.canon.purposes import PURPOSES


def consent_views(dossier: Dossier) -> tuple[ConsentView, ...]:
    """One line for each purpose and channel somebody spoke of; `unknown` for purposes nobody did.

    All is about the use of all data by whom the view is for; the ledger of consents has the rest.
    """
    standing, by = dossier.consents.standing, dossier.permit.actor.controller
    channels: dict[str, set[str]] = {}
    for fact in dossier.consents.facts:
        if fact.controller == by or (fact.controller == OURSELVES and fact.kind is not FactKind.GRANTED):
            channels.setdefault(fact.purpose, set()).add(fact.channel)
    lines = []
    for purpose in PURPOSES.values():
        whole = not purpose.part_of
        spoken = channels.get(purpose.name, set()) | (channels.get(ANY_PURPOSE, set()) if whole else set())
        if not spoken and whole and purpose.needs_consent:
            spoken = {ANY_CHANNEL}
        if not spoken:
            continue
        lines += [
            _line(
                purpose.name,
                channel,
                [standing(it, purpose.name, channel, controller=by) for it in dossier.members],
            )
            for channel in sorted(spoken)
        ]
    return tuple(lines)


def _line(purpose: str, channel: str, found: Sequence[Standing]) -> ConsentView:
    """What stands for all, of what stands for each."""
    granted = [it for it in found if it.state is State.GRANTED]
    stands = next((it for it in found if it.state is not State.GRANTED), found[0])
    fact = stands.fact or next((it.fact for it in granted), None)
    return ConsentView(
        purpose=purpose,
        channel=channel,
        state=stands.state.value,
        since=iso_instant(fact.at) if fact else "",
        source=fact.source if fact else "",
        evidence=fact.evidence if fact else "",
        until=iso_instant(fact.until_at) if fact and fact.until_at is not None else None,
        granted=len(granted),
        records=len(found),
    )
