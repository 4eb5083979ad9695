"""What deliveries are measured by: a load that goes on reads again only what a rule has to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.record.intake.model import Offered
from onefold.usecases.measure_quality import MeasuredTables
from tests.unit.record.contracts.sample import compiled, prop, table

RULE = [{"type": "library", "metric": "nullValues", "mustBe": 0}]


class Lines:
    """A table of ten rows that tells from which line it was read."""

    size_bytes = read_bytes = 0
    is_whole = True

    def __init__(self) -> None:
        self.behind = 0
        self.read: list[int] = []

    def begin_behind(self, line: int, offset: int) -> None:
        self.behind = line

    def end_of(self, line: int) -> int:
        return line

    def digest_of(self, offset: int) -> str:
        return str(offset)

    def __iter__(self):
        for line in range(self.behind + 1, 11):
            self.read.append(line)
            yield Offered(row={"id": str(line), "x": f"a{line}@mail.example"}, line=line)


def opened(**entries):
    lines = Lines()
    words = {"entity": "party", "delivers": "record", "key": "id", "map": {"full_name": {"value": "Anna"}}}
    item = compiled(table("t", ["id", prop("x", **entries)], **words))
    measured = MeasuredTables(lambda *_: lines)
    return lines, measured, measured(Path("t.csv"), item)


@pytest.mark.parametrize(
    ("entries", "read"),
    [({}, [8, 9, 10]), ({"quality": RULE}, list(range(1, 11)))],
    ids=["no rule", "a rule"],
)
def test_a_load_that_goes_on_reads_again_only_where_a_rule_wants_all(entries, read):
    lines, measured, found = opened(**entries)
    found.begin_behind(7, 100)
    assert [it.line for it in found] == [8, 9, 10]
    assert lines.read == read
    assert len(measured.results("t")) == bool(entries)
    assert "e-mail addresses" in "".join(measured.suspicions("t"))
