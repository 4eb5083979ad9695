"""Parquet files as offered rows, a batch of rows in memory at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.adapters.files.resuming import Resumable
from onefold.adapters.files.shape import check_columns
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered

BATCH_ROWS = 5_000


class ParquetTable(Resumable):
    """Rows of a Parquet file; dates, times and decimals as the texts a contract reads."""

    def __init__(self, path: Path, compiled: CompiledObject) -> None:
        self._path = path
        super().__init__(path)
        try:
            self.size_bytes = path.stat().st_size
            if not self.size_bytes:
                raise WrongFile(f"{path.name} is empty.", hint="Ask the source for the file again.")
            with pq.ParquetFile(path) as file:
                columns = list(file.schema_arrow.names)
                self._rows = file.metadata.num_rows
        except OSError as error:
            raise WrongFile(
                f"{path.name} cannot be read.",
                detail=error.strerror or "",
                hint="Ask the source for the file again.",
            ) from error
        except (pa.ArrowException, UnicodeDecodeError):
            raise WrongFile(
                f"{path.name} is not a Parquet file, or not a whole one.",
                hint="Ask the source for the file again.",
            ) from None
        shape = compiled.item.file
        assert shape is not None
        check_columns(path.name, compiled, columns, shape)
        declared, _ = columns_of(compiled.item)
        self._names = [name for name in declared if name in columns]
        self._given = 0
        self.is_whole = False

    @property
    def read_bytes(self) -> int:
        """How much of it was read, told from the rows given."""
        return self.size_bytes * self._given // self._rows if self._rows else self.size_bytes

    def __iter__(self) -> Iterator[Offered]:
        number = 1
        try:
            with pq.ParquetFile(self._path) as file:
                for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=self._names):
                    columns = [_texts(batch.column(name)) for name in self._names]
                    for values in zip(*columns, strict=True):
                        if number > self.behind_line:
                            yield _offered(self._names, values, number)
                        number += 1
                    self._given += batch.num_rows
            self.is_whole = True
        except (OSError, pa.ArrowException) as error:
            raise WrongFile(
                f"{self._path.name} is damaged behind row {number - 1}.",
                detail="The rows before it were taken; loading it again counts them as duplicates.",
                hint="Ask the source for the file again.",
            ) from error


def _texts(column: Any) -> list[Any]:
    """The values of a column as what JSON can hold."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.dictionary_decode())
    values: list[Any]
    try:
        values = column.to_pylist()
    except (ValueError, OverflowError):
        values = [_value(it) for it in column]
    turn = _turn(kind)
    return values if turn is None else [None if value is None else turn(value) for value in values]


def _offered(names: list[str], values: tuple[Any, ...], number: int) -> Offered:
    """A row, or the fault of one that holds a text which is none."""
    if _NO_TEXT in values:
        said = repr(values).encode()
        return Offered(None, number, fault=Reason.BAD_TEXT, digest=sha256(said).digest())
    return Offered(dict(zip(names, values, strict=True)), number)


def _value(scalar: Any) -> Any:
    """A value beyond Python's types: of a finer time what is not too fine, of another its number."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _NO_TEXT
    except (ValueError, OverflowError):
        # Something within a list or a struct has no number.
        return _nearest(scalar) if hasattr(scalar, "value") else _NO_TEXT


def _nearest(scalar: Any) -> Any:
    coarse = _COARSE.get(scalar.type.id) if getattr(scalar.type, "unit", "") == "ns" else None
    try:
        return scalar.cast(coarse(scalar.type), safe=False).as_py() if coarse else str(scalar.value)
    except (ValueError, OverflowError):
        return str(scalar.value)


_COARSE: dict[int, Callable[[Any], Any]] = {
    pa.timestamp("ns").id: lambda kind: pa.timestamp("us", kind.tz),
    pa.time64("ns").id: lambda _: pa.time64("us"),
    pa.duration("ns").id: lambda _: pa.duration("us"),
}
_NO_TEXT = b"no text"
"""Stands for what cannot be read, such as a text that is no UTF-8; bytes are hexadecimal digits here."""


def _turn(kind: Any) -> Callable[[Any], Any] | None:
    types = pa.types
    if types.is_temporal(kind):
        return _iso
    if types.is_decimal(kind):
        return _decimal
    if types.is_floating(kind):
        return _finite
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return bytes.hex
    return None


def _iso(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _finite(value: float) -> float | None:
    """NaN and infinity are how some tools write "nothing"; neither is a number of ours."""
    return value if math.isfinite(value) else None
