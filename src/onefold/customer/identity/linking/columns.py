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
"""Between the alternatives of one value: two phones of one record. White space, so words part there too."""


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
    return column_from(first, list(place))


def columns_of(said: Sequence[Sequence[str]]) -> list[Column]:
    """Several columns with one list of values for all of them, so that their codes can be compared."""
    values = tuple(sorted({"", *(text for texts in said for text in texts)}))
    place = {text: at for at, text in enumerate(values)}
    return [
        Column(np.fromiter(map(place.__getitem__, texts), np.int32, len(texts)), values) for texts in said
    ]


def mapped(column: Column, change: Callable[[str], str]) -> Column:
    """The column with every distinct value changed once."""
    place: dict[str, int] = {"": 0}
    changed = np.fromiter(
        (place.setdefault(change(value) if value else "", len(place)) for value in column.values),
        dtype=np.int32,
    )
    return column_from(changed[column.codes], list(place))


def alternatives(values: Iterable[str]) -> str:
    """One value made of several: each once, in order, those that say nothing left out."""
    return APART.join(sorted({it for it in values if it}))


def combined(columns: Sequence[Column]) -> Column:
    """One column made of several, each value with the alternatives of all."""
    if len(columns) == 1:
        return columns[0]

    def together(said: tuple[str, ...]) -> tuple[str]:
        return (alternatives(it for text in said for it in text.split(APART)),)

    return parted(columns, together, 1)[0]


def parted(
    columns: Sequence[Column], change: Callable[[tuple[str, ...]], tuple[str, ...]], count: int
) -> list[Column]:
    """So many columns made of several: every distinct combination of values is changed once.

    They have one list of values for all of them, so that their codes can be compared.
    """
    first, inverse = distinct(numbered([it.codes for it in columns], [len(it.values) for it in columns]))
    place: dict[str, int] = {"": 0}
    said = zip(*([it.values[code] for code in it.codes[first].tolist()] for it in columns), strict=True)
    made = np.array(
        [[place.setdefault(text, len(place)) for text in change(row)] for row in said], dtype=np.int32
    ).reshape(-1, count)
    rank, values = _ranked(list(place))
    return [Column(rank[made[:, at]][inverse], values) for at in range(count)]


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


def ordered(numbers: Ints) -> tuple[Ints, Ints]:
    """The places of numbers (none below 0) by number, then by place; and the numbers in that order.

    Where number and place fit into one word the words are sorted, which is several times as fast.
    """
    bits = max(1, len(numbers)).bit_length()
    if len(numbers) == 0 or int(numbers.max()) >> (62 - bits):
        order = np.argsort(numbers, kind="stable")
        return order, numbers[order]
    packed = (numbers << bits) | np.arange(len(numbers), dtype=np.int64)
    packed.sort()
    return packed & ((1 << bits) - 1), packed >> bits


def distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """Where each distinct number stands first, in their order, and which of them each place holds."""
    order, rising = ordered(numbers)
    fresh = np.diff(rising, prepend=-1) != 0
    inverse = np.empty(len(numbers), dtype=np.int64)
    inverse[order] = np.cumsum(fresh) - 1
    return order[fresh], inverse


def column_from(codes: Codes, values: list[str]) -> Column:
    """A column from places in a list of distinct values, of which the first is the empty text."""
    rank, ordered_values = _ranked(values)
    return Column(rank[codes], ordered_values)


def _ranked(values: list[str]) -> tuple[Codes, tuple[str, ...]]:
    """The rank of each value, and the values in order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values), dtype=np.int32)
    rank[order] = np.arange(len(values), dtype=np.int32)
    return rank, tuple(values[it] for it in order)
