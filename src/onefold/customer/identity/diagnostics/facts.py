"""All facts of a report, in the order in which a person asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from onefold.customer.identity.diagnostics.columns import columns_of
from onefold.customer.identity.diagnostics.estimates import quality_of
from onefold.customer.identity.diagnostics.examples import examples_of
from onefold.customer.identity.diagnostics.hubs import hubs_of
from onefold.customer.identity.diagnostics.model import Facts, Said
from onefold.customer.identity.diagnostics.overlaps import (
    PROBABILITY_BANDS,
    held,
    matched,
    sizes_of,
    sources_of,
    together_in,
)

Watch = Callable[[str, int, int | None], None]
_LEAST_PROBABLE = 0.01


def facts_of(said: Said, today: date, watch: Watch) -> Facts:
    """Everything that is found out; `watch` hears how far each part is.

    `today` parts dates that can be of birth from others.
    """
    linked = said.linked
    table = held(linked.labels, said.sources[said.order], len(said.names))
    columns = columns_of(said, today, lambda done, total: watch("looking at columns", done, total))
    watch("estimating quality", 0, 1)
    quality = quality_of(said.fields, linked)
    watch("estimating quality", 1, 1)
    watch("choosing examples", 0, 1)
    examples = examples_of(said, today)
    watch("choosing examples", 1, 1)
    return Facts(
        sources=sources_of(table, said.names),
        records=len(linked.labels),
        customers=len(table),
        sizes=sizes_of(table),
        together=together_in(table),
        matched=matched(table),
        probabilities=_banded(said),
        columns=columns,
        hubs=hubs_of(said),
        quality=quality,
        examples=examples,
        keys=len(linked.candidates.keys),
        dropped=linked.candidates.hubs,
        unnamed=tuple((it, len(said.holders[it])) for it in said.texts if it not in said.kinds),
    )


def _banded(said: Said) -> tuple[tuple[int, int], ...]:
    """Of candidates with a chance of 1 % at least, by tenths of their probability: (joined, left apart)."""
    found, given = said.linked.candidates, said.linked.pair_probabilities
    together = said.linked.labels[found.left] == said.linked.labels[found.right]
    bands = np.minimum((given * PROBABILITY_BANDS).astype(np.int64), PROBABILITY_BANDS - 1)
    counts = [
        np.bincount(bands[it & (given >= _LEAST_PROBABLE)], minlength=PROBABILITY_BANDS).tolist()
        for it in (together, ~together)
    ]
    return tuple(zip(*counts, strict=True))
