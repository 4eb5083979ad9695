"""Work on a request of a data subject: prove who asks, take more time, refuse it, or complete it.

Completing does what is asked: access and portability make a package, an erasure erases, an objection and a
restriction are recorded as objections that no use gets around. A rectification is made where the data comes
from, since what a source said is never edited here: completing it says that the source has mended it.
What a completion does can be done twice, so one that was cut off is completed by asking again.
"""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.errors import Forgotten
from onefold.kernel.ids import id_text
from onefold.record.requests.model import Delay, Happened, Kind, Proof, Refusal, Step, SubjectRequest
from onefold.record.requests.rules import RequestStands
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.make_package import make_package
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.request_views import RequestView, Status, shown, take
from onefold.usecases.rooms import Rooms
from onefold.usecases.subject_package import PACKED

_NEEDS = {
    Kind.ERASURE: "erase_customer",
    Kind.OBJECTION: "record_consent",
    Kind.RESTRICTION: "record_consent",
}
"""What whoever completes a request has to be allowed besides."""
AT_THE_SOURCE = "mended at the source"
ERASED_BEFORE = "erased before"


def verify_request(permit: Permit, rooms: Rooms, request_id: str, proof: Proof) -> RequestView:
    """Keeps how it was proven who asks."""
    permit.needs("answer_request")
    if proof is Proof.NONE:
        raise RequestStands("That proves nothing.", hint="Say how it was proven: document, login, …")
    return _took(permit, rooms, rooms.requests.find(request_id), Step.VERIFIED, proof=proof)


def extend_request(permit: Permit, rooms: Rooms, request_id: str, because: Delay) -> RequestView:
    """Takes the time that the law gives once more; the customer has to be told within the first."""
    permit.needs("answer_request")
    found = rooms.requests.find(request_id)
    law = rooms.laws.of(found.law, rooms.cell.jurisdiction)
    due_on = law.extended(found.kind, found.received_at)
    return _took(permit, rooms, found, Step.EXTENDED, because=because, due_on=due_on)


def refuse_request(permit: Permit, rooms: Rooms, request_id: str, because: Refusal) -> RequestView:
    """Ends it with a reason; nothing that was asked is done."""
    permit.needs("answer_request")
    return _took(permit, rooms, rooms.requests.find(request_id), Step.REFUSED, because=because)


def complete_request(permit: Permit, rooms: Rooms, request_id: str) -> RequestView:
    """Does what is asked, and ends it; where a legal hold says no (`Refused`), it stays in progress."""
    permit.needs("answer_request")
    found = rooms.requests.find(request_id)
    if found.is_open and not found.customer:
        raise RequestStands(
            "Nobody was found whom it is about.",
            hint="Refuse it as not_held, or open one for a customer.",
        )
    action = _NEEDS.get(found.kind)
    further = rooms.gate.permit(permit.actor, action, permit.purpose, permit.channel) if action else permit
    if found.status is not Status.IN_PROGRESS:
        _took(permit, rooms, found, Step.BEGUN)
    outcome = make_package(permit, rooms, found) if found.kind in PACKED else _done(further, rooms, found)
    return _took(permit, rooms, found, Step.COMPLETED, outcome=outcome)


def _done(permit: Permit, rooms: Rooms, request: SubjectRequest) -> str:
    """What was asked is in force; the ids of what came of it."""
    customer = id_text(request.customer)
    if request.kind is Kind.RECTIFICATION:
        return AT_THE_SOURCE
    if request.kind is Kind.ERASURE:
        try:
            return erase_customer(permit, rooms, customer).erasure
        except Forgotten:
            return ERASED_BEFORE
    facts = (
        ConsentFact(purpose, "any", "objected", f"request {request.id}", mechanism="written")
        for purpose in request.purposes
    )
    return " ".join(record_consent(permit, rooms, customer, it).event for it in facts)


def _took(
    permit: Permit,
    rooms: Rooms,
    request: SubjectRequest,
    step: Step,
    *,
    proof: Proof = Proof.NONE,
    because: str = "",
    due_on: int = 0,
    outcome: str = "",
) -> RequestView:
    now = rooms.clock.now_ms()
    it = Happened("", request.id, step, now, permit.actor.id, None, proof, because, due_on, outcome)
    return shown(rooms, take(permit, rooms, it, request.kind, request.customer), now)
