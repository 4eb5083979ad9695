"""The health of columns: what is good, typed to fill a field, impossible, or cannot be told."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from onefold.customer.identity.diagnostics.columns import SHARED_MOST, columns_of, judge_of, shape_of
from onefold.customer.identity.diagnostics.model import ColumnFacts
from tests.diagnosing import said_of

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("kind", "value", "health"),
    [
        ("birth_date", "1985-04-03", "good"),
        ("birth_date", "1985-01-01", "placeholder"),
        ("birth_date", "1900-01-01", "placeholder"),
        ("birth_date", "1985-02-31", "invalid"),
        ("phone", "+998 97 116-58-24", "good"),
        ("phone", "000000000", "placeholder"),
        ("phone", "+998 97 1", "invalid"),
        ("phone", "no phone", "invalid"),
        ("phone", "97 116-58-24", "unchecked"),
        ("email", "grace.halls@mail.net", "good"),
        ("email", "test@mail.net", "placeholder"),
        ("email", "grace.halls@", "invalid"),
        ("gender", "F", "good"),
        ("gender", "unknown", "placeholder"),
        ("gender", "q7", "unchecked"),
        ("city", "Leeds", "good"),
        ("city", "n/a", "placeholder"),
        ("city", "xxxx", "placeholder"),
        ("given_name", "Unknown", "placeholder"),
    ],
)
def test_a_value_is_good_a_filler_or_impossible(kind, value, health):
    assert judge_of(kind, Counter([value]), TODAY)(value) == health


def test_a_number_without_a_code_is_of_the_region_that_is_told():
    assert judge_of("phone", {}, TODAY, "UZ")("97 116-58-24") == "good"


def test_ids_are_held_to_the_check_that_most_of_their_column_passes():
    valid, broken = ["30103687901284", "40203716582457", "30103687901284"], "30103687901285"
    judge = judge_of("identifier", Counter([*valid, broken]), TODAY)
    assert [judge(it) for it in (*valid, broken, "00000000000000")] == [
        *("good", "good", "good"), "invalid", "placeholder",
    ]  # fmt: skip


def test_ids_that_no_check_knows_are_not_called_wrong():
    judge = judge_of("identifier", Counter(["AB 7711", "AB 7712"]), TODAY)
    assert judge("AB 7711") == "unchecked"


def test_a_shape_says_nothing_of_the_value():
    assert shape_of("+998 (97) 116-58-24") == "+999 (99) 999-99-99"
    assert shape_of("3 May 1985") == "9 a 9999"
    assert shape_of("Ташкент-5") == "a-9"


def test_columns_are_counted_by_source_and_only_where_they_are():
    many = SHARED_MOST + 1
    one = {
        "name": [f"Ann Lee{chr(97 + it)}" for it in range(many + 2)],
        "born": ["1985-04-03"] * many + ["1985-01-01", ""],
        "sex": ["f"] * (many + 2),
    }
    other = {"name": ["Bob Moss", "Cid Dean"], "born": ["1990-05-06", "1985-02-31"]}
    heard: list[tuple[int, int]] = []
    found = columns_of(said_of({"crm": one, "shop": other}), TODAY, lambda *it: heard.append(it))
    born = [it for it in found if it.column == "born"]
    assert born == [
        ColumnFacts(
            0, "born", "birth_date", records=many + 2, filled=many + 1, distinct=2, placeholders=1, invalid=0,
            unchecked=0, shared=many, formats=(("9999-99-99", many + 1),),
        ),
        ColumnFacts(
            1, "born", "birth_date", records=2, filled=2, distinct=2, placeholders=0, invalid=1, unchecked=0,
            shared=0, formats=(("9999-99-99", 2),),
        ),
    ]  # fmt: skip
    assert [it.source for it in found if it.column == "sex"] == [0]
    assert heard[-1] == (3, 3)
