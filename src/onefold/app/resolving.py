"""Linking as a library: tables in, customers out, with no project set up.

Here columns are taken out of tables and rows are put in the order of their content, so that nothing that
follows can depend on the order in which they came; who is who is decided in `customer/identity/linking`.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from onefold.app.headings import is_like_data
from onefold.customer.identity.linking.columns import Codes, Column, column_from, mapped
from onefold.customer.identity.linking.fields import KINDS, Field, fields_of
from onefold.customer.identity.linking.linker import THRESHOLD, Linked, link
from onefold.customer.identity.linking.measures import Measures, measure
from onefold.customer.identity.linking.model import Model
from onefold.customer.identity.linking.recognise import recognise
from onefold.kernel.errors import CallerError

_ALIASES = {
    "name": "full_name", "first_name": "given_name", "forename": "given_name", "last_name": "family_name",
    "surname": "family_name", "dob": "birth_date", "date_of_birth": "birth_date", "address": "street",
    "place": "city", "zip": "postcode", "state": "region", "national_id": "identifier",
    "company": "organisation",
}  # fmt: skip
_IDS = ("record_id", "rec_id", "unique_id", "id")
_SHOWN_FOR_RECOGNITION = 1000
_COMPARED_LETTERS = 512
_JOINED_AT_ONCE = 1 << 16


class Resolution(NamedTuple):
    """What a resolver found.

    `table` has a row for each record, in the order given: `source, record_id, customer_id, probability`.
    It is of the kind of the first table given (polars, pandas or arrow). `recognised` says what each
    column was taken for.
    """

    table: Any
    model: Model
    recognised: dict[str, str]
    linked: Linked
    measures: Measures | None


class Resolver:
    """Finds which records are one customer, learning from the records alone.

    `fields` maps columns to kinds where their names do not tell (`{"bp": "city"}`, or "" to leave one
    out); `id` is the column of record ids, `truth` one that says who is who and is only used to measure.
    With `link_only` records of one table are never compared with each other. `threshold` is the mean
    probability above which clusters merge.
    """

    def __init__(
        self,
        fields: Mapping[str, str] | None = None,
        *,
        id: str | None = None,
        truth: str | None = None,
        link_only: bool = False,
        threshold: float = THRESHOLD,
        trained_on: str = "",
        author: str = "",
    ) -> None:
        if not 0 < threshold < 1:
            raise CallerError(
                "A threshold is a probability.", hint="Give a number between 0 and 1, such as 0.5."
            )
        self.fields = {column: _kind(kind) for column, kind in (fields or {}).items()}
        self.id = id
        self.truth = truth
        self.link_only = link_only
        self.threshold = threshold
        self.trained_on = trained_on
        self.author = author

    def resolve(self, *tables: Any, sources: Sequence[str] = ()) -> Resolution:
        """Resolves the records of all tables (polars, pandas, arrow); `sources` names the tables."""
        prepared = self.prepare(*tables, sources=sources)
        linked, measures = self.link(prepared)
        table = _answer(prepared.rows, prepared.keys, prepared.order, linked)
        return Resolution(like(tables[0], table), linked.model, prepared.recognised, linked, measures)

    def prepare(self, *tables: Any, sources: Sequence[str] = ()) -> Prepared:
        """The fields of all tables, before anything is learned; `CallerError` where nothing can be."""
        if not tables:
            raise CallerError("There is no table to resolve.")
        names = list(sources) or [f"table{at}" for at in range(1, len(tables) + 1)]
        if len(names) != len(tables) or len(set(names)) != len(names):
            raise CallerError("Each table needs a name of its own.", hint="Give as many sources as tables.")
        rows = Rows(names, [arrow_of(it) for it in tables], self.id, self.truth)
        stated = {**self.fields, **dict.fromkeys([it for it in (*rows.id_columns, self.truth) if it], "")}
        recognised = recognise(rows.shown(), stated)
        if self.link_only and len(tables) < 2:
            raise CallerError("There is nothing to link one table with.", hint="Give two tables at least.")
        for column in [*self.fields, *([self.truth] if self.truth else [])]:
            rows.must_have(column)
        keys, order = rows.keys(list(recognised))
        fields = _fields(rows, recognised, order)
        if not fields:
            raise CallerError(
                "No column says who a record is about.",
                hint="Name some with --map, such as full_name=COLUMN.",
            )
        return Prepared(rows, recognised, keys, order, fields)

    def link(self, prepared: Prepared) -> tuple[Linked, Measures | None]:
        """Who is who among prepared records, and how good that is where there is a truth."""
        rows, order = prepared.rows, prepared.order
        among = rows.sources[order] if self.link_only else None
        linked = link(prepared.fields, among, self.threshold, self.trained_on, self.author)
        if not self.truth:
            return linked, None
        truth = rows.column(self.truth).codes[order].astype(np.int64)
        found = linked.candidates
        return linked, measure(linked.labels, truth, found.left, found.right, linked.pair_probabilities)


class Rows:
    """The rows of all tables, as text by column."""

    def __init__(self, names: list[str], tables: list[pa.Table], id: str | None, truth: str | None) -> None:
        self.names = names
        for name, it in zip(names, tables, strict=True):
            _check_header(name, it.column_names)
        self.holders = {
            column: tuple(at for at, it in enumerate(tables) if column in it.column_names)
            for it in tables
            for column in it.column_names
        }
        self.columns = list(dict.fromkeys(name for it in tables for name in it.column_names))
        self._tables = tables
        self._columns: dict[str, Column] = {}
        self.sources = np.repeat(np.arange(len(tables)), [it.num_rows for it in tables])
        if len(self.sources) < 2:
            raise CallerError("There are fewer than two records.")
        if id is not None:
            _check_ids(id, dict(zip(names, tables, strict=True)))
        self.id_columns = [id or _id_column(it, truth) for it in tables]
        self.ids = [
            record
            for it, column in zip(tables, self.id_columns, strict=True)
            for record in (_texts(it, column) if column else map(str, range(1, it.num_rows + 1)))
        ]

    def must_have(self, column: str) -> None:
        """`CallerError` where there is no such column."""
        if column not in self.columns:
            raise CallerError(f"There is no column {column}.", hint="The first line names the columns.")

    def shown(self) -> dict[str, list[str]]:
        """Some values of each column."""
        found = {}
        for name in self.columns:
            codes, values = self.column(name)
            said = np.flatnonzero(codes)[:_SHOWN_FOR_RECOGNITION]
            found[name] = [values[it] for it in codes[said].tolist()]
        return found

    def column(self, name: str) -> Column:
        """What the rows of all tables say in one column, as it stands there."""
        if name not in self._columns:
            self._columns[name] = _interned(self._tables, name)
        return self._columns[name]

    def texts(self, name: str) -> list[str]:
        """What each row says in one column."""
        codes, values = self.column(name)
        return [values[it] for it in codes.tolist()]

    def keys(self, columns: list[str]) -> tuple[list[bytes], Any]:
        """A digest of each record (its id, or its content), and the order of rows by it."""
        said = [self.column(it) for it in sorted(it for it in columns if it in self.columns)]
        found: list[bytes] = []
        for source, record, values in zip(
            self.sources.tolist(), self.ids, _joined(said, len(self.ids)), strict=True
        ):
            told = record if self.id_columns[source] else f"\x1f{values}" if said else ""
            text = f"{self.names[source]}\x1f{told}"
            inner = blake2b(values.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            found.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() + inner)
        order = np.array(sorted(range(len(found)), key=found.__getitem__), dtype=np.int64)
        # Records that are equal in everything are told apart by number; which gets which makes no difference.
        times: Counter[bytes] = Counter()
        for at in order.tolist():
            times[found[at]] += 1
            found[at] += times[found[at]].to_bytes(4)
        return found, order


class Prepared(NamedTuple):
    """Records ready to be linked: `order[i]` is the row of `rows` that the i-th row of `fields` is about."""

    rows: Rows
    recognised: dict[str, str]
    keys: list[bytes]
    order: Any
    fields: list[Field]


def _id_column(table: pa.Table, truth: str | None) -> str:
    """The column that names the records of a table, each by an id of its own; nothing where there is none."""
    for column in _IDS:
        if column in table.column_names and column != truth:
            ids = set(_texts(table, column))
            if len(ids) == table.num_rows and "" not in ids:
                return column
    return ""


def _check_ids(column: str, tables: Mapping[str, pa.Table]) -> None:
    """`CallerError` where a table has no such column, or a record no id of its own there."""
    for name, table in tables.items():
        if column not in table.column_names:
            raise CallerError(
                f"There is no column {column} in {name}.", hint="Each table needs the column of ids."
            )
        ids = _texts(table, column)
        empty = ids.count("")
        repeated = len(ids) - empty - len(set(ids) - {""})
        if empty or repeated:
            raise CallerError(
                f"In {name}, {empty:,} ids in {column} are empty and {repeated:,} repeat another.",
                hint="Name a column with an id of its own for each record, or none: rows are numbered then.",
            )


def _check_header(name: str, header: Sequence[str]) -> None:
    """Refuses a table whose columns have no names of their own; what stands there is not shown."""
    if any(map(is_like_data, header)):
        raise CallerError(
            f"The first line of {name} looks like a record.",
            hint="The first line must name the columns: put one above.",
        )
    places: dict[str, int] = {}
    for place, it in enumerate((it.strip() for it in header), start=1):
        if it in places:
            raise CallerError(
                f"Columns {places[it]} and {place} of {name} have one name.",
                hint="The first line must give each column a name of its own.",
            )
        places[it] = place


def _kind(kind: str) -> str:
    known = _ALIASES.get(kind, kind)
    if known and known not in KINDS:
        raise CallerError(f"There is no field {kind}.", hint=f"There are: {', '.join(KINDS)}.")
    return known


def _fields(rows: Rows, recognised: Mapping[str, str], order: Any) -> list[Field]:
    columns: dict[str, list[tuple[str, Column]]] = {}
    for column in sorted(recognised):
        interned = mapped(rows.column(column), lambda it: it.strip()[:_COMPARED_LETTERS])
        alike = columns.setdefault(recognised[column], [])
        name = f"{recognised[column]} {len(alike) + 1}"
        alike.append((name, interned._replace(codes=interned.codes[order])))
    return fields_of(columns)


def _answer(rows: Rows, keys: list[bytes], order: Any, linked: Linked) -> pa.Table:
    """A row a record in the order given; a customer's id is the digest of its least record."""
    labels, inverse = np.unique(linked.labels, return_inverse=True)
    least = (keys[it] for it in order[labels].tolist())
    ids = pa.array([blake2b(it, digest_size=16).hexdigest() for it in least])
    customers = np.empty(len(keys), dtype=np.int64)
    customers[order] = inverse
    probabilities = np.empty(len(keys))
    probabilities[order] = np.round(linked.probabilities, 6)
    return pa.table(
        {
            "source": pa.array(rows.names).take(pa.array(rows.sources)),
            "record_id": rows.ids,
            "customer_id": ids.take(pa.array(customers)),
            "probability": probabilities,
        }
    )


