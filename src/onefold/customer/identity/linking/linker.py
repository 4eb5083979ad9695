"""The whole way from fields to clusters: candidates, levels, training, weights, clusters, calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.calibration import calibration_of
from onefold.customer.identity.linking.candidates import HUB_LIMIT, Candidates, candidates
from onefold.customer.identity.linking.clustering import UNSEEN, cluster
from onefold.customer.identity.linking.columns import Floats, Ints
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.model import UNIT, Model, model_of
from onefold.customer.identity.linking.population import population_of
from onefold.customer.identity.linking.scoring import calibrated, probability, weigh
from onefold.customer.identity.linking.training import learn, relearn

THRESHOLD = 0.5


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


def link(
    fields: Sequence[Field], sources: Ints | None, threshold: float, trained_on: str = "", author: str = ""
) -> Linked:
    """Trains on the rows and clusters them.

    Rows have to come in an order that their content decides, since ties go to the smaller row. With `sources`
    only rows of two sources are compared. `threshold` is the mean probability above which clusters merge.
    """
    rows = len(fields[0].column.codes)
    found = candidates(fields, sources)
    left, right = found.left, found.right
    levels = compare(fields, left, right)
    population = population_of(fields, found, levels, sources)
    learned = learn(population)
    scales = [population.scale(at).names for at in range(len(population.names))]
    digest = digest_of(fields)

    def model() -> Model:
        return model_of(
            learned, population.names, scales, fields, found.keys, HUB_LIMIT, digest, trained_on, author
        )

    limit = bits_of(threshold)
    trained = model()
    weights = weigh(trained, fields, levels, left)
    clusters = cluster(rows, left, right, weights, limit)
    # What neighbours tell is told once more to the model: pairs of one cluster are matches whatever they say.
    together = clusters.labels[left] == clusters.labels[right]
    learned = relearn(population, learned, levels, np.where(together, 1.0, probability(weights)))
    trained = model()
    weights = weigh(trained, fields, levels, left)
    clusters = cluster(rows, left, right, weights, limit)
    together = clusters.labels[left] == clusters.labels[right]
    trained = _with(trained, calibration_of(weights, together))
    sure = _sureness(trained, clusters.labels, left, right, weights)
    return Linked(clusters.labels, sure, trained, found, calibrated(trained, weights), clusters.raised)


def bits_of(threshold: float) -> int:
    """A probability as log2 odds in units."""
    return round(math.log2(threshold / (1 - threshold)) * UNIT)


def digest_of(fields: Sequence[Field]) -> str:
    """Of everything that was compared, in order of rows."""
    digest = blake2b(digest_size=16)
    for it in fields:
        digest.update(f"{it.name}\0{it.kind}\0".encode())
        digest.update("\0".join(it.column.values).encode("utf-8", "surrogatepass"))
        digest.update(it.column.codes.astype("<i4").tobytes())
    return digest.hexdigest()


def _with(model: Model, calibration: tuple[tuple[int, float], ...]) -> Model:
    return Model(**{**{it: getattr(model, it) for it in model.__struct_fields__}, "calibration": calibration})


def _sureness(model: Model, labels: Ints, left: Ints, right: Ints, weights: Ints) -> Floats:
    """How sure it is that each row is where it is: by its mean weight to the rest of its cluster.

    A row by itself: how sure it is that its strongest candidate is somebody else.
    """
    rows = len(labels)
    sizes = np.bincount(labels, minlength=rows)[labels]
    inside = labels[left] == labels[right]
    ends, both = np.concatenate([left[inside], right[inside]]), np.tile(weights[inside], 2)
    seen = np.bincount(ends, minlength=rows)
    totals = np.bincount(ends, weights=both.astype(np.float64), minlength=rows) + (sizes - 1 - seen) * UNSEEN
    mean = (totals / np.maximum(sizes - 1, 1)).astype(np.int64)
    best = np.full(rows, -100 * UNIT, dtype=np.int64)
    np.maximum.at(best, left, weights)
    np.maximum.at(best, right, weights)
    return np.where(sizes > 1, calibrated(model, mean), 1 - calibrated(model, best))
