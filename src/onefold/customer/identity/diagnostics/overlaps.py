"""How customers lie over sources: versions of each, records with company, customers that sources share."""

from __future__ import annotations

import numpy as np

from onefold.customer.identity.diagnostics.model import SourceFacts, Together
from onefold.customer.identity.linking.columns import Ints

PROBABILITY_BANDS = 10


def held(labels: Ints, sources: Ints, many: int) -> Ints:
    """How many records each customer (a row) has in each source (a column)."""
    _, customers = np.unique(labels, return_inverse=True)
    customers = customers.reshape(-1).astype(np.int64)
    table = np.bincount(customers * many + sources, minlength=(int(customers.max()) + 1) * many)
    return table.reshape(-1, many)


def sizes_of(table: Ints) -> tuple[tuple[int, int], ...]:
    """(records, how many customers have so many), rising."""
    sizes, counts = np.unique(table.sum(axis=1), return_counts=True)
    return tuple(zip(sizes.tolist(), counts.tolist(), strict=True))


def sources_of(table: Ints, names: tuple[str, ...]) -> tuple[SourceFacts, ...]:
    """Of each source: who in it has company, and where."""
    found = []
    totals = table.sum(axis=1)
    for at, name in enumerate(names):
        own = table[:, at]
        inside, across = own > 1, totals > own

        def records(which: np.ndarray, own: Ints = own) -> int:
            return int(own[which].sum())

        found.append(
            SourceFacts(
                name,
                int(own.sum()),
                int((own > 0).sum()),
                alone=records(~inside & ~across),
                inside=records(inside & ~across),
                across=records(~inside & across),
                both=records(inside & across),
            )
        )
    return tuple(found)


def together_in(table: Ints) -> tuple[Together, ...]:
    """Customers by exactly which sources they are in, most first."""
    patterns, counts = np.unique(table > 0, axis=0, return_counts=True)
    found = [
        Together(tuple(np.flatnonzero(it).tolist()), int(count))
        for it, count in zip(patterns, counts.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda it: (-it.customers, it.sources)))


def matched(table: Ints) -> tuple[tuple[float, ...], ...]:
    """Of the records of each source (a row), the share whose customer has another record in each (a column).

    On the diagonal that is another record of the same source.
    """
    many = table.shape[1]
    rows = []
    for one in range(many):
        total = max(1, int(table[:, one].sum()))
        met = [table[:, one][table[:, two] > (one == two)].sum() / total for two in range(many)]
        rows.append(tuple(float(it) for it in met))
    return tuple(rows)
