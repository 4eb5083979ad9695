"""Columns of small numbers: how they are put in order and told apart."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.linking.columns import column_of, distinct, ordered, parted

WIDE = 1 << 61


@pytest.mark.parametrize("numbers", [[], [7], [3, 1, 3, 0, 1], [WIDE, 2, WIDE, WIDE - 1, 2]])
def test_places_stand_by_number_and_then_by_place_in_one_word_or_two(numbers):
    order, rising = ordered(np.array(numbers, dtype=np.int64))
    assert order.tolist() == sorted(range(len(numbers)), key=lambda at: (numbers[at], at))
    assert rising.tolist() == sorted(numbers)


def test_distinct_numbers_are_known_by_their_first_place():
    first, inverse = distinct(np.array([5, 2, 5, 9, 2], dtype=np.int64))
    assert first.tolist() == [1, 0, 3]
    assert inverse.tolist() == [1, 0, 1, 2, 0]


def test_each_combination_is_changed_once():
    asked = []

    def change(said):
        asked.append(said)
        return ("+".join(said),)

    columns = [column_of(["a", "b", "a", ""]), column_of(["x", "y", "x", "y"])]
    (found,) = parted(columns, change, 1)
    assert [found.values[it] for it in found.codes] == ["a+x", "b+y", "a+x", "+y"]
    assert len(asked) == 3
