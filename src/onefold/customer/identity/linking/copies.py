"""Records that say exactly the same: a few copies stand for all of them.

Theory
------
A record that a hundred rows repeat makes a hub of every key it has, and so is compared with nobody, its
own copies among them. So copies are found first, by everything that is compared at once. Of each lot
`COPIES_MOST` take part, which is enough to learn from; the rest go where the first one goes if the model
holds a record and its copy for one person, rarity of its values included, and stay by themselves if not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Ints, numbered
from onefold.customer.identity.linking.fields import Field

COPIES_MOST = 10
NAMES_NOBODY = frozenset(
    ("gender", "category", "city", "region", "country", "nature", "name_order", "generation")
)


class Copies(NamedTuple):
    """The rows that take part, ascending, and the others.

    For each of the others: the first row of its lot (as a place in `kept`), and whether it may be compared.
    """

    kept: Ints
    rest: Ints
    firsts: Ints
    comparable: Flags


def lots_of(fields: Sequence[Field]) -> Ints:
    """A number for each row, the same for rows that say the same; -1 where nothing said can name a person."""
    lots = numbered([it.column.codes for it in fields], [len(it.column.values) for it in fields])
    named = np.zeros(len(lots), dtype=np.bool_)
    for it in fields:
        if it.kind not in NAMES_NOBODY:
            named |= it.column.codes > 0
    return np.where(named, lots, -1)


def copies_of(fields: Sequence[Field], sources: Ints | None) -> Copies:
    """Which rows stand for their copies.

    With `sources` a lot is of one source, and its rows may be put together only by way of another source
    where a row says the same.
    """
    lots = lots_of(fields)
    _, whole = np.unique(lots, return_inverse=True)
    own = whole = whole.reshape(-1).astype(np.int64)
    comparable = np.ones(len(own), dtype=np.bool_)
    if sources is not None:
        many = int(sources.max()) + 1
        own = whole * many + sources
        comparable = (np.bincount(np.unique(own) // many) > 1)[whole]
    order = np.argsort(own, kind="stable")
    starts = np.flatnonzero(np.diff(own[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    rank = np.empty(len(own), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    first = np.empty(len(own), dtype=np.int64)
    first[order] = np.repeat(order[starts], sizes)
    over: Flags = (rank >= COPIES_MOST) & (lots >= 0)
    kept = np.flatnonzero(~over)
    return Copies(kept, np.flatnonzero(over), np.searchsorted(kept, first[over]), comparable[over])


def taken(fields: Sequence[Field], rows: Ints) -> list[Field]:
    """The fields of some rows."""
    return [it._replace(column=it.column._replace(codes=it.column.codes[rows])) for it in fields]
