"""Blocks to files: texts are appended, Parquet goes in row groups, so memory does not grow with the world."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.testing.world.sheets import Sheet

ROW_GROUP = 65_536
Encoded = dict[str, tuple[int, bytes]]
"""File → number of rows and their bytes: text as it is written, or an Arrow stream for Parquet."""


def encode(sheets: tuple[Sheet, ...], rows: dict[str, list[Any]]) -> Encoded:
    """The rows of one block as bytes, cheap to hand from process to process."""
    encoded = {}
    for sheet in sheets:
        lines = rows[sheet.path]
        if not lines:
            continue
        if sheet.schema is None:
            data = ("\n".join(lines) + "\n").encode(sheet.encoding, errors="replace")
        else:
            data = _arrow(sheet.schema, lines)
        encoded[sheet.path] = (len(lines), data)
    return encoded


def _arrow(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> bytes:
    columns = [
        pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.record_batch(columns, schema=schema))
    return bytes(sink.getvalue())


class Files:
    """The open files of a world under one folder."""

    def __init__(self, folder: Path, sheets: tuple[Sheet, ...]) -> None:
        self._folder = folder
        self._sheets = {sheet.path: sheet for sheet in sheets}
        self._texts: dict[str, IO[bytes]] = {}
        self._parquets: dict[str, _Parquet] = {}
        self.rows: dict[str, int] = dict.fromkeys(self._sheets, 0)

    def __enter__(self) -> Files:
        for path, sheet in self._sheets.items():
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if sheet.schema is not None:
                self._parquets[path] = _Parquet(target, sheet.schema)
            else:
                self._texts[path] = target.open("wb", buffering=1 << 20)
                self._texts[path].write(sheet.header.encode(sheet.encoding))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._texts.values():
            file.close()
        for parquet in self._parquets.values():
            parquet.close()

    def add(self, encoded: Encoded) -> None:
        """Appends one block."""
        for path, (count, data) in encoded.items():
            self.rows[path] += count
            if path in self._texts:
                self._texts[path].write(data)
            else:
                self._parquets[path].add(data)


class _Parquet:
    """One Parquet file, written in row groups of at least `ROW_GROUP` rows but for the last."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._waiting: list[pa.RecordBatch] = []
        self._count = 0

    def add(self, data: bytes) -> None:
        with pa.ipc.open_stream(data) as stream:
            for batch in stream:
                self._waiting.append(batch)
                self._count += batch.num_rows
        if self._count >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema).combine_chunks()
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._waiting, self._count = [], 0

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()
