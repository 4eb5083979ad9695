"""Requests of data subjects as channels show them, and the one way in which a step of one is taken."""

from __future__ import annotations

from collections.abc import Container, Iterable

import msgspec

from onefold.customer.erasure.holds import held_among
from onefold.gate.model import Permit
from onefold.kernel.ids import id_text
from onefold.kernel.time import day_of, iso_day, iso_instant
from onefold.record.canon.purposes import PURPOSES, Basis
from onefold.record.requests.callbacks import CALLBACKS_MAX as CALLBACKS_MAX
from onefold.record.requests.callbacks import URL_LETTERS_MAX as URL_LETTERS_MAX
from onefold.record.requests.model import Asker as Asker
from onefold.record.requests.model import Delay as Delay
from onefold.record.requests.model import Happened, Step, SubjectRequest
from onefold.record.requests.model import Kind as Kind
from onefold.record.requests.model import Proof as Proof
from onefold.record.requests.model import Refusal as Refusal
from onefold.record.requests.model import Status as Status
from onefold.record.requests.telling import STATUS_AFTER
from onefold.usecases.rooms import Rooms


class StepView(msgspec.Struct, frozen=True):
    """One step: what, when (ISO), by whom, and why where there is a reason."""

    step: str
    at: str
    actor: str
    because: str


class RequestView(msgspec.Struct, frozen=True):
    """One request. `customer` is empty where nobody was found; `days_left` is below zero once it is overdue.

    `status` is `held` while a legal hold keeps an erasure from being completed; the day it is due stays.

    `outcome` names what answered it: a package, an erasure, the consents that were recorded.
    """

    id: str
    kind: str
    status: str
    customer: str
    asker: str
    proof: str
    law: str
    received_at: str
    due_on: str
    days_left: int
    is_extended: bool
    purposes: tuple[str, ...]
    because: str
    outcome: str
    steps: tuple[StepView, ...]


class Named(msgspec.Struct, frozen=True):
    """Something a new request may name, and what it is."""

    name: str
    title: str


class RequestList(msgspec.Struct, frozen=True):
    """Requests: the open ones by the day they are due, then the others, newest first.

    `more` says that there are others, which are not in it. A new one may name one of the `laws`, of which
    that of the cell's jurisdiction comes first, and some of the `purposes`, to which one can object.
    """

    items: tuple[RequestView, ...]
    overdue: int
    more: bool
    laws: tuple[Named, ...]
    purposes: tuple[Named, ...]


OBJECTABLE = tuple(it for it in PURPOSES.values() if it.basis in (Basis.CONSENT, Basis.LEGITIMATE_INTEREST))
"""What does not rest on a contract or a law, so that one can object to it."""


def held_of(rooms: Rooms, requests: Iterable[SubjectRequest]) -> frozenset[str]:
    """The ids of those that wait for a legal hold: open erasures of customers who are held now."""
    waiting = {it.id: it.customer for it in requests if _may_wait(it)}
    if not waiting:
        return frozenset()
    with rooms.reader.snapshot() as seen:
        held = held_among(seen, set(waiting.values()))
    return frozenset(it for it, customer in waiting.items() if customer in held)


def _may_wait(it: SubjectRequest) -> bool:
    return it.is_open and it.kind is Kind.ERASURE and bool(it.customer)


def status_of(request: SubjectRequest, held: Container[str]) -> Status:
    """Where it stands, holds counted."""
    return Status.HELD if request.id in held else request.status


def shown(rooms: Rooms, request: SubjectRequest, now: int) -> RequestView:
    """One request as it is shown now."""
    return view_of(request, now, held_of(rooms, [request]))


def view_of(request: SubjectRequest, now: int, held: Container[str]) -> RequestView:
    """A request as it is shown now; `held` are the ids of those that wait for a hold."""
    return RequestView(
        id=request.id,
        kind=request.kind,
        status=status_of(request, held),
        customer=id_text(request.customer) if request.customer else "",
        asker=request.asker,
        proof=request.proof,
        law=request.law,
        received_at=iso_instant(request.received_at),
        due_on=iso_day(request.due_on),
        days_left=request.due_on - day_of(now),
        is_extended=request.is_extended,
        purposes=request.purposes,
        because=request.because,
        outcome=request.outcome,
        steps=tuple(StepView(it.step, iso_instant(it.at), it.actor, it.because) for it in request.steps),
    )


def status_word(view: RequestView) -> str:
    """Where it stands in the words of OpenDSR, as its controller was told last."""
    steps = (STATUS_AFTER.get(Step(it.step)) for it in view.steps)
    return [it for it in steps if it is not None][-1]


def take(permit: Permit, rooms: Rooms, it: Happened, kind: Kind, customer: bytes) -> SubjectRequest:
    """The request with the step, which is in the audit before it is in the register."""
    details = {"request": it.request, "step": it.step.value, "kind": kind.value}
    more = {"because": it.because, "outcome": it.outcome, "proof": it.proof if it.proof != Proof.NONE else ""}

    def said() -> str:
        who = {"customer": customer} if customer else {}
        known = {name: str(text) for name, text in more.items() if text}
        return rooms.gate.released(permit, "request", details=details | known, **who)

    return rooms.requests.take(it, said)
