"""How an object comes in batches: the query that asks for it, and whether each delivery is all of it."""

from __future__ import annotations

import re

from onefold.kernel.errors import CallerError
from onefold.kernel.time import seconds_of
from onefold.record.contracts.model import Delivers, ObjectContract, Query
from onefold.record.contracts.reading import Faults, Reader
from onefold.record.log.model import EventKind

QUERY_WORDS = ("connection", "sql", "cursor", "overlap")
SNAPSHOT_STOP = 0.2
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_CONNECTION = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def read_query(ours: Reader) -> Query | None:
    """The custom property `query`: `{connection: core, sql: SELECT …, cursor: updated_at, overlap: 10m}`."""
    if "query" not in ours:
        return None
    reader = ours.reader("query")
    reader.only(QUERY_WORDS)
    overlap = reader.text("overlap")
    try:
        seconds = seconds_of(overlap) if overlap else 0
    except CallerError as error:
        reader.faults.add(reader.at("overlap"), f"{error.message} {error.hint}")
        seconds = 0
    return Query(
        connection=reader.text("connection"),
        sql=reader.text("sql").strip().rstrip(";").rstrip(),
        cursor=reader.text("cursor"),
        overlap_seconds=seconds,
    )


def read_snapshot(ours: Reader) -> float | None:
    """The share above which nothing is deleted, where `snapshot: full`; None where deliveries are partial."""
    kind = ours.text("snapshot")
    if not kind:
        if "snapshotStop" in ours:
            ours.faults.add(
                ours.at("snapshotStop"), "is for full snapshots; set snapshot: full, or leave it out"
            )
        return None
    ours.faults.known(ours.at("snapshot"), kind, ("full",), "kind of snapshot")
    stop = ours.raw("snapshotStop", SNAPSHOT_STOP)
    if isinstance(stop, bool) or not isinstance(stop, int | float) or not 0 <= stop <= 1:
        ours.faults.add(ours.at("snapshotStop"), "must be a share from 0 to 1, such as 0.2")
        return SNAPSHOT_STOP
    return float(stop)


def lint_batches(item: ObjectContract, place: str, faults: Faults) -> None:
    """Adds a fault for what could not be asked for, or would delete what is still there."""
    if item.query is not None:
        _query(item, item.query, f"{place}.query", faults)
    if item.snapshot_stop is not None:
        _snapshot(item, f"{place}.snapshot", faults)


def _query(item: ObjectContract, query: Query, place: str, faults: Faults) -> None:
    if item.file is not None:
        faults.add(place, "comes beside file; an object is asked for or comes in files, not both")
    if not _CONNECTION.fullmatch(query.connection):
        faults.add(
            f"{place}.connection",
            "must name a connection of the data folder: lower-case letters, digits, dashes",
        )
    if not query.sql:
        faults.add(f"{place}.sql", "is missing; write the SELECT that gives the rows")
    elif not query.sql.lower().startswith(("select", "with")):
        faults.add(f"{place}.sql", "must be one SELECT; nothing else is asked of a source")
    if query.cursor and not _NAME.fullmatch(query.cursor):
        faults.add(f"{place}.cursor", "must be the plain name of a column of the query")
    if query.overlap_seconds and not query.cursor:
        faults.add(f"{place}.overlap", "means nothing without a cursor")


def _snapshot(item: ObjectContract, place: str, faults: Faults) -> None:
    if item.delivers is not Delivers.RECORD:
        faults.add(place, "is for delivers: record; what has happened does not disappear")
    if item.file is None and item.query is None:
        faults.add(place, "needs a file or a query; calls come one by one")
    if item.query is not None and item.query.cursor:
        faults.add(place, "comes beside query.cursor; what is asked for from a cursor on is not the whole")
    if item.occurred is not None:
        faults.add(
            place, "comes beside occurredAt; a full snapshot speaks of its as_of, and so do its deletions"
        )
    if item.kind is not EventKind.UPSERT:
        faults.add(place, "is for kind: upsert; rows that state a part of a thing cannot take all of it away")
    if item.also:
        faults.add(place, "comes beside also; give the other object a file or query of its own")
