"""Put a customer on do-not-contact, and lift it again: both are facts that our own desk states in the log.

It is set for every record that was shown as this customer, so it stays with each of them should they turn out
to be two people. Only what was set at a desk is lifted at one: what a source said, that source takes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext

from onefold.customer.consent.model import Suppression
from onefold.customer.erasure.holds import LITIGATION
from onefold.gate.dossier import Dossier
from onefold.gate.ledger import SuppressionView
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import iso_instant
from onefold.record.canon.vocabulary import VOCABULARY
from onefold.record.contracts.registry import BUILTIN
from onefold.usecases.model import ChangedSuppression
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BEGUN, state

_WORDS = ("channel", "reason")
HOLDING = frozenset({LITIGATION, "fraud"})
"""Reasons that keep data from being erased or speak of a suspicion: set and lifted for compliance alone."""
_FOR_HOLDING = "compliance"


def suppress_customer(
    permit: Permit, rooms: Rooms, customer: str, channel: str, reason: str
) -> ChangedSuppression:
    """Returns once nothing that is released from now on goes over the channel; `any` is every one."""
    permit.needs("suppress_customer")
    # What holds waits for an erasure that is under way, as any hold does.
    with rooms.eraser.one_at_a_time if reason == LITIGATION else nullcontext():
        dossier = _asked(permit, rooms, customer, channel, reason)
        covered = {it.party for it in _of_desk(dossier, channel, reason)}
        parties = [it for it in dossier.members if it not in covered]
        if parties:
            _state(rooms, parties, channel, reason, "on")
    return _written_down(rooms, dossier, parties, channel, reason, "on")


def lift_suppression(
    permit: Permit, rooms: Rooms, customer: str, channel: str, reason: str
) -> ChangedSuppression:
    """Ends what was set at a desk for this channel and reason; the answer says what still stands."""
    permit.needs("lift_suppression")
    dossier = _asked(permit, rooms, customer, channel, reason)
    parties = [it.party for it in _of_desk(dossier, channel, reason)]
    if not parties:
        raise CallerError(
            "Nothing of that channel and reason was set at a desk for this customer.",
            hint="`onefold consent show` lists what stands; what a source said, that source takes back.",
        )
    _record(rooms, dossier, parties, {"channel": channel, "reason": reason, "state": "off", "stage": BEGUN})
    _state(rooms, parties, channel, reason, "off")
    return _written_down(rooms, dossier, parties, channel, reason, "off")


def _asked(permit: Permit, rooms: Rooms, customer: str, channel: str, reason: str) -> Dossier:
    """Whom it is about; `CallerError` for words that are on no list, `Refused` where they are for others."""
    for name, word in zip(_WORDS, (channel, reason), strict=True):
        known = VOCABULARY["suppression", name]
        if word not in known:
            raise CallerError(f"The {name} is not one we know.", hint=f"Known: {', '.join(sorted(known))}.")
    dossier = rooms.gate.members(permit, id_from_text(customer))
    if reason in HOLDING and permit.purpose != _FOR_HOLDING:
        why = (f"{reason} is set and lifted for {_FOR_HOLDING} alone",)
        rooms.gate.refuse(dossier.permit, dossier.customer, "This may not be said here.", why)
    return dossier


def _of_desk(dossier: Dossier, channel: str, reason: str) -> list[Suppression]:
    return [
        it
        for it in dossier.consents.suppressions
        if (it.source, it.channel, it.reason) == (BUILTIN, channel, reason)
    ]


def _state(rooms: Rooms, parties: Iterable[bytes], channel: str, reason: str, word: str) -> None:
    said = {"channel": channel, "reason": reason, "state": word}
    said["since_at"] = iso_instant(rooms.clock.now_ms())
    state(rooms, "suppression", [{"party": id_text(it)} | said for it in parties])


def _written_down(
    rooms: Rooms,
    dossier: Dossier,
    parties: list[bytes],
    channel: str,
    reason: str,
    word: str,
) -> ChangedSuppression:
    """The record of it, and what stands for the customer now."""
    decision = _record(rooms, dossier, parties, {"channel": channel, "reason": reason, "state": word})
    now = rooms.gate.members(dossier.permit, dossier.customer)
    stands = {(it.channel, it.reason, it.source): it.at for it in now.consents.suppressions}
    return ChangedSuppression(
        customer=id_text(dossier.customer),
        channel=channel,
        reason=reason,
        state=word,
        reaches=len(parties),
        stands=tuple(
            SuppressionView(channel, reason, iso_instant(at), source)
            for (channel, reason, source), at in sorted(stands.items())
        ),
        decision=decision,
    )


def _record(rooms: Rooms, dossier: Dossier, parties: list[bytes], said: dict[str, str]) -> str:
    of = {"customer": dossier.customer, "fragments": parties}
    return rooms.gate.released(dossier.permit, "suppression", details=said, **of)
