"""How right an assignment of records to customers is, judged against the truth of a world."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyarrow.parquet as pq

from onefold.testing.world import truth

RecordKey = tuple[str, str]
"""(source, the source's key)."""

_Record = TypeVar("_Record", bound=Hashable)


class Score(NamedTuple):
    """Over pairs of records: the share of joined ones that is right, of true ones that is joined, both."""

    precision: float
    recall: float
    f1: float


def read_truth(folder: Path) -> dict[RecordKey, str]:
    """Who is behind each record of the world in a folder: people and companies alike."""
    table = pq.read_table(folder / truth.RECORDS.path, columns=["source", "key", "who"])
    sources, keys, who = (table.column(name).to_pylist() for name in ("source", "key", "who"))
    return dict(zip(zip(sources, keys, strict=True), who, strict=True))


def pairwise(true: Mapping[_Record, Hashable], assignment: Mapping[_Record, Hashable]) -> Score:
    """Precision, recall and F1 over all pairs of the records in `true`.

    A record that the assignment lacks stands alone; one that only the assignment has is left out. Nothing
    joined is precision 1, nothing to join is recall 1.
    """
    cells: Counter[tuple[Hashable, Hashable]] = Counter()
    for record, who in true.items():
        cells[who, assignment.get(record, ("alone", record))] += 1
    joined: Counter[Hashable] = Counter()
    same: Counter[Hashable] = Counter()
    for (who, customer), count in cells.items():
        joined[customer] += count
        same[who] += count
    right, found, wanted = _pairs(cells.values()), _pairs(joined.values()), _pairs(same.values())
    precision = right / found if found else 1.0
    recall = right / wanted if wanted else 1.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def wrong_joins(
    true: Mapping[_Record, Hashable], assignment: Mapping[_Record, Hashable]
) -> Iterator[tuple[_Record, _Record]]:
    """Pairs of records that an assignment holds for one customer and the truth for two."""
    members: defaultdict[Hashable, list[_Record]] = defaultdict(list)
    for record in true:
        if record in assignment:
            members[assignment[record]].append(record)
    for records in members.values():
        for left, right in combinations(records, 2):
            if true[left] != true[right]:
                yield left, right


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)
