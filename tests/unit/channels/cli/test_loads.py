"""Rows in quarantine as they are told: the counts are those of the rows that are listed."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from onefold.channels.cli.loads import print_held_row, print_quarantine
from onefold.gate.held import HeldValue
from onefold.usecases.model import HeldGroup, HeldRow, QuarantinedRow, QuarantinePage


def row(number: int, reason: str) -> QuarantinedRow:
    """A row that is held."""
    place = f"line {number}"
    return QuarantinedRow(
        str(number), "", "crm", "contacts", reason, "born", reason, "1.0.0", place, False, True, ""
    )


def group(reason: str, rows: int) -> HeldGroup:
    """Open rows of one reason."""
    kind = "crm", "contacts", "1.0.0", reason, "born"
    return HeldGroup(*kind, "It is so.", "Do this.", True, rows + 1, rows, 1, 0, "", "")


def printed(rows: list[QuarantinedRow], groups: list[HeldGroup]) -> list[str]:
    """What is printed, spaces folded."""
    out = StringIO()
    print_quarantine(Console(file=out, width=160), QuarantinePage(tuple(rows), tuple(groups), None))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_every_open_row_is_counted_though_only_the_newest_are_listed() -> None:
    groups = [group("bad_date", 2), group("bad_flag", 1)]
    lines = printed([row(3, "bad_date"), row(2, "bad_flag")], groups)
    assert "crm contacts bad_date 2" in lines
    assert "crm contacts bad_flag 1" in lines
    assert "bad_date: It is so. Do this." in lines
    assert [line.split()[0] for line in lines if "line " in line] == ["3", "2"]
    assert lines[-1].startswith("The newest 2 of 3;")


def test_nothing_is_said_of_more_where_all_are_listed() -> None:
    assert not printed([row(1, "bad_date")], [group("bad_date", 1)])[-1].startswith("The newest")


def test_an_empty_quarantine_is_told() -> None:
    assert printed([], []) == ["Nothing is in quarantine."]


def test_a_row_is_printed_as_it_is_and_what_broke_is_marked() -> None:
    values = (
        HeldValue("born", "string", "pii", True, "", (), "[bold]no day", "full", True, False, True),
        HeldValue("account", "string", "pci", True, "", (), "", "hidden", False, False, True),
    )
    out = StringIO()
    held = HeldRow(row(7, "bad_date"), "Do this.", None, values, "", "", "1")
    print_held_row(Console(file=out, width=160), held)
    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert lines[0].startswith("Row 7 of crm/contacts 1.0.0: line 7, held at")
    assert "! born string pii [bold]no day" in lines
    assert "account string pci (hidden)" in lines
