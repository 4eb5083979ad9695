"""Linking as a command: files are read as tables, resolved, and the answer is written."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from onefold.adapters.files.disk import Disk
from onefold.app.extracts import read_extract, source_names
from onefold.app.headings import shown_names
from onefold.app.resolving import Resolver
from onefold.app.splinking import SplinkResolver, with_nulls
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.kernel.errors import CallerError, Unavailable

_DISK = Disk()


def resolve_files(asked: LinkAsked) -> LinkSummary:
    """Resolves files and writes the answer as Parquet, the model beside it if asked."""
    began = time.perf_counter()
    if asked.splink is not None or asked.pairs is not None:
        return _resolve_by_splink(asked, began)
    check_places(asked.files, [it for it in (asked.out, asked.model) if it is not None])
    tables = [read_extract(path) for path in asked.files]
    resolver = Resolver(
        asked.fields, id=asked.id, truth=asked.truth, link_only=asked.link_only, threshold=asked.threshold,
        trained_on=asked.trained_on, author=asked.author,
    )  # fmt: skip
    found = resolver.resolve(*tables, sources=source_names(asked.files))
    written = {asked.out: _parquet(found.table)}
    if asked.model is not None:
        written[asked.model] = found.model.to_json()
    write_whole(written)
    sizes = np.bincount(np.bincount(found.linked.labels))
    measured = found.measures
    shown = shown_names(found.recognised)
    return LinkSummary(
        records=len(found.linked.labels),
        customers=int(sizes[1:].sum()),
        joined=int((sizes * np.arange(len(sizes)))[2:].sum()),
        largest=len(sizes) - 1,
        candidates=len(found.linked.candidates.left),
        keys=len(found.linked.candidates.keys),
        hubs=found.linked.candidates.hubs,
        raised=found.linked.raised,
        recognised={shown[it]: kind for it, kind in found.recognised.items()},
        measures=dict(measured._asdict()) if measured else {},
        seconds=time.perf_counter() - began,
    )


def _resolve_by_splink(asked: LinkAsked, began: float) -> LinkSummary:
    """Resolves files by a model of Splink. Empty text is null there: so Splink reads files of text."""
    if asked.splink is None:
        raise CallerError(
            "Pairs are written for a model of Splink.", hint="Give the model: --splink MODEL.json."
        )
    if asked.fields or asked.id or asked.link_only or asked.model is not None:
        raise CallerError(
            "A model of Splink says by itself which columns count, which is the id, and what is linked.",
            hint="Leave out --map, --id, --link-only and --model; rename columns in the files.",
        )
    check_places([*asked.files, asked.splink], [it for it in (asked.out, asked.pairs) if it is not None])
    try:
        model = asked.splink.read_bytes()
    except OSError as error:
        raise CallerError(
            f"{asked.splink} cannot be read.", hint="Name the file that Splink wrote."
        ) from error
    resolver = SplinkResolver(model, truth=asked.truth, threshold=asked.threshold, duckdb=asked.duckdb)
    tables = [with_nulls(read_extract(path)) for path in asked.files]
    found = resolver.resolve(*tables, sources=source_names(asked.files))
    written = {asked.out: _parquet(found.table)}
    if asked.pairs is not None:
        written[asked.pairs] = _parquet(found.pairs)
    write_whole(written)
    sizes = np.bincount(np.bincount(found.clusters.labels))
    return LinkSummary(
        records=found.table.num_rows,
        customers=int(sizes[1:].sum()),
        joined=int((sizes * np.arange(len(sizes)))[2:].sum()),
        largest=len(sizes) - 1,
        candidates=found.pairs.num_rows,
        keys=len(found.model.rules),
        hubs=0,
        raised=found.clusters.raised,
        recognised={it.name: "Splink has it" for it in found.model.comparisons},
        measures=dict(found.measures._asdict()) if found.measures else {},
        seconds=time.perf_counter() - began,
        untrained=found.model.untrained,
    )


def _parquet(table: pa.Table) -> bytes:
    written = pa.BufferOutputStream()
    pq.write_table(table, written)
    data: bytes = written.getvalue().to_pybytes()
    return data


def check_places(files: Sequence[Path], out: Sequence[Path]) -> None:
    """Refuses, before any work, to write over what is read, over itself, or where nothing can be written."""
    given = [it.resolve() for it in files]
    written = [it.resolve() for it in out]
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


def write_whole(files: dict[Path, bytes]) -> None:
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
