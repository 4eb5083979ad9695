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


def combined(columns: Sequence[Column], change: Callable[[tuple[str, ...]], str]) -> Column:
    """One column made of several: every distinct combination of values is changed once."""
    rows = np.stack([it.codes for it in columns], axis=1)
    distinct, inverse = np.unique(rows, axis=0, return_inverse=True)
    place: dict[str, int] = {"": 0}
    texts = (
        change(tuple(it.values[code] for it, code in zip(columns, row, strict=True)))
        for row in distinct.tolist()
    )
    changed = np.fromiter((place.setdefault(text, len(place)) for text in texts), dtype=np.int32)
    return _sorted(changed[inverse.reshape(-1)], list(place))


def shared(columns: Sequence[Column]) -> list[Column]:
    """The columns with one list of values for all of them, so that their codes can be compared."""
    values = sorted({value for it in columns for value in it.values})
    place = {value: at for at, value in enumerate(values)}
    moved = (np.array([place[value] for value in it.values], dtype=np.int32)[it.codes] for it in columns)
    return [Column(codes, tuple(values)) for codes in moved]


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
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values), dtype=np.int32)
    rank[order] = np.arange(len(values), dtype=np.int32)
    return Column(rank[codes], tuple(values[it] for it in order))
