"""List the legal holds: on whom each stands, since when, and when it is looked at again."""

from __future__ import annotations

from typing import Any

from onefold.customer.erasure.holds import all_holds, holds_on
from onefold.gate.model import Permit
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import day_of
from onefold.usecases.hold_views import HOLDS_MAX, HoldList, HoldView, views_of
from onefold.usecases.rooms import Rooms

_FULL = "full"


def list_holds(permit: Permit, rooms: Rooms, customer: str = "", *, lifted: bool = False) -> HoldList:
    """Those that stand, of one customer where one is named; with `lifted`, those that were lifted too.

    What a hold is about is shown to whoever may see special data in full.
    """
    permit.needs("list_holds")
    now = rooms.clock.now_ms()
    allowed, whom = permit, dict[str, Any]()
    parties = None
    if customer:
        dossier = rooms.gate.members(permit, id_from_text(customer))
        allowed, whom, parties = dossier.permit, {"customer": dossier.customer}, list(dossier.members)
    with rooms.reader.snapshot() as seen:
        rows = all_holds(seen, HOLDS_MAX) if parties is None else holds_on(seen, parties)
        in_full = permit.fields.get("special") == _FULL
        views = [
            it for it in views_of(seen, rows, day_of(now), in_full=in_full) if lifted or it.state == "stands"
        ]
    standing = sum(it.state == "stands" for it in views)
    rooms.gate.released(allowed, "holds", counts={"holds": len(views), "standing": standing}, **whom)
    return HoldList(tuple(sorted(sorted(views, key=_newest, reverse=True), key=_due)), standing)


def _newest(it: HoldView) -> tuple[str, str]:
    return it.lifted_at or it.placed_at, it.id


def _due(it: HoldView) -> tuple[bool, str]:
    return (it.state != "stands", (it.review_on or "~") if it.state == "stands" else "")
