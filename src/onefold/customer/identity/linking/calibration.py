"""From weights to probabilities that hold, without labels, and with those that stewards gave.

Theory
------
What the fields of two records say is one source of knowledge; that both hang together with a third is
another, and it is the better one: pairs within a cluster are right far more often than their own weight
tells. So of the pairs of one weight, a share `s` is known through neighbours to be one person, and of the
rest the model's own probability `p` holds: s + (1 - s) p. Shares are taken weight by weight (a band a
bit) over all candidates, and made to rise with the weight (Ayer and others 1955: pool adjacent
violators).

*Judged pairs* correct this. Stewards are shown what is uncertain, so the share of one party among their pairs
is that of no other pairs. But what is asked here is how often pairs of one probability are of one party, and
by that, if by anything, they were chosen: a regression of the answer on what the choice hangs on is not led
astray by the choice. Log odds `x` become `shift + slope * x` (Platt 1999), fitted to the judged pairs with a
normal prior about (0, 1): some words move little, many all they should. Everybody's odds move alike,
so nothing is claimed of the few pairs that happen to lie in one band, and probabilities still rise.

The weights themselves are left as they were learned. Words in the place of what expectation maximisation
expects of these pairs were tried (ADR 0042): a few hundred among tens of thousands, and F1 and the surprise
of pairs that nobody judged got worse about as often as better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Floats, Ints
from onefold.customer.identity.linking.model import UNIT
from onefold.customer.identity.linking.scoring import between, probability

LEAST_BITS, MOST_BITS = -12, 20
_BAND_PAIRS_LEAST = 10.0
_SHIFT_VARIANCE, _SLOPE_VARIANCE = 1.0, 0.02
_STEPS, _STEP_MOST, _SLOPE_LEAST = 60, 1.0, 0.05


class Judged(NamedTuple):
    """Pairs that somebody has looked at: their places among all, and whether they are of one party."""

    places: Ints
    same: Flags


NOTHING_JUDGED = Judged(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))


def calibration_of(
    weights: Ints, together: Flags, judged: Judged = NOTHING_JUDGED
) -> tuple[tuple[int, float], ...]:
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
    rising = tuple(zip(knots, _rising(found), strict=True))
    if not len(judged.places):
        return rising
    shift, slope = correction(_odds(between(rising, weights[judged.places])), judged.same)
    odds = _odds(np.array([it for _, it in rising]))
    return tuple(zip(knots, _share(shift + slope * odds).tolist(), strict=True))


def correction(odds: Floats, same: Flags) -> tuple[float, float]:
    """The likeliest shift and slope of log odds (natural), given what was said of pairs that have them.

    Newton's method; a step goes no further than `_STEP_MOST`, and no slope is below `_SLOPE_LEAST`.
    """
    shift, slope = 0.0, 1.0
    for _ in range(_STEPS):
        expected = _share(shift + slope * odds)
        certain = expected * (1 - expected)
        pull = float((same - expected).sum()) - shift / _SHIFT_VARIANCE
        tilt = float(((same - expected) * odds).sum()) - (slope - 1) / _SLOPE_VARIANCE
        one = float(certain.sum()) + 1 / _SHIFT_VARIANCE
        both = float((certain * odds).sum())
        two = float((certain * odds * odds).sum()) + 1 / _SLOPE_VARIANCE
        size = one * two - both * both
        steps = (two * pull - both * tilt) / size, (one * tilt - both * pull) / size
        held = min(1.0, _STEP_MOST / max(*map(abs, steps), _STEP_MOST))
        shift, slope = shift + held * steps[0], max(_SLOPE_LEAST, slope + held * steps[1])
    return shift, slope


def _odds(shares: Floats) -> Floats:
    kept = np.clip(shares, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)))


def _share(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


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
