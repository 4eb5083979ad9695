"""Settlements: every row is open, handed in again or discarded, once and for ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import Damaged
from onefold.record.intake.quarantine import Held
from onefold.record.intake.settlement import Because, Outcome, Settlements
from onefold.record.log.model import Record


class Log:
    """A log in a list, for writing and reading."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    @property
    def last_sequence(self) -> int:
        return len(self.records)

    def append(self, entries: Any) -> int:
        for header, payload in entries:
            self.records.append(Record(len(self.records) + 1, header, payload, b""))
        return len(self.records)

    def read(self, after: int, most: int) -> list[Record]:
        return self.records[after : after + most]


def opened(log: Log) -> Settlements:
    anything: Any = log
    return Settlements("demo/uz", anything, anything)


def held(sequence: int, source: str = "crm", reason: str = "type") -> Held:
    return Held(sequence, source, "contacts", "1.0.0", reason, "", "", 0, 0, False, 10)


def settle(settlements: Settlements, *sequences: int, because: Because | None = None) -> int:
    return settlements.settle([held(it) for it in sequences], actor="steward", at=1, because=because)


def test_a_row_is_open_until_it_is_settled_and_that_outlives_the_process():
    log = Log()
    settlements = opened(log)
    settle(settlements, 3, 4, 5, 9)
    settle(settlements, 7, because=Because.TEST_DATA)
    for it in (settlements, opened(log)):
        found = {sequence: it.outcome_of(sequence) for sequence in range(1, 11)}
        assert {key for key, value in found.items() if value is Outcome.RESUBMITTED} == {3, 4, 5, 9}
        assert {key for key, value in found.items() if value is Outcome.DISCARDED} == {7}


def test_a_row_is_settled_once():
    log = Log()
    settlements = opened(log)
    assert settle(settlements, 1, 2) == 2
    assert settle(settlements, 2, 3, because=Because.WORTHLESS) == 1
    assert settle(settlements, 1, 2, 3) == 0
    assert settlements.outcome_of(2) is Outcome.RESUBMITTED
    assert len(log.records) == 2


def test_what_was_settled_is_told_in_ranges_as_it_was_settled():
    log = Log()
    settlements = opened(log)
    settle(settlements, 4, 5)
    settle(settlements, 1, 2, 9, because=Because.RESENT)
    expected = [
        (4, 5, Outcome.RESUBMITTED),
        (1, 2, Outcome.DISCARDED),
        (9, 9, Outcome.DISCARDED),
    ]
    assert settlements.made(0) == expected
    assert opened(log).made(2) == expected[2:]


@given(st.lists(st.sets(st.integers(1, 60), min_size=1), max_size=12))
def test_any_rows_in_any_order_are_told_apart(batches):
    log = Log()
    settlements = opened(log)
    expected: set[int] = set()
    for batch in batches:
        assert settle(settlements, *batch) == len(batch - expected)
        expected |= batch
    for it in (settlements, opened(log)):
        assert {sequence for sequence in range(1, 62) if it.outcome_of(sequence)} == expected


def test_a_record_that_is_no_settlement_is_damage():
    log = Log()
    log.append([(b"\xc1", b"")])
    with pytest.raises(Damaged):
        opened(log)
