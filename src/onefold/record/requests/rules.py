"""Which step may follow which, and what a request is after it. Pure.

    received -> in progress -> completed
        |            |-------> refused (with a reason)
        |-> cancelled, refused

Nothing is completed before it is proven who asks. A request is cancelled only before work on it has begun
(OpenDSR, section 9). More time is taken once, and before the first is over. An end is an end.
"""

from __future__ import annotations

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.requests.model import Happened, Proof, Status, Step, SubjectRequest

_AFTER = {
    Step.BEGUN: Status.IN_PROGRESS,
    Step.COMPLETED: Status.COMPLETED,
    Step.REFUSED: Status.REFUSED,
    Step.CANCELLED: Status.CANCELLED,
}


class RequestKnown(CallerError):
    """A request of that id is there already, and says something else."""

    code = "request_known"
    status = 409


class RequestStands(CallerError):
    """A request is not where such a step is taken."""

    code = "request_stands"
    status = 409


def check(request: SubjectRequest, it: Happened, today: int) -> None:
    """`RequestStands` where the step may not be taken now; `today` is a day of the epoch."""
    if not request.is_open:
        raise RequestStands(f"The request is {request.status}; that is its end.")
    if it.step in (Step.BEGUN, Step.COMPLETED) and request.proof is Proof.NONE:
        raise RequestStands(
            "It is not proven yet who asks.",
            hint="Say first how it was proven, or refuse it as identity_unproven.",
        )
    if it.step is Step.BEGUN and request.status is not Status.RECEIVED:
        raise RequestStands("Work on the request has begun before.")
    if it.step is Step.CANCELLED and request.status is not Status.RECEIVED:
        raise RequestStands("Work on the request has begun, so it is not cancelled any more.")
    if it.step is Step.EXTENDED:
        if request.is_extended:
            raise RequestStands("More time was taken once; the law gives no more.")
        if today > request.due_on:
            raise RequestStands("The time to answer is over; more has to be taken before it is.")


def after(before: SubjectRequest | None, it: Happened) -> SubjectRequest:
    """The request once a step was taken that `check` has let pass."""
    if before is None:
        said = it.received
        assert said is not None, "the first step of a request is that it was received"
        return SubjectRequest(
            id=it.request,
            kind=said.kind,
            status=Status.RECEIVED,
            customer=said.customer,
            asker=said.asker,
            proof=it.proof,
            law=said.law,
            received_at=said.received_at,
            due_on=said.due_on,
            purposes=said.purposes,
            steps=(it,),
            callbacks=said.callbacks,
        )
    return msgspec.structs.replace(
        before,
        status=_AFTER.get(it.step, before.status),
        proof=it.proof if it.step is Step.VERIFIED else before.proof,
        due_on=it.due_on or before.due_on,
        is_extended=before.is_extended or it.step is Step.EXTENDED,
        because=it.because if it.step is Step.REFUSED else before.because,
        outcome=it.outcome or before.outcome,
        steps=(*before.steps, it),
    )
