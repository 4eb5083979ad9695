"""A model of a house's own party fragments, learned without labels, and from what stewards said if they did.

Theory
------
The linker looks for candidates under every key that is worth its pairs, which suits a table that is gone
through once. A model that is adopted is asked at every change, so it keeps the keys that hold its clusters
together and no more. A cluster of n records hangs together by n - 1 joins, and a pair that a key misses is no
loss where its two are joined through others. So key by key the one is taken that makes the most of the joins
that are still missing for what it costs, until `REACH` of them are made. What it costs are the pairs that it
brings along, each of which is compared, and the values that records have of it, each of which is kept.

What a key still joins only falls while others are taken (joins are the rank of a graph, which is submodular),
so what it was worth before is a bound: it is asked anew only where that bound is the greatest (Minoux,
"Accelerated greedy algorithms", 1978).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from onefold.customer.identity.adopted.likeness import fields_of_portraits
from onefold.customer.identity.linking.candidates import JOINT, atoms_of, pairs_of, runs_of
from onefold.customer.identity.linking.clustering import components
from onefold.customer.identity.linking.columns import Ints
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.linker import THRESHOLD, Linked, Word, bits_of, link
from onefold.customer.identity.linking.model import Model, counted
from onefold.customer.identity.linking.scoring import weigh
from onefold.customer.identity.model import Judgement, Pair, Portrait, Verdict

REACH = 0.999
"""The share of the joins of clusters that the keys of an adopted model have to make."""


class _Key(NamedTuple):
    """The wanted pairs that a key finds, by their places among these, and what it costs."""

    found: Ints
    cost: int


def model_of_portraits(
    portraits: Sequence[Portrait],
    trained_on: str,
    author: str,
    standing: Mapping[Pair, Judgement] | None = None,
) -> Model:
    """Trains on these fragments, in an order that their ids decide; the form of it that may be written.

    What stewards said of pairs of them is learned from: `same` and `different`, but not `unsure`.
    """
    ordered = sorted(portraits, key=lambda it: it.fragment_id)
    fields = fields_of_portraits(ordered)
    rows = {it.fragment_id: row for row, it in enumerate(ordered)}
    words = [
        Word(rows[it.left], rows[it.right], it.verdict is Verdict.SAME)
        for it in (standing or {}).values()
        if it.verdict is not Verdict.UNSURE and it.left in rows and it.right in rows
    ]
    linked = link(fields, None, THRESHOLD, trained_on, author, words)
    left, right = _joining(linked, fields)
    keys = needed_keys(fields, linked.model.keys, left, right)
    return msgspec.structs.replace(linked.model.shareable(), keys=keys)


def _joining(linked: Linked, fields: Sequence[Field]) -> tuple[Ints, Ints]:
    """The pairs within clusters that weigh more than the threshold: what holds these together."""
    left, right = linked.candidates.left, linked.candidates.right
    within = linked.labels[left] == linked.labels[right]
    left, right = left[within], right[within]
    rare = {it.name: counted(it.column) for it in fields}
    strong = weigh(linked.model, fields, compare(fields, left, right), left, rare) > bits_of(THRESHOLD)
    return left[strong], right[strong]


def needed_keys(fields: Sequence[Field], names: Sequence[str], left: Ints, right: Ints) -> tuple[str, ...]:
    """Those of the keys that make `REACH` of the joins that the pairs (left < right) make, best first."""
    keys = _keys(fields, names, left, right)
    joined = np.arange(len(fields[0].column.codes), dtype=np.int64)
    in_all = missing = _joins(left, right)
    waiting: list[tuple[float, str]] = [(-float(in_all), name) for name in keys]
    heapq.heapify(waiting)
    chosen: list[str] = []
    while waiting and missing > (1 - REACH) * in_all:
        _, name = heapq.heappop(waiting)
        one, other = joined[left[keys[name].found]], joined[right[keys[name].found]]
        joins = _joins(one, other)
        if not joins:
            continue
        worth = (-joins / keys[name].cost, name)
        if waiting and worth > waiting[0]:
            heapq.heappush(waiting, worth)
            continue
        joined = components(len(joined), one, other)[joined]
        missing -= joins
        chosen.append(name)
    return tuple(chosen)


def _keys(fields: Sequence[Field], names: Sequence[str], left: Ints, right: Ints) -> dict[str, _Key]:
    """Of each key by name, what it finds of the pairs."""
    rows = len(fields[0].column.codes)
    wanted = left * rows + right
    atoms = {it.name: it for it in atoms_of(fields)}
    found: dict[str, _Key] = {}
    for name in names:
        runs = runs_of([atoms[it] for it in name.split(JOINT)], rows)
        pairs = np.unique(pairs_of(runs, rows))
        found[name] = _Key(np.flatnonzero(np.isin(wanted, pairs)), len(pairs) + len(runs.rows))
    return found


def _joins(left: Ints, right: Ints) -> int:
    """How many pairs it takes to connect all that these pairs connect."""
    apart = left != right
    ends, places = np.unique(np.concatenate([left[apart], right[apart]]), return_inverse=True)
    one, other = np.split(places, 2)
    return len(ends) - len(np.unique(components(len(ends), one, other)))
