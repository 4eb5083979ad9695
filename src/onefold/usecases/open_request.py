"""Take in a request of a data subject: what is asked, by whom, for which customer, until when to answer.

What people say of themselves (an e-mail, a number) is used to find the customer and kept nowhere: the
register has the customer's id alone. A request for somebody who is not found is taken in all the same, since
it has to be answered, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_from_text, id_text
from onefold.record.canon.purposes import PURPOSES
from onefold.record.requests.callbacks import CallbackRefused
from onefold.record.requests.model import Asker, Happened, Kind, Proof, Received, Step
from onefold.usecases.request_views import OBJECTABLE, RequestView, shown, take
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_consents import instant_of

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ID = re.compile(r"[0-9a-f]{32}")
_FITS = {"email": ("email",), "controller_customer_id": ("key", "customer_number")}
SCOPED = frozenset({Kind.OBJECTION, Kind.RESTRICTION})
"""Kinds that are about uses of data, and name purposes."""


class AskedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. `id` is a UUID v4 in lower case; `asked_at` (a day or an instant; empty: now) when.

    `law` is a name of the settings; empty: that of the cell's jurisdiction. `purposes` are for an objection
    or a restriction: empty is marketing for the one, and all that can be objected to for the other.
    `callbacks` are where its controller is told of each change, at hosts that the house lists.
    """

    id: str
    kind: Kind
    customer: str
    asker: Asker = Asker.SELF
    proof: Proof = Proof.NONE
    law: str = ""
    asked_at: str = ""
    purposes: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()


def open_request(permit: Permit, rooms: Rooms, asked: AskedRequest) -> RequestView:
    """The request; the same one asked again is the one that is there. No `customer` is nobody we know."""
    permit.needs("open_request")
    if not _UUID.fullmatch(asked.id):
        raise CallerError("The id of a request is a UUID v4 in lower case.")
    callbacks = _callbacks(rooms, asked.callbacks)
    now = rooms.clock.now_ms()
    received_at = instant_of(asked.asked_at, now)
    if received_at > now:
        raise CallerError("The request would be asked in the future.")
    customer = b""
    if asked.customer:
        found = rooms.gate.members(permit, id_from_text(asked.customer))
        customer, permit = found.customer, found.permit
    law = rooms.laws.of(asked.law, rooms.cell.jurisdiction)
    received = Received(
        kind=asked.kind,
        customer=customer,
        asker=asked.asker,
        law=law.name,
        received_at=received_at,
        due_on=law.due_on(asked.kind, received_at),
        purposes=_purposes(asked),
        callbacks=callbacks,
    )
    it = Happened("", asked.id, Step.RECEIVED, now, permit.actor.id, received, asked.proof)
    return shown(rooms, take(permit, rooms, it, asked.kind, customer), now)


def find_subject(permit: Permit, rooms: Rooms, identities: Sequence[tuple[str, str]]) -> str:
    """The one customer whom all (type, value) pairs fit that fit anybody; empty where none does.

    Types as in OpenDSR: `email`, and `controller_customer_id`, which is an id of ours or a source's own key.
    `CallerError` where they fit several: who is meant has to be sure.
    """
    permit.needs("open_request")
    found: set[str] | None = None
    for kind, value in identities:
        fitting = _fitting(permit, rooms, kind, value)
        if fitting:
            found = fitting if found is None else found & fitting
    rooms.gate.released(
        permit,
        "subject",
        customers=[id_from_text(it) for it in sorted(found or ())],
        counts={"asked": len(identities)},
    )
    if found is None:
        return ""
    if len(found) != 1:
        raise CallerError(
            "The identities do not fit exactly one customer.", hint="Send the controller_customer_id."
        )
    return found.pop()


def _fitting(permit: Permit, rooms: Rooms, kind: str, value: str) -> set[str]:
    if kind == "controller_customer_id" and _ID.fullmatch(value):
        try:
            return {id_text(rooms.gate.members(permit, id_from_text(value)).customer)}
        except NotFound:
            return set()
    page = rooms.gate.search(permit, value)
    return {
        it.customer
        for it in page.items
        if it.matched_by in _FITS[kind] and it.matched.casefold() == value.strip().casefold()
    }


def _callbacks(rooms: Rooms, urls: tuple[str, ...]) -> tuple[str, ...]:
    """Each of them once; `CallbackRefused` for one that is not called, whatever else is asked."""
    wanted = tuple(dict.fromkeys(urls))
    if wanted and not rooms.processor.is_ready:
        raise CallbackRefused(
            "This server makes no callbacks.", hint="Leave status_callback_urls out, and ask for the status."
        )
    for url in wanted:
        rooms.processor.callbacks.address(url)
    return wanted


def _purposes(asked: AskedRequest) -> tuple[str, ...]:
    """What an objection or a restriction is against; `CallerError` for what nobody can object to."""
    if asked.purposes and asked.kind not in SCOPED:
        raise CallerError("Only an objection or a restriction names purposes.")
    free = [it.name for it in OBJECTABLE]
    if unknown := set(asked.purposes) - set(free):
        words = "Nobody can object to that." if unknown <= set(PURPOSES) else "There is no such purpose."
        raise CallerError(words, hint=f"Purposes: {', '.join(free)}.")
    if asked.kind is Kind.OBJECTION:
        return tuple(dict.fromkeys(asked.purposes)) or ("marketing",)
    if asked.kind is Kind.RESTRICTION:
        wholes = tuple(it for it in free if not PURPOSES[it].part_of)
        return tuple(dict.fromkeys(asked.purposes)) or wholes
    return ()