def _joined(columns: Sequence[Column], rows: int) -> Iterator[str]:
    """What each row says in all columns, as one text."""
    if not columns:
        yield from repeat("", rows)
        return
    for start in range(0, rows, _JOINED_AT_ONCE):
        part = slice(start, start + _JOINED_AT_ONCE)
        texts = ([it.values[code] for code in it.codes[part].tolist()] for it in columns)
        yield from map("\x1f".join, zip(*texts, strict=True))


def _interned(tables: Sequence[pa.Table], column: str) -> Column:
    """One column of all tables; text is interned by arrow, with no text made for each row."""
    place: dict[str, int] = {"": 0}
    codes = [_codes(it, column, place) for it in tables]
    return column_from(np.concatenate(codes), list(place))


def _codes(table: pa.Table, column: str, place: dict[str, int]) -> Codes:
    """The place of each row's text; `place` takes up those that are new."""
    kind = table.schema.field(column).type if column in table.column_names else pa.null()
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return np.array([place.setdefault(it, len(place)) for it in _texts(table, column)], dtype=np.int32)
    found = [np.zeros(0, dtype=np.int32)]
    try:
        for chunk in table[column].chunks:
            encoded = chunk.fill_null("").dictionary_encode()
            said = [place.setdefault(it, len(place)) for it in encoded.dictionary.to_pylist()]
            found.append(np.array(said, dtype=np.int32)[encoded.indices.to_numpy(zero_copy_only=False)])
    except UnicodeDecodeError as error:
        raise CallerError(f"The text of {column} is not in UTF-8.", hint="Convert it first.") from error
    return np.concatenate(found)


