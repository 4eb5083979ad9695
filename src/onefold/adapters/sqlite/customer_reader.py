"""Reading customers from a cell's SQLite state: read-only connections, one state a snapshot."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any

import msgspec

from onefold.adapters.sqlite import sightings as seen
from onefold.adapters.sqlite.questions import AT_ONCE, rows_for
from onefold.adapters.sqlite.reachable import reachable
from onefold.adapters.sqlite.rereading import Asked, SqliteReading
from onefold.adapters.sqlite.schema import STATE_FAULTS, open_reader
from onefold.adapters.sqlite.shapes import Shapes
from onefold.adapters.sqlite.supposing import supposed
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.passages import owner_word
from onefold.customer.profile.ports import Reachable, ReachQuestion, Reading
from onefold.customer.profile.walking import whole_keys
from onefold.kernel.canonical import canonical_bytes
from onefold.pipeline.model import SetAside

_SET_ASIDE = msgspec.msgpack.Decoder(SetAside)
_NEWEST = (1 << 63) - 1
OWNERS_AT_ONCE = 100
"""A full-text question may not be deeper than 256."""

_MEMBERS = "SELECT fragment_id, customer_id FROM members WHERE fragment_id IN ({})"
_FRAGMENTS = "SELECT id, subject_id, shape, body FROM told WHERE id IN ({})"
_RECORDS = """
SELECT customer_id, id, subject_id, shape, body FROM members JOIN told ON id = fragment_id
WHERE customer_id IN ({}) ORDER BY customer_id, fragment_id
"""
_LINKED = """
SELECT at, f.id, t.id FROM fragments t CROSS JOIN links ON to_place = t.place
  CROSS JOIN fragments f ON f.place = from_place
WHERE relation = (SELECT code FROM names WHERE name = ?) AND t.id = ? AND at <= ? AND (at, f.id) < (?, ?)
ORDER BY at DESC, f.id DESC LIMIT ?
"""
_EVERY_LINK = """
SELECT at, f.id, t.id FROM links CROSS JOIN fragments t ON t.place = to_place
  CROSS JOIN fragments f ON f.place = from_place
WHERE relation = (SELECT code FROM names WHERE name = ?) LIMIT ?
"""
_REFERRERS = """
SELECT name, at, f.id, t.id {} FROM fragments t CROSS JOIN names
  CROSS JOIN links ON relation = code AND to_place = t.place CROSS JOIN fragments f ON f.place = from_place
  {} WHERE name IN ({}) AND t.id IN ({}) LIMIT ?
"""
_ALONE = ("", "")
_WITH_BODIES = (", s.id, f.shape, f.body", "CROSS JOIN fragments s ON s.place = f.subject_place")
_HOLDERS = "SELECT fragment_id FROM keys WHERE key = ? ORDER BY fragment_id LIMIT ?"
_HELD_KEYS = "SELECT key, fragment_id FROM keys WHERE key > ? ORDER BY key, fragment_id LIMIT ?"
_TERMS = """
SELECT term, kind, fragment_id FROM terms
WHERE kind = ? AND term >= ? AND term < ? ORDER BY term, fragment_id LIMIT ?
"""
_HEARD = """
SELECT at, fragment_id FROM said JOIN passages ON passages.id = said.rowid
WHERE said MATCH ? AND (at, fragment_id) < (?, ?) ORDER BY at DESC, fragment_id DESC LIMIT ?
"""
_BUCKETS = """
SELECT id, day, amount FROM fragments CROSS JOIN buckets ON owner_place = place
WHERE id IN ({}) AND measure = (SELECT code FROM names WHERE name = ?)
  AND day >= ? AND day < ? AND amount <> 0
"""
_TOTALS = """
SELECT id, SUM(amount), MAX(day) FROM fragments CROSS JOIN buckets ON owner_place = place
WHERE id IN ({}) AND measure = (SELECT code FROM names WHERE name = ?) AND amount <> 0 GROUP BY id
"""
_SPELLS = """
SELECT customer_id, p.name, c.name, from_at, until_at, o.name FROM spells
  JOIN names p ON p.code = purpose JOIN names c ON c.code = channel JOIN names o ON o.code = obstacle
