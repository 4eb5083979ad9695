"""The sensitive groups of a customer: by every record, by the desk, and by the day where age decides."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.consent.model import Suppression
from onefold.customer.profile.groups import USUAL, Ages, births_at, groups_of, signs_of
from onefold.kernel.time import MS_PER_DAY, day_from_date
from onefold.record.canon.groups import EVERY_SET, Group

NOW = day_from_date(date(2026, 3, 1)) * MS_PER_DAY


def born(text: str) -> dict[str, object]:
    """A record that knows a day of birth."""
    return {"birth_date": day_from_date(date.fromisoformat(text))}


def groups(*records, suppressions=(), now=NOW, ages=USUAL) -> set[str]:
    return {it.value for it in groups_of(signs_of(records, suppressions), births_at(ages, now))}


def stopped(reason: str) -> Suppression:
    return Suppression(bytes(16), bytes(16), "call", reason, 0, "onefold")


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        ("2008-03-01", "2026-02-28", {"minor"}),
        ("2008-03-01", "2026-03-01", set()),
        ("2008-02-29", "2026-02-28", {"minor"}),
        ("2008-02-29", "2026-03-01", set()),
        ("2006-03-01", "2024-02-29", {"minor"}),
        ("2006-02-28", "2024-02-29", set()),
        ("1961-03-02", "2026-03-01", set()),
        ("1961-03-01", "2026-03-01", {"senior"}),
        ("2030-01-01", "2026-03-01", {"minor"}),
    ],
)
def test_an_age_is_reached_on_the_birthday(birth, on, expected):
    now = day_from_date(date.fromisoformat(on)) * MS_PER_DAY
    assert groups(born(birth), now=now) == expected


def test_the_ages_are_the_houses():
    assert groups(born("2007-01-01"), ages=Ages(adult=21)) == {"minor"}
    assert groups(born("1963-01-01"), ages=Ages(senior=60)) == {"senior"}


def test_whose_day_of_birth_nobody_knows_is_of_no_age():
    assert groups({"full_name": "A"}) == set()
    assert groups() == set()


def test_what_was_said_counts_and_its_opposite_does_not():
    assert groups({"vulnerable": True}) == {"vulnerable"}
    assert groups({"protected": True, "vulnerable": False}) == {"protected"}
    assert groups({"vulnerable": False}) == set()


def test_one_record_that_says_so_is_enough_and_a_deleted_one_says_nothing():
    assert groups(born("1990-01-01"), born("2015-01-01"), {"vulnerable": True}, {"vulnerable": False}) == {
        "minor",
        "vulnerable",
    }
    assert groups(born("2015-01-01"), born("1940-01-01")) == {"minor", "senior"}
    assert groups(None, born("1990-01-01")) == set()


def test_the_desk_says_vulnerable_by_the_reason_of_a_suppression():
    assert groups({}, suppressions=[stopped("wish"), stopped("vulnerable")]) == {"vulnerable"}
    assert groups({}, suppressions=[stopped("wish")]) == set()


records = st.lists(
    st.none()
    | st.fixed_dictionaries(
        {},
        optional={
            "birth_date": st.integers(-40_000, 25_000),
            "vulnerable": st.booleans(),
            "protected": st.booleans(),
        },
    ),
    max_size=4,
)


@given(records, records, st.integers(0, 30_000))
def test_joining_records_takes_no_group_away_and_their_order_says_nothing(one, other, day):
    now = day * MS_PER_DAY
    together = groups(*one, *other, now=now)
    assert together >= groups(*one, now=now) | groups(*other, now=now)
    assert together == groups(*reversed([*one, *other]), now=now)


def test_every_set_of_groups_is_there_once():
    assert len(EVERY_SET) == len(set(EVERY_SET)) == 2 ** len(Group)
    assert EVERY_SET[0] == frozenset()
