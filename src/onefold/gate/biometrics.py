"""Which biometric references of a customer may be compared now, and for which records a match speaks.

Rules. A reference hangs on the record for which consent was given to enrol it, and stays with it: a merge
brings it along, an unmerge takes it away. It may be compared while

- it is active;
- its own record permits the use: purpose `authentication`, the channel, class `biometric`, by a yes that
  names the class. What any record of the customer withdraws or objects to counts, and silence is no;
- nothing was withdrawn since the consent under which it was enrolled was given. A new yes does not bring an
  old reference back: the customer is enrolled anew.

One that its own record left no channel to is over: it is revoked, and the engine forgets what it keeps.

A match speaks for the record it hangs on and those that verified identifiers join to it: as far as a grant of
it reaches (`customer/consent`). Records that a model or a steward holds to be the same person's are told
apart, so that no merge makes a face open more than it did.

Identity does not look here. Would a reference join records, withdrawing a consent would part them: who is
whom would depend on what was allowed (laws L3 and L5), and the day somebody objects their file would split.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from onefold.customer.consent.model import ConsentFact, FactKind, State, Use
from onefold.customer.consent.rules import Consents
from onefold.customer.consent.scope import speaks_of
from onefold.customer.profile.ports import CustomerReader
from onefold.record.canon.data_classes import BIOMETRIC
from onefold.record.canon.purposes import AUTHENTICATION
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.contracts.registry import BUILTIN

RELATION = "biometric.party"
_MOST = 1000


class Reference(NamedTuple):
    """One that was enrolled. `said_at` is the instant of the statement; `protected` is shown to nobody."""

    party: bytes
    modality: str
    status: str
    generation: int
    granted_at: int
    protected: str
    said_at: int

    @property
    def is_active(self) -> bool:
        """Whether it was not revoked."""
        return self.status == "active"


def references_of(reader: CustomerReader, parties: Collection[bytes], modality: str = "") -> list[Reference]:
    """Every one of a modality (empty: of any) that we enrolled on any of the records, revoked ones too."""
    links = reader.linked(list(parties), RELATION, most=_MOST)
    found = reader.fragments(list({from_id for _, from_id, _ in links})).values()
    rows = [(it, it.values) for it in found if it.source == BUILTIN]
    return sorted(
        Reference(
            values["party"],
            values["modality"],
            values["status"],
            values["generation"],
            values.get("granted_at", 0),
            values.get("protected", ""),
            it.stamp[0],
        )
        for it, values in rows
        if values is not None and modality in ("", values["modality"])
    )


def grant_for(consents: Consents, parties: Collection[bytes], channel: str) -> ConsentFact | None:
    """The newest grant that stands of the use over a channel, for any of the records; None: nobody may."""
    stands = [consents.standing(it, AUTHENTICATION, channel, BIOMETRIC) for it in parties]
    granted = [it.fact for it in stands if it.state is State.GRANTED and it.fact is not None]
    return max(granted, key=lambda it: (it.at, it.fact_id), default=None)


def comparable(found: Sequence[Reference], consents: Consents, channel: str) -> list[Reference]:
    """Those that may be compared with somebody who is there over a channel."""
    use = Use(AUTHENTICATION, channel, BIOMETRIC)
    no = [it.at for it in consents.facts if it.kind is not FactKind.GRANTED and speaks_of(it, use)]
    ended_at = max(no, default=None)
    return [
        it
        for it in found
        if it.is_active
        and consents.permits(it.party, AUTHENTICATION, channel, BIOMETRIC)
        and (ended_at is None or ended_at < it.granted_at)
    ]


def over(found: Sequence[Reference], consents: Consents, now: int) -> list[Reference]:
    """Those that their own record has ended for good: it took back what they rested on, over every channel.

    What another record of the customer says ends the use and no reference: the two may be parted again.
    """
    return [it for it in found if it.is_active and _is_over(it, consents, now)]


def _is_over(it: Reference, consents: Consents, now: int) -> bool:
    own = Consents((it.party,), consents.facts, (), (), now)
    uses = [Use(AUTHENTICATION, channel, BIOMETRIC) for channel in sorted(CHANNELS)]
    no = [fact for fact in own.facts if fact.kind is not FactKind.GRANTED and fact.at >= it.granted_at]
    taken_back = any(speaks_of(fact, use) for fact in no for use in uses)
    return taken_back and not any(comparable([it], own, use.channel) for use in uses)


def spoken_for(agreeing: Sequence[Reference], consents: Consents) -> frozenset[bytes]:
    """The records for which a match of these references speaks."""
    return frozenset[bytes]().union(*(consents.joined(it.party) for it in agreeing))
