"""From weights to probabilities that hold, without labels.

Theory
------
What the fields of two records say is one source of knowledge; that both hang together with a third is
another, and it is the better one: pairs within a cluster are right far more often than their own weight
tells. So of the pairs of one weight, a share `s` is known through neighbours to be one person, and of the
rest the model's own probability `p` holds: s + (1 - s) p. Shares are taken weight by weight (a band a
bit) over all candidates, and made to rise with the weight (Ayer and others 1955: pool adjacent
violators).
"""

from __future__ import annotations

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Ints
from onefold.customer.identity.linking.model import UNIT
from onefold.customer.identity.linking.scoring import probability

LEAST_BITS, MOST_BITS = -12, 20
_BAND_PAIRS_LEAST = 10.0


def calibration_of(weights: Ints, together: Flags) -> tuple[tuple[int, float], ...]:
    """Knots (weight in units, probability), rising; `together` says which pairs are in one cluster."""
    model = probability(weights)
    bands = np.floor_divide(weights, UNIT)
    found: list[tuple[float, float]] = []
    knots: list[int] = []
    for band in range(LEAST_BITS, MOST_BITS):
        within = bands == band
        count = int(within.sum())
        if count < _BAND_PAIRS_LEAST:
            continue
        share = float(together[within].mean())
        found.append((share + (1 - share) * float(model[within].mean()), float(count)))
        knots.append(round(float(weights[within].mean())))
    return tuple(zip(knots, _rising(found), strict=True))


def _rising(bands: list[tuple[float, float]]) -> list[float]:
    """The nearest values that never fall, by counts."""
    pools: list[list[float]] = []
    for value, count in bands:
        pools.append([value, count, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last, before = pools.pop(), pools.pop()
            total = last[1] + before[1]
            pools.append([(last[0] * last[1] + before[0] * before[1]) / total, total, last[2] + before[2]])
    return [value for value, _, width in pools for _ in range(int(width))]
