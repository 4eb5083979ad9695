"""Adoptions: the last in the log is in force, going back goes one step, what is logged is what is read."""

from __future__ import annotations

import msgspec
import pytest

from onefold.customer.identity.adoption import (
    ADOPT,
    FIRST,
    ROLLBACK,
    RULES,
    Adoption,
    adoption_in,
    before_last,
    last_of,
    row_of,
)
from onefold.kernel.errors import CallerError


def after(*steps: str) -> list[Adoption]:
    """A history: a version is adopted; `back` goes back."""
    history: list[Adoption] = []
    for at, it in enumerate(steps, start=1):
        step = ROLLBACK if it == "back" else ADOPT
        version = before_last(history).version if it == "back" else it
        history.append(last_of(history).next((version, f"digest of {version}", ""), step, "anna", at))
    return history


def test_before_the_first_the_rules_decide():
    assert last_of([]) == FIRST
    assert FIRST.is_of_rules


def test_the_last_adoption_is_in_force_whatever_order_it_is_read_in():
    history = after("a", "b", "c")
    assert last_of(reversed(history)).version == "c"
    assert [it.number for it in history] == [1, 2, 3]


@pytest.mark.parametrize(
    ("steps", "before"),
    [
        (("a",), RULES),
        (("a", "b"), "a"),
        (("a", "b", "back"), RULES),
        (("a", "b", "back", "c"), "a"),
        (("a", "b", "c", "back", "back"), RULES),
        (("a", RULES), "a"),
    ],
)
def test_going_back_takes_back_the_newest_that_was_not_taken_back(steps, before):
    assert before_last(after(*steps)).version == before


@pytest.mark.parametrize("steps", [(), ("a", "back"), ("a", "b", "back", "back")])
def test_there_is_nothing_before_the_beginning(steps):
    with pytest.raises(CallerError, match="nothing to go back to"):
        before_last(after(*steps))


def test_an_adoption_is_never_older_than_the_one_before():
    (it,) = after("a")
    assert it.next(("b", "", ""), ADOPT, "anna", it.at - 100).at == it.at + 1


def test_what_is_logged_is_what_is_read():
    it = Adoption(3, "f00d", "ab" * 32, "cd" * 32, ROLLBACK, "operator:anna", 1_764_500_000_123)
    assert adoption_in(msgspec.json.encode(row_of(it)), it.at) == it
