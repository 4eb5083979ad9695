"""A model of a house's own party fragments, learned without labels, and from what stewards said if they did.

Theory
------
The linker looks for candidates under every key that is worth its pairs, which suits a table that is gone
through once. A model that is adopted is asked at every change, so it keeps the keys that hold its clusters
together and no more. A cluster of n records hangs together by n - 1 joins, and a pair that a key misses is no
loss where its two are joined through others. So key by key the one is taken that makes the most of the joins
that are still missing for what it costs, until `REACH` of them are made. What it costs are the pairs that it
brings along, each of which is compared, and the values that records have of it, each of which is kept.

Records that agree in what many say are seldom one for that alone: of a name that fifty have, each pair is one
chance of many. So a key is also offered under lower limits (`RUNGS`), above which its values are hubs, and a
higher one is taken later if what is still missing is worth its pairs.

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

from onefold.customer.identity.adopted.keying import RUNGS
from onefold.customer.identity.adopted.likeness import fields_of_portraits
from onefold.customer.identity.linking.candidates import HUB_LIMIT, JOINT, atoms_of, pairs_of, runs_of
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
    """A key under a limit: the wanted pairs that it finds, by their places among these, and what it costs."""

    found: Ints
    cost: int


_Limited = tuple[str, int]
"""A key by name, and the most records that a value of it may have."""


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
    limits = {name: it for name, it in keys.items() if it < HUB_LIMIT}
    return msgspec.structs.replace(linked.model.shareable(), keys=tuple(keys), limits=limits)


def _joining(linked: Linked, fields: Sequence[Field]) -> tuple[Ints, Ints]:
    """The pairs within clusters that weigh more than the threshold: what holds these together."""
    left, right = linked.candidates.left, linked.candidates.right
    within = linked.labels[left] == linked.labels[right]
    left, right = left[within], right[within]
    rare = {it.name: counted(it.column) for it in fields}
    strong = weigh(linked.model, fields, compare(fields, left, right), left, rare) > bits_of(THRESHOLD)
    return left[strong], right[strong]


def needed_keys(fields: Sequence[Field], names: Sequence[str], left: Ints, right: Ints) -> dict[str, int]:
    """Those of the keys that make `REACH` of the joins that the pairs (left < right) make, best first.

    With each the limit that it is worth: one of `RUNGS`, or that of all.
    """
    keys = _keys(fields, names, left, right)
    joined = np.arange(len(fields[0].column.codes), dtype=np.int64)
    in_all = missing = _joins(left, right)
    chosen: dict[str, int] = {}

    def price(of: _Limited) -> int:
        """What a key costs more than under the limit that it has already."""
        name, _ = of
        had = keys[name, chosen[name]].cost if name in chosen else 0
        return max(keys[of].cost - had, 1)

    waiting: list[tuple[float, _Limited]] = [(-in_all / price(it), it) for it in keys]
    heapq.heapify(waiting)
    while waiting and missing > (1 - REACH) * in_all:
        _, best = heapq.heappop(waiting)
        name, limit = best
        if limit <= chosen.get(name, 0):
            continue
        one, other = joined[left[keys[best].found]], joined[right[keys[best].found]]
        joins = _joins(one, other)
        if not joins:
            continue
        worth = (-joins / price(best), best)
        if waiting and worth > waiting[0]:
            heapq.heappush(waiting, worth)
            continue
        joined = components(len(joined), one, other)[joined]
        missing -= joins
        chosen[name] = limit
        # Those above it cost less from now on, and so may be worth more than was thought.
        waiting = [(-in_all / price(it), it) if it[0] == name else (least, it) for least, it in waiting]
        heapq.heapify(waiting)
    return chosen


def _keys(fields: Sequence[Field], names: Sequence[str], left: Ints, right: Ints) -> dict[_Limited, _Key]:
    """Of each key, under each limit, what it finds of the pairs."""
    rows = len(fields[0].column.codes)
    wanted = left * rows + right
    atoms = {it.name: it for it in atoms_of(fields)}
    found: dict[_Limited, _Key] = {}
    for name in names:
        runs = runs_of([atoms[it] for it in name.split(JOINT)], rows)
        for limit in (*RUNGS, HUB_LIMIT):
            few = runs.sizes <= limit
            pairs = np.unique(pairs_of(runs._replace(starts=runs.starts[few], sizes=runs.sizes[few]), rows))
            found[name, limit] = _Key(np.flatnonzero(np.isin(wanted, pairs)), len(pairs) + len(runs.rows))
    return found


def _joins(left: Ints, right: Ints) -> int:
    """How many pairs it takes to connect all that these pairs connect."""
    apart = left != right
    ends, places = np.unique(np.concatenate([left[apart], right[apart]]), return_inverse=True)
    one, other = np.split(places, 2)
    return len(ends) - len(np.unique(components(len(ends), one, other)))
