"""Bags of letters never say more than what texts are apart, and say it of texts that share nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel

from onefold.customer.identity.linking.bags import Bags
from onefold.customer.identity.linking.pairs import OnePair, Pairs

TEXTS = st.lists(st.text(alphabet="ab1 9éя😀", max_size=40), min_size=2, max_size=12)


def _all_pairs(values: list[str]) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.triu_indices(len(values), 1)
    return low.astype(np.int64), high.astype(np.int64)


@given(TEXTS)
def test_they_never_say_more_than_changes_can_make(values: list[str]) -> None:
    low, high = _all_pairs(values)
    apart = Bags(values).apart(low, high)
    for one, other, least in zip(low.tolist(), high.tolist(), apart.tolist(), strict=True):
        assert least <= Indel.distance(values[one], values[other])
        assert least <= 2 * OSA.distance(values[one], values[other])


def test_texts_that_share_nothing_are_far_apart_and_orders_do_not_count() -> None:
    apart = Bags(["90112233", "45566778", "33221109", ""]).apart(np.array([0, 0, 0]), np.array([1, 2, 3]))
    assert apart.tolist() == [16, 0, 8]


def test_more_letters_than_a_drawer_holds_are_counted_as_many_as_it_holds() -> None:
    assert Bags(["a" * 1000, "b" * 1000]).apart(np.array([0]), np.array([1])).tolist() == [30]


@given(TEXTS, st.sampled_from([0.0, 50.0, 65.0, 85.0, 90.0, 100.0]))
def test_what_they_leave_out_would_not_have_counted(values: list[str], least: float) -> None:
    values = [it for it in values if it.split()] + ["1 9 ab", "ab 9 1"]
    low, high = _all_pairs(values)
    pairs = Pairs(values, low, high)
    ones = [
        OnePair(values[one], values[other]) for one, other in zip(low.tolist(), high.tolist(), strict=True)
    ]
    assert pairs.slips.tolist() == [it.slips for it in ones]
    assert pairs.ratio(least).tolist() == [it.ratio(least) for it in ones]
    assert pairs.ratio_of_words(least).tolist() == [it.ratio_of_words(least) for it in ones]
