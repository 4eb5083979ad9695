"""Columns of text as small numbers: every distinct value is looked at once, however often it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
_MOST = 1 << 62
APART = "\x1f"
"""Between the alternatives of one value, as of two phones of a record; white space, so words part there."""


class Column(NamedTuple):
    """What each record says in one field.

    `codes[i]` is the place of record i's value in `values`, which are sorted; `values[0]` is the empty
    text and means that nothing was said.
    """

    codes: Codes
    values: tuple[str, ...]

    @property
    def counts(self) -> Ints:
        """How many records hold each value."""
        return np.bincount(self.codes, minlength=len(self.values))


def column_of(texts: Iterable[str]) -> Column:
    """Interns texts; the same texts in another order give the same values."""
    place: dict[str, int] = {"": 0}
    first = np.fromiter((place.setdefault(text, len(place)) for text in texts), dtype=np.int32)
    return _sorted(first, list(place))


def mapped(column: Column, change: Callable[[str], str]) -> Column:
    """The column with every distinct value changed once."""
    place: dict[str, int] = {"": 0}
    changed = np.fromiter(
        (place.setdefault(change(value) if value else "", len(place)) for value in column.values),
        dtype=np.int32,
    )
    return _sorted(changed[column.codes], list(place))


def alternatives(values: Iterable[str]) -> str:
    """One value made of several: each once, in order, those that say nothing left out."""
    return APART.join(sorted({it for it in values if it}))


def combined(columns: Sequence[Column]) -> Column:
    """One column made of several, each value with the alternatives of all."""
    if len(columns) == 1:
        return columns[0]
    return parted(columns, lambda said: (alternatives(it for text in said for it in text.split(APART)),), 1)[
        0
    ]


def parted(
    columns: Sequence[Column], change: Callable[[tuple[str, ...]], tuple[str, ...]], count: int
) -> list[Column]:
    """So many columns made of several: every distinct combination of values is changed once.

    They have one list of values for all of them, so that their codes can be compared.
    """
    numbers = numbered([it.codes for it in columns], [len(it.values) for it in columns])
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    place: dict[str, int] = {"": 0}
    said = zip(*([it.values[code] for code in it.codes[first].tolist()] for it in columns), strict=True)
    made = np.array(
        [[place.setdefault(text, len(place)) for text in change(row)] for row in said], dtype=np.int32
    ).reshape(-1, count)
    rank, values = _ranked(list(place))
    return [Column(rank[made[:, at]][inverse.reshape(-1)], values) for at in range(count)]


def numbered(codes: Sequence[npt.NDArray[np.integer[Any]]], sizes: Sequence[int]) -> Ints:
    """One number for each row, the same for rows equal in all columns, in the order of the columns.

    Column i holds numbers below `sizes[i]`. There may be any number of columns: before the numbers outgrow a
    word they are made dense again.
    """
    numbers = np.zeros(len(codes[0]), dtype=np.int64)
    room = 1
    for column, size in zip(codes, sizes, strict=True):
        if room * size > _MOST:
            distinct, inverse = np.unique(numbers, return_inverse=True)
            numbers, room = inverse.reshape(-1).astype(np.int64), max(1, len(distinct))
        numbers = numbers * size + column.astype(np.int64)
        room *= size
    return numbers


def _sorted(codes: Codes, values: list[str]) -> Column:
    rank, ordered = _ranked(values)
    return Column(rank[codes], ordered)


def _ranked(values: list[str]) -> tuple[Codes, tuple[str, ...]]:
    """The rank of each value, and the values in order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values), dtype=np.int32)
    rank[order] = np.arange(len(values), dtype=np.int32)
    return rank, tuple(values[it] for it in order)
