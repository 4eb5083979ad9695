"""How good a result seems to be, without labels: precision and recall of pairs, with intervals.

Theory
------
Every pair of records is in one of three places.

*Joined.* Alone, the fields of a joined pair make it one person with probability p; with the rest of the
cluster in view it is what the mean weight over all its pairs stands for. Pairs of a cluster are righter than
their own fields tell (a chain of slips still leads home), and the mean takes its own merits for granted. So
the first is the pessimistic and the second the optimistic end of what is wrong, and their geometric mean
stands between.

*Left apart.* The calibrated probability of a weight counts pairs that are known through neighbours to be one
person, and those are joined: of pairs left apart it promises too much. The model's own probability stands for
the middle. The optimistic end takes the smaller of that and of what the two clusters as wholes say; the
pessimistic one the calibrated probability at four times its odds: weights learned without labels can be two
bits off, for people who moved or changed a name above all, and nothing in the data tells.

*Not looked at.* A pair that shares no key has no weight. Pairs of one person are found in several ways, one
way a key; how many are found in one way only, and how many in two, tells of those that are found in none:
f1² / 2 f2 (Chao 1987), as animals never trapped are told from those trapped once and twice. Keys of the same
fields go together, so the count is made twice, by keys and by sets of fields; the mean is the middle, the
greater the pessimistic end, and zero the optimistic one.

To each count comes chance: two deviations of a Poisson count. What the interval does not hold: fields that
all lie together (a whole record copied onto another person), people who are in the data under different data
altogether, and what rules outside of these files know.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.diagnostics.model import Quality, Range
from onefold.customer.identity.linking.candidates import HUB_LIMIT, Atom, atoms_of
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.columns import Flags, Floats, Ints
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.copies import copies_of
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.linker import Linked
from onefold.customer.identity.linking.measures import pairs_in
from onefold.customer.identity.linking.model import UNIT
from onefold.customer.identity.linking.scoring import probability, weigh

LEAST_LOOKED_AT = 0.001
"""Candidates less probable than this count as they are, and are not weighed anew."""

_LEAST_COUNTED = 0.02
_DEVIATIONS = 2.0
_ODDS_OFF = 4.0


def quality_of(fields: Sequence[Field], linked: Linked) -> Quality:
    """Estimates over all pairs of rows."""
    found, labels = linked.candidates, linked.labels
    left, right, given = found.left, found.right, linked.pair_probabilities
    together: Flags = labels[left] == labels[right]
    weights = _weights(fields, linked, together)
    alone, between = probability(weights), _between(fields, linked, weights)
    joined = pairs_in(labels)
    lenient, strict = _wrong(linked, fields, weights), float((1 - np.minimum(alone, given))[together].sum())
    least, most = min(lenient, strict), max(lenient, strict)
    wrong = _range(least, float(np.sqrt(least * most)), most, joined)
    apart_alone, apart_given = alone[~together], given[~together]
    raised = _ODDS_OFF * apart_given / (1 + (_ODDS_OFF - 1) * apart_given)
    apart = _range(
        float(np.minimum(apart_alone, between[~together]).sum()),
        float(apart_alone.sum()),
        float(np.maximum(raised, apart_alone).sum()),
    )
    one, two = _unseen(fields, linked, np.where(together, 1.0, alone))
    unseen = _range(0.0, (one + two) / 2, max(one, two))
    right_ = Range(*(joined - it for it in (wrong.high, wrong.middle, wrong.low)))
    missed = Range(*(one + two for one, two in zip(_ends(apart), _ends(unseen), strict=True)))
    recall = Range(
        *(_share(hit, hit + miss) for hit, miss in zip(_ends(right_), reversed(_ends(missed)), strict=True))
    )
    precision = Range(*(_share(it, joined) for it in _ends(right_)))
    return Quality(joined, len(left), wrong, apart, unseen, precision, recall)


def _range(low: float, middle: float, high: float, most: float = float("inf")) -> Range:
    """The ends moved apart by chance; all within what there is."""
    low = max(0.0, low - _DEVIATIONS * low**0.5)
    high = min(most, high + _DEVIATIONS * max(high, 1.0) ** 0.5)
    return Range(low, min(max(middle, low), high), high)


def _ends(it: Range) -> tuple[float, float, float]:
    return it.low, it.middle, it.high


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 1.0


def _weights(fields: Sequence[Field], linked: Linked, together: Flags) -> Ints:
    """The weight of each candidate in units; of hopeless ones, what their probability stands for."""
    found, given = linked.candidates, linked.pair_probabilities
    bounded = np.clip(given, 1e-30, 1 - 1e-15)
    weights = np.round(np.log2(bounded / (1 - bounded)) * UNIT).astype(np.int64)
    at = np.flatnonzero(together | (given >= LEAST_LOOKED_AT))
    if len(at):
        left, right = found.left[at], found.right[at]
        weights[at] = weigh(linked.model, fields, compare(fields, left, right), left)
    return weights


def _between(fields: Sequence[Field], linked: Linked, weights: Ints) -> Floats:
    """For each candidate, what the mean weight over all pairs of its two clusters stands for."""
    labels, rows = linked.labels, len(linked.labels)
    sizes = np.bincount(labels, minlength=rows)
    one, two = labels[linked.candidates.left], labels[linked.candidates.right]
    blocks, at = np.unique(np.minimum(one, two) * rows + np.maximum(one, two), return_inverse=True)
    at = at.reshape(-1)
    seen = np.bincount(at, minlength=len(blocks))
    totals = np.bincount(at, weights=weights.astype(np.float64), minlength=len(blocks))
    low, high = blocks // max(rows, 1), blocks % max(rows, 1)
    pairs = np.where(low == high, sizes[low] * (sizes[low] - 1) / 2, sizes[low] * sizes[high])
    mean = (totals + np.maximum(pairs - seen, 0) * UNSEEN) / np.maximum(pairs, 1)
    return probability(mean.astype(np.int64))[at]


def _wrong(linked: Linked, fields: Sequence[Field], weights: Ints) -> float:
    """Joined pairs that are of two persons, if the mean weight of a cluster tells.

    Copies beyond the few that took part have no pairs of their own: they count by how sure each one is.
    """
    labels, rows = linked.labels, len(linked.labels)
    rest = copies_of(fields, None).rest
    took: Flags = np.ones(rows, dtype=np.bool_)
    took[rest] = False
    sizes = np.bincount(labels, minlength=rows)
    taken = np.bincount(labels[took], minlength=rows)
    left, right = linked.candidates.left, linked.candidates.right
    inside = labels[left] == labels[right]
    seen = np.bincount(labels[left[inside]], minlength=rows)
    totals = np.bincount(labels[left[inside]], weights=weights[inside].astype(np.float64), minlength=rows)
    pairs = taken * (taken - 1) / 2
    mean = (totals + np.maximum(pairs - seen, 0) * UNSEEN) / np.maximum(pairs, 1)
    found = float(((1 - probability(mean.astype(np.int64))) * pairs)[taken > 1].sum())
    doubt = np.bincount(labels[rest], weights=1 - linked.probabilities[rest], minlength=rows)
    extra = sizes - taken
    mean_doubt = doubt / np.maximum(extra, 1)
    return found + float(((sizes * (sizes - 1) / 2 - pairs) * mean_doubt).sum())


def _unseen(fields: Sequence[Field], linked: Linked, shares: Floats) -> tuple[float, float]:
    """Pairs of one person that share no key: by the ways in which the others were found, counted twice."""
    keys = [it.split(" + ") for it in linked.candidates.keys]
    at = np.flatnonzero(shares >= _LEAST_COUNTED)
    if not keys or not len(at):
        return 0.0, 0.0
    left, right = linked.candidates.left[at], linked.candidates.right[at]
    atoms = {it.name: it for it in atoms_of(fields)}
    agrees = {name: _agree(atoms[name], left, right) for name in {part for key in keys for part in key}}
    ways = np.zeros(len(at), dtype=np.int64)
    by_fields: dict[tuple[str, ...], Flags] = {}
    for key in keys:
        hit = agrees[key[0]][1] if len(key) == 1 else agrees[key[0]][0] & agrees[key[1]][0]
        ways += hit
        told = tuple(sorted(atoms[it].field for it in key))
        by_fields[told] = by_fields.get(told, np.zeros(len(at), dtype=np.bool_)) | hit
    sets = np.sum([it.astype(np.int64) for it in by_fields.values()], axis=0)
    return chao(ways, shares[at]), chao(sets, shares[at])


def chao(ways: Ints, shares: Floats) -> float:
    """How many were found in no way, from in how many each was found; an item counts by its share."""
    once, twice = float(shares[ways == 1].sum()), float(shares[ways == 2].sum())
    # In its bias-corrected form, which needs nobody found twice.
    return once * max(once - 1, 0.0) / (2 * (twice + 1))


def _agree(atom: Atom, left: Ints, right: Ints) -> tuple[Flags, Flags]:
    """Whether the two rows of each pair share a value of an atom, and one that is no hub."""
    counts = np.bincount(atom.codes, minlength=atom.size)
    starts = np.searchsorted(atom.rows, left)
    many = np.searchsorted(atom.rows, left, side="right") - starts
    pair = np.repeat(np.arange(len(left)), many)
    place = np.repeat(starts - np.cumsum(many) + many, many) + np.arange(len(pair))
    held = np.sort(atom.rows * atom.size + atom.codes)
    sought = right[pair] * atom.size + atom.codes[place]
    where = np.minimum(np.searchsorted(held, sought), max(len(held) - 1, 0))
    hit = held[where] == sought if len(held) else np.zeros(0, dtype=np.bool_)
    any_, narrow = np.zeros((2, len(left)), dtype=np.bool_)
    any_[pair[hit]] = True
    narrow[pair[hit & (counts[atom.codes[place]] <= HUB_LIMIT)]] = True
    return any_, narrow
