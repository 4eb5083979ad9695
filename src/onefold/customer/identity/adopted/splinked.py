"""An adopted model of Splink as an `EvidenceProvider`: proof by the rules, the rest as Splink weighs it.

Left of a pair is who has the smaller id, so that conditions that tell left from right say one thing of two
records. A condition that cannot be asked of what two records say does not hold: that a model can be asked at
all is found out when it is imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from onefold.customer.identity.adopted.proving import ProofFirst
from onefold.customer.identity.linking.linker import THRESHOLD, bits_of
from onefold.customer.identity.linking.model import BITS_MOST, UNIT
from onefold.customer.identity.model import Portrait
from onefold.customer.identity.rules import COMPONENT_LIMIT
from onefold.customer.identity.splink.evaluating import Value, compiled
from onefold.customer.identity.splink.pinned import BIRTH_DATE, PinnedSplink, columns_in, value_of
from onefold.customer.identity.splink.sql import Expression, SqlError, columns_of
from onefold.customer.identity.splink.tables import said_of
from onefold.customer.identity.splink.weighing import match_weights
from onefold.kernel.memory import remembered

REMEMBERED = 5_000
"""Of so many portraits what they say is kept in memory."""


class SplinkProvider(ProofFirst):
    """Evidence under one imported model; limits may be lowered. `strict` is for trying a model out."""

    def __init__(
        self,
        pinned: PinnedSplink,
        *,
        threshold: float = THRESHOLD,
        hub_limit: int | None = None,
        component_limit: int = COMPONENT_LIMIT,
        strict: bool = False,
    ) -> None:
        self._pinned = pinned
        self._model = pinned.model()
        self._limit = bits_of(threshold)
        self._strict = strict
        self._columns = {it: pinned.columns[it] for it in sorted(columns_in(self._model))}
        self._rules = [
            [(_side(left, "l"), _side(right, "r")) for left, right in rule.equal]
            for rule in self._model.rules
        ]
        self._fields = [
            _fields(pinned.columns, [tree for pair in rule.equal for tree in pair])
            for rule in self._model.rules
        ]
        self._row = remembered(REMEMBERED)(self._read)
        self.hub_limit = pinned.hub_limit if hub_limit is None else hub_limit
        self.component_limit = component_limit

    def hub_limit_of(self, key: bytes) -> int:
        """The same for every key."""
        return self.hub_limit

    def read(self, portrait: Portrait) -> Portrait:
        """A portrait with the texts of the columns; one that was read is what it is."""
        if portrait.read:
            return portrait
        texts = [value_of(portrait, it, as_date=False) or "" for it in self._columns.values()]
        found: Portrait = msgspec.structs.replace(portrait, said=(), read=tuple(texts))
        return found

    def met_under(self, portrait: Portrait) -> Mapping[bytes, tuple[str, ...]]:
        """The values of each rule's equalities, of the left side and of the right."""
        row = self._row(portrait)
        found: dict[bytes, tuple[str, ...]] = {}
        for at, rule in enumerate(self._rules):
            for side in (0, 1):
                values = [_asked(pair[side], row) for pair in rule]
                if None not in values:
                    found[_digest(at, values)] = self._fields[at]
        return found

    def likeness(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What Splink says of each pair, its prior included, above the threshold."""
        return [
            round(min(max(bits, -BITS_MOST), BITS_MOST) * UNIT) - self._limit or -1
            for bits in self.bits(pairs)
        ]

    def bits(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[float]:
        """The match weight of each pair; `CallerError` where a condition cannot be asked, if `strict`."""
        if not pairs:
            return []
        asked = {id(it): it for pair in pairs for it in pair}
        places = {key: at for at, key in enumerate(asked)}
        ordered = [
            (places[id(one)], places[id(other)])
            if one.fragment_id < other.fragment_id
            else (places[id(other)], places[id(one)])
            for one, other in pairs
        ]
        rows = [self._row(it) for it in asked.values()]
        records = {name: said_of(row[name] for row in rows) for name in self._columns}
        shares = {name: self._shares(name, records[name].values) for name in self._model.terms}
        left, right = np.array(ordered, dtype=np.int64).T
        weights: list[float] = match_weights(
            self._model, records, left, right, shares, strict=self._strict
        ).tolist()
        return weights

    def _shares(self, name: str, values: Sequence[Any]) -> np.typing.NDArray[np.float64]:
        terms = self._pinned.terms[name]
        return np.array([0.0 if it is None else terms.share_of(str(it)) for it in values])

    def _read(self, portrait: Portrait) -> dict[str, Any]:
        dates = self._pinned.dates
        if portrait.read:
            texts = dict(zip(self._columns, portrait.read, strict=True))
            days = {it: value_of(portrait, BIRTH_DATE, as_date=True) for it in dates if it in texts}
            return {name: text or None for name, text in texts.items()} | days
        return {name: value_of(portrait, it, as_date=name in dates) for name, it in self._columns.items()}


def _side(tree: Expression, table: str) -> tuple[Value, str]:
    return compiled(tree), table


def _asked(side: tuple[Value, str], row: Mapping[str, Any]) -> Any:
    """What one side of an equality comes to for a record; None where it cannot be asked, too."""
    value, table = side
    try:
        return value({(table, name): it for name, it in row.items()})
    except (SqlError, TypeError):
        return None


def _fields(columns: Mapping[str, str], trees: Sequence[Expression]) -> tuple[str, ...]:
    names = (column.name for tree in trees for column in columns_of(tree))
    return tuple(dict.fromkeys(field for name in names for field in columns[name].split("+")))


def _digest(rule: int, values: Sequence[Any]) -> bytes:
    said = "\0".join((str(rule), *(f"{type(it).__name__}:{it}" for it in values)))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16, person=b"splink").digest()
