"""Record a steward's word on two fragments: same, different or unsure."""

from __future__ import annotations

from onefold.customer.identity.model import Verdict
from onefold.gate.looking import permit_for
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import iso_instant
from onefold.usecases.four_eyes import ask_for_queue, needs_four_eyes, standing_words, takes_two
from onefold.usecases.model import RecordedJudgement
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BEGUN, state


def decide_judgement(
    permit: Permit, rooms: Rooms, left: str, right: str, *, verdict: str, reason: str
) -> RecordedJudgement:
    """Returns once identity has taken it in. The pair has no order: judging it again replaces the word."""
    permit.needs("decide_judgement")
    first, second = sorted((id_from_text(left), id_from_text(right)))
    if first == second:
        raise CallerError("A judgement is about two different fragments.")
    found = rooms.reader.fragments([first, second]).values()
    parties = [it for it in found if it.entity == "party" and not it.is_erased]
    if len(parties) < 2:
        raise NotFound("There are no such two fragments of parties.")
    permit = _ask_for_two(permit, rooms, (first, second), verdict)
    row = {
        "left": id_text(first),
        "right": id_text(second),
        "verdict": verdict,
        "actor": permit.actor.id,
        "reason": reason,
        "made_at": iso_instant(rooms.clock.now_ms()),
    }
    of = {"fragments": [first, second], "said": reason}
    rooms.gate.released(permit, "judgement", details={"verdict": verdict, "stage": BEGUN}, **of)
    event = state(rooms, "judgement", [row])
    rooms.gate.released(permit, "judgement", details={"verdict": verdict}, **of)
    now = rooms.reader.customers_of([first, second])
    return RecordedJudgement(
        event=event,
        verdict=verdict,
        left=_customer(now, id_from_text(left)),
        right=_customer(now, id_from_text(right)),
    )


def _ask_for_two(permit: Permit, rooms: Rooms, pair: tuple[bytes, bytes], verdict: str) -> Permit:
    """`CallerError` where one person alone may not say it: of sensitive groups two have to, in the queue."""
    with rooms.gate.looking(permit) as look:
        dossiers = [look.at(it)[1] for it in pair]
        before = standing_words(pair, look.reader).get(pair)
        if needs_four_eyes(dossiers) and takes_two(Verdict(verdict), before):
            raise ask_for_queue("judge these two")
    return permit_for(dossiers)


def _customer(now: dict[bytes, bytes], fragment_id: bytes) -> str:
    found = now.get(fragment_id)
    return id_text(found) if found else ""
