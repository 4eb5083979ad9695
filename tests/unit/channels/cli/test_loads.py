"""Rows in quarantine as they are told: the counts are those of the rows that are listed."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from onefold.channels.cli.loads import print_quarantine
from onefold.usecases.model import QuarantinedRow


def row(number: int, reason: str) -> QuarantinedRow:
    """A row that is held."""
    return QuarantinedRow(
        str(number), "", "crm", "contacts", reason, "born", reason, f"line {number}", False, ""
    )


def printed(rows: list[QuarantinedRow], most: int) -> list[str]:
    """What is printed, spaces folded."""
    out = StringIO()
    print_quarantine(Console(file=out, width=160), iter(rows), most)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_every_held_row_is_counted_though_only_the_newest_are_listed() -> None:
    lines = printed([row(3, "bad_date"), row(2, "bad_flag"), row(1, "bad_date")], most=2)
    assert "crm contacts bad_date 2" in lines
    assert "crm contacts bad_flag 1" in lines
    assert [line.split()[0] for line in lines if "line " in line] == ["3", "2"]
    assert lines[-1].startswith("The newest 2 of 3;")


def test_nothing_is_said_of_more_where_all_are_listed() -> None:
    assert not printed([row(1, "bad_date")], most=1)[-1].startswith("The newest")


def test_an_empty_quarantine_is_told() -> None:
    assert printed([], most=50) == ["Nothing is in quarantine."]
