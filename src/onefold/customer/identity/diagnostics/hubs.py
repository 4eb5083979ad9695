"""Hubs: values that should belong to one person and stand on many records."""

from __future__ import annotations

import numpy as np

from onefold.customer.identity.diagnostics.columns import SHARED_MOST
from onefold.customer.identity.diagnostics.model import Hub, Said

HUBS_SHOWN = 20
OF_ONE_PERSON = frozenset({"phone", "email", "identifier", "street"})


def hubs_of(said: Said) -> tuple[Hub, ...]:
    """Values on more than `SHARED_MOST` records that are more than one customer, by records, most first."""
    sources = said.sources[said.order]
    found: list[Hub] = []
    for field in said.fields:
        if field.kind not in OF_ONE_PERSON:
            continue
        codes = field.column.codes
        counts = field.column.counts
        for code in (np.flatnonzero(counts[1:] > SHARED_MOST) + 1).tolist():
            rows = np.flatnonzero(codes == code)
            customers = len(np.unique(said.linked.labels[rows]))
            if customers > 1:
                within = tuple(np.unique(sources[rows]).tolist())
                value = field.column.values[code]
                found.append(Hub(field.kind, value, int(counts[code]), customers, within))
        found = sorted(found, key=lambda it: (-it.records, it.kind, it.value))[:HUBS_SHOWN]
    return tuple(found)
