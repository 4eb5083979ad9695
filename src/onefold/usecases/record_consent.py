"""Record what a customer granted, withdrew or objected to, said to one of our people.

A restriction is written for every record that was shown as this customer, so it stays with each of them
should they turn out to be two people. A grant is written for one record, the one best proven to be reached
over the channel; it counts for the others only as far as verified identifiers join them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from onefold.customer.fragments.model import Fragment
from onefold.gate.dossier import Dossier
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.purposes import PURPOSES, Basis
from onefold.usecases.model import RecordedConsent
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import state

GRANTED = "granted"
_PROOF = {"email": "email_verified", "sms": "phone_verified", "call": "phone_verified"}


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One fact: about which purpose and channel, and how we know."""

    purpose: str
    channel: str
    fact: str
    evidence: str


def record_consent(permit: Permit, rooms: Rooms, customer: str, fact: ConsentFact) -> RecordedConsent:
    """Returns once nothing that is released from now on can rest on what stood before."""
    permit.needs("record_consent")
    purpose = PURPOSES.get(fact.purpose)
    if purpose is None or purpose.basis in (Basis.CONTRACT, Basis.LEGAL_DUTY):
        asked = ", ".join(it.name for it in PURPOSES.values() if it.needs_consent)
        raise CallerError("Nobody is asked for consent to that.", hint=f"Purposes that need it: {asked}.")
    dossier = rooms.gate.members(permit, id_from_text(customer))
    parties = [_best_proven(rooms, dossier, fact.channel)] if fact.fact == GRANTED else list(dossier.members)
    now = iso_instant(rooms.clock.now_ms())
    rows = [
        {
            "id": secrets.token_hex(16),
            "party": id_text(party),
            "purpose": fact.purpose,
            "channel": fact.channel,
            "fact": fact.fact,
            "given_at": now,
            "evidence": fact.evidence,
            "actor": permit.actor.id,
        }
        for party in parties
    ]
    event = state(rooms, "consent", rows)
    rooms.gate.released(
        permit,
        "consent",
        customer=dossier.customer,
        fragments=parties,
        details={"purpose": fact.purpose, "channel": fact.channel, "fact": fact.fact},
        said=fact.evidence,
    )
    return RecordedConsent(
        event=event,
        customer=id_text(dossier.customer),
        purpose=fact.purpose,
        channel=fact.channel,
        fact=fact.fact,
        reaches=len(parties),
    )


def _best_proven(rooms: Rooms, dossier: Dossier, channel: str) -> bytes:
    """The record a grant is written for: proven for the channel, of a trusted source, said last."""
    proof = _PROOF.get(channel, "")

    def merit(fragment: Fragment) -> tuple[bool, bool, int, bytes]:
        values = fragment.values or {}
        trusted = rooms.contracts.latest(fragment.source).contract.trusted
        return values.get(proof) is True, trusted, fragment.stamp[0], fragment.fragment_id

    return max((it.fragment for it in dossier.permitting.values()), key=merit).fragment_id
