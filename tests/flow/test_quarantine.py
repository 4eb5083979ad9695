"""Rows in quarantine find their end: mended and handed in again, or given up; none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from onefold.app.demo import CELL
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.contracts.errors import UnknownSource
from onefold.record.intake.model import Offered
from onefold.usecases import settle_quarantine
from onefold.usecases.ingest import take_calls
from onefold.usecases.list_quarantine import Standing, Wanted, list_quarantine
from onefold.usecases.model import QuarantinePage
from onefold.usecases.rooms import Rooms
from onefold.usecases.runs import Way, counted_as_run
from onefold.usecases.search_customers import search_customers
from onefold.usecases.settle_quarantine import Because, Chosen, discard_quarantine, resubmit_quarantine
from onefold.usecases.show_held_row import show_held_row
from onefold.usecases.show_source import show_source
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
    assert done.next is None
    return done.taken, {it.reason: it.rows for it in done.still_held}


def discard(rooms: Rooms, chosen: Chosen, because: Because = Because.TEST_DATA) -> int:
    return discard_quarantine(permit(rooms, "discard_quarantine"), rooms, chosen, because).rows


def listed(rooms: Rooms) -> QuarantinePage:
    return list_quarantine(permit(rooms, "list_quarantine"), rooms, Wanted(source="marketing"))


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
    discarded = [it for it in records if it.kind == "quarantine_discarded"]
    assert [(it.details.get("stage", ""), it.counts["rows"]) for it in discarded] == [
        ("", 0),
        ("", 1),
        ("begun", 1),
    ]
    taken, begun = [it for it in records if it.kind == "quarantine_resubmitted"]
    assert begun.details == taken.details | {"stage": "begun"}
    assert taken.details["corrected"] == "birth_date, kind"


def test_what_was_corrected_is_named_as_the_contract_names_it_or_not_at_all(house):
    local, data = house
    with local.working(data) as rooms:
        resubmit(rooms, MARKETING, kind="P", **{"Anna Karimova": "x"})
        [record, *_] = rooms.audit.page(AuditFilter(kind="quarantine_resubmitted")).items
    assert record.details["corrected"] == "kind"
    assert record.details["source"] == "marketing"


def test_rows_are_not_handed_in_again_where_it_cannot_be_written_down(house, monkeypatch):
    def full(*_: object) -> list[int]:
        raise Unavailable("The disk is full.", retry_after_seconds=1)

    local, data = house
    with local.working(data) as rooms:
        before = rooms.log.last_sequence
        with monkeypatch.context() as failing:
            failing.setattr(rooms.audit._commit, "append", full)
            with pytest.raises(Unavailable):
                resubmit(rooms, MARKETING, kind="P")
        assert rooms.log.last_sequence == before
        assert {it.outcome for it in listed(rooms).items} == {""}
        assert resubmit(rooms, MARKETING, kind="P")[0] == 2


def test_held_is_open_and_handed_in_and_discarded_together(house):
    local, data = house
    with local.working(data) as rooms:
        first = next(it for it in listed(rooms).items if it.object == "contact")
        discard(rooms, Chosen(ids=(first.id,)))
        resubmit(rooms, MARKETING, kind="P")
        page = listed(rooms)
        held = sum(it.rows for it in page.groups)
        settled = sum(it.resubmitted + it.discarded for it in page.groups)
        open_ones = sum(not it.outcome for it in page.items)
        assert held - settled == sum(it.open for it in page.groups) == open_ones
        assert (held, settled) == (3, 3)


def test_kinds_say_what_to_do_next_and_a_whole_kind_is_chosen_by_what_it_is(house):
    local, data = house
    with local.working(data) as rooms:
        kinds = {(it.object, it.field): it for it in listed(rooms).groups}
        wrong = kinds["contact", "kind"]
        assert (wrong.reason, wrong.rows, wrong.open, wrong.version) == ("unknown_value", 3, 3, "1.0.0")
        assert "add it to the contract" in wrong.advice
        of_another = Chosen(source="marketing", version="9.9.9", field="kind")
        assert resubmit(rooms, of_another, kind="P") == (0, {})
        assert resubmit(rooms, Chosen(source="marketing", field="birth_date"), kind="P") == (0, {})
        done = resubmit_quarantine(
            permit(rooms, "resubmit_quarantine"),
            rooms,
            Chosen(source="marketing", field="kind"),
            {"kind": "P"},
        )
        assert [(it.reason, it.field, it.rows) for it in done.still_held] == [("bad_date", "birth_date", 1)]
        settled = list_quarantine(permit(rooms, "list_quarantine"), rooms, Wanted(standing=Standing.SETTLED))
        assert {it.outcome for it in settled.items} == {"resubmitted"}


def test_more_rows_than_are_taken_at_once_are_each_tried_once(house, monkeypatch):
    local, data = house
    monkeypatch.setattr(settle_quarantine, "AT_ONCE", 2)
    with local.working(data) as rooms:
        tried, calls = 0, 0
        below: str | None = ""
        while below is not None:
            chosen = Chosen(source="marketing", below=below)
            done = resubmit_quarantine(permit(rooms, "resubmit_quarantine"), rooms, chosen)
            tried += sum(it.rows for it in done.still_held)
            below, calls = done.next, calls + 1
        assert (tried, calls) == (3, 2)


def test_a_load_is_a_run_whose_account_adds_up_and_its_rows_know_it(house, tmp_path):
    local, data = house
    local.load(
        data,
        "marketing",
        [tmp_path / "contacts.csv"],
        as_of="2026-02-02",
        backfill=False,
        watch=lambda *_: None,
    )
    with local.working(data) as rooms:
        detail = show_source(permit(rooms, "show_source"), rooms, "marketing")
        again, first = detail.runs
        assert (first.way, first.state, first.files, first.by[:9]) == ("files", "ended", 1, "operator:")
        assert (first.counts.offered, first.counts.accepted, first.counts.quarantined) == (4, 1, 3)
        assert first.reasons == {"unknown_value": 3}
        assert (again.counts.unchanged, again.counts.quarantined, again.mark) == (1, 3, first.mark)
        (day,) = detail.days
        assert day.counts == detail.source.counts
        assert "contacts" not in repr(detail.runs)
        row = show_held_row(permit(rooms, "show_held_row"), rooms, listed(rooms).items[0].id)
        assert row.run == first
        resubmit(rooms, MARKETING, kind="P")
        newest = show_source(permit(rooms, "show_source"), rooms, "marketing").runs[0]
        assert (newest.way, newest.by, newest.counts.accepted) == ("mended", "somebody", 2)


def test_a_delivery_that_failed_has_no_end_and_what_it_brought_is_in_its_account(house):
    local, data = house
    with local.working(data) as rooms:
        rows = [Offered({"kind": "Q", "contact_id": str(number)}, number) for number in (1, 2)]

        def fail() -> None:
            with counted_as_run(rooms, "marketing", Way.QUERY, by="schedule") as counted:
                counted.door.offer("marketing", "contact", rows)
                raise Unavailable("The database went away.")

        with pytest.raises(Unavailable):
            fail()
        run = show_source(permit(rooms, "show_source"), rooms, "marketing").runs[0]
        assert (run.way, run.by, run.state, run.ended_at) == ("query", "schedule", "going_on", None)
        assert (run.counts.offered, run.counts.quarantined) == (2, 2)
        assert [it.place for it in listed(rooms).items[:2]] == ["row 2", "row 1"]


def test_what_comes_over_http_and_from_topics_is_counted_by_the_day(house):
    local, data = house
    with local.working(data) as rooms:
        for channel, number in (("api", 1), ("kafka", 2), ("api", 3)):
            call = ("track", "", Offered({"event": "x", "timestamp": "no day"}, number))
            take_calls(rooms.gate.admit("digital", channel), rooms, [call])
        runs = show_source(permit(rooms, "show_source"), rooms, "digital").runs
        assert {it.way: it.counts.offered for it in runs} == {"messages": 2, "topics": 1}
        assert {it.state for it in runs} == {"going_on"}
        items = list_quarantine(permit(rooms, "list_quarantine"), rooms, Wanted(source="digital")).items
        assert {it.place for it in items} <= {"message 1", "offset 2", "message 3"}


def test_a_source_is_shown_with_each_version_of_its_contract_and_no_other(house):
    local, data = house
    with local.working(data) as rooms:
        allowed = permit(rooms, "show_source")
        detail = show_source(allowed, rooms, "marketing", version="1.0.0")
        assert [(it.version, it.status) for it in detail.versions] == [("1.0.0", "active")]
        contact = next(it for it in detail.objects if it.name == "contact")
        properties = {it.path: it for it in contact.properties}
        assert (properties["kind"].required, properties["email"].field_class) == (True, "pii")
        for source, version in (("marketing", "9.9.9"), ("nobody", "")):
            with pytest.raises(UnknownSource):
                show_source(allowed, rooms, source, version=version)


def test_a_row_is_shown_to_a_steward_and_written_down_first(house):
    local, data = house
    with local.working(data) as rooms:
        held = next(it for it in listed(rooms).items if it.place == "line 3")
        shown = show_held_row(permit(rooms, "show_held_row"), rooms, held.id)
        assert {it.path: it.value for it in shown.values}["last_name"] == "Smirnov"
        assert [it.path for it in shown.values if it.broken] == ["kind"]
        blind = show_held_row(permit(rooms, "show_held_row", role="engineer"), rooms, held.id)
        assert {it.path for it in blind.values} == {it.path for it in shown.values}
        assert not any(it.value for it in blind.values)
        records = [it for it in rooms.audit.page(AuditFilter()).items if it.kind == "quarantine_row"]
        assert [it.id for it in records] == [blind.decision, shown.decision]
        assert records[0].details == {"source": "marketing", "object": "contact", "row": held.id}
        assert [it.counts["shown"] for it in records] == [0, 14]
        with pytest.raises(Refused):
            permit(rooms, "show_held_row", role="privacy_officer")


def test_an_answer_that_cannot_be_written_down_is_not_given(house, monkeypatch):
    local, data = house
    with local.working(data) as rooms:
        allowed = permit(rooms, "show_held_row")

        def full(*_: object, **__: object) -> str:
            raise Unavailable("The disk is full.")

        monkeypatch.setattr(type(rooms.audit), "record", full)
        with pytest.raises(Unavailable):
            show_held_row(allowed, rooms, "1")


def test_one_row_is_mended_inside_what_is_nested(tmp_path):
    data = tmp_path / "data"
    house = LocalHouse()
    house.create(data, CELL, [CONTRACTS], None)
    call: dict[str, object] = {"messageId": "m-1", "userId": "u-1", "timestamp": "2026-01-01T10:00:00Z"}
    call["traits"] = {"firstName": "Elena", "lastName": "Rossi", "birthday": "no day"}
    file = tmp_path / "identifies.jsonl"
    file.write_bytes(msgspec.json.encode(call) + b"\n")
    house.load(data, "digital", [file], as_of="2026-02-01", backfill=False, watch=lambda *_: None)
    with house.working(data) as rooms:
        chosen = Chosen(source="digital")
        corrections = {"traits.birthday": "1990-05-05"}
        done = resubmit_quarantine(permit(rooms, "resubmit_quarantine"), rooms, chosen, corrections)
        assert (done.taken, done.still_held) == (1, ())
        assert finds(rooms, "Elena Rossi") == 1


def test_all_of_everything_is_never_meant(house):
    local, data = house
    with local.working(data) as rooms:
        with pytest.raises(CallerError, match="Name the rows"):
            resubmit(rooms, Chosen())
        with pytest.raises(NotFound):
            discard(rooms, Chosen(ids=("999",)))


def test_an_engineer_hands_in_and_does_not_discard(house):
    local, data = house
    with local.working(data) as rooms:
        assert permit(rooms, "resubmit_quarantine", role="engineer")
        with pytest.raises(Refused):
            permit(rooms, "discard_quarantine", role="engineer")
