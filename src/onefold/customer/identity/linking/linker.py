"""The way from fields to clusters: copies, candidates, levels, training, weights, clusters, calibration."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np

from onefold.customer.identity.linking.calibration import Judged, calibration_of
from onefold.customer.identity.linking.candidates import HUB_LIMIT, Candidates, candidates
from onefold.customer.identity.linking.clustering import UNSEEN, Clusters, cluster
from onefold.customer.identity.linking.columns import Flags, Floats, Ints
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.copies import Copies, copies_of, taken
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.model import UNIT, Model, counted, model_of, with_shared
from onefold.customer.identity.linking.population import population_of
from onefold.customer.identity.linking.scoring import calibrated, probability, weigh
from onefold.customer.identity.linking.training import Learned, learn, relearn

THRESHOLD = 0.5
_NOBODY = -100 * UNIT


class Linked(NamedTuple):
    """What was found: for each row the least row of its cluster, and how sure it is that it belongs there.

    Of each candidate pair: its rows and its calibrated probability.
    """

    labels: Ints
    probabilities: Floats
    model: Model
    candidates: Candidates
    pair_probabilities: Floats
    raised: int


class _Round(NamedTuple):
    """What a model makes of the candidates: their weights, clusters, and which pairs are together in one."""

    model: Model
    weights: Ints
    clusters: Clusters
    together: Flags


class Word(NamedTuple):
    """What somebody who looked at two rows says of them."""

    left: int
    right: int
    same: bool


def link(
    fields: Sequence[Field],
    sources: Ints | None,
    threshold: float,
    trained_on: str = "",
    author: str = "",
    words: Collection[Word] = (),
) -> Linked:
    """Trains on the rows and clusters them.

    Rows have to come in an order that their content decides, since ties go to the smaller row. With `sources`
    only rows of two sources are compared. `threshold` is the mean probability above which clusters merge.
    `words`, one for a pair at most, tell how probable a weight is, and join and part nobody here.
    """
    copies = copies_of(fields, sources)
    everything, fields = fields, taken(fields, copies.kept)
    sources = None if sources is None else sources[copies.kept]
    rows = len(copies.kept)
    found = candidates(fields, sources)
    left, right = found.left, found.right
    levels = compare(fields, left, right)
    judged = _judged(words, copies, found)
    population = population_of(fields, found, levels, sources)
    learned = learn(population)
    scales = [population.scale(at).names for at in range(len(population.names))]
    digest = digest_of(everything, words)
    rare = {it.name: counted(it.column) for it in fields}
    limit = bits_of(threshold)

    def round_by(learned: Learned) -> _Round:
        model = model_of(
            learned, population.names, scales, fields, found.keys, HUB_LIMIT, digest, trained_on, author
        )
        weights = weigh(model, fields, levels, left, rare)
        clusters = cluster(rows, left, right, weights, limit)
        return _Round(model, weights, clusters, clusters.labels[left] == clusters.labels[right])

    taught = relearn(population, learned, levels, _by_neighbours(round_by(learned)))
    trained, weights, clusters, together = round_by(taught)
    trained = msgspec.structs.replace(
        with_shared(trained, fields, clusters.labels),
        records=len(everything[0].column.codes),
        calibration=calibration_of(weights, together, judged),
        judged=len(judged.places),
    )
    best = _best(trained, found, weights)
    sure = _sureness(trained, clusters.labels, found, weights, best)
    one = Linked(clusters.labels, sure, trained, found, calibrated(trained, weights), clusters.raised)
    return _all(one, fields, copies, best, limit, rare)


def _by_neighbours(found: _Round) -> Floats:
    """How probable each pair is once clusters are known: together they are one, whatever they say."""
    return np.where(found.together, 1.0, probability(found.weights))


def bits_of(threshold: float) -> int:
    """A probability as log2 odds in units."""
    return round(math.log2(threshold / (1 - threshold)) * UNIT)


def _judged(words: Collection[Word], copies: Copies, found: Candidates) -> Judged:
    """The words on pairs of candidates, by their places among these; nothing is learned from the others."""
    rows = len(copies.kept)
    place = {row: at for at, row in enumerate(copies.kept.tolist())} if words else {}
    numbers = found.left * rows + found.right
    said: dict[int, bool] = {}
    for it in words:
        ends = sorted(place.get(row, -1) for row in (it.left, it.right))
        at = int(np.searchsorted(numbers, ends[0] * rows + ends[1]))
        if ends[0] >= 0 and at < len(numbers) and numbers[at] == ends[0] * rows + ends[1]:
            said[at] = it.same
    places = sorted(said)
    return Judged(np.array(places, dtype=np.int64), np.array([said[it] for it in places], dtype=np.bool_))


def digest_of(fields: Sequence[Field], words: Collection[Word] = ()) -> str:
    """Of everything that was compared, in order of rows, and of what was said of pairs of them."""
    digest = blake2b(digest_size=16)
    for it in fields:
        digest.update(f"{it.name}\0{it.kind}\0".encode())
        digest.update("\0".join(it.column.values).encode("utf-8", "surrogatepass"))
        digest.update(it.column.codes.astype("<i4").tobytes())
    for word in sorted(words):
        digest.update(f"\0{word.left} {word.right} {word.same}".encode())
    return digest.hexdigest()


def _all(
    linked: Linked,
    fields: Sequence[Field],
    copies: Copies,
    best: Ints,
    limit: int,
    rare: Mapping[str, Ints],
) -> Linked:
    """What was found of the rows that took part, told of all: copies go with their first or stay apart."""
    kept, rest, firsts, comparable = copies
    rows = len(kept) + len(rest)
    same = weigh(linked.model, fields, compare(fields, firsts, firsts), firsts, rare)
    joined = comparable & (same > limit)
    labels = np.arange(rows, dtype=np.int64)
    labels[kept] = kept[linked.labels]
    labels[rest[joined]] = labels[kept[firsts[joined]]]
    alike = np.where(comparable, np.maximum(best[firsts], same), best[firsts])
    sure = np.ones(rows, dtype=np.float64)
    sure[kept] = linked.probabilities
    apart = np.minimum(1 - calibrated(linked.model, alike), linked.probabilities[firsts])
    sure[rest] = np.where(joined, linked.probabilities[firsts], apart)
    crowded, hidden = np.ones(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    crowded[kept], hidden[kept] = linked.candidates.crowded, linked.candidates.hidden
    hidden[rest] = linked.candidates.hidden[firsts]
    found = linked.candidates._replace(
        left=kept[linked.candidates.left], right=kept[linked.candidates.right], crowded=crowded, hidden=hidden
    )
    return linked._replace(labels=labels, probabilities=sure, candidates=found)


def _best(model: Model, found: Candidates, weights: Ints) -> Ints:
    """The weight of each row's strongest candidate; that of any two rows where some were not looked at."""
    best = np.where(found.crowded, model.prior, _NOBODY)
    np.maximum.at(best, found.left, weights)
    np.maximum.at(best, found.right, weights)
    return best


def _sureness(model: Model, labels: Ints, found: Candidates, weights: Ints, best: Ints) -> Floats:
    """How sure it is that each row is where it is: by its mean weight to the rest of its cluster.

    A row by itself: how sure it is that its strongest candidate is somebody else. Where no key was left to
    it, no surer than how often the rows that were looked for are by themselves.
    """
    rows = len(labels)
    left, right = found.left, found.right
    sizes = np.bincount(labels, minlength=rows)[labels]
    inside = labels[left] == labels[right]
    ends, both = np.concatenate([left[inside], right[inside]]), np.tile(weights[inside], 2)
    seen = np.bincount(ends, minlength=rows)
    totals = np.bincount(ends, weights=both.astype(np.float64), minlength=rows) + (sizes - 1 - seen) * UNSEEN
    mean = (totals / np.maximum(sizes - 1, 1)).astype(np.int64)
    sought = sizes[~found.hidden]
    usual = (float((sought == 1).sum()) + 1) / (len(sought) + 2)
    alone = 1 - calibrated(model, best)
    alone = np.where(found.hidden, np.minimum(alone, usual), alone)
    return np.where(sizes > 1, calibrated(model, mean), alone)
