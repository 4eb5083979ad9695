"""A held row as it is listed: where it stood, as it came, and whether it can be handed in again."""

from __future__ import annotations

import pytest

from onefold.record.intake.quarantine import Held
from onefold.record.intake.settlement import Outcome
from onefold.usecases.list_quarantine import about, listed


def held(way: str = "", line: int = 7, reason: str = "bad_date", size: int = 10) -> Held:
    return Held(
        3, "crm", "contact", "1.0.0", reason, "It is so.", "born", line, 0, False, size, way=way, began_at=0
    )


@pytest.mark.parametrize(
    ("way", "place"),
    [
        ("", "line 7"),
        ("files", "line 7"),
        ("query", "row 7"),
        ("messages", "message 7"),
        ("topics", "offset 7"),
        ("mended", "line 7"),
    ],
)
def test_the_number_of_a_row_is_told_by_what_it_counts(way, place):
    assert listed(held(way), None).place == place
    assert listed(held(way, line=0), None).place == ""


def test_what_has_no_row_is_not_offered_to_be_handed_in():
    assert listed(held(), Outcome.RESUBMITTED).mendable
    assert not listed(held(size=0), None).mendable
    assert not listed(held(reason="open_quote"), None).mendable
    assert not listed(held(reason="must_not_store"), None).mendable


def test_a_reason_of_another_release_is_listed_all_the_same():
    row = listed(held(reason="moon_phase"), None)
    assert (row.reason, about(row.reason)) == ("moon_phase", "")
