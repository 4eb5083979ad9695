"""What is held, by kind: counted exactly whatever becomes of rows, and found newest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import CallerError
from onefold.record.intake.held import HeldRows, Standing, Wanted
from onefold.record.intake.settlement import Because, Outcome, Settlements
from onefold.record.log.service import GroupCommit
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, movements

EVERYTHING = Wanted()
ANNA = {"id": "1", "name": "Anna Karimova", "born": "2024-02-30", "mobile": ""}
MOVED = {"id": "7", "account": "A1", "day": "2024-05-01", "side": "X", "amount": "12.50"}


class Room:
    """A quarantine with settlements, in memory."""

    def __init__(self) -> None:
        self.intake = MemoryIntake(contract(customers(), movements()))
        self.log = self.intake.settled
        self.settlements = Settlements("demo/uz", GroupCommit(self.log), self.log)
        self.held = HeldRows(self.intake.quarantine, self.settlements)

    def hold(self, *dates: str) -> None:
        """Customers with such birth dates, each another."""
        start = self.intake.held.last_sequence
        found = [ANNA | {"id": str(start + at), "born": born} for at, born in enumerate(dates, 1)]
        self.intake.door.offer("core", "customer", rows(*found))

    def settle(self, *sequences: int, because: Because | None = None) -> None:
        """Ends the quarantine of rows."""
        found = list(self.held.read(sequences))
        self.settlements.settle(found, actor="steward", at=NOW_MS, because=because)

    def found(self, wanted: Wanted = EVERYTHING) -> list[int]:
        """The rows that are wanted."""
        return list(self.held.sequences(wanted))


@pytest.fixture
def room():
    """Two bad dates, a missing key and an unknown word; the first bad date was discarded."""
    room = Room()
    room.hold("2024-02-30", "no day")
    room.intake.door.offer("core", "customer", rows(ANNA | {"id": ""}))
    room.intake.clock.advance(1000)
    room.intake.door.offer("core", "movement", rows(MOVED))
    room.settle(1, because=Because.TEST_DATA)
    return room


def test_kinds_are_counted_with_what_became_of_them_and_when_they_came(room):
    found = {it.kind[1:]: (it.rows, it.open, it.discarded) for it in room.held.counts(Wanted())}
    assert found == {
        ("customer", "1.0.0", "bad_date", "born"): (2, 1, 1),
        ("customer", "1.0.0", "required_missing", "id"): (1, 1, 0),
        ("movement", "1.0.0", "unknown_value", "side"): (1, 1, 0),
    }
    times = {
        it.kind.object: (it.first_at, it.last_at) for it in room.held.counts(Wanted(reason="unknown_value"))
    }
    assert times == {"movement": (NOW_MS + 1000, NOW_MS + 1000)}


def test_rows_are_found_by_what_they_have_in_common_and_by_how_they_stand(room):
    assert room.found() == [4, 3, 2, 1]
    assert room.found(Wanted(object="customer", field="born")) == [2, 1]
    assert room.found(Wanted(source="telecom")) == []
    assert room.found(Wanted(contract="2.0.0")) == []
    assert room.found(Wanted(standing=Standing.OPEN)) == [4, 3, 2]
    assert room.found(Wanted(standing=Standing.SETTLED)) == [1]
    room.settle(3)
    assert room.found(Wanted(standing=Standing.RESUBMITTED)) == [3]
    assert room.found(Wanted(reason="bad_date", standing=Standing.DISCARDED)) == [1]
    assert [it.kind.reason for it in room.held.counts(Wanted(standing=Standing.RESUBMITTED))] == [
        "required_missing"
    ]


def test_pages_go_on_below_the_last_row_and_end(room):
    first = room.held.page(Wanted(), limit=3)
    assert [(held.sequence, outcome) for held, outcome in first.items] == [(4, None), (3, None), (2, None)]
    room.intake.door.offer("core", "movement", rows(MOVED | {"id": "8"}))
    rest = room.held.page(Wanted(), limit=3, cursor=first.next)
    assert [(held.sequence, outcome) for held, outcome in rest.items] == [(1, Outcome.DISCARDED)]
    assert rest.next == ""
    assert room.held.page(Wanted(), limit=5).next == ""
    with pytest.raises(CallerError):
        room.held.page(Wanted(), cursor="x")


@given(
    st.lists(
        st.tuples(st.booleans(), st.sets(st.integers(1, 30), min_size=1, max_size=8), st.booleans()),
        max_size=12,
    )
)
def test_whatever_is_held_and_settled_in_any_order_open_and_settled_are_all(steps):
    room = Room()
    fate: dict[int, Outcome | None] = {}
    for holds, numbers, discards in steps:
        if holds:
            before = room.intake.held.last_sequence
            room.hold(*("no day" for _ in numbers))
            fate |= dict.fromkeys(range(before + 1, room.intake.held.last_sequence + 1))
        else:
            known = sorted(numbers & fate.keys())
            room.settle(*known, because=Because.RESENT if discards else None)
            outcome = Outcome.DISCARDED if discards else Outcome.RESUBMITTED
            fate |= {it: fate[it] or outcome for it in known}
        if len(fate) % 2:
            room.held.counts(Wanted())  # it follows step by step, or several at once
    anew = HeldRows(room.intake.quarantine, Settlements("demo/uz", GroupCommit(room.log), room.log))
    for held in (room.held, anew):
        assert list(held.sequences(Wanted(standing=Standing.OPEN))) == sorted(
            (it for it, outcome in fate.items() if outcome is None), reverse=True
        )
        for count in held.counts(Wanted()):
            assert count.rows == len(fate)
            assert count.resubmitted == sum(it is Outcome.RESUBMITTED for it in fate.values())
            assert count.discarded == sum(it is Outcome.DISCARDED for it in fate.values())
