"""Linking as a command: files are read as tables, resolved, and the answer is written."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from onefold.adapters.files.disk import Disk
from onefold.app.resolving import Resolver
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.kernel.errors import CallerError, Unavailable

_DISK = Disk()
_CHUNK = 1 << 20
_QUOTED = re.compile('"[^"]*"')
_PACKED = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
)
_PACKED_NAMES = {".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".xlsx", ".xls", ".ods"}


def resolve_files(asked: LinkAsked) -> LinkSummary:
    """Resolves files and writes the answer as Parquet, the model beside it if asked."""
    began = time.perf_counter()
    _check_places(asked)
    tables = [_read(path) for path in asked.files]
    resolver = Resolver(
        asked.fields, id=asked.id, truth=asked.truth, link_only=asked.link_only, threshold=asked.threshold,
        trained_on=asked.trained_on, author=asked.author,
    )  # fmt: skip
    found = resolver.resolve(*tables, sources=_sources(asked.files))
    answer = pa.BufferOutputStream()
    pq.write_table(found.table, answer)
    written = {asked.out: answer.getvalue().to_pybytes()}
    if asked.model is not None:
        written[asked.model] = found.model.to_json()
    _write(written)
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


def _check_places(asked: LinkAsked) -> None:
    """Refuses, before any work, to write over what is read, over itself, or where nothing can be written."""
    given = [it.resolve() for it in asked.files]
    written = [it.resolve() for it in (asked.out, asked.model) if it is not None]
    if len(set(given)) < len(given):
        raise CallerError("One file is given twice.", hint="Give each file once.")
    if len(set(written)) < len(written):
        raise CallerError("The answer and the model cannot be one file.", hint="Give --model another name.")
    for place in written:
        if place in given or (place.exists() and any(it.exists() and place.samefile(it) for it in given)):
            raise CallerError(f"{place.name} is read, and would be written over.", hint="Give another name.")
        if place.exists() and not place.is_file():
            raise CallerError(f"{place.name} is no file.", hint="Name a file that may be written.")
        if not place.parent.is_dir():
            raise CallerError(f"There is no folder for {place.name}.", hint=f"Make {place.parent} first.")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise CallerError(f"Nothing can be written beside {place.name}.", hint="Name another folder.")


def _write(files: dict[Path, bytes]) -> None:
    """Puts whole files in their places, for their owner alone; `Unavailable` leaves what was there before."""
    fresh: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            place = path.resolve()
            descriptor, name = tempfile.mkstemp(".new", f".{place.name}.", place.parent)
            fresh[place] = Path(name)
            try:
                _DISK.write(descriptor, data, 0)
                _DISK.sync(descriptor)
            finally:
                os.close(descriptor)
        for place, staged in fresh.items():
            staged.replace(place)
            _DISK.sync_folder(place.parent)
    except OSError as error:
        raise Unavailable(
            "The answer could not be written.",
            detail=os.strerror(error.errno) if error.errno else "",
            hint="No file was left half written. Make room and run it again.",
        ) from error
    finally:
        for staged in fresh.values():
            with contextlib.suppress(OSError):
                staged.unlink(missing_ok=True)


def _sources(files: Sequence[Path]) -> list[str]:
    stems = [it.stem for it in files]
    return stems if len(set(stems)) == len(stems) else [str(it) for it in files]


def _read(path: Path) -> pa.Table:
    """A file of records: Parquet, CSV, or with tabs; every column as text where the file has no types."""
    try:
        with path.open("rb") as file:
            begins = file.read(8)
        if begins.startswith(_PACKED) or path.suffix.lower() in _PACKED_NAMES:
            raise CallerError(
                f"{path.name} is packed, or a workbook.", hint="Unpack it, or save its sheet as CSV in UTF-8."
            )
        table = pq.read_table(path) if path.suffix.lower() in {".parquet", ".pq"} else _read_text(path)
    except FileNotFoundError as error:
        raise CallerError(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise _no_utf8(path) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise CallerError(
            f"{path.name} cannot be read as a table.",
            hint="Give CSV with a header, TSV or Parquet, in UTF-8.",
        ) from error
    return table.rename_columns([it.strip() for it in table.column_names])


def _no_utf8(path: Path) -> CallerError:
    return CallerError(
        f"{path.name} is not in UTF-8.", hint="Convert it first, such as with iconv -f CP1251 -t UTF-8."
    )


def _read_text(path: Path) -> pa.Table:
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline(_CHUNK)
        while header.count('"') % 2 and len(header) < _CHUNK and (more := file.readline(_CHUNK)):
            header += more
        rest = header
        while rest:
            if "\0" in rest:
                raise _no_utf8(path)
            rest = file.read(_CHUNK)
    parse = pa_csv.ParseOptions(
        delimiter=max("\t;|,", key=_QUOTED.sub("", header).count), newlines_in_values=True
    )
    with pa_csv.open_csv(path, parse_options=parse) as reader:
        names = reader.schema.names
    convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return pa_csv.read_csv(path, parse_options=parse, convert_options=convert)
