"""Take what a source's database answers: all of a query, what is new since the last time, or a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.bookmarks import Bookmark, Bookmarks, Mark
from onefold.record.intake.model import Offered, Tally
from onefold.usecases.full_snapshot import FullSnapshot
from onefold.usecases.rooms import Rooms

Progress = Callable[[int], None]
"""Told how many rows are durable."""


class Answer(Protocol):
    """What a database answers, row by row."""

    @property
    def given_rows(self) -> int:
        """How many rows were given so far."""
        ...

    @property
    def mark(self) -> Mark | None:
        """The cursor's value in the last row given."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether the database has answered to the end."""
        ...

    def __iter__(self) -> Iterator[Offered]: ...


class Window(NamedTuple):
    """From `since` on, before `until`; None is open."""

    since: Mark | None = None
    until: Mark | None = None


AskQuery = Callable[[CompiledObject, Window], Answer]


def plan_pull(contracts: Contracts, source: str, names: Sequence[str]) -> list[CompiledObject]:
    """The objects to ask for, in the order of the contract: those named, or every one with a query."""
    contract = contracts.latest(source)
    wanted = [contract.object(name) for name in names] or list(contract.objects.values())
    asked = [it for it in wanted if it.item.query is not None]
    if not asked or (names and len(asked) < len(wanted)):
        lacking = ", ".join(it.name for it in wanted if it.item.query is None)
        raise CallerError(
            f"{source} has no query for {lacking}." if names else f"No object of {source} has a query.",
            hint="Give the object a custom property `query` in its contract.",
        )
    order = list(contract.objects)
    return sorted(asked, key=lambda it: order.index(it.name))


def pull_query(
    permit: Permit,
    rooms: Rooms,
    ask: AskQuery,
    bookmarks: Bookmarks,
    item: CompiledObject,
    *,
    period: Window | None = None,
    progress: Progress = lambda _: None,
    snapshot: FullSnapshot | None = None,
) -> Tally:
    """Takes the rows of one query through the door; everything in the tally is durable.

    Where the query has a cursor it goes on from the last value, which moves only after the rows up to it are
    durable; a `period` is taken again as it stands, and moves nothing.
    """
    permit.needs("ingest")
    query = item.item.query
    assert query is not None
    if period is not None and not query.cursor:
        raise CallerError(
            f"The query of {item.source}/{item.name} has no cursor to take a period by.",
            hint="Set query.cursor in its contract.",
        )
    name = _name(item)
    window = period or Window(_last(bookmarks, name, rooms.log.last_sequence, query.overlap_seconds))
    answer = ask(item, window)

    def taken(_: Tally) -> None:
        if period is None and query.cursor and answer.mark is not None:
            told = Bookmark(rooms.log.last_sequence, answer.mark)
            bookmarks.keep(name, msgspec.json.encode(told))
        rooms.barrier.wake()
        progress(answer.given_rows)

    if snapshot is None:
        receipt = rooms.door.offer(permit.actor.id, item.name, answer, progress=taken)
    else:
        rows = snapshot.hear(answer)
        receipt = rooms.door.offer(permit.actor.id, item.name, rows, as_of=snapshot.as_of, progress=taken)
        snapshot.ended(is_whole=answer.is_whole)
    tally = receipt.tally
    rooms.gate.released(
        permit,
        "load",
        details={"source": permit.actor.id, "object": item.name, "mode": "query"},
        counts={it: getattr(tally, it) for it in ("offered", "accepted", "quarantined", "refused")},
    )
    return tally


def _name(item: CompiledObject) -> str:
    """What the bookmark is kept under: another question begins from its own beginning."""
    query = item.item.query
    assert query is not None
    asked = sha256(f"{query.connection}\n{query.cursor}\n{query.sql}".encode()).hexdigest()
    return f"query/{item.source}/{item.name}/{asked}"


def _last(bookmarks: Bookmarks, name: str, last_sequence: int, overlap_seconds: int) -> Mark | None:
    kept = bookmarks.find(name)
    if kept is None:
        return None
    found = msgspec.json.decode(kept, type=Bookmark)
    return found.mark.earlier(overlap_seconds) if found.sequence <= last_sequence else None
