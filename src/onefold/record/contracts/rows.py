"""Checking and minimising one row against its declared properties. What is not declared is not kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from onefold.kernel.ids import CellKey
from onefold.record.contracts.access import MISSING, Getter, Row, getter
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.limits import limit_check
from onefold.record.contracts.model import ObjectContract, Store
from onefold.record.contracts.quality import breaker, is_of_row
from onefold.record.contracts.texts import plain

_WHOLE = {"object", "array", "map"}
_SHAPES = {
    "integer": re.compile(r"\s*[+-]?[0-9]+(\.0+)?\s*"),
    "number": re.compile(r"\s*[+-]?([0-9][0-9 ]*)?([.,][0-9]+)?([eE][+-]?[0-9]+)?\s*"),
    "boolean": re.compile(r"\s*(0|1|t|f|y|n|true|false|yes|no|on|off)\s*", re.IGNORECASE),
}
_NATIVE: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "boolean": (bool,)}
# These transforms refuse what is not of their type, so checking the property as well would cost twice.
_STRICT = {"integer", "money", "flag", "date", "instant", "sign", "czech_birth_number"}


class RowCheck:
    """The declared properties of one object as one pass over a row."""

    def __init__(self, item: ObjectContract, source: str, cell_key: CellKey) -> None:
        self._flat = item.flat
        self._textual = item.file is not None and item.file.is_delimited
        stored, fetched = item.stored, item.fetched
        declared = [it for it in item.properties if it.path not in fetched]
        self._kept = tuple(it.path for it in stored)
        self._paths = tuple((tuple(it.path.split(".")), getter(it.path, flat=False)) for it in stored)
        self._required = self._gets(it for it in declared if it.required)
        self._refused = self._gets(it for it in item.properties if it.store is Store.REFUSE)
        self._references = tuple(it.path for it in stored if it.store is Store.REFERENCE)
        self._digest = cell_key.digester(b"reference", source.encode())
        strict = {path for rule in item.rules.values() if rule.transform in _STRICT for path in rule.sources}
        self._closed = tuple(
            (it.path, getter(it.path, flat=self._flat), frozenset(it.allowed))
            for it in declared
            if it.allowed
        )
        self._limited = tuple(
            (it.path, getter(it.path, flat=self._flat), limit_check(it.logical_type, it.limits))
            for it in declared
            if it.limits
        )
        self._absent = frozenset(item.absent)
        self._rules = tuple(
            (", ".join(rule.paths), breaker(rule, flat=self._flat))
            for rule in item.quality
            if is_of_row(rule)
        )
        self._typed = tuple(
            (path, get, _shape(kind), _NATIVE[kind])
            for path, get, kind in (
                (it.path, getter(it.path, flat=self._flat), it.logical_type) for it in declared
            )
            if kind in _SHAPES and path not in strict
        )
        self._scalars = self._gets(it for it in stored if it.logical_type not in _WHOLE)
        self._whole = self._gets(it for it in stored if it.logical_type in _WHOLE)
        self.keeps_all = not any(it.store is not Store.KEEP for it in item.properties)

    def _gets(self, properties: Any) -> tuple[tuple[str, Getter], ...]:
        return tuple((it.path, getter(it.path, flat=self._flat)) for it in properties)

    def check(self, row: Row) -> Row:
        """The minimised row; `RowFault` for what must not be stored, is missing or of another type."""
        for path, get in self._refused:
            if get(row) not in (None, "", MISSING):
                raise RowFault(Reason.MUST_NOT_STORE, path)
        for path, get in self._required:
            if get(row) in (None, "", MISSING):
                raise RowFault(Reason.REQUIRED_MISSING, path)
        for path, get, shape, native in self._typed:
            raw = get(row)
            if type(raw) is str:
                if raw and not shape(raw):
                    raise RowFault(Reason.BAD_TYPE, path)
            elif raw is not None and raw is not MISSING and type(raw) not in native:
                raise RowFault(Reason.BAD_TYPE, path)
        if not self._textual:
            self._check_nesting(row)
        if self._closed or self._limited or self._rules:
            self._check_values(row)
        return self.redact(row)

    @property
    def takes_columns(self) -> bool:
        """Whether `odd_in` can tell of stored columns alone what `check` would find fault with."""
        asked = {path for path, *_ in (*self._required, *self._typed, *self._closed, *self._limited)}
        others = self._refused or self._references or self._rules or self._whole
        return self._flat and not others and asked <= set(self._kept)

    def odd_in(self, columns: dict[str, list[Any]]) -> set[int]:
        """The rows of scalars that `check` finds fault with, by number, where it `takes_columns`."""
        odd: set[int] = set()
        for path, _ in self._required:
            column = columns[path]
            if "" in column or None in column:
                odd.update(number for number, raw in enumerate(column) if raw is None or raw == "")
        for path, _, shape, native in self._typed:
            column = columns[path]
            wrong = {raw for raw in set(column) if type(raw) is str and raw and not shape(raw)}
            odd.update(
                number
                for number, raw in enumerate(column)
                if (raw in wrong if type(raw) is str else raw is not None and type(raw) not in native)
            )
        for path, _, allowed in self._closed:
            column = columns[path]
            known = {(type(raw), raw): raw in (None, "") or plain(raw) in allowed for raw in set(column)}
            odd.update(number for number, raw in enumerate(column) if not known.get((type(raw), raw)))
        for path, _, limit in self._limited:
            column = columns[path]
            said = {(type(raw), raw) for raw in column if raw is not None and raw != ""}
            beyond = {
                it for it in said if not (it[0] is str and it[1].strip() in self._absent) and limit(it[1])
            }
            if beyond:
                odd.update(number for number, raw in enumerate(column) if (type(raw), raw) in beyond)
        return odd

    def _check_values(self, row: Row) -> None:
        """Closed lists of values, limits, and the quality rules that no row may break."""
        for path, get, allowed in self._closed:
            raw = get(row)
            if raw not in (None, "", MISSING) and (isinstance(raw, dict | list) or plain(raw) not in allowed):
                raise RowFault(Reason.UNKNOWN_VALUE, path)
        for path, get, limit in self._limited:
            raw = get(row)
            if raw in (None, "", MISSING) or (type(raw) is str and raw.strip() in self._absent):
                continue
            reason = limit(raw)
            if reason is not None:
                raise RowFault(reason, path)
        for paths, breaks in self._rules:
            if breaks(row):
                raise RowFault(Reason.QUALITY_RULE, paths)

    def _check_nesting(self, row: Row) -> None:
        for path, get in self._scalars:
            if isinstance(get(row), dict | list):
                raise RowFault(Reason.BAD_TYPE, path)
        for path, get in self._whole:
            if not isinstance(get(row), dict | list | None | type(MISSING)):
                raise RowFault(Reason.BAD_TYPE, path)

    def redact(self, row: Row) -> Row:
        """Only what may be kept, in declared order, so that equal rows have equal bytes."""
        kept = self._columns(row) if self._flat else self._nested(row)
        for path in self._references:
            self._hide(kept, path)
        return kept

    def _columns(self, row: Row) -> Row:
        return {path: row[path] for path in self._kept if path in row}

    def _nested(self, row: Row) -> Row:
        kept: Row = {}
        for parts, get in self._paths:
            raw = get(row)
            if raw is MISSING:
                continue
            at = kept
            for part in parts[:-1]:
                at = at.setdefault(part, {})
            at[parts[-1]] = raw
        return kept

    def _hide(self, kept: Row, path: str) -> None:
        parts = [path] if self._flat else path.split(".")
        at = kept
        for part in parts[:-1]:
            at = at.get(part, {})
        raw = at.get(parts[-1])
        if raw in (None, ""):
            return
        text = plain(raw) if not isinstance(raw, dict | list) else repr(raw)
        at[parts[-1]] = "ref:" + self._digest(f"{path}={text}".encode()).hex()


def fits_type(kind: str, raw: Any) -> bool:
    """Whether a value that is there is of a logical type, by the same measure as at the door."""
    if kind in _WHOLE:
        return isinstance(raw, list if kind == "array" else dict)
    if isinstance(raw, dict | list):
        return False
    if kind not in _SHAPES:
        return True
    return bool(_shape(kind)(raw)) if isinstance(raw, str) else type(raw) in _NATIVE[kind]


def _shape(kind: str) -> Callable[[str], object]:
    if kind != "integer":
        return _SHAPES[kind].fullmatch
    fallback = _SHAPES[kind].fullmatch

    def whole(raw: str) -> object:
        return (raw.isascii() and raw.isdigit()) or fallback(raw)

    return whole


def columns_of(item: ObjectContract) -> tuple[tuple[str, ...], frozenset[str]]:
    """Declared columns of a table in order, and those that every file must have: all that are stored.

    A file that lost a column would blank what is known, so even an optional column must be there.
    """
    return tuple(it.path for it in item.properties), frozenset(it.path for it in item.stored)
