"""Enrol a customer's face, voice, finger or iris, ask whether somebody is them, and revoke it again.

A sample is handed to the engine and let go of: it is in no record, error or file, nor is anything made of it
but the protected reference (record/biometrics). Without a consent that names class `biometric` for the
purpose `authentication` over the channel at hand nothing is handed to the engine at all. Who asks serves the
customer: the permit is one for servicing, and the consent comes on top.

Verifying answers yes, no or unknown and never how alike two are: a score would tell whoever tries which of
two forgeries is better. Whoever tries too often waits. The engine is asked between two looks: what stands
after it has answered is what counts, and no withdrawal waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NoReturn

import msgspec

from onefold.customer.fragments.model import Fragment
from onefold.gate.biometrics import Reference, comparable, grant_for, over, references_of, spoken_for
from onefold.gate.dossier import Dossier, read_consents
from onefold.gate.gathering import Gathered
from onefold.gate.model import Permit
from onefold.gate.records import rests_on
from onefold.kernel.errors import CallerError, NotFound, OnefoldError, Refused, Unavailable
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import iso_instant
from onefold.record.biometrics.service import MODALITIES
from onefold.record.canon.data_classes import BIOMETRIC
from onefold.record.canon.purposes import AUTHENTICATION
from onefold.record.canon.vocabulary import CHANNELS
from onefold.usecases.limits import TooManyRequests
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BEGUN, state

PROBE_BYTES_MAX = 32 * 1024
_KIND = "biometric"
OURSELVES = "onefold"
"""Who ended what a source ended, in the audit."""
VERIFIED = "verification"
_NO_CONSENT = f"no consent to {AUTHENTICATION} with {BIOMETRIC} data stands over that channel"

Answer = Literal["yes", "no", "unknown"]


class EnrolledBiometric(msgspec.Struct, frozen=True):
    """A reference that stands from now on; `reference` is what the audit calls it."""

    customer: str
    record: str
    modality: str
    reference: str
    generation: int
    since: str
    decision: str


class VerifiedBiometric(msgspec.Struct, frozen=True):
    """Whether somebody is the customer. A yes speaks for `records`.

    `whole`: these are all records of the customer that may be seen. `unknown`: nothing was compared. Nothing
    may be, or nothing is enrolled, or consent ended meanwhile; the audit record says which.
    """

    customer: str
    modality: str
    answer: Answer
    records: tuple[str, ...]
    whole: bool
    decision: str


class RevokedBiometric(msgspec.Struct, frozen=True):
    """How many references were active until now; none of that modality is any more."""

    customer: str
    modality: str
    revoked: int
    decision: str


def enrol_biometric(
    permit: Permit, rooms: Rooms, customer: str, modality: str, channel: str, probe: bytes
) -> EnrolledBiometric:
    """Makes a reference of a sample; every earlier one of the customer's of that modality ends.

    `Refused` without consent, and the engine is not asked then.
    """
    permit.needs("enrol_biometric")
    _check(modality, channel, probe)
    with rooms.eraser.one_at_a_time:
        with rooms.gate.looking(permit) as look:
            dossier = look.at(id_from_text(customer))[1]
            before = references_of(look.reader, dossier.members, modality)
        granted = grant_for(dossier.consents, dossier.standing, channel)
        if granted is None:
            _refuse(rooms, dossier)
        own = [it for it in before if it.party == granted.party]
        generation = 1 + max((it.generation for it in own), default=0)
        others = [it for it in before if it.is_active and it.party != granted.party]
        name = rooms.biometrics.name(granted.party, modality, generation)

        def written(**stage: str) -> str:
            details = {
                "step": "renewed" if any(it.is_active for it in before) else "enrolled",
                "modality": modality,
                "over": channel,
                "reference": name,
                "consent": id_text(granted.fact_id),
            }
            of = {"customer": dossier.customer, "fragments": (granted.party, *(it.party for it in others))}
            return rooms.gate.released(dossier.permit, _KIND, details=details | stage, **of)

        written(stage=BEGUN)
        protected = rooms.biometrics.enrol(granted.party, modality, generation, probe)
        now = _after(rooms, before)
        row = _row(granted.party, modality, "active", generation, now) | {
            "granted_at": iso_instant(granted.at),
            "consent": id_text(granted.fact_id),
            "protected": protected,
        }
        state(rooms, _KIND, [row, *(_revoked(it, now) for it in others)])
        for it in others:
            rooms.biometrics.forget(it.party, modality)
        record = written()
    return EnrolledBiometric(
        id_text(dossier.customer), id_text(granted.party), modality, name, generation, now, record
    )


def verify_biometric(
    permit: Permit, rooms: Rooms, customer: str, modality: str, channel: str, probe: bytes
) -> VerifiedBiometric:
    """Whether who is there over a channel is the customer, as a sample of theirs says."""
    permit.needs("verify_biometric")
    _check(modality, channel, probe)
    asked_for = id_from_text(customer)
    with rooms.gate.looking(permit) as look:
        dossier = look.at(asked_for)[1]
        found = references_of(look.reader, dossier.standing, modality)
        asked = comparable(found, dossier.consents, channel)
    agreeing = _agreeing(rooms, dossier, asked, probe)
    with _on_record(rooms, dossier, asked, modality), rooms.gate.looking(permit) as look:
        dossier = look.at(asked_for)[1]
        again = references_of(look.reader, dossier.standing, modality) if asked else []
        stand = set(comparable(again, dossier.consents, channel))
        compared, agreeing = ([it for it in them if it in stand] for them in (asked, agreeing))
        answer: Answer = "yes" if agreeing else "no" if compared else "unknown"
        # Records of a closed source are not told of, nor that there are any.
        records = sorted(spoken_for(agreeing, dossier.consents) & dossier.standing.keys())
        parties = [it.party for it in compared]
        # What was compared served that purpose, and is judged by it (`onefold prove consent`).
        served = msgspec.structs.replace(dossier.permit, purpose=AUTHENTICATION)
        record = rooms.gate.released(
            served if compared else dossier.permit,
            VERIFIED if compared else _KIND,
            customer=dossier.customer,
            fragments=parties,
            details={"step": "verified", "modality": modality, "over": channel, "answer": answer}
            | ({"reference": _names(rooms, compared)} if compared else {"because": _why_not(found, asked)}),
            rests=rests_on(look.offset, look.now_ms, [tuple(dossier.members)], [{BIOMETRIC: parties}])
            if compared
            else None,
        )
    if agreeing:
        rooms.tries.agreed(dossier.customer, permit.actor.id, rooms.clock.now_ms())
    whole = bool(agreeing) and set(records) >= dossier.standing.keys()
    told = tuple(id_text(it) for it in records)
    if answer == "unknown":
        end_biometrics(rooms, dossier)
    return VerifiedBiometric(id_text(dossier.customer), modality, answer, told, whole, record)


def revoke_biometric(permit: Permit, rooms: Rooms, customer: str, modality: str) -> RevokedBiometric:
    """Ends every reference of the customer's of a modality: none of them ever agrees with anybody again.

    Asks nobody's consent. It is in force before the engine is told to forget; where that cannot be reached,
    doing it again tells it again.
    """
    permit.needs("revoke_biometric")
    _check_word("modality", modality, MODALITIES)
    with rooms.eraser.one_at_a_time:
        with rooms.gate.looking(permit) as look:
            dossier = look.at(id_from_text(customer))[1]
            found = references_of(look.reader, dossier.members, modality)
        if not found:
            raise NotFound("Nothing of that kind was ever enrolled for this customer.")
        active = [it for it in found if it.is_active]
        if active:
            now = _after(rooms, found)
            state(rooms, _KIND, [_revoked(it, now) for it in active])
        for it in found:
            rooms.biometrics.forget(it.party, modality)
        record = rooms.gate.released(
            dossier.permit,
            _KIND,
            customer=dossier.customer,
            fragments=[it.party for it in found],
            details={"step": "revoked", "modality": modality, "reference": _names(rooms, active)},
        )
    return RevokedBiometric(id_text(dossier.customer), modality, len(active), record)


def end_biometrics(rooms: Rooms, dossier: Dossier) -> None:
    """Revokes what the customer's records have ended for good, and has the engine forget it.

    To be asked once a withdrawal is in force, which waits for no engine. One that is away is told by
    `revoke_biometric`.
    """

    def written(fragments: list[bytes], details: dict[str, str]) -> None:
        rooms.gate.released(
            dossier.permit, _KIND, customer=dossier.customer, fragments=fragments, details=details
        )

    _end(rooms, dossier.members, written)


def end_biometrics_of(rooms: Rooms, customer: bytes) -> None:
    """The same of a customer whom nobody looks at: a source reported the withdrawal (biometric_sweep.py)."""

    def written(fragments: list[bytes], details: dict[str, str]) -> None:
        rooms.audit.record(
            _KIND,
            actor=OURSELVES,
            action="end_biometric",
            outcome="done",
            customer=customer,
            fragments=fragments,
            details=details,
        )

    members = rooms.reader.fragments(rooms.reader.fragments_of(customer))
    _end(rooms, members, written)


def _end(
    rooms: Rooms, members: dict[bytes, Fragment], written: Callable[[list[bytes], dict[str, str]], None]
) -> None:
    if not _over(rooms, members):
        return
    with rooms.eraser.one_at_a_time:
        found = _over(rooms, members)
        if not found:
            return
        state(rooms, _KIND, [_revoked(it, _after(rooms, [it])) for it in found])
        told = "told"
        try:
            for it in found:
                rooms.biometrics.forget(it.party, it.modality)
        except Unavailable:
            told = "away"
        details = {"step": "ended", "reference": _names(rooms, found), "engine": told}
        written(sorted({it.party for it in found}), details)


def _over(rooms: Rooms, members: dict[bytes, Fragment]) -> list[Reference]:
    now = rooms.clock.now_ms()
    with rooms.reader.snapshot() as reader:
        found = references_of(reader, members)
        return over(found, read_consents(Gathered(reader), members, now), now) if found else []


def _why_not(found: Sequence[Reference], asked: Sequence[Reference]) -> str:
    """Why nothing was compared, for the audit."""
    if asked:
        return "consent or the reference ended while the engine was asked"
    return _NO_CONSENT if any(it.is_active for it in found) else "nothing is enrolled"


def _agreeing(rooms: Rooms, dossier: Dossier, asked: Sequence[Reference], probe: bytes) -> list[Reference]:
    """Those that a sample agrees with; counted as a failure until it is known to be none."""
    if not asked:
        return []
    asker = dossier.permit.actor.id
    try:
        rooms.tries.begin(dossier.customer, asker, rooms.clock.now_ms())
    except TooManyRequests:
        why = ("too many samples in an hour that did not agree",)
        rooms.gate.refused(dossier.permit, why, customer=dossier.customer)
        raise
    try:
        with _on_record(rooms, dossier, asked, asked[0].modality):
            return [
                it
                for it in asked
                if rooms.biometrics.agrees(it.party, it.modality, it.generation, it.protected, probe)
            ]
    except OnefoldError:
        rooms.tries.undecided(dossier.customer, asker)
        raise


@contextmanager
def _on_record(rooms: Rooms, dossier: Dossier, asked: Sequence[Reference], modality: str) -> Iterator[None]:
    """That the engine was asked is written down, also where no answer comes of it."""
    try:
        yield
    except OnefoldError as error:
        if asked:
            rooms.gate.released(
                dossier.permit,
                _KIND,
                customer=dossier.customer,
                fragments=[it.party for it in asked],
                details={"step": "undecided", "modality": modality, "because": error.code},
            )
        raise


def _refuse(rooms: Rooms, dossier: Dossier) -> NoReturn:
    rooms.gate.refused(dossier.permit, (_NO_CONSENT,), customer=dossier.customer)
    raise Refused(
        "The customer did not agree to be told by their body.",
        reasons=(_NO_CONSENT,),
        hint=f"Record their consent to {AUTHENTICATION} with data class {BIOMETRIC} over the channel first.",
    )


def _check(modality: str, channel: str, probe: bytes) -> None:
    _check_word("modality", modality, MODALITIES)
    _check_word("channel", channel, CHANNELS)
    if not 0 < len(probe) <= PROBE_BYTES_MAX:
        raise CallerError(f"A sample has from 1 to {PROBE_BYTES_MAX:,} bytes.")


def _check_word(name: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        raise CallerError(f"The {name} is not one we know.", hint=f"Known: {', '.join(sorted(known))}.")


def _after(rooms: Rooms, found: Sequence[Reference]) -> str:
    """Now, and later than what was said before: of two statements of one instant either might stand."""
    return iso_instant(max(rooms.clock.now_ms(), 1 + max((it.said_at for it in found), default=0)))


def _revoked(it: Reference, now: str) -> dict[str, str]:
    return _row(it.party, it.modality, "revoked", it.generation, now)


def _row(party: bytes, modality: str, status: str, generation: int, now: str) -> dict[str, str]:
    said = {"party": id_text(party), "modality": modality, "status": status, "generation": str(generation)}
    return said | {"since_at": now, "said_at": now}


def _names(rooms: Rooms, found: Sequence[Reference]) -> str:
    return ", ".join(rooms.biometrics.name(it.party, it.modality, it.generation) for it in found)
