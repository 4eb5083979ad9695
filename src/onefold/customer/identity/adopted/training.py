"""A model of a house's own party fragments, learned without labels, and from what stewards said if they did.

Theory
------
The linker looks for candidates under every key that is worth its pairs, which suits a table that is gone
through once. A model that is adopted is asked at every change, so it keeps the keys that the pairs of its
clusters need and no more: key by key the one that brings the most of those that are still missing for each
pair that it brings along, until `REACH` of them are found. What a key misses in one field another has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from onefold.customer.identity.adopted.likeness import fields_of_portraits
from onefold.customer.identity.linking.candidates import JOINT, atoms_of, pairs_of, runs_of
from onefold.customer.identity.linking.columns import Ints
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.linker import THRESHOLD, Word, link
from onefold.customer.identity.linking.model import Model
from onefold.customer.identity.model import Judgement, Pair, Portrait, Verdict

REACH = 0.999
"""The share of the pairs within clusters that the keys of an adopted model have to find."""


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
    left, right = linked.candidates.left, linked.candidates.right
    within = linked.labels[left] == linked.labels[right]
    keys = needed_keys(fields, linked.model.keys, left[within] * len(ordered) + right[within])
    return msgspec.structs.replace(linked.model.shareable(), keys=keys)


def needed_keys(fields: Sequence[Field], names: Sequence[str], wanted: Ints) -> tuple[str, ...]:
    """Those of the keys that find `REACH` of the wanted pairs (left * rows + right), the worthiest first."""
    rows = len(fields[0].column.codes)
    atoms = {it.name: it for it in atoms_of(fields)}
    found: dict[str, tuple[Ints, int]] = {}
    for name in names:
        pairs = np.unique(pairs_of(runs_of([atoms[it] for it in name.split(JOINT)], rows), rows))
        found[name] = np.flatnonzero(np.isin(wanted, pairs)), len(pairs)
    missing = np.ones(len(wanted), dtype=np.bool_)
    chosen: list[str] = []
    while missing.sum() > (1 - REACH) * len(wanted) and found:
        worth = {name: missing[it].sum() / max(cost, 1) for name, (it, cost) in found.items()}
        best = max(sorted(worth), key=worth.__getitem__)
        if not worth[best]:
            break
        missing[found.pop(best)[0]] = False
        chosen.append(best)
    return tuple(chosen)
