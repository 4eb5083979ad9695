"""What stewards' judgements are worth to a model: pairs that a queue would show, told as they are.

People are made, so the truth is known. Of the candidates that the model is least sure of every other one is
judged, and it is measured on all candidates that nobody judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Ints
from onefold.customer.identity.linking.linker import Linked, Word, link
from onefold.customer.identity.linking.measures import calibration_error, measure
from tests.linking import households, people, truth_of

SETS = {"people": 700, "households": 200}
JUDGED, SEEDS = 200, 6


class Worth(NamedTuple):
    """Of all records: F1. Of candidates that nobody judged: calibration error, and surprise in bits."""

    f1: float
    calibration_error: float
    surprise_bits: float


def compared(made: str, count: int, judged: int, seed: int) -> tuple[Worth, Worth]:
    """A model that nobody told anything, and one that was told of the pairs a queue shows."""
    if made == "people":
        fields, who = people(count, seed), truth_of(count, seed)
    else:
        fields, who = households(count, seed)
    truth = np.array(who, dtype=np.int64) + 1
    bare = link(fields, None, 0.5)
    left, right = bare.candidates.left, bare.candidates.right
    same = truth[left] == truth[right]
    doubt = np.abs(bare.pair_probabilities - 0.5)
    shown = np.sort(np.argsort(doubt, kind="stable")[: 2 * judged])[::2]
    rest = np.setdiff1d(np.arange(len(left)), shown)
    words = [Word(int(left[it]), int(right[it]), bool(same[it])) for it in shown.tolist()]
    told = link(fields, None, 0.5, words=words)
    return _worth(bare, truth, same, rest), _worth(told, truth, same, rest)


def _worth(linked: Linked, truth: Ints, same: Flags, rest: Ints) -> Worth:
    whole, found = linked.pair_probabilities, linked.candidates
    kept = np.clip(whole[rest], 1e-6, 1 - 1e-6)
    surprise = -np.log2(np.where(same[rest], kept, 1 - kept)).sum()
    f1 = measure(linked.labels, truth, found.left, found.right, whole).f1
    return Worth(f1, calibration_error(whole[rest], same[rest]), float(surprise))


def run(_: Path | None, quick: bool) -> None:
    """A line a seed, and the means of a set."""
    for made, count in SETS.items():
        rows = []
        for seed in range(1, 3 if quick else SEEDS + 1):
            rows.append(compared(made, count, JUDGED, seed))
            print(f"{made} {seed}: {_line(*rows[-1])}", flush=True)
        bare, told = (Worth(*np.mean([it[at] for it in rows], axis=0).tolist()) for at in (0, 1))
        is_better = told.f1 >= bare.f1 and told.surprise_bits < bare.surprise_bits
        print(f"{made}, mean: {_line(bare, told)}: {'OK' if is_better else 'SHORT'}")


def _line(bare: Worth, told: Worth) -> str:
    return (
        f"F1 {bare.f1:.4f} -> {told.f1:.4f}; of pairs nobody judged, calibration error"
        f" {bare.calibration_error:.4f} -> {told.calibration_error:.4f},"
        f" surprise {bare.surprise_bits:.0f} -> {told.surprise_bits:.0f} bits"
    )
