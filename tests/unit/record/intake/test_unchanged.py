"""Familiar rows are told what the whole way would tell of them, and nothing that is not familiar is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import Unavailable
from onefold.record.contracts.errors import Reason
from onefold.record.intake import door as door_module
from onefold.record.intake import rules, unchanged
from onefold.record.intake.blocks import BlockPreparer
from onefold.record.intake.model import EVENT_IDS_MAX, Mode, Offered, Tally
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers

NAMES = ("Anna", "Bo", "", "x" * 40)
ROWS = st.builds(
    lambda key, name, born: {"id": key, "name": name, "born": born, "mobile": ""},
    st.sampled_from(["1", "2", "3", "4", "", " 1 "]),
    st.sampled_from(NAMES),
    st.sampled_from(["", "1990-01-02", "no day", "2999-01-01"]),
)
OFFERED = st.one_of(
    ROWS.map(lambda row: Offered(row, 1)),
    ROWS.map(lambda row: Offered(row, 1)),
    st.builds(lambda row: Offered(row, 1, "m1"), ROWS),
    st.just(Offered(None, 1, fault=Reason.BAD_TEXT, raw=b"\xff")),
)
DELIVERIES = st.lists(
    st.tuples(st.lists(OFFERED, max_size=9), st.integers(0, 4), st.booleans()), min_size=2, max_size=6
)


@contextmanager
def always_looking(*, looks: bool) -> Iterator[None]:
    """A door that tries every block, however small; or none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door_module, "BEHIND_ROWS", 0 if looks else 1 << 40)
        patch.setattr(door_module, "BLOCK_ROWS", 3)
        patch.setattr(door_module, "CHUNK_ROWS", 6)
        patch.setattr(unchanged, "PATIENCE_BLOCKS", 0)
        yield


def result(intake: MemoryIntake, deliveries: list[tuple[list[Offered], int, bool]]) -> list[Any]:
    """The account of each delivery, and what stands behind all of them."""
    told: list[Any] = []
    for offered, as_of, is_backfill in deliveries:
        mode = Mode.BACKFILL if is_backfill else Mode.CURRENT
        at = max(NOW_MS - 10 + as_of, 0 if is_backfill else intake.index.last_as_of("core/customer"))
        receipt = intake.door.offer("core", "customer", offered, mode=mode, as_of=at)
        told.append((receipt.tally, [(it.line, it.reason) for it in receipt.turned]))
    stated = intake.index.stated("core/customer", b"", 100)
    held = sorted((it.reason, it.field) for it in intake.listed())
    return [told, stated, held, sorted(intake.bodies())]


@given(DELIVERIES)
def test_every_delivery_is_told_as_it_would_be_the_whole_way(
    deliveries: list[tuple[list[Offered], int, bool]],
) -> None:
    looked_for, whole = (MemoryIntake(contract(customers())) for _ in range(2))
    with always_looking(looks=True):
        found = result(looked_for, deliveries)
    with always_looking(looks=False):
        assert result(whole, deliveries) == found


ANNA = {"id": "1", "name": "Anna", "born": "1990-01-02", "mobile": ""}


