"""L6, nothing lost: the account of the door is exact, and every good row is in the log once, come what may.

A history is offers in any order, with rows that repeat, that are wrong, that contradict each other, offers
that meet a full disk, restarts, and restarts without the index. A row counts as taken when its offer came
back; then it is in the log, once, and a wrong one in quarantine, once.
"""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import Unavailable
from onefold.record.intake.model import Mode, Tally
from onefold.testing.door import MemoryDoorIndex
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, movements

CONTRACT = contract(customers(), movements())

GOOD = st.integers(0, 12).map(
    lambda number: {
        "id": str(number),
        "account": f"A{number % 3}",
        "day": f"2024-05-{number + 1:02}",
        "side": "C",
        "amount": f"{number}.00",
    }
)
FAULTS = st.sampled_from([{"amount": "x"}, {"side": "?"}, {"day": "2100-01-01"}, {"id": ""}, {"account": ""}])
BAD = st.builds(lambda row, fault: row | fault, GOOD, FAULTS)
CUSTOMER = st.builds(
    lambda key, name: {"id": str(key), "name": name, "born": "", "mobile": ""},
    st.integers(0, 4),
    st.sampled_from(["Anna", "Bo", "Cy"]),
)
MOVED = st.tuples(st.just("movement"), st.lists(GOOD | BAD, max_size=8), st.none())
STATED = st.tuples(
    st.just("customer"), st.lists(CUSTOMER, max_size=6), st.integers(0, 5).map(lambda n: NOW_MS - n)
)
STEPS = st.lists(
    MOVED | STATED | st.sampled_from(["restart", "lose the index", "full disk", "disk again"]), max_size=14
)


class FullDisk:
    """A log that can be out of space."""

    def __init__(self, log):
        self.log = log
        self.full = False

    @property
    def last_sequence(self):
        """As the log."""
        return self.log.last_sequence

    def append(self, entries):
        """Keeps all of it or none."""
        if self.full:
            raise Unavailable("The disk is full.")
        return self.log.append(entries)


class History:
    """A door with what was acknowledged, kept by the simplest means."""

    def __init__(self):
        self.intake = MemoryIntake(CONTRACT)
        self.full = False
        self.acknowledged: list[tuple[str, dict]] = []
        self.open()

    def open(self):
        """A door over whatever is there."""
        self.disk = FullDisk(self.intake.log)
        self.disk.full = self.full
        self.intake.door._committer._log = self.disk

    def take(self, step) -> None:
        """One step of the history."""
        if step in ("full disk", "disk again"):
            self.full = self.disk.full = step == "full disk"
        elif isinstance(step, str):
            if step == "lose the index":
                self.intake.index = MemoryDoorIndex()
            self.intake.reopen()
            self.open()
        else:
            self.offer(*step)

    def offer(self, name: str, batch: list[dict], as_of: int | None) -> None:
        """Offers and checks the account of this one offer."""
        try:
            receipt = self.intake.door.offer("core", name, rows(*batch), as_of=as_of, mode=Mode.BACKFILL)
        except Unavailable:
            return
        tally = receipt.tally
        assert tally.offered == len(batch)
        told = tally.accepted + tally.duplicate + tally.unchanged + tally.quarantined + tally.refused
        assert told == tally.offered
        assert sum(tally.reasons.values()) == tally.quarantined + tally.refused
        self.acknowledged += [(name, row) for row in batch]

    def logged(self, name: str) -> list[dict]:
        """Every row of an object in the log."""
        return [
            msgspec.json.decode(body)
            for _, header, bodies in self.intake.frames()
            if header.object == name
            for body in bodies or ()
        ]


def is_good(row: dict) -> bool:
    """Whether a movement is without fault, said without the contract."""
    return (
        bool(row["id"] and row["account"])
        and row["side"] == "C"
        and row["amount"] != "x"
        and row["day"] < "2030"
    )


@given(STEPS)
def test_every_acknowledged_row_is_held_once_where_it_belongs(steps):
    history = History()
    for step in steps:
        history.take(step)
    logged = history.logged("movement")
    assert len(logged) == len({msgspec.json.encode(row) for row in logged}), "nothing is doubled"
    for name, row in history.acknowledged:
        if name == "movement" and is_good(row):
            assert row in logged
    assert all(is_good(row) for row in logged)
    held = list(history.intake.quarantine.headers(0))
    assert len({header.digest for _, header in held}) == len(held), "nothing is held twice"
    bodies = [history.intake.quarantine.read(sequence)[1] for sequence, _ in held]
    for name, row in history.acknowledged:
        if name == "movement" and not is_good(row):
            assert msgspec.json.encode(row) in bodies


@given(STEPS)
def test_the_newest_row_of_a_snapshot_is_in_the_log(steps):
    history = History()
    for step in steps:
        history.take(step)
    logged = {msgspec.json.encode(row) for row in history.logged("customer")}
    held = {
        history.intake.quarantine.read(sequence)[1] for sequence, _ in history.intake.quarantine.headers(0)
    }
    for name, row in history.acknowledged:
        if name == "customer":
            assert msgspec.json.encode(row) in logged | held


@given(st.lists(GOOD | BAD, max_size=30), st.data())
def test_how_an_offer_is_cut_does_not_change_what_is_kept(batch, data):
    whole, parts = MemoryIntake(CONTRACT), MemoryIntake(CONTRACT)
    total = whole.door.offer("core", "movement", rows(*batch)).tally
    added, rest = Tally(), list(batch)
    while rest:
        most = data.draw(st.integers(1, len(rest)))
        added.add(parts.door.offer("core", "movement", rows(*rest[:most])).tally)
        rest = rest[most:]
    assert added == total
    assert sorted(whole.bodies()) == sorted(parts.bodies())
