"""Whether a file has the columns its contract promises, and what to say when it does not.

The first line of a wrong file may be somebody's data, so only names that the contract knows are repeated.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import FileShape
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.errors import WrongFile

_DELIMITERS = {",": "','", ";": "';'", "\t": "a tab", "|": "'|'"}


def csv_columns(header: str, shape: FileShape, delimiter: str = "") -> list[str]:
    """The names in a header line, without spaces around them."""
    try:
        return [name.strip() for name in next(delimited([header], shape, delimiter=delimiter), [])]
    except csv.Error:
        return []


def delimited(texts: list[str], shape: FileShape, *, strict: bool = False, delimiter: str = "") -> Any:
    """A parser of lines of delimited text, one row a line."""
    return csv.reader(
        texts,
        delimiter=delimiter or shape.delimiter,
        quotechar=shape.quote or None,
        quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
        strict=strict,
    )


def check_columns(
    name: str, compiled: CompiledObject, found: Sequence[str], shape: FileShape | None = None
) -> None:
    """`WrongFile` when a stored column is missing or stands twice; undeclared columns are left unread."""
    declared, needed = columns_of(compiled.item)
    missing = [it for it in declared if it in needed and it not in found]
    twice = sorted({it for it in found if it in needed and list(found).count(it) > 1})
    if twice:
        raise WrongFile(
            f"{name} has the column {twice[0]} twice.",
            hint="Nothing was loaded; ask the source which one counts.",
        )
    if not missing:
        return
    known = [it for it in found if it in declared]
    unknown = len(found) - len(known)
    raise WrongFile(
        f"{name} does not have the columns of {compiled.source}/{compiled.name}.",
        detail=f"Missing: {', '.join(missing)}. Found: {', '.join(known) or 'none of them'}"
        + (f" and {unknown} that the contract does not know." if unknown else "."),
        hint=_hint(found, declared, shape),
    )


def check_first_object(name: str, compiled: CompiledObject, found: Sequence[str]) -> None:
    """`WrongFile` when a JSON object has nothing of what its contract says.

    Objects may leave out what is empty, so one that has some of it is taken, and its faults are its own.
    """
    properties = compiled.item.properties
    required = {top_name(it.path) for it in properties if it.required}
    if not set(found) & (required or top_names(compiled)):
        raise WrongFile(
            f"{name} does not have the fields of {compiled.source}/{compiled.name}.",
            detail=f"Its first object has none of: {', '.join(sorted(required or top_names(compiled)))}.",
            hint="Nothing was loaded. Is it the right file?",
        )


def top_name(path: str) -> str:
    """The outermost name of a path."""
    return path.partition(".")[0]


def top_names(compiled: CompiledObject) -> set[str]:
    """The outermost names of everything the contract declares."""
    return {top_name(it.path) for it in compiled.item.properties}


def _hint(found: Sequence[str], declared: Sequence[str], shape: FileShape | None) -> str:
    if shape is None:
        return "Nothing was loaded; name the columns in the SELECT as the contract does."
    if shape.is_delimited and len(found) == 1:
        for mark, called in _DELIMITERS.items():
            split = csv_columns(found[0], shape, mark)
            if mark != shape.delimiter and len(set(split) & set(declared)) > 1:
                return f"Is the delimiter {called}? The contract says {_called(shape.delimiter)}."
    known = {it.casefold(): it for it in declared}
    if any(it not in declared and it.casefold() in known for it in found):
        return "Column names are case-sensitive; write them in the contract as the file does."
    return "Nothing was loaded. Is it the right file, and does its first line name the columns?"


def _called(mark: str) -> str:
    return _DELIMITERS.get(mark, f"'{mark}'")
