"""Linking as a command: files are read as tables, resolved, and the answer is written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from onefold.app.resolving import Resolver
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.kernel.errors import CallerError


def resolve_files(asked: LinkAsked) -> LinkSummary:
    """Resolves files and writes the answer as Parquet, the model beside it if asked."""
    began = time.perf_counter()
    tables = [_read(path) for path in asked.files]
    resolver = Resolver(
        asked.fields, id=asked.id, truth=asked.truth, link_only=asked.link_only, threshold=asked.threshold,
        trained_on=asked.trained_on, author=asked.author,
    )  # fmt: skip
    found = resolver.resolve(*tables, sources=_sources(asked.files))
    pq.write_table(found.table, asked.out)
    if asked.model is not None:
        asked.model.write_bytes(found.model.to_json())
    sizes = np.bincount(np.bincount(found.linked.labels))
    measured = found.measures
    return LinkSummary(
        records=len(found.linked.labels),
        customers=int(sizes[1:].sum()),
        joined=int((sizes * np.arange(len(sizes)))[2:].sum()),
        largest=len(sizes) - 1,
        candidates=len(found.linked.candidates.left),
        keys=len(found.linked.candidates.keys),
        hubs=found.linked.candidates.hubs,
        raised=found.linked.raised,
        recognised=found.recognised,
        measures=dict(measured._asdict()) if measured else {},
        seconds=time.perf_counter() - began,
    )


def _sources(files: Sequence[Path]) -> list[str]:
    stems = [it.stem for it in files]
    return stems if len(set(stems)) == len(stems) else [str(it) for it in files]


def _read(path: Path) -> pa.Table:
    """A file of records: Parquet, CSV, or with tabs; every column as text where the file has no types."""
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return pq.read_table(path)
        parse = pa_csv.ParseOptions(delimiter=_delimiter(path), newlines_in_values=True)
        with pa_csv.open_csv(path, parse_options=parse) as reader:
            names = reader.schema.names
        convert = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        )
        table = pa_csv.read_csv(path, parse_options=parse, convert_options=convert)
    except FileNotFoundError as error:
        raise CallerError(f"There is no file {path}.") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise CallerError(
            f"{path.name} cannot be read as a table.",
            hint="Give CSV with a header, TSV or Parquet, in UTF-8.",
        ) from error
    return table.rename_columns([it.strip() for it in names])


def _delimiter(path: Path) -> str:
    """What parts the columns of the header: a tab, a semicolon, a bar or a comma."""
    with path.open("rb") as file:
        header = file.readline().decode("utf-8", errors="replace")
    return max("\t;|,", key=header.count)
