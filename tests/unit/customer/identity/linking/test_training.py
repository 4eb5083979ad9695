"""Learning: what is known of a kind of field before data speak, and gives way to data."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.linking.levels import SCALES
from onefold.customer.identity.linking.population import Population
from onefold.customer.identity.linking.training import bits_of, learn

NAMES = (
    ("given_name", "name"), ("family_name", "name"), ("identifier", "identifier"),
    ("city", "city"), ("postcode", "postcode"),
)  # fmt: skip
DIFFERENT = (8, 8, 5, 5, 5)
SAME, MOVED = (1, 1, 1, 1, 1), (1, 1, 1, 5, 5)


def learned(same: int, moved: int, strangers: int, alike: int = 0):
    """From pairs that agree, agree but for where they live, and do not; `alike` share a number."""
    rows = [SAME, MOVED, (8, 8, 1, 5, 5)]
    near = [np.array(it, dtype=np.uint8) for it in zip(*rows, strict=True)]
    far = [np.array([it], dtype=np.uint8) for it in DIFFERENT]
    counts = np.array([same, moved, alike], dtype=np.float64)
    total = float(counts.sum()) + strangers
    return learn(Population(NAMES, near, counts, far, np.array([float(strangers)]), total))


def bits(found, *levels: int) -> float:
    return float(bits_of(found, [np.array([it], dtype=np.uint8) for it in levels])[0])


def test_every_scale_expects_shares_of_all_its_levels():
    for name, scale in SCALES.items():
        for shares in (scale.expected, scale.chance):
            assert len(shares) == len(scale.names), name
            assert sum(shares) == pytest.approx(1), name
            assert min(shares) > 0, name


def test_a_number_is_rare_before_data_say_so_and_is_not_where_they_say_so():
    few = learned(10, 2, 60)
    said = bits(few, 0, 0, 1, 0, 0) - bits(few, 0, 0, 0, 0, 0)
    assert said > 10
    common = learned(10, 2, 60_000, alike=6_000)
    assert bits(common, 0, 0, 1, 0, 0) - bits(common, 0, 0, 0, 0, 0) < said / 2
