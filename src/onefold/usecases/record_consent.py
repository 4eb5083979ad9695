"""Record what a customer granted, withdrew or objected to, said to one of our people.

A restriction is written for every record that was shown as this customer, so it stays with each of them
should they turn out to be two people. A grant is written for one record, the one best proven to be reached
over the channel; it counts for the others only as far as verified identifiers join them.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from onefold.customer.fragments.model import Fragment
from onefold.gate.dossier import Dossier
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.purposes import PURPOSES, Basis
from onefold.record.canon.vocabulary import VOCABULARY
from onefold.usecases.biometrics import end_biometrics
from onefold.usecases.model import RecordedConsent
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_consents import instant_of
from onefold.usecases.statements import BEGUN, state

GRANTED = "granted"
_PROOF = {"email": "email_verified", "sms": "phone_verified", "call": "phone_verified"}


_WORDS = ("purpose", "channel", "fact", "data_class", "basis", "mechanism")
_INSTANTS = ("from_at", "until_at")


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One fact: about which purpose and channel, and how we know; what is empty is not said.

    `data_class` and `controller` narrow it, `from_at` and `until_at` (a day or an instant) bound a grant in
    time. `notice` and what follows are the evidence as ISO/IEC TS 27560 names it.
    """

    purpose: str
    channel: str
    fact: str
    evidence: str
    data_class: str = ""
    controller: str = ""
    includes_parts: bool = False
    from_at: str = ""
    until_at: str = ""
    basis: str = ""
    jurisdiction: str = ""
    notice: str = ""
    notice_version: str = ""
    language: str = ""
    mechanism: str = ""


def record_consent(permit: Permit, rooms: Rooms, customer: str, fact: ConsentFact) -> RecordedConsent:
    """Returns once nothing that is released from now on can rest on what stood before."""
    permit.needs("record_consent")
    stated = _stated(fact)
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
            "given_at": now,
            "actor": permit.actor.id,
            **stated,
        }
        for party in parties
    ]
    told = {it: stated[it] for it in (*_WORDS, *_INSTANTS) if it in stated}

    def written(**stage: str) -> None:
        what = {"customer": dossier.customer, "fragments": parties, "said": fact.evidence}
        rooms.gate.released(dossier.permit, "consent", details=told | stage, **what)

    if fact.fact == GRANTED:
        written(stage=BEGUN)
    event = state(rooms, "consent", rows)
    written()
    if fact.fact != GRANTED:
        end_biometrics(rooms, dossier)
    return RecordedConsent(
        event=event,
        customer=id_text(dossier.customer),
        purpose=fact.purpose,
        channel=fact.channel,
        fact=fact.fact,
        reaches=len(parties),
    )


def _stated(fact: ConsentFact) -> dict[str, str]:
    """What the fact says, in the words of our own contract; `CallerError` for words that are on no list."""
    if fact.fact != GRANTED and (fact.from_at or fact.until_at or fact.includes_parts):
        raise CallerError(
            "What is taken back has neither a beginning nor an end, and always includes the parts.",
            hint="Leave them out; a new grant says from when it holds.",
        )
    stated = {name: value for name, value in asdict(fact).items() if isinstance(value, str) and value}
    for name in _WORDS:
        known = VOCABULARY["consent", name]
        if name in stated and name != "purpose" and stated[name] not in known:
            raise CallerError(
                f"The {name.replace('_', ' ')} is not one we know.",
                hint=f"Known: {', '.join(sorted(known))}.",
            )
    for name in _INSTANTS:
        if name in stated:
            stated[name] = iso_instant(instant_of(stated[name], 0))
    if stated.get("from_at", "") >= stated.get("until_at", "~"):
        raise CallerError("The grant would be over before it began.", hint="Let it end after it begins.")
    if fact.includes_parts:
        stated["includes_parts"] = "true"
    return stated


def _best_proven(rooms: Rooms, dossier: Dossier, channel: str) -> bytes:
    """The record a grant is written for: proven for the channel, of a trusted source, said last."""
    proof = _PROOF.get(channel, "")

    def merit(fragment: Fragment) -> tuple[bool, bool, int, bytes]:
        values = fragment.values or {}
        trusted = rooms.contracts.latest(fragment.source).contract.trusted
        return values.get(proof) is True, trusted, fragment.stamp[0], fragment.fragment_id

    return max((it.fragment for it in dossier.permitting.values()), key=merit).fragment_id
