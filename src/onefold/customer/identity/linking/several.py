"""Many pairs of records under a model at once: what `single.py` makes of each, made in columns.

A batch of thousands brings a hundred thousand pairs, and most of what they compare is compared in many of
them. So the rows become columns once, and `comparing.py` and `scoring.py` do what they do for a table. Rows
that are made into columns here say what they say by themselves: no pair weighs anything else for it
(tests/properties/test_one_pair.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onefold.customer.identity.linking.columns import Column, Ints, columns_of
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.model import Model, rarities
from onefold.customer.identity.linking.scoring import weigh
from onefold.customer.identity.linking.single import Row

AT_ONCE = 250_000
"""How many pairs are weighed together: memory does not grow with a batch."""


class Several:
    """Weights of many pairs under a model. Pure, and may be asked by many threads."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def weights(self, rows: Sequence[Row], left: Ints, right: Ints) -> Iterator[int]:
        """log2 odds in units of each pair of rows, given by their places: what `OneByOne` gives it."""
        fields = self._fields(rows)
        rare = {
            it.name: rarities(it, of.column)
            for it, of in zip(self._model.fields, fields, strict=True)
            if any(it.shares)
        }
        for start in range(0, len(left), AT_ONCE):
            one, other = left[start : start + AT_ONCE], right[start : start + AT_ONCE]
            yield from weigh(self._model, fields, compare(fields, one, other), one, rare).tolist()

    def _fields(self, rows: Sequence[Row]) -> list[Field]:
        """The rows as columns; names have one list of values, so that one can be held against another."""
        of = self._model.fields
        names = [at for at, it in enumerate(of) if it.kind == "name"]
        groups = [names, *([at] for at in range(len(of)) if at not in names)]
        made: dict[int, Column] = {}
        for group in groups:
            said = [[it.texts[at] for it in rows] for at in group]
            made.update(zip(group, columns_of(said), strict=True))
        return [Field(it.name, it.kind, made[at]) for at, it in enumerate(of)]
