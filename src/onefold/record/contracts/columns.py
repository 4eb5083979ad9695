"""Many rows of a table at once: columns are turned as wholes, each distinct text of them once.

What comes out equals what `CompiledObject` says of each row alone, because the very same functions run on the
same values. They are pure, so a text that comes again need not be turned again. Whatever is not plain is left
to the row-wise way, which knows what to say of it: a row with a fault, with a property missing or with a
value that is neither text nor number is only marked here (`odd`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

from onefold.record.contracts.access import MISSING, Row
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import RowFault
from onefold.record.contracts.texts import Transform

_TEXT = frozenset({str, type(None)})
_PLAIN = frozenset({str, int, float, bool, type(None)})
_FAULT: Any = object()

Column = list[Any]
Turned = dict[str, Column]
"""Canonical field → its value in each row, MISSING where it has none."""

TableColumns = dict[str, Column]
"""Property → its raw value in each row."""


class Columns:
    """One object that `takes_columns`."""

    def __init__(self, found: CompiledObject) -> None:
        item = found.item
        self.object = found
        self.paths = tuple(it.path for it in item.stored)
        self._pick = _picker(self.paths)
        self._mapped = found.mapped
        self._reads = {field: self._stored(rule.reads) for field, rule in item.rules.items()}
        self._occurs = self._stored(item.occurred.reads) if item.occurred else ()
        self._owners = self._stored(path for it in item.subjects for path in it.sources)
        self._keyed = self._stored(item.key)

    def split(self, rows: Sequence[Row], odd: set[int]) -> TableColumns:
        """The stored columns of rows; of an odd row they hold nothing."""
        picked: list[tuple[Any, ...]] = []
        pick, nothing = self._pick, (None,) * len(self.paths)
        try:
            picked = list(map(pick, rows))
        except KeyError:
            for number, row in enumerate(rows):
                try:
                    values = pick(row)
                except KeyError:
                    odd.add(number)
                    values = nothing
                picked.append(values)
        columns = {path: list(it) for path, it in zip(self.paths, zip(*picked, strict=True), strict=True)}
        for column in columns.values():
            if not set(map(type, column)) <= _PLAIN:
                for number, raw in enumerate(column):
                    if type(raw) not in _PLAIN:
                        odd.add(number)
                        column[number] = None
        return columns

    def keys(self, columns: TableColumns, odd: set[int], size: int) -> list[str]:
        """The source's keys."""
        made = _made(self.object.key, self._keyed, columns, odd, size)
        if None in made:
            odd.update(number for number, key in enumerate(made) if key is None)
        return made

    def owners(self, columns: TableColumns, odd: set[int], size: int) -> list[bytes]:
        """Whose data keys encrypt the rows."""
        return _made(self.object.subject_id, self._owners, columns, odd, size)

    def occurred(self, columns: TableColumns, odd: set[int], size: int) -> Column:
        """When it happened as the rows say; None where one does not."""
        return _made(self.object.occurred_at, self._occurs, columns, odd, size)

    def turned(self, columns: TableColumns, at: Sequence[int], odd: set[int]) -> Turned:
        """What the rows mean, field by field; `at` is when each happened."""
        found = self.object
        out: Turned = {field: [value] * len(at) for field, value in found.constants.items()}
        for field in found.event_times:
            out[field] = list(at)
        for field, made in self._mapped.items():
            paths = self._reads[field]
            if not isinstance(made, tuple):
                out[field] = _made(made, paths, columns, odd, len(at))
            elif made[0] and set(made[0]) <= set(paths):
                out[field] = _transformed(made[1], [columns[path] for path in made[0]], odd)
            else:
                odd.update(range(len(at)))
        for field in found.mandatory:
            column = out.get(field)
            if column is None:
                odd.update(range(len(at)))
            elif MISSING in column:
                odd.update(number for number, value in enumerate(column) if value is MISSING)
        return out

    def _stored(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(it for it in dict.fromkeys(paths) if it in self.paths)


def _transformed(transform: Transform, read: list[Column], odd: set[int]) -> Column:
    """What a transform makes of columns; MISSING where the first has nothing."""
    first = read[0]
    if len(read) > 1:
        made = _each_together(transform, read)
    elif not _is_text(first) or len(distinct := set(first)) * 2 > len(first):
        made = _each(transform, first)
    else:
        known = dict(zip(distinct, _each(transform, distinct), strict=True))
        made = list(map(known.__getitem__, first))
    _leave_faults(made, odd)
    return made


def _each(transform: Transform, raws: Iterable[Any]) -> Column:
    """What a transform makes of each; most often of all of them without a fault."""
    try:
        return [
            MISSING if raw is None or raw == "" or (value := transform(raw)) is None else value
            for raw in raws
        ]
    except RowFault:
        return [_one(transform, raw) for raw in raws]


def _each_together(transform: Transform, read: list[Column]) -> Column:
    rows = list(zip(*read, strict=True))
    try:
        return [
            MISSING if row[0] is None or row[0] == "" or (value := transform(*row)) is None else value
            for row in rows
        ]
    except RowFault:
        return [_one(transform, *row) for row in rows]


def _one(transform: Transform, *raws: Any) -> Any:
    if raws[0] is None or raws[0] == "":
        return MISSING
    try:
        value = transform(*raws)
    except RowFault:
        return _FAULT
    return MISSING if value is None else value


def _leave_faults(made: Column, odd: set[int]) -> None:
    if _FAULT in made:
        faulty = [number for number, value in enumerate(made) if value is _FAULT]
        odd.update(faulty)
        for number in faulty:
            made[number] = MISSING


def _made(
    make: Callable[[Row], Any], paths: Sequence[str], columns: TableColumns, odd: set[int], size: int
) -> Column:
    """What a function of rows makes of these columns, all that it reads of them."""
    read = [columns[path] for path in paths]
    rows: Iterable[tuple[Any, ...]] = zip(*read, strict=True) if read else repeat((), size)
    made: Column
    if len(read) == 1 and _is_text(read[0]):
        (path,), (column,) = paths, read
        known = {raw: _made_of(make, {path: raw}) for raw in set(column)}
        made = list(map(known.__getitem__, column))
    elif all(map(_is_text, read)):
        together = list(rows)
        found = {it: _made_of(make, dict(zip(paths, it, strict=True))) for it in set(together)}
        made = list(map(found.__getitem__, together))
    else:
        # Numbers that are equal are not the same: 1, 1.0 and True each have a text of their own.
        made = [_made_of(make, dict(zip(paths, it, strict=True))) for it in rows]
    _leave_faults(made, odd)
    return made


def _is_text(column: Column) -> bool:
    return set(map(type, column)) <= _TEXT


def _made_of(make: Callable[[Row], Any], row: Row) -> Any:
    try:
        return make(row)
    except RowFault:
        return _FAULT


def _picker(paths: tuple[str, ...]) -> Callable[[Row], tuple[Any, ...]]:
    if len(paths) == 1:
        (path,) = paths
        return lambda row: (row[path],)
    return itemgetter(*paths) if paths else lambda _: ()
