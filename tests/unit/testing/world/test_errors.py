"""What sources get wrong, and that it happens as often as `habits` says."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from onefold.kernel.time import date_from_day
from onefold.testing.world.contacts import with_check_digit
from onefold.testing.world.errors import other_digit, slip, state
from onefold.testing.world.habits import HABITS
from onefold.testing.world.model import Person
from tests.unit.testing.world.made import blocks, setting

SOURCES = tuple(HABITS)


def stated(source, *, latin=False):
    rng = Random(3)
    records = [
        record for block in blocks() for record in block.records[source] if isinstance(record.who, Person)
    ]
    return [(record, state(rng, setting(latin=latin), record)) for record in records]


def share(hits, of):
    return sum(map(bool, hits)) / of


@pytest.mark.parametrize("source", SOURCES)
def test_faults_come_as_often_as_documented(source):
    habits, rows = HABITS[source], stated(source)
    seen = Counter(fault for _, row in rows for fault in set(row.faults))
    for fault in ("typo", "swapped", "initial"):
        assert seen[fault] / len(rows) == pytest.approx(getattr(habits, fault), abs=0.02), fault
    with_birth = sum(row.born is not None for _, row in rows)
    assert 1 - with_birth / len(rows) == pytest.approx(habits.birth_missing, abs=0.05)
    with_id = share((row.national_id for _, row in rows), len(rows))
    assert 1 - with_id == pytest.approx(habits.national_missing, abs=0.05)
    grown = [row for record, row in rows if record.who.email_on(record.stated_on)]
    assert 1 - share((row.email for row in grown), len(grown)) == pytest.approx(
        habits.email_missing, abs=0.05
    )


def test_a_row_without_a_fault_says_the_truth():
    clean = [(record, row) for record, row in stated("core-banking") if not row.faults]
    assert clean
    for record, row in clean:
        person = record.who
        assert row.born in (None, person.born)
        assert row.national_id in ("", person.national_id)
        assert row.phone in ("", person.phone_on(record.stated_on))
        assert row.email in ("", person.email_on(record.stated_on))


def test_a_wrong_national_id_fails_its_check_digit():
    wrong = [row for _, row in stated("telecom") if "national_wrong" in row.faults]
    assert wrong
    assert all(with_check_digit(row.national_id[:-1]) != row.national_id for row in wrong)


def test_a_wrong_birth_date_is_a_day_that_exists_and_another():
    for record, row in stated("crm"):
        if "birth_wrong" in row.faults:
            assert row.born != record.who.born
            assert date_from_day(row.born)


def test_a_latin_world_has_no_cyrillic():
    for _, row in stated("core-banking", latin=True):
        assert f"{row.given}{row.family}{row.middle}{row.address}{row.city}".replace("'", "").isascii()


def test_a_slip_changes_one_place_and_never_the_first_letter():
    rng = Random(1)
    for _ in range(300):
        bent = slip(rng, "Karimov")
        assert bent[0] == "K"
        assert abs(len(bent) - 7) <= 1
        assert bent != "Karimov"


def test_one_other_digit_is_another_digit():
    rng = Random(1)
    for _ in range(100):
        bent = other_digit(rng, "998901234567", 6, 12)
        assert sum(a != b for a, b in zip(bent, "998901234567", strict=True)) == 1
        assert bent[:6] == "998901"
