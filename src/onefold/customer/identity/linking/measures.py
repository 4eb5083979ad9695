"""How good a result is where the truth is known: pairs that are right, pairs that were found, calibration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Floats, Ints


class Measures(NamedTuple):
    """Shares of pairs of records: right among those joined, found among those that belong together."""

    precision: float
    recall: float
    f1: float
    blocking_recall: float
    calibration_error: float


def measure(labels: Ints, truth: Ints, left: Ints, right: Ints, probabilities: Floats) -> Measures:
    """Measures clusters, and probabilities of candidates; where `truth` is 0 nothing is known."""
    known = truth > 0
    joined, real = pairs_in(labels[known]), pairs_in(truth[known])
    both = pairs_in(labels[known] * (int(truth.max()) + 1) + truth[known])
    stated = known[left] & known[right]
    same = (truth[left] == truth[right]) & stated
    return Measures(
        both / joined if joined else 1.0,
        both / real if real else 1.0,
        2 * both / (joined + real) if joined + real else 1.0,
        float(same.sum()) / real if real else 1.0,
        calibration_error(probabilities[stated], same[stated]),
    )


def pairs_in(labels: Ints) -> int:
    """How many pairs have one label."""
    _, counts = np.unique(labels, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def calibration_error(probabilities: Floats, right: Flags) -> float:
    """Expected calibration error in ten bands, over the pairs that are given a chance of 1 % at least.

    The many candidates that everybody can see are two persons would make any model look good.
    """
    counted = probabilities >= 0.01
    if not counted.any():
        return 0.0
    given, right = probabilities[counted], right[counted]
    bands = np.minimum((given * 10).astype(np.int64), 9)
    off = np.abs(np.bincount(bands, weights=given - right, minlength=10))
    return float(off.sum() / len(given))