@pytest.fixture
def closer(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were looked at closer, block by block."""
    seen: list[int] = []
    prepare = BlockPreparer.prepare

    def counted(self: BlockPreparer, block: Any, moment: Any) -> Any:
        seen.append(len(block))
        return prepare(self, block, moment)

    monkeypatch.setattr(BlockPreparer, "prepare", counted)
    return seen


def people(count: int, **change: Any) -> list[Offered]:
    return rows(*(ANNA | {"id": str(number)} | change for number in range(count)))


def test_the_rows_of_yesterday_are_not_looked_at_again(closer: list[int]) -> None:
    intake, count = MemoryIntake(contract(customers())), 4 * EVENT_IDS_MAX
    intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 2)
    closer.clear()
    changed = people(count)
    changed[-1] = Offered(ANNA | {"id": str(count - 1), "name": "New"}, count)
    later = intake.door.offer("core", "customer", changed, as_of=NOW_MS - 1)
    assert later.tally == Tally(offered=count, accepted=1, unchanged=count - 1)
    assert sum(closer) == EVENT_IDS_MAX + 1, "the first rows, whose ids may have to be told, and the new one"
    again = intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 2, mode=Mode.BACKFILL)
    assert again.tally == Tally(offered=count, duplicate=count)


def test_a_first_delivery_is_looked_for_now_and_then_only(
    monkeypatch: pytest.MonkeyPatch, closer: list[int]
) -> None:
    intake = MemoryIntake(contract(customers()))
    asked = 0
    snapshots = intake.index.snapshots

    def counting(name: str, ids: Any) -> Any:
        nonlocal asked
        asked += 1
        return snapshots(name, ids)

    monkeypatch.setattr(intake.index, "snapshots", counting)
    intake.door.offer("core", "customer", people(40 * EVENT_IDS_MAX), as_of=NOW_MS)
    assert 1 < asked < 8
    assert sum(closer) == 40 * EVENT_IDS_MAX


def test_another_version_of_the_contract_judges_every_row_once_more(closer: list[int]) -> None:
    count = 4 * EVENT_IDS_MAX
    intake = MemoryIntake(contract(customers()))
    intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 3)
    mistaken = customers(map={"full_name": "name", "birth_date": "name"})
    intake.contracts.add(contract(mistaken, version="1.1.0"))
    judged = intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 2)
    assert judged.tally.quarantined == count, "unchanged rows are not good for having been good before"
    intake.contracts.add(contract(customers(), version="1.2.0"))
    tallies = []
    for as_of in (NOW_MS - 1, NOW_MS):
        closer.clear()
        tallies.append(intake.door.offer("core", "customer", people(count), as_of=as_of).tally)
        tallies[-1].check()
    assert tallies == [Tally(offered=count, unchanged=count)] * 2
    assert sum(closer) == EVENT_IDS_MAX, "judged by 1.2.0 once, and told from then on"


def test_of_somebody_erased_nothing_is_told_that_the_ledger_would_refuse(
    monkeypatch: pytest.MonkeyPatch, closer: list[int]
) -> None:
    intake, count = MemoryIntake(contract(customers())), 2 * EVENT_IDS_MAX
    intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 2)
    gone = intake.cell_key.birth_id("core", "party", str(count - 1))

    class Ledger:
        refused = frozenset({gone})

    monkeypatch.setattr(intake.door, "_erased", Ledger)
    monkeypatch.setattr(intake.door._committer, "_erased", Ledger)
    later = intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 1)
    assert later.tally == Tally(count, 0, 0, count - 1, 0, 1, {"subject_erased": 1})


def test_another_release_judges_every_row_once_more(
    monkeypatch: pytest.MonkeyPatch, closer: list[int]
) -> None:
    intake, count = MemoryIntake(contract(customers())), 3 * EVENT_IDS_MAX
    intake.door.offer("core", "customer", people(count), as_of=NOW_MS - 3)
    monkeypatch.setattr(rules, "RELEASE", "another")
    for as_of, looked_at in ((NOW_MS - 2, count), (NOW_MS - 1, EVENT_IDS_MAX)):
        closer.clear()
        tally = intake.door.offer("core", "customer", people(count), as_of=as_of).tally
        assert tally == Tally(offered=count, unchanged=count)
        assert sum(closer) == looked_at


def test_an_index_that_is_behind_its_log_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    intake, count = MemoryIntake(contract(customers())), 3 * EVENT_IDS_MAX
    intake.door.offer("core", "customer", people(count, name="Old"), as_of=NOW_MS - 3)
    work = intake.index.work

    @contextmanager
    def failing() -> Iterator[Any]:
        with work() as found:
            yield found
            raise Unavailable("The disk is full.")

    monkeypatch.setattr(intake.index, "work", failing)
    with pytest.raises(Unavailable):
        intake.door.offer("core", "customer", people(count, name="New"), as_of=NOW_MS - 2)
    monkeypatch.setattr(intake.index, "work", work)
    assert len(intake.bodies()) == 2 * count, "the log had it before the index failed"
    later = intake.door.offer("core", "customer", people(count, name="Old"), as_of=NOW_MS - 1)
    assert later.tally == Tally(offered=count, accepted=count)


def test_limits_of_values_hold_in_blocks_too() -> None:
    table = customers()
    table["properties"][1]["logicalTypeOptions"] = {"maxLength": 3}
    intake = MemoryIntake(contract(table))
    told = intake.door.offer("core", "customer", people(5), as_of=NOW_MS).tally
    assert told == Tally(5, 0, 0, 0, 5, 0, {"beyond_limits": 5})
