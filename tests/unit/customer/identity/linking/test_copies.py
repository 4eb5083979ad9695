"""Copies: a record that many repeat is one person if it names one; what was not looked at is not certain."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.linking.candidates import HUB_LIMIT, candidates
from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.copies import COPIES_MOST, copies_of
from onefold.customer.identity.linking.fields import Field, fields_of
from onefold.customer.identity.linking.linker import Linked, link
from tests.linking import KINDS, table

NAMED = {
    "first_name": "Zebulon", "last_name": "Quarterman", "born": "1961-02-03",
    "mail": "zebulon.quarterman@mail.example", "town": "Bukhara",
}  # fmt: skip
OFTEN = HUB_LIMIT + 50


def crowded(said: dict[str, str], times: int, persons: int = 200) -> tuple[list[Field], np.ndarray]:
    """A table of people after one record that stands there many times; and who each row is about."""
    columns = table(persons, seed=7)
    fields = fields_of(
        {
            kind: [(name, column_of([said.get(name, "")] * times + columns[name]))]
            for name, kind in KINDS.items()
        }
    )
    return fields, np.array([-1] * times + [int(it) for it in columns["who"]])


@pytest.fixture(scope="module")
def repeated() -> Linked:
    return link(crowded(NAMED, OFTEN)[0], None, 0.5)


def test_a_record_that_many_rows_repeat_is_one_customer(repeated):
    assert set(repeated.labels[:OFTEN].tolist()) == {0}
    assert 0 not in repeated.labels[OFTEN:]
    assert (repeated.probabilities[:OFTEN] > 0.9).all()
    assert repeated.model.records == len(repeated.labels)


def test_a_variant_of_a_record_that_many_rows_repeat_is_found():
    columns = table(200, seed=7)
    variant = NAMED | {"town": "Khiva"}
    fields = fields_of(
        {
            kind: [(name, column_of([NAMED[name]] * OFTEN + [variant[name]] + columns[name]))]
            for name, kind in KINDS.items()
        }
    )
    assert set(link(fields, None, 0.5).labels[: OFTEN + 1].tolist()) == {0}


def test_the_rest_of_the_table_is_linked_as_without_the_copies(repeated):
    fields, _ = crowded(NAMED, 0)
    alone = link(fields, None, 0.5).labels
    differ = (alone[:, None] == alone[None, :]) != (
        repeated.labels[OFTEN:, None] == repeated.labels[None, OFTEN:]
    )
    assert differ.sum() <= 0.02 * len(alone)


@pytest.mark.parametrize("said", [{"town": "Bukhara"}, {"first_name": "Anna"}, {}])
def test_a_record_that_names_nobody_is_nobodys_copy_and_not_sure_to_be_alone(said):
    found = link(crowded(said, OFTEN)[0], None, 0.5)
    assert len(set(found.labels[:OFTEN].tolist())) == OFTEN
    assert (found.probabilities[:OFTEN] < 0.99).all()


def test_who_stood_in_a_hub_does_not_say_that_it_is_alone_for_certain():
    found = link(crowded({"town": "Bukhara"}, OFTEN)[0], None, 0.5)
    sizes = np.bincount(found.labels, minlength=len(found.labels))[found.labels]
    alone = (sizes == 1) & found.candidates.crowded
    assert alone[OFTEN:].any()
    assert (found.probabilities[alone] < 1).all()


def test_copies_within_one_source_are_not_put_together_unless_another_says_the_same():
    fields, _ = crowded(NAMED, 2 * OFTEN)
    rows = len(fields[0].column.codes)
    one = np.zeros(rows, dtype=np.int64)
    one[2 * OFTEN :] = np.arange(rows - 2 * OFTEN) % 2
    assert len(set(link(fields, one, 0.5).labels[: 2 * OFTEN].tolist())) == 2 * OFTEN
    both = one.copy()
    both[OFTEN : 2 * OFTEN] = 1
    assert set(link(fields, both, 0.5).labels[: 2 * OFTEN].tolist()) == {0}


def test_a_few_copies_take_part_and_the_others_know_their_first():
    fields, _ = crowded(NAMED, OFTEN)
    copies = copies_of(fields, None)
    assert (copies.kept[:COPIES_MOST] == np.arange(COPIES_MOST)).all()
    assert copies.rest.tolist() == list(range(COPIES_MOST, OFTEN))
    assert set(copies.kept[copies.firsts].tolist()) == {0}


def test_a_whole_record_is_a_key_where_every_other_is_a_hub():
    rows = [("Ann", "Lee", "1950-01-01")] * 2
    rows += [("Ann", "Lee", f"1950-{month:02}-{day:02}") for month in range(1, 13) for day in range(2, 12)]
    rows += [("Ann", f"Mo{chr(97 + at % 26)}{chr(97 + at // 26)}", "1950-01-01") for at in range(HUB_LIMIT)]
    rows += [(f"Bo{chr(97 + at % 26)}{chr(97 + at // 26)}", "Lee", "1950-01-01") for at in range(HUB_LIMIT)]
    kinds = ("given_name", "family_name", "birth_date")
    fields = fields_of(
        {kind: [(kind, column_of(it))] for kind, it in zip(kinds, zip(*rows, strict=True), strict=True)}
    )
    found = candidates(fields)
    assert (0, 1) in set(zip(found.left.tolist(), found.right.tolist(), strict=True))
