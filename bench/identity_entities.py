"""Which entities of a truth set were reached, which were glued, and what the comparisons behind that weigh.

The Senzing truth set (`er/sz_*`: customers, a reference, a watch list) has 159 records of 85 entities and is
made of what is hard. Not in a hurry every pair behind a miss is printed, term by term in bits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from bench.ground import line
from bench.identity_link import csv_table
from onefold.app.resolving import Prepared, Resolver
from onefold.customer.identity.linking.columns import Column, Levels
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.levels import EXACT, MISSING
from onefold.customer.identity.linking.linker import Linked
from onefold.customer.identity.linking.model import SHARE, UNIT, FieldModel, rarities
from onefold.customer.identity.linking.scoring import weigh

Label = TypeVar("Label", str, int)
SOURCES = ("customers", "reference", "watchlist")


class Found(NamedTuple):
    """A resolved set: of each row its name, the entity that is expected and the customer that was found."""

    prepared: Prepared
    linked: Linked
    names: list[tuple[str, str]]
    entities: list[str]

    @property
    def expected(self) -> dict[str, list[int]]:
        """The rows of each entity."""
        return _by(self.entities)

    @property
    def customers(self) -> dict[int, list[int]]:
        """The rows of each customer."""
        return _by(self.linked.labels.tolist())

    @property
    def missed(self) -> list[str]:
        """Entities that are no customer as they are."""
        whole = {tuple(it) for it in self.customers.values()}
        return [name for name, rows in self.expected.items() if tuple(rows) not in whole]

    @property
    def glued(self) -> list[list[int]]:
        """Customers of more than one entity."""
        return [it for it in self.customers.values() if len({self.entities[row] for row in it}) > 1]


def _by(labels: Sequence[Label]) -> dict[Label, list[int]]:
    found: dict[Label, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        found[label].append(row)
    return found


def run(shared: Path | None, quick: bool) -> None:
    """Counts, and what is behind each that is not as expected."""
    if shared is None:
        print("sz: not here; set ONEFOLD_SHARED_DATA")
        return
    found = resolved(shared / "er")
    count = len(found.expected)
    reached = count - len(found.missed)
    line("sz: entities reached", f"{count}", f"{reached}", "", reached == count)
    line("sz: customers of two entities", "0", f"{len(found.glued)}", "", not found.glued)
    if not quick:
        for told in behind(found):
            print(told)


def resolved(folder: Path) -> Found:
    """The set resolved with nothing said of it."""
    tables = [csv_table(folder / f"sz_{name}.csv") for name in SOURCES]
    named = [
        (source, str(it))
        for source, table in zip(SOURCES, tables, strict=True)
        for it in table["RECORD_ID"].to_pylist()
    ]
    key = csv_table(folder / "sz_key.csv").to_pylist()
    entity = {(it["DATA_SOURCE"].lower(), it["RECORD_ID"]): it["CLUSTER_ID"] for it in key}
    resolver = Resolver(id="RECORD_ID")
    prepared = resolver.prepare(*tables, sources=SOURCES)
    names = [named[it] for it in prepared.order.tolist()]
    return Found(prepared, resolver.link(prepared)[0], names, [entity[it] for it in names])


def behind(found: Found) -> Iterator[str]:
    """Pairs of one entity that are two customers, and of two entities that are one."""
    label = found.linked.labels.tolist()
    for name in found.missed:
        parted = [it for it in combinations(found.expected[name], 2) if label[it[0]] != label[it[1]]]
        if parted:
            yield f"-- entity {name} is in parts"
            yield from _weighed(found, parted)
    for rows in found.glued:
        yield f"-- glued: {' '.join(found.names[it][1] for it in rows)}"
        among = combinations(rows, 2)
        yield from _weighed(found, [it for it in among if found.entities[it[0]] != found.entities[it[1]]])


def _weighed(found: Found, pairs: Sequence[tuple[int, int]]) -> Iterator[str]:
    left, right = np.array(pairs, dtype=np.int64).T
    fields, model = found.prepared.fields, found.linked.model
    levels = compare(fields, left, right)
    weights = weigh(model, fields, levels, left)
    for at, pair in enumerate(pairs):
        told = [
            f"{it.name} {it.levels[levels[place][at] - 1]} "
            f"{_bits(it, levels, place, at, fields[place].column, pair[0]):+.1f}"
            for place, it in enumerate(model.fields)
            if levels[place][at] != MISSING
        ]
        ids = " ".join(found.names[it][1] for it in pair)
        yield f"   {ids}: {weights[at] / UNIT:+.1f}  {', '.join(told)}"


def _bits(
    field: FieldModel, levels: Sequence[Levels], place: int, at: int, column: Column, row: int
) -> float:
    """What one comparison adds to the weight of a pair."""
    level = int(levels[place][at])
    above = int(levels[field.parent][at]) if field.parent >= 0 else MISSING
    found = field.weights[above][level]
    if level == EXACT and any(field.shares):
        surplus = int(rarities(field, column)[column.codes[row]]) + field.surprise
        found += (surplus * field.shares[above]) // SHARE
    return found / UNIT
