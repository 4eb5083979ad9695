"""The door: an exact account, nothing twice, nothing told before it is durable, a restart that remembers."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from onefold.kernel.errors import CallerError, Unavailable
from onefold.kernel.time import MS_PER_DAY, iso_instant
from onefold.record.contracts.errors import Reason, UnknownSource
from onefold.record.intake.model import Mode, Offered, Tally
from onefold.record.log.model import EventKind
from onefold.testing.door import MemoryDoorIndex
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, movements, prop, table

MOVEMENT = {"id": "7", "account": "A1", "day": "2024-05-01", "side": "D", "amount": "12.50"}
ANNA = {"id": "1", "name": "Anna", "born": "1990-01-02", "mobile": ""}


@pytest.fixture
def intake():
    """A bank with customers and movements, in memory."""
    return MemoryIntake(contract(customers(), movements()))


def movement(number: int, **change) -> dict:
    """One of many movements."""
    return MOVEMENT | {"id": str(number), **change}


def test_every_row_is_accounted_for(intake):
    bad = movement(2, amount="x")
    receipt = intake.door.offer("core", "movement", rows(movement(1), bad, movement(3), movement(1)))
    assert receipt.tally == Tally(4, 2, 1, 0, 1, 0, {"bad_amount": 1})
    assert len(intake.bodies()) == 2


def test_a_second_load_changes_nothing(intake):
    batch = [movement(number) for number in range(50)]
    first = intake.door.offer("core", "movement", rows(*batch))
    again = intake.door.offer("core", "movement", rows(*batch))
    assert again.tally == Tally(offered=50, duplicate=50)
    assert again.sequence == first.sequence == intake.log.last_sequence
    assert again.event_ids == first.event_ids


def test_rows_of_one_subject_share_a_frame(intake):
    batch = [movement(number, account=f"A{number % 2}") for number in range(10)]
    intake.door.offer("core", "movement", rows(*batch))
    frames = intake.frames()
    assert [len(header.events) for _, header, _ in frames] == [5, 5]
    assert {header.subject_id for _, header, _ in frames} == {
        intake.cell_key.birth_id("core", "account", account) for account in ("A0", "A1")
    }


def test_headers_hold_nothing_personal(intake):
    intake.door.offer("core", "customer", rows(ANNA | {"mobile": "+998901234568"}))
    raw = b"".join(record.header for record in intake.log.scan())
    assert b"Anna" not in raw
    assert b"998901234568" not in raw
    assert msgspec.json.decode(intake.bodies()[0])["name"] == "Anna"


def test_a_snapshot_tells_changed_rows_from_equal_ones(intake):
    offer = intake.door.offer
    offer("core", "customer", rows(ANNA, ANNA | {"id": "2"}), as_of=NOW_MS - 2)
    later = offer("core", "customer", rows(ANNA, ANNA | {"id": "2", "name": "Bo"}), as_of=NOW_MS - 1)
    assert later.tally == Tally(offered=2, accepted=1, unchanged=1)


def test_an_older_snapshot_is_refused_before_anything_is_logged(intake):
    intake.door.offer("core", "customer", rows(ANNA), as_of=NOW_MS)
    with pytest.raises(CallerError, match="backfill"):
        intake.door.offer("core", "customer", rows(ANNA | {"name": "Old"}), as_of=NOW_MS - MS_PER_DAY)
    assert len(intake.bodies()) == 1


def test_history_can_be_loaded_as_a_backfill_once(intake):
    intake.door.offer("core", "customer", rows(ANNA), as_of=NOW_MS)
    old = rows(ANNA | {"name": "Ann"})
    first = intake.door.offer("core", "customer", old, as_of=NOW_MS - MS_PER_DAY, mode=Mode.BACKFILL)
    again = intake.door.offer("core", "customer", old, as_of=NOW_MS - MS_PER_DAY, mode=Mode.BACKFILL)
    assert (first.tally.accepted, again.tally.duplicate) == (1, 1)
    now = intake.door.offer("core", "customer", rows(ANNA), as_of=NOW_MS + 1)
    assert now.tally.unchanged == 1


def test_the_same_key_twice_in_a_snapshot_is_quarantined(intake):
    receipt = intake.door.offer("core", "customer", rows(ANNA, ANNA | {"name": "Ann"}), as_of=NOW_MS)
    assert receipt.tally == Tally(2, 1, 0, 0, 1, 0, {"key_repeated": 1})
    (held,) = intake.listed()
    assert (held.reason, held.field, held.line) == ("key_repeated", "id", 2)
    again = intake.door.offer("core", "customer", rows(ANNA, ANNA | {"name": "Ann"}), as_of=NOW_MS)
    assert again.tally == Tally(2, 0, 1, 0, 1, 0, {"key_repeated": 1}), "what was not let in is no duplicate"


def test_a_delivery_without_an_instant_is_the_next_word(intake):
    intake.door.offer("core", "customer", rows(ANNA))
    again = intake.door.offer("core", "customer", rows(ANNA | {"name": "Bo"}, ANNA | {"name": "Cy"}))
    assert again.tally == Tally(2, 1, 0, 0, 1, 0, {"key_repeated": 1})
    assert [msgspec.json.decode(body)["name"] for body in intake.bodies()] == ["Anna", "Bo"]
    stamps = [event.occurred_at for _, header, _ in intake.frames() for event in header.events]
    assert stamps == [NOW_MS, NOW_MS + 1]


def test_rows_dated_in_the_future_are_quarantined(intake):
    receipt = intake.door.offer(
        "core", "movement", rows(movement(1, day="2025-06-16"), movement(2, day="2025-06-18"))
    )
    assert receipt.tally == Tally(2, 1, 0, 0, 1, 0, {"future_date": 1})
    born = intake.door.offer("core", "customer", rows(ANNA | {"born": "2030-01-01"}))
    assert born.tally.reasons == {"future_date": 1}


def test_a_delivery_dated_in_the_future_is_an_error(intake):
    with pytest.raises(CallerError, match="future"):
        intake.door.offer("core", "customer", rows(ANNA), as_of=NOW_MS + 2 * MS_PER_DAY)


def test_an_unknown_source_or_object_is_an_error(intake):
    with pytest.raises(UnknownSource):
        intake.door.offer("telecom", "customer", rows(ANNA))
    with pytest.raises(UnknownSource):
        intake.door.offer("core", "letter", rows(ANNA))


def test_an_erased_person_is_not_brought_back(intake):
    intake.door.offer("core", "customer", rows(ANNA))
    intake.keys.destroy([intake.cell_key.birth_id("core", "party", "1")])
    receipt = intake.door.offer("core", "customer", rows(ANNA | {"name": "Again"}, ANNA | {"id": "2"}))
    assert receipt.tally == Tally(2, 1, 0, 0, 0, 1, {"subject_erased": 1})
    (held,) = intake.listed()
    assert held.refused
    assert intake.quarantine.read(held.sequence)[1] == b""


def test_a_bad_row_is_held_once_however_often_it_comes(intake):
    bad = movement(2, amount="x")
    for _ in range(3):
        tally = intake.door.offer("core", "movement", rows(bad, bad)).tally
        assert (tally.offered, tally.quarantined) == (2, 2)
    assert intake.quarantine.last_sequence == 1


def test_a_row_becomes_acceptable_when_its_fault_is_gone(intake):
    intake.door.offer("core", "movement", rows(movement(1, day="2025-07-01")))
    intake.clock.advance(40 * MS_PER_DAY)
    assert intake.door.offer("core", "movement", rows(movement(1, day="2025-07-01"))).tally.accepted == 1


@pytest.mark.parametrize("keeps_index", [True, False])
def test_a_restart_remembers_what_was_seen(intake, keeps_index):
    undated = table(
        "visit",
        [prop("what")],
        entity="device",
        delivers="event",
        key="what",
        map={"model": "what"},
    )
    intake = MemoryIntake(contract(customers(), movements(), undated))
    offered = {
        "movement": rows(movement(1), movement(2, amount="x")),
        "customer": rows(ANNA),
        "visit": rows({"what": "p"}),
    }
    for name, batch in offered.items():
        intake.door.offer("core", name, batch, as_of=NOW_MS)
    if not keeps_index:
        intake.index = MemoryDoorIndex()
    intake.clock.advance(5 * MS_PER_DAY)
    intake.reopen()
    told = {name: intake.door.offer("core", name, batch).tally for name, batch in offered.items()}
    assert told["movement"] == Tally(2, 0, 1, 0, 1, 0, {"bad_amount": 1})
    assert told["customer"] == Tally(offered=1, unchanged=1)
    assert told["visit"] == Tally(offered=1, duplicate=1)
    assert intake.quarantine.last_sequence == 1
    assert (
        intake.door.offer("core", "customer", rows(ANNA | {"name": "B"}), as_of=NOW_MS + 9).tally.accepted
        == 1
    )


def test_a_crash_between_log_and_index_doubles_nothing(intake):
    intake.door.offer("core", "movement", rows(movement(1)))
    intake.index.clear()
    intake.reopen()
    assert intake.door.offer("core", "movement", rows(movement(1), movement(2))).tally == Tally(2, 1, 1)


class FullDisk:
    """A log on a disk that is full until it is not."""

    def __init__(self, log):
        self.log = log
        self.full = True

    @property
    def last_sequence(self):
        """As the log."""
        return self.log.last_sequence

    def append(self, entries):
        """Fails while the disk is full."""
        if self.full:
            raise Unavailable("The disk is full.")
        return self.log.append(entries)


def test_a_full_disk_acknowledges_nothing_and_a_retry_loses_nothing(intake):
    disk = FullDisk(intake.log)
    intake.door._committer._log = disk
    with pytest.raises(Unavailable, match="full"):
        intake.door.offer("core", "movement", rows(movement(1), movement(2, amount="x")))
    assert intake.door.counts() == []
    disk.full = False
    receipt = intake.door.offer("core", "movement", rows(movement(1), movement(2, amount="x")))
    assert receipt.tally == Tally(2, 1, 0, 0, 1, 0, {"bad_amount": 1})
    assert intake.quarantine.last_sequence == 1, "the held row of the failed try is not held twice"


def test_an_index_that_fails_after_the_log_was_written_catches_up(intake, monkeypatch):
    door, work = intake.door, intake.index.work
    door.offer("core", "movement", rows(movement(1)))

    @contextmanager
    def failing():
        """Fails at its end, when the log has it."""
        with work() as going:
            yield going
            raise Unavailable("The index cannot be written.")

    with monkeypatch.context() as patch:
        patch.setattr(intake.index, "work", failing)
        with pytest.raises(Unavailable):
            door.offer("core", "movement", rows(movement(2)))
    assert len(intake.bodies()) == 2
    assert door.offer("core", "movement", rows(movement(1), movement(2), movement(3))).tally == Tally(3, 1, 2)


def test_many_threads_sending_the_same_calls_leave_one_effect_each(intake):
    tallies: list[Tally] = []

    def send() -> None:
        for number in range(20):
            tallies.append(intake.door.offer("core", "movement", rows(movement(number))).tally)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Tally()
    for tally in tallies:
        total.add(tally)
    assert total == Tally(offered=160, accepted=20, duplicate=140)
    assert len(intake.bodies()) == 20


def test_progress_is_told_after_each_chunk(intake, monkeypatch):
    monkeypatch.setattr("onefold.record.intake.door.CHUNK_ROWS", 4)
    told: list[int] = []
    batch = rows(*[movement(number) for number in range(10)])
    intake.door.offer("core", "movement", batch, progress=lambda tally: told.append(tally.offered))
    assert told == [4, 8, 10]


def test_counts_are_kept_by_source_and_object(intake):
    intake.door.offer("core", "movement", rows(movement(1), movement(1)))
    intake.door.offer("core", "customer", rows(ANNA | {"born": "x"}))
    customer, moved = intake.door.counts()
    assert (customer.object, customer.tally.reasons) == ("customer", {"bad_date": 1})
    assert moved.tally == Tally(offered=2, accepted=1, duplicate=1)
    assert (moved.last_event_at, moved.last_offered_at) == (1_714_521_600_000, NOW_MS)


def test_a_row_that_says_the_thing_is_gone_is_a_delete():
    intake = MemoryIntake(contract(customers(deletedWhen={"from": "name", "values": ["DELETED"]})))
    intake.door.offer("core", "customer", rows(ANNA | {"name": "DELETED", "born": "never"}))
    ((_, header, _),) = intake.frames()
    assert [event.kind for event in header.events] == [EventKind.DELETE]


def test_an_unreadable_line_is_kept_only_where_all_of_it_may_be(intake):
    line = Offered(None, 3, fault=Reason.RAGGED_ROW, raw=b"1;Anna")
    intake.door.offer("core", "customer", [line])
    assert intake.quarantine.read(1)[1] == b"1;Anna"
    strict = customers() | {
        "properties": [*customers()["properties"], prop("cvv", store="refuse")],
    }
    other = MemoryIntake(contract(strict))
    other.door.offer("core", "customer", [line])
    assert other.quarantine.read(1)[1] == b""


def choices(**change) -> dict:
    """What persons chose, with the row of the customer or on its own."""
    said = {
        "entity": "consent",
        "delivers": "event",
        "key": "chosen",
        "subject": {"entity": "party", "key": "id"},
        "occurredAt": {"from": "chosen", "as": "instant"},
        "map": {
            "party": {"from": "id", "as": "ref"},
            "purpose": {"value": "marketing"},
            "channel": {"value": "any"},
            "fact": "fact",
            "given_at": {"event": "occurredAt"},
            "evidence": "chosen",
        },
    }
    return table("choice", [prop("id", classification="pii"), "chosen", "fact"], **said | change)


CHOICE = {"id": "1", "chosen": "2024-05-01T10:00:00Z", "fact": "withdrawn"}


def test_a_fault_of_one_thing_in_a_row_holds_up_no_other():
    intake = MemoryIntake(contract(customers(also=["choice"]), choices()))
    bad = ANNA | CHOICE | {"born": "never"}
    for _ in range(2):
        tally = intake.door.offer("core", "customer", rows(bad)).tally
        assert tally == Tally(offered=1, quarantined=1, reasons={"bad_date": 1})
        assert [header.object for _, header, _ in intake.frames()] == ["choice"]
    (held,) = intake.listed()
    assert (held.object, held.field) == ("customer", "born")
    mended = intake.door.offer("core", "customer", rows(bad | {"born": ANNA["born"]})).tally
    assert mended == Tally(offered=1, accepted=1)
    assert [header.object for _, header, _ in intake.frames()] == ["choice", "customer"]


def test_a_fault_of_what_comes_along_is_held_as_its_own():
    intake = MemoryIntake(contract(customers(also=["choice"]), choices()))
    tally = intake.door.offer("core", "customer", rows(ANNA | CHOICE | {"fact": "perhaps"})).tally
    assert tally == Tally(offered=1, quarantined=1, reasons={"unknown_value": 1})
    assert [header.object for _, header, _ in intake.frames()] == ["customer"]
    assert [it.object for it in intake.listed()] == ["choice"]


def test_a_grant_dated_ahead_is_quarantined():
    intake = MemoryIntake(contract(customers(), choices()))
    row = CHOICE | {"chosen": "2031-01-01T00:00:00Z", "fact": "granted"}
    assert intake.door.offer("core", "choice", rows(row)).tally.reasons == {"future_date": 1}


def test_a_grant_that_dates_itself_ahead_of_its_arrival_is_quarantined():
    mapped: dict[str, Any] = {"party": {"from": "id", "as": "ref"}, "purpose": {"value": "marketing"}}
    mapped |= {"channel": {"value": "any"}, "fact": "fact", "evidence": "chosen"}
    said = choices(map=mapped | {"given_at": {"from": "chosen", "as": "instant"}})
    intake = MemoryIntake(contract(customers(), said))
    row = CHOICE | {"chosen": iso_instant(NOW_MS + 3_600_000), "fact": "granted"}
    assert intake.door.offer("core", "choice", rows(row)).tally.reasons == {"future_date": 1}
