"""What every index of the audit must do; a test file subclasses the suite and gives it an empty index."""

from __future__ import annotations

import pytest

from onefold.record.audit.model import AuditFilter, AuditHeader
from onefold.record.audit.ports import AuditIndex, Reach

ALICE, BOB = "a1" * 16, "b0" * 16


def header(number: int) -> AuditHeader:
    """The header of one of many records."""
    return AuditHeader(
        1000 + number,
        "search" if number % 2 == 0 else "view",
        "agent" if number % 3 == 1 else "rm",
        "show" if number % 3 == 0 else "list",
        "refused" if number % 4 == 0 else "allowed",
        (BOB, ALICE, BOB) if number % 3 == 2 else (BOB,),
    )


class AuditIndexSuite:
    """The promises of `AuditIndex`."""

    def test_an_empty_one_reaches_nowhere_and_finds_nothing(self, index: AuditIndex):
        assert index.reach == Reach(0, b"")
        assert index.find(AuditFilter(actor="rm"), 100, 10) == []

    @pytest.mark.parametrize(
        "wanted",
        [
            AuditFilter(customer=ALICE),
            AuditFilter(customer=BOB, actor="agent"),
            AuditFilter(customer="nobody"),
            AuditFilter(actor="agent"),
            AuditFilter(kind="search"),
            AuditFilter(action="show"),
            AuditFilter(outcome="refused"),
            AuditFilter(from_at=1003, to_at=1009),
            AuditFilter(kind="search", actor="rm", outcome="refused", from_at=1001),
            AuditFilter(customer=ALICE, to_at=1010, action="list"),
            AuditFilter(actor="nobody"),
        ],
    )
    def test_it_finds_what_the_filter_takes_newest_first(self, index: AuditIndex, wanted: AuditFilter):
        headers = [(number, header(number)) for number in range(1, 30)]
        index.add(headers[:10], Reach(10, b"x"))
        index.add(headers[10:], Reach(29, b"y"))
        expected = [number for number, it in reversed(headers) if wanted.takes(it)]
        assert index.find(wanted, 30, 100) == expected
        assert index.find(wanted, 30, 2) == expected[:2]
        assert index.find(wanted, 17, 100) == [it for it in expected if it < 17]
        assert index.reach == Reach(29, b"y")

    def test_however_many_come_at_once_each_is_found(self, index: AuditIndex):
        index.add([(number, header(number)) for number in range(1, 1235)], Reach(1234, b"x"))
        index.add([], Reach(1235, b"y"))
        assert index.find(AuditFilter(), 2000, 2000) == list(range(1234, 0, -1))
        assert index.reach == Reach(1235, b"y")

    def test_cleared_it_is_as_new(self, index: AuditIndex):
        for _ in range(2):
            index.add([(1, header(1))], Reach(1, b"x"))
            assert index.find(AuditFilter(customer=BOB), 2, 10) == [1]
            index.clear()
            assert index.reach == Reach(0, b"")
            assert index.find(AuditFilter(customer=BOB), 2, 10) == []
