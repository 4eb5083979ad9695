"""Examples: conflicts, copies and relatives on a few records, pairs on made people."""

from __future__ import annotations

from datetime import date

import pytest

from onefold.customer.identity.diagnostics.examples import (
    DOUBTFUL,
    KINDS_OF_EXAMPLES,
    SHOWN,
    SURE,
    examples_of,
)
from tests.diagnosing import said_of
from tests.linking import table

TODAY = date(2026, 5, 4)


def examples(said):
    """Examples by kind."""
    return {it.kind: it for it in examples_of(said, TODAY)}


@pytest.fixture(scope="module")
def made():
    """Made people, with their examples."""
    said = said_of({"crm": table(200, seed=5)}, truth="who")
    return said, examples(said)


def test_every_kind_is_there_in_its_order(made):
    said, _ = made
    assert tuple(it.kind for it in examples_of(said, TODAY)) == KINDS_OF_EXAMPLES


def test_at_most_twenty_are_shown_and_all_are_counted(made):
    _, found = made
    assert all(len(it.some) <= min(SHOWN, it.total) for it in found.values())
    assert len(found["sure duplicates"].some) == SHOWN
    assert found["sure duplicates"].total > SHOWN


def test_pairs_are_what_their_kind_says(made):
    said, found = made
    who = {record: int(label) for record, label in zip(order_ids(said), said.linked.labels, strict=True)}
    for kind, joined in (
        ("sure duplicates", True), ("doubtful pairs joined", True), ("doubtful pairs left apart", False),
        ("alike but apart", False),
    ):  # fmt: skip
        for it in found[kind].some:
            one, other = (who[record.id] for record in it.records)
            assert (one == other) is joined
    assert all(it.probability >= SURE for it in found["sure duplicates"].some)
    assert all(it.probability < DOUBTFUL[1] for it in found["doubtful pairs joined"].some)
    assert all(it.probability > DOUBTFUL[0] for it in found["doubtful pairs left apart"].some)


def order_ids(said):
    """The ids of records in the order of labels."""
    return [said.ids[it] for it in said.order.tolist()]


def test_a_pair_says_how_each_field_was_compared(made):
    _, found = made
    for it in found["sure duplicates"].some:
        levels = dict(it.levels)
        assert levels
        assert set(levels.values()) <= {
            *("exact", "close", "part", "different", "slip", "near", "day", "straight", "exchanged"),
        }  # fmt: skip


PEOPLE = {
    "id": ["a", "b", "c", "d", "e", "f"],
    "name": ["Ann Lee", "Ann Lee", "Bob Lee", "Cid Moss", "Cid Moss", "Dan Hill"],
    "born": ["1985-04-03", "1985-03-04", "1999-08-07", "1970-02-03", "1970-02-03", "1950-11-12"],
    "street": ["1 Mill Lane", "1 Mill Lane", "1 Mill Lane", "9 Oak Road", "9 Oak Road", "2 Elm Way"],
}


def test_two_days_of_birth_in_one_customer_are_a_conflict_and_both_are_shown():
    found = examples(said_of({"crm": PEOPLE}, customers=[0, 0, 1, 2, 2, 3]))["conflicts inside one customer"]
    assert found.total == 1
    assert found.some[0].note == "2 days of birth in 2 records"
    assert {it.id for it in found.some[0].records} == {"a", "b"}


def test_two_valid_ids_of_one_kind_are_a_conflict_and_a_mistyped_one_is_none():
    ids = {"id": ["a", "b", "c", "d"], "name": ["Ann Lee", "Ann Lee", "Bob Moss", "Bob Moss"]}
    ids["pinfl"] = ["30103687901284", "40203716582457", "30103687901284", "30103687901285"]
    found = examples(said_of({"crm": ids}, customers=[0, 0, 1, 1]))["conflicts inside one customer"]
    assert [it.note for it in found.some] == ["2 valid ids in 2 records"]
    assert {it.id for it in found.some[0].records} == {"a", "b"}


def test_days_in_two_columns_of_two_sources_are_held_against_each_other():
    one = {"id": ["a"], "name": ["Ann Lee"], "born": ["1985-04-03"]}
    other = {"id": ["b", "c"], "full_name": ["Ann Lee", "Bob Moss"], "dob": ["13.04.1985", "03.04.1985"]}
    said = said_of({"crm": one, "shop": other}, customers=[0, 0, 1])
    found = examples(said)["conflicts inside one customer"]
    assert {it.id for it in found.some[0].records} == {"a", "b"}
    same = examples(said_of({"crm": one, "shop": other}, customers=[0, 1, 0]))
    assert same["conflicts inside one customer"].total == 0


def test_exact_copies_are_counted_beyond_the_first():
    found = examples(said_of({"crm": PEOPLE}, customers=range(6)))["exact copies"]
    assert found.total == 1
    assert found.some[0].note == "2 records, not all of them one customer"
    assert {it.id for it in found.some[0].records} == {"d", "e"}


def test_relatives_left_apart_are_shown_as_such():
    found = examples(said_of({"crm": PEOPLE}, customers=[0, 0, 1, 2, 2, 3]))["alike but apart"]
    pairs = {frozenset(it.id for it in one.records) for one in found.some}
    assert pairs
    assert pairs <= {frozenset("ac"), frozenset("bc")}


def test_a_record_is_told_by_its_row_in_its_own_source():
    one = {"id": ["a"], "name": ["Ann Lee"], "born": ["1985-04-03"]}
    other = {"id": ["b", "c"], "name": ["Ann Lee", "Ann Lee"], "born": ["1985-04-03", "1985-04-03"]}
    found = examples(said_of({"crm": one, "shop": other}, customers=[0, 0, 0]))["exact copies"]
    assert found.total == 2
    assert {(it.source, it.row, it.id) for it in found.some[0].records} <= {
        (0, 1, "a"),
        (1, 1, "b"),
        (1, 2, "c"),
    }
    assert found.some[0].records[0].values == (
        ("full_name", "name", "Ann Lee"), ("birth_date", "born", "1985-04-03"),
    )  # fmt: skip
