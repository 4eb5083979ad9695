"""Small tables as a diagnosis is given them, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from onefold.app.resolving import Resolver
from onefold.customer.identity.diagnostics.model import Said


def said_of(
    tables: Mapping[str, Mapping[str, Sequence[str]]],
    customers: Sequence[int] | None = None,
    truth: str | None = None,
) -> Said:
    """Tables by the name of their source, linked; or put together as `customers` says, a number a record."""
    resolver = Resolver(truth=truth)
    prepared = resolver.prepare(*(pa.table(dict(it)) for it in tables.values()), sources=list(tables))
    linked, _ = resolver.link(prepared)
    if customers is not None:
        told = np.asarray(customers)[prepared.order]
        firsts = [int(np.flatnonzero(told == it)[0]) for it in told]
        linked = linked._replace(labels=np.array(firsts, dtype=np.int64))
    rows = prepared.rows
    hidden = {*rows.id_columns, resolver.truth}
    texts = {name: rows.texts(name) for name in rows.columns if name not in hidden}
    return Said(
        tuple(rows.names), rows.sources, rows.ids, texts, rows.holders, prepared.recognised, prepared.order,
        prepared.fields, linked,
    )  # fmt: skip