"""
_ROWS = {
    "links": "SELECT to_id, relation, at, from_id FROM linked",
    "keys": "SELECT key, fragment_id FROM keys",
    "portraits": "SELECT id, p.body FROM fragments JOIN portraits p USING (place)",
    "terms": "SELECT term, kind, fragment_id FROM terms",
    "sightings": "SELECT * FROM seen",
    "passages": "SELECT fragment_id, at, words FROM passages",
    "members": "SELECT fragment_id, customer_id FROM members",
    "customers": "SELECT customer_id, size FROM customers",
    "contacts": "SELECT * FROM contacts",
    "spells": _SPELLS,
    "buckets": "SELECT owner_id, measure, day, amount FROM measured WHERE amount <> 0",
}


class _Lent:
    """A connection for the length of a block; then it is idle again, unless a snapshot around it goes on."""

    __slots__ = ("_connection", "_idle")

    def __init__(self, connection: Asked, idle: list[Any] | None) -> None:
        self._connection = connection
        self._idle = idle

    def __enter__(self) -> Asked:
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._idle is not None:
            self._idle.append(self._connection)
        STATE_FAULTS.__exit__(kind, error, trace)


class SqliteCustomerReader:
    """CustomerReader over the file that `SqliteState` writes. May be shared by threads; opens lazily.

    The connection used last is lent first: its statements are prepared and its pages are in memory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._mine = local()
        self._shapes = Shapes()

    def close(self) -> None:
        """Closes the idle connections; nobody may be reading."""
        while self._idle:
            self._idle.pop().close()

    def _reading(self) -> _Lent:
        of_snapshot: _Lent | None = getattr(self._mine, "lent", None)
        if of_snapshot is not None:
            return of_snapshot
        try:
            return _Lent(self._idle.pop(), self._idle)
        except IndexError:
            with STATE_FAULTS:
                return _Lent(open_reader(self._path), self._idle)

    @contextmanager
    def snapshot(self) -> Iterator[SqliteCustomerReader]:
        """Within it every call of this thread sees one committed state; nested ones see the outer one's."""
        if getattr(self._mine, "lent", None) is not None:
            yield self
            return
        with self._reading() as connection:
            connection.execute("BEGIN")
            self._mine.lent = _Lent(connection, None)
            try:
                # A deferred transaction begins with its first read: this one.
                self._mine.offset = _offset(connection)
                yield self
            finally:
                del self._mine.lent
                connection.execute("COMMIT")

    @contextmanager
    def supposing(self, members: Mapping[bytes, bytes]) -> Iterator[SqliteCustomerReader]:
        """A snapshot in which this thread sees other customers: of a mapping from party fragment to customer.

        Whom they may be contacted by is not seen anew.
        """
        with self.snapshot(), self._reading() as connection, supposed(connection, members):
            yield self

    @contextmanager
    def noted(self) -> Iterator[SqliteReading]:
        """Within a snapshot: notes whatever this thread asks in the block."""
        of_snapshot: _Lent = self._mine.lent
        with of_snapshot as connection:
            reading = SqliteReading(connection)
            self._mine.lent = _Lent(reading, None)
            try:
                yield reading
            finally:
                self._mine.lent = of_snapshot

    def stands(self, reading: Reading) -> bool:
        """Within a snapshot: whether every question of a reading has the answer in it that it had then."""
        assert isinstance(reading, SqliteReading)
        of_snapshot: _Lent = self._mine.lent
        with of_snapshot as connection:
            return reading.stands(connection)

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is visible."""
        if getattr(self._mine, "lent", None) is not None:
            return int(self._mine.offset)
        with self._reading() as connection:
            return _offset(connection)

    def customer_of(self, id_bytes: bytes) -> bytes | None:
        """The present customer behind the id of a party fragment."""
        return self.customers_of([id_bytes]).get(id_bytes)

    def customers_of(self, fragment_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """`customer_of` for many; those without a customer are absent."""
        with self._reading() as connection:
            return dict(rows_for(connection, _MEMBERS, fragment_ids))

    def fragments_of(self, customer_id: bytes) -> list[bytes]:
        """Party fragment ids of a customer, in id order."""
        with self._reading() as connection:
            return _firsts(
                connection, "SELECT fragment_id FROM members WHERE customer_id = ? ORDER BY 1", (customer_id,)
            )

    def records_of(self, customer_ids: Sequence[bytes]) -> dict[bytes, list[Fragment]]:
        """The party fragments of many customers, each in id order; those without any are absent."""
        decode = self._shapes.decode
        found: defaultdict[bytes, list[Fragment]] = defaultdict(list)
        with self._reading() as connection:
            for customer, *row in rows_for(connection, _RECORDS, customer_ids):
                found[customer].append(decode(connection, *row))
        return dict(found)

    def fragments(self, ids: Sequence[bytes]) -> dict[bytes, Fragment]:
        """Fragments by id, deleted ones too; missing ones absent."""
        decode = self._shapes.decode
        with self._reading() as connection:
            rows = rows_for(connection, _FRAGMENTS, ids)
            return {row[0]: decode(connection, *row) for row in rows}

    def holders(self, keys: Sequence[bytes], most: int) -> dict[bytes, list[bytes]]:
        """Who holds each identity key, in id order, cut at `most` + 1: one bounded range a key."""
        with self._reading() as connection:
            held = {key: _firsts(connection, _HOLDERS, (key, most + 1)) for key in keys}
        return {key: ids for key, ids in held.items() if ids}

    def held_keys(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(key, fragment_id) above `after` in order, the last key whole; cut at `most`."""
        with self._reading() as connection:
            return whole_keys(connection.execute(_HELD_KEYS, (after, most + 1)).fetchall(), most)

    def linked(
        self,
        to_ids: Sequence[bytes],
        relation: str,
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id), newest first, below `before`: one range of the table for each target."""
        at, from_id = before or (_NEWEST, b"")
        with self._reading() as connection:
            ranges = [
                connection.execute(_LINKED, (relation, to_id, at, at, from_id, most)).fetchall()
                for to_id in set(to_ids)
            ]
        return ranges[0] if len(ranges) == 1 else sorted(chain(*ranges), reverse=True)[:most]

    def every_link(self, relation: str, most: int) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id) of all who refer to anybody by a relation: one range of the table."""
        with self._reading() as connection:
            found: list[tuple[int, bytes, bytes]] = connection.execute(
                _EVERY_LINK, (relation, most)
            ).fetchall()
        return found

    def related(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, bytes, bytes]]:
        """(relation, at, from_id, to_id) of those who refer to any of `to_ids` by any of the relations."""
        with self._reading() as connection:
            return _referrers(connection, _ALONE, to_ids, relations, most)

    def referring(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, Fragment, bytes]] | None:
        """`related`, with the fragments themselves; None where there are more than `most`."""
        decode = self._shapes.decode
        with self._reading() as connection:
            rows = _referrers(connection, _WITH_BODIES, to_ids, relations, most + 1)
            if len(rows) > most:
                return None
            return [(name, at, decode(connection, it, *said), to_id) for name, at, it, to_id, *said in rows]

    def find(self, terms: Sequence[str], kinds: Sequence[str], most: int) -> list[tuple[str, str, bytes]]:
        """(term, kind, fragment_id) for terms that start with any given one, of the given kinds only."""
        found: set[tuple[str, str, bytes]] = set()
        with self._reading() as connection:
            for wanted in terms:
                for kind in kinds:
                    end = wanted + "\U0010ffff"
                    found.update(connection.execute(_TERMS, (kind, wanted, end, most)).fetchall())
        return sorted(found)

    def heard(
        self,
        words: Sequence[str],
        owners: Sequence[bytes],
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes]]:
        """(at, fragment_id) of passages with words that begin with each of these, newest first."""
        at, fragment_id = before or (_NEWEST, b"")
        asked = " AND ".join(f'"{word}" *' for word in words)
        about = [f'"{owner_word(it)}"' for it in owners]
        questions = [
            f"{asked} AND ({' OR '.join(about[start : start + OWNERS_AT_ONCE])})"
            for start in range(0, len(about), OWNERS_AT_ONCE)
        ]
        found: set[tuple[int, bytes]] = set()
        with self._reading() as connection:
            for question in questions or [asked]:
                found.update(connection.execute(_HEARD, (question, at, fragment_id, most)))
        return sorted(found, reverse=True)[:most]

    def devices_of(self, party_ids: Sequence[bytes], most: int) -> list[bytes]:
        """The devices on which any of the parties was seen, in id order, cut at `most`."""
        with self._reading() as connection:
            return seen.devices_of(connection, party_ids, most)

    def sightings(self, device_ids: Sequence[bytes], most: int) -> dict[bytes, list[Sighting]]:
        """Who was seen on each device, in order of (at, fragment id), cut at `most` + 1."""
        with self._reading() as connection:
            return seen.sightings(connection, device_ids, most)

    def seen_on(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(device, party) of the sightings on the devices behind `after`, the last device whole."""
        with self._reading() as connection:
            return seen.seen_on(connection, after, most)

    def buckets(
        self, owner_ids: Sequence[bytes], measure: str, from_day: int, to_day: int
    ) -> list[tuple[bytes, int, int]]:
        """(owner, day, sum) with from_day ≤ day < to_day and the sum not zero, by owner and day."""
        with self._reading() as connection:
            rows: Iterator[Any] = rows_for(
                connection, _BUCKETS, list(set(owner_ids)), measure, from_day, to_day
            )
            return sorted(rows)

    def totals(self, owner_ids: Sequence[bytes], measure: str) -> dict[bytes, tuple[int, int]]:
        """Owner → the sum over all days, and the last of them."""
        with self._reading() as connection:
            rows: Iterator[Any] = rows_for(connection, _TOTALS, list(dict.fromkeys(owner_ids)), measure)
            return {owner: (amount, day) for owner, amount, day in rows}

    def reachable(self, question: ReachQuestion, customers: Sequence[bytes] | None) -> Reachable:
        """What stands between many customers and being contacted."""
        with self._reading() as connection:
            return reachable(connection, question, customers)

    def customers(self, after: bytes, most: int) -> list[bytes]:
        """Customer ids above `after` in order."""
        with self._reading() as connection:
            return _firsts(
                connection,
                "SELECT customer_id FROM customers WHERE customer_id > ? ORDER BY 1 LIMIT ?",
                (after, most),
            )

    def walk(self) -> Iterator[tuple[str, bytes]]:
        """(table, canonical row) of every derived row; use it within a snapshot."""
        with self._reading() as connection:
            for row in connection.execute("SELECT id, subject_id, shape, body FROM told"):
                yield "fragments", canonical_bytes(self._shapes.decode(connection, *row))
            for (body,) in connection.execute("SELECT body FROM set_aside"):
                yield "set_aside", body
            for table, statement in _ROWS.items():
                for row in connection.execute(statement):
                    yield table, canonical_bytes(row)

    def set_aside(self, most: int) -> list[SetAside]:
        """Events that could not be mapped, in id order."""
        with self._reading() as connection:
            bodies = _firsts(connection, "SELECT body FROM set_aside ORDER BY event_id LIMIT ?", (most,))
            return [_SET_ASIDE.decode(body) for body in bodies]

    def select_ids(self, statement: str, parameters: Mapping[str, int]) -> list[bytes]:
        """The first column of a compiled bulk question, such as the members of a segment."""
        with self._reading() as connection:
            return _firsts(connection, statement, parameters)


def _referrers(
    connection: Asked,
    what: tuple[str, str],
    to_ids: Sequence[bytes],
    relations: Sequence[str],
    most: int,
) -> list[tuple[Any, ...]]:
    """(relation, at, from_id, to_id, …) of those who refer, with `what` of them; at most so many."""
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(to_ids), AT_ONCE):
        part = to_ids[start : start + AT_ONCE]
        asked = _asking_referrers(what, len(relations), len(part))
        rows += connection.execute(asked, (*relations, *part, most - len(rows)))
    return rows


@lru_cache(maxsize=1024)
def _asking_referrers(what: tuple[str, str], relations: int, owners: int) -> str:
    return _REFERRERS.format(*what, ",".join("?" * relations), ",".join("?" * owners))


def _offset(connection: Asked) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE name = 'offset'").fetchone()[0])


def _firsts(connection: Asked, statement: str, parameters: Any) -> list[bytes]:
    return [row[0] for row in connection.execute(statement, parameters)]