def _texts(table: pa.Table, column: str) -> list[str]:
    if column not in table.column_names:
        return [""] * table.num_rows
    try:
        values = table[column].to_pylist()
    except UnicodeDecodeError as error:
        raise CallerError(f"The text of {column} is not in UTF-8.", hint="Convert it first.") from error
    except (ValueError, OverflowError, pa.ArrowException):
        values = [_value(it) for it in table[column]]
    return ["" if it is None else str(it) for it in values]


def _value(scalar: Any) -> Any:
    """What stands in a cell; nothing for an instant that no calendar has, nanoseconds are left out."""
    try:
        if pa.types.is_timestamp(scalar.type) and scalar.type.unit == "ns":
            scalar = scalar.cast(pa.timestamp("us", scalar.type.tz), safe=False)
        return scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return None


def arrow_of(table: Any) -> pa.Table:
    """The table as arrow, whatever it was."""
    if isinstance(table, pa.Table):
        return table
    if _library(table) == "pandas":
        try:
            return pa.Table.from_pandas(table, preserve_index=False)
        except (ValueError, pa.ArrowException) as error:
            raise CallerError(
                "This frame cannot be read.", hint="Give each column a name of its own and one type."
            ) from error
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    raise CallerError("This is no table.", hint="Give a polars or pandas frame, or an arrow table.")


def like(given: Any, table: pa.Table) -> Any:
    """The table as one of the kind that was given: polars, pandas or arrow."""
    library = _library(given)
    if library == "pandas":
        return table.to_pandas()
    return importlib.import_module("polars").from_arrow(table) if library == "polars" else table


def _library(table: Any) -> str:
    return type(table).__module__.partition(".")[0]
