"""Load a file so that it can be interrupted anywhere: behind each durable step it is noted how far it is.

The next load of the same file, told by its size and the digest of what was taken of it, goes on there, as of
the same instant. Rows that were taken behind the last note are offered again and change nothing, so the
account of both loads together has each row of the file once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.intake.bookmarks import Bookmarks
from onefold.record.intake.model import Mode, Offered, Tally
from onefold.usecases.rooms import Rooms


class Place(msgspec.Struct, frozen=True):
    """Rows up to `line` are durable in the log, whose last sequence was `sequence`; `tally` counts them.

    The line ends at `offset`, and `digest` is that of the bytes which decide them.
    """

    sequence: int
    line: int
    offset: int
    digest: str
    as_of: int
    tally: Tally


class Resumed(Protocol):
    """A table that can begin behind a line."""

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        ...

    @property
    def read_bytes(self) -> int:
        """How much of it was read."""
        ...

    def end_of(self, line: int) -> int:
        """How many bytes of the file decide what rows up to a line are."""
        ...

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone, which ended at that offset."""
        ...

    def digest_of(self, offset: int) -> str:
        """What tells the bytes up to an offset from others."""
        ...

    def __iter__(self) -> Iterator[Offered]: ...


class _Passing:
    """Rows on their way to the door, and the line of the last."""

    def __init__(self, rows: Resumed, line: int) -> None:
        self._rows = rows
        self.line = line

    def __iter__(self) -> Iterator[Offered]:
        for offered in self._rows:
            self.line = offered.line
            yield offered


def resume_load(
    permit: Permit,
    rooms: Rooms,
    table: Resumed,
    item: CompiledObject,
    bookmarks: Bookmarks,
    *,
    mode: Mode,
    as_of: int | None,
    progress: Callable[[int, int], None],
) -> Tally:
    """Takes a table through the door, from where it was interrupted if it was; the account of all of it."""
    permit.needs("ingest")
    name = f"file/{item.source}/{item.name}/{item.contract.version}/{mode}/{as_of}/{table.size_bytes}"
    place = _found(rooms, table, item, bookmarks.find(name), mode)
    before = Tally()
    if place is not None:
        table.begin_behind(place.line, place.offset)
        before = place.tally
    instant = place.as_of if place else rooms.door.speaks_of(item.source, item.name, mode, as_of)
    rows = _Passing(table, place.line if place else 0)

    def taken(tally: Tally) -> None:
        total = Tally()
        total.add(before)
        total.add(tally)
        end = table.end_of(rows.line)
        digest = table.digest_of(end)
        told = Place(rooms.log.last_sequence, rows.line, end, digest, instant, total)
        bookmarks.keep(name, msgspec.json.encode(told))
        progress(table.read_bytes, table.size_bytes)

    receipt = rooms.door.offer(item.source, item.name, rows, mode=mode, as_of=instant, progress=taken)
    bookmarks.drop(name)
    total = Tally()
    total.add(before)
    total.add(receipt.tally)
    total.check()
    return total


def _found(
    rooms: Rooms, table: Resumed, item: CompiledObject, kept: bytes | None, mode: Mode
) -> Place | None:
    """The place to go on from; None where the file, the log or the source has moved on otherwise."""
    if kept is None:
        return None
    place = msgspec.json.decode(kept, type=Place)
    if place.sequence > rooms.log.last_sequence or table.digest_of(place.offset) != place.digest:
        return None
    # A newer delivery was taken meanwhile: then this one is told off as any other old one would be.
    with contextlib.suppress(CallerError):
        rooms.door.speaks_of(item.source, item.name, mode, place.as_of)
        return place
    return None
