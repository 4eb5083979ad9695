"""Rows in quarantine find their end: mended and handed in again, or given up; none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onefold.app.demo import CELL
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, NotFound, Refused
from onefold.record.audit.model import AuditFilter
from onefold.usecases.list_quarantine import list_quarantine
from onefold.usecases.model import QuarantinePage
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.settle_quarantine import Chosen, discard_quarantine, resubmit_quarantine
from tests.flow.server import CONTRACTS

HEADER = (
    "contact_id,kind,first_name,last_name,company,birth_date,email,mobile,street,city,postcode,language,"
    "created_at,updated_at"
)
TIMES = "2026-01-01T10:00:00Z,2026-01-02T10:00:00Z"
ROWS = (
    f"c-1,P,Anna,Petrova,,1990-05-05,anna@post.example,,,,,,{TIMES}",
    f"c-2,Q,Boris,Smirnov,,1980-05-05,boris@post.example,,,,,,{TIMES}",
    f"c-3,Q,Clara,Novak,,1970-05-05,clara@post.example,,,,,,{TIMES}",
    f"c-4,Q,Dora,Kovac,,not a day,dora@post.example,,,,,,{TIMES}",
)


@pytest.fixture
def house(tmp_path: Path) -> tuple[LocalHouse, Path]:
    data = tmp_path / "data"
    house = LocalHouse()
    house.create(data, CELL, [CONTRACTS], None)
    file = tmp_path / "contacts.csv"
    file.write_text("\n".join((HEADER, *ROWS)) + "\n")
    house.load(data, "marketing", [file], as_of="2026-02-01", backfill=False, watch=lambda *_: None)
    return house, data


def permit(rooms: Rooms, action: str, role: str = "steward", purpose: str = "stewardship") -> Any:
    return rooms.gate.permit(Actor("somebody", (role,), rooms.cell), action, purpose, "cli")


def resubmit(rooms: Rooms, chosen: Chosen, **corrections: object) -> tuple[int, dict[str, int]]:
    done = resubmit_quarantine(permit(rooms, "resubmit_quarantine"), rooms, chosen, corrections)
    assert not done.more
    return done.taken, {it.reason: it.rows for it in done.still_held}


def discard(rooms: Rooms, chosen: Chosen, because: str = "test_data") -> int:
    return discard_quarantine(permit(rooms, "discard_quarantine"), rooms, chosen, because).rows


def listed(rooms: Rooms) -> QuarantinePage:
    return list_quarantine(permit(rooms, "list_quarantine"), rooms, source="marketing")


def finds(rooms: Rooms, name: str) -> int:
    return len(search_customers(permit(rooms, "search_customers"), rooms, name).items)


MARKETING = Chosen(source="marketing")


def test_a_mended_row_is_let_in_and_one_that_is_still_at_fault_stays(house):
    local, data = house
    with local.working(data) as rooms:
        assert {it.outcome for it in listed(rooms).items} == {""}
        taken, still = resubmit(rooms, MARKETING, kind="P")
        assert taken == 2
        assert sum(still.values()) == 1
        assert (finds(rooms, "Boris Smirnov"), finds(rooms, "Clara Novak")) == (1, 1)
        assert sorted(it.outcome for it in listed(rooms).items) == ["", "resubmitted", "resubmitted"]
        assert resubmit(rooms, MARKETING, kind="P", birth_date="1960-05-05") == (1, {})
        assert resubmit(rooms, MARKETING, kind="P") == (0, {})
        assert finds(rooms, "Dora Kovac") == 1


def test_trying_without_mending_changes_nothing(house):
    local, data = house
    with local.working(data) as rooms:
        before = rooms.log.last_sequence
        taken, still = resubmit(rooms, MARKETING)
        assert (taken, sum(still.values())) == (0, 3)
        assert rooms.log.last_sequence == before
        assert len(listed(rooms).items) == 3


def test_what_was_discarded_stays_discarded_and_stays_on_record(house):
    local, data = house
    with local.working(data) as rooms:
        ids = [it.id for it in listed(rooms).items]
        assert discard(rooms, Chosen(ids=(ids[0],), source="marketing")) == 1
        assert discard(rooms, Chosen(ids=(ids[0],), source="marketing")) == 0
    with local.working(data) as rooms:
        assert {it.id: it.outcome for it in listed(rooms).items}[ids[0]] == "discarded"
        assert resubmit(rooms, MARKETING, kind="P", birth_date="1960-05-05")[0] == 2
        records = rooms.audit.page(AuditFilter()).items
    assert [it.kind for it in records].count("quarantine_discarded") == 2


def test_held_is_open_and_handed_in_and_discarded_together(house):
    local, data = house
    with local.working(data) as rooms:
        first = next(it for it in listed(rooms).items if it.object == "contact")
        discard(rooms, Chosen(ids=(first.id,)))
        resubmit(rooms, MARKETING, kind="P")
        page = listed(rooms)
        held = sum(it.rows for it in page.counts)
        settled = sum(it.resubmitted + it.discarded for it in page.counts)
        assert held - settled == sum(not it.outcome for it in page.items)
        assert (held, settled) == (3, 3)


def test_all_of_everything_is_never_meant_and_a_reason_is_needed(house):
    local, data = house
    with local.working(data) as rooms:
        with pytest.raises(CallerError, match="Name the rows"):
            resubmit(rooms, Chosen())
        with pytest.raises(CallerError, match="no reason"):
            discard(rooms, MARKETING, because="Anna Petrova asked")
        with pytest.raises(NotFound):
            discard(rooms, Chosen(ids=("999",)))


def test_an_engineer_hands_in_and_does_not_discard(house):
    local, data = house
    with local.working(data) as rooms:
        assert permit(rooms, "resubmit_quarantine", role="engineer")
        with pytest.raises(Refused):
            permit(rooms, "discard_quarantine", role="engineer")
