"""Runs: each adds up like the account of its source, and together they are that account."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import Unavailable
from onefold.kernel.ids import CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.record.intake.model import Offered, Tally
from onefold.record.intake.runs import Run, Way, mark_of
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, movements

ANNA = {"id": "1", "name": "Anna Karimova", "born": "1990-02-20", "mobile": ""}
LOAD = Run(Way.FILES, NOW_MS, "operator", 1, "abc")


@pytest.fixture
def intake():
    return MemoryIntake(contract(customers(), movements()))


def test_runs_and_days_together_are_the_account_of_the_source(intake):
    intake.door.during(LOAD).offer("core", "customer", rows(ANNA, ANNA | {"born": "no"}, ANNA | {"id": ""}))
    intake.clock.advance(MS_PER_DAY)
    again = Run(Way.FILES, intake.clock.now_ms())
    intake.door.during(again).offer("core", "customer", rows(ANNA, ANNA | {"id": "2"}))
    intake.door.offer_calls("core", [("track", "Nothing", Offered({}))])
    intake.door.offer_calls("core", [("track", "Nothing", Offered({}))], way=Way.TOPICS)
    whole = Tally()
    for it in intake.door.counts():
        whole.add(it.tally)
    for parts in (intake.door.runs("core", 100), intake.door.days("core", 0)):
        total = Tally()
        for part in parts:
            part.tally.check()
            total.add(part.tally)
        assert total == whole
    by_way = {it.run.way: it.tally.offered for it in intake.door.runs("core", 100) if it.run != LOAD}
    assert by_way == {Way.FILES: 2, Way.MESSAGES: 1, Way.TOPICS: 1}
    assert [it.tally.offered for it in intake.door.days("core", 0)] == [3, 4]


def test_a_run_ends_when_it_is_told_and_what_failed_is_in_none(intake, monkeypatch):
    door = intake.door.during(LOAD)
    monkeypatch.setattr(intake.log, "append", _full)
    with pytest.raises(Unavailable):
        door.offer("core", "customer", rows(ANNA))
    assert intake.door.runs("core", 10) == []
    monkeypatch.undo()
    door.offer("core", "customer", rows(ANNA))
    assert [it.ended_at for it in intake.door.runs("core", 10)] == [0]
    intake.clock.advance(5)
    door.ended("core")
    assert [it.ended_at for it in intake.door.runs("core", 10)] == [NOW_MS + 5]


def _full(*_: object) -> int:
    raise Unavailable("The disk is full.")


def test_files_are_told_apart_without_their_names():
    key, other = CellKey(b"\x01" * 32), CellKey(b"\x02" * 32)
    mark = mark_of(key, ["anna-petrova.csv", "b.csv"])
    assert mark == mark_of(key, ["b.csv", "anna-petrova.csv"])
    assert len({mark, mark_of(key, ["anna-petrova.csv"]), mark_of(other, ["anna-petrova.csv", "b.csv"])}) == 3
    assert "anna" not in mark
