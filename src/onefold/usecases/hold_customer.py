"""Place a legal hold on a customer, and lift one: facts that a privacy officer states in the log.

A hold is written for every record that was shown as this customer, so it stays with each of them should they
turn out to be two people. It is lifted whole, wherever these records are by then. What it is about is sealed
with the customer's data; the audit has that there is a hold, and a digest of the words. A hold waits for an
erasure that is under way, and finds its customer erased.
"""

from __future__ import annotations

import secrets

from onefold.customer.erasure.holds import HOLD, Hold, holds_in
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import day_of, iso_day, iso_instant
from onefold.record.contracts.registry import BUILTIN
from onefold.usecases.hold_views import HOLDS_MAX, HoldView, views_of
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_consents import instant_of
from onefold.usecases.statements import BEGUN, state

TEXT_MAX = 500
REVIEW_DAYS_MAX = 20 * 366


def place_hold(
    permit: Permit, rooms: Rooms, customer: str, matter: str, reason: str, review_on: str = ""
) -> HoldView:
    """Returns once nothing of the customer is erased any more. `review_on` is a day, or empty."""
    permit.needs("place_hold")
    now = rooms.clock.now_ms()
    said = {"matter": _text("matter", matter), "reason": _text("reason", reason)}
    if review_on:
        review = day_of(instant_of(review_on, now))
        if not day_of(now) <= review <= day_of(now) + REVIEW_DAYS_MAX:
            raise CallerError("A hold is looked at again today or later, and within twenty years.")
        said["review_on"] = iso_day(review)
    hold_id = secrets.token_hex(8)
    with rooms.eraser.one_at_a_time:
        dossier = rooms.gate.members(permit, id_from_text(customer))
        since = iso_instant(rooms.clock.now_ms())
        said |= {"hold": hold_id, "state": "on", "since_at": since, "said_at": since}
        said["placed_by"] = permit.actor.id
        parties = list(dossier.members)
        state(rooms, "hold", [{"party": id_text(it)} | said for it in parties])
    rooms.gate.released(
        dossier.permit,
        "hold",
        customer=dossier.customer,
        fragments=parties,
        details={"hold": hold_id, "state": "placed"} | {it: said[it] for it in said if it == "review_on"},
        said=f"{matter}\n{reason}",
    )
    return _shown(rooms, hold_id)


def lift_hold(permit: Permit, rooms: Rooms, hold_id: str, because: str) -> HoldView:
    """Ends a hold that was placed here, on every record it is on; what others hold still stands."""
    permit.needs("lift_hold")
    why = _text("reason", because)
    with rooms.eraser.one_at_a_time:
        rows = _rows(rooms, hold_id)
        if not any(it.stands for it in rows):
            raise CallerError("The hold was lifted before.", hint="The list of holds says by whom.")
        parties = [party for it in rows for party in it.parties]
        allowed = permit
        for customer in sorted(set(rooms.reader.customers_of(parties).values())):
            allowed = rooms.gate.members(permit, customer).permit
        # What is said at the same instant lifts nothing.
        now = iso_instant(max(rooms.clock.now_ms(), 1 + max(it.since_at for it in rows)))
        lifted = {"state": "off", "lifted_at": now, "said_at": now, "lifted_by": permit.actor.id}
        lifted["lifted_because"] = why
        _lifting(rooms, allowed, parties, {"hold": hold_id, "state": "lifted", "stage": BEGUN}, because)
        state(rooms, "hold", [_said(it, party) | lifted for it in rows for party in it.parties])
    _lifting(rooms, allowed, parties, {"hold": hold_id, "state": "lifted"}, because)
    return _shown(rooms, hold_id)


def _lifting(rooms: Rooms, permit: Permit, parties: list[bytes], said: dict[str, str], because: str) -> None:
    customers = sorted(set(rooms.reader.customers_of(parties).values()))
    of = {"customers": customers, "fragments": parties, "said": because}
    rooms.gate.released(permit, "hold", details=said, **of)


def _said(row: Hold, party: bytes) -> dict[str, str]:
    """What the row says, in the words of our own contract: the one that lifts it says it again."""
    said = {
        "party": id_text(party),
        "hold": row.id,
        "matter": row.matter,
        "reason": row.reason,
        "since_at": iso_instant(row.since_at),
        "placed_by": row.placed_by,
    }
    return said | ({"review_on": iso_day(row.review_on)} if row.review_on else {})


def _rows(rooms: Rooms, hold_id: str) -> list[Hold]:
    with rooms.reader.snapshot() as seen:
        found = holds_in(seen, {it for _, it, _ in seen.every_link(HOLD, HOLDS_MAX)})
    own = [it for it in found if (it.source, it.id) == (BUILTIN, hold_id)]
    if not own:
        raise NotFound(
            "There is no such hold that was placed here.",
            hint="The list of holds has those there are; what a source said, that source takes back.",
        )
    return own


def _shown(rooms: Rooms, hold_id: str) -> HoldView:
    rows = _rows(rooms, hold_id)
    with rooms.reader.snapshot() as seen:
        (view,) = views_of(seen, rows, day_of(rooms.clock.now_ms()), in_full=True)
    return view


def _text(name: str, text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= TEXT_MAX:
        raise CallerError(f"A hold says its {name}, in no more than {TEXT_MAX} letters.")
    return text
