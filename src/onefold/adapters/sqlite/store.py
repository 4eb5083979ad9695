"""The state of one cell in one SQLite file: answers for the step, and the commit that moves the offset.

One process writes, and says so by the offset: a commit whose expected offset is not the one in the file
changes nothing and is `Fenced`. Rows are written in the order of their keys, so that neighbours share a page.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import astuple

from onefold.adapters.sqlite.emptying import Emptier
from onefold.adapters.sqlite.questions import bounded_for, rows_for
from onefold.adapters.sqlite.schema import STATE_FAULTS, open_writer
from onefold.adapters.sqlite.shapes import Shapes
from onefold.adapters.sqlite.transaction import changing
from onefold.customer.identity.adoption import FIRST, Adoption
from onefold.kernel.canonical import canonical_bytes
from onefold.pipeline.errors import Fenced
from onefold.pipeline.model import (
    Need,
    NeedFragments,
    NeedFragmentsOf,
    NeedHoldersOfKeys,
    NeedLinks,
    NeedMembers,
    NeedPortraits,
    SetAside,
    Writes,
)

_SET_ASIDE = msgspec.msgpack.Decoder(SetAside)

_FRAGMENTS = "SELECT id, subject_id, shape, body FROM told WHERE id IN ({})"
_PLACES = "SELECT id, place FROM fragments WHERE id IN ({})"
_PORTRAITS = "SELECT id, p.body FROM fragments JOIN portraits p USING (place) WHERE id IN ({})"
_MEMBERS = "SELECT fragment_id, customer_id FROM members WHERE fragment_id IN ({})"
_FRAGMENTS_OF = """
SELECT customer_id, fragment_id FROM members WHERE customer_id IN ({}) ORDER BY customer_id, fragment_id
"""
_LINKS = """
SELECT t.id, f.id FROM fragments t CROSS JOIN links ON to_place = t.place
  CROSS JOIN fragments f ON f.place = from_place
WHERE t.id IN ({}) AND relation = ? ORDER BY t.id, at, f.id
"""
_HOLDERS = "SELECT key, fragment_id FROM keys WHERE key = ? ORDER BY fragment_id LIMIT ?"

_PUT_FRAGMENT = """
INSERT INTO fragments (id, subject_place, shape, body) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET subject_place = excluded.subject_place, shape = excluded.shape, body = excluded.body
"""
_GIVE_PLACE = "INSERT INTO fragments (id) VALUES (?) ON CONFLICT DO NOTHING"
_CUT_LINK = "DELETE FROM links WHERE relation = ? AND to_place = ? AND at = ? AND from_place = ?"
_PUT_LINK = "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)"
_CUT_SIGHTING = "DELETE FROM sightings WHERE device_place = ? AND at = ? AND from_place = ?"
_PUT_SIGHTING = "INSERT INTO sightings VALUES (?, ?, ?, ?, ?)"
_NOBODY = 0
"""No fragment has this place."""
_ADD_BUCKET = """
INSERT INTO buckets VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
"""
_PUT_PORTRAIT = "INSERT OR REPLACE INTO portraits VALUES (?, ?)"
_PUT_TERM = "INSERT OR IGNORE INTO terms (term, kind, fragment_id) VALUES (?, ?, ?)"
_PUT_PASSAGE = "INSERT INTO passages (fragment_id, at, words) VALUES (?, ?, ?)"
_PUT_MEMBER = "INSERT INTO members VALUES (?, ?) ON CONFLICT DO UPDATE SET customer_id = excluded.customer_id"
_PUT_CUSTOMER = "INSERT INTO customers VALUES (?, ?) ON CONFLICT DO UPDATE SET size = excluded.size"
_CONTACTS = "SELECT * FROM contacts WHERE customer_id IN ({})"
_CUT_CONTACTS = "DELETE FROM contacts WHERE customer_id = ?"
_PUT_CONTACTS = "INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SPELLS = "SELECT * FROM spells WHERE customer_id IN ({})"
_CUT_SPELL = "DELETE FROM spells WHERE customer_id = ? AND purpose = ? AND channel = ? AND from_at = ?"
_PUT_SPELL = "INSERT INTO spells VALUES (?, ?, ?, ?, ?, ?)"
_PUT_ADOPTION = "INSERT INTO adoption VALUES (?, ?, ?, ?, ?, ?, ?)"
_PUT_ASIDE = "INSERT OR REPLACE INTO set_aside VALUES (?, ?)"


class SqliteState:
    """The writing side. Used by one thread at a time; readers are `SqliteCustomerReader`."""

    def __init__(self, path: Path) -> None:
        self._shapes = Shapes()
        with STATE_FAULTS:
            self._connection = open_writer(path)
            self._emptier = Emptier(path, self._connection)
            self._codes: dict[str, int] = dict(self._connection.execute("SELECT name, code FROM names"))

    def close(self) -> None:
        """Lets go of the file, with what its write-ahead log holds copied into it.

        SQLite does that where nobody else has the file open. After a large load somebody had, and the server
        that came next began with hundreds of megabytes to copy while others waited for their profiles.
        """
        self._emptier.close()
        try:
            with contextlib.suppress(sqlite3.OperationalError):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            self._connection.close()

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is in the state."""
        with STATE_FAULTS:
            return self._offset()

    @property
    def corrections(self) -> dict[tuple[str, str], str]:
        """(source, version) to the correction of it by which every row here was read."""
        with STATE_FAULTS:
            rows = self._connection.execute("SELECT source, first, version FROM corrections")
            return {(source, first): version for source, first, version in rows}

    @property
    def adoption(self) -> Adoption:
        """The model under which every row here is."""
        with STATE_FAULTS:
            found = self._connection.execute("SELECT * FROM adoption").fetchone()
            return Adoption(*found) if found else FIRST

    def begin(self, corrections: dict[tuple[str, str], str], adoption: Adoption = FIRST) -> None:
        """Says by which corrections rows will be read, and under which model; only while there are none."""
        with STATE_FAULTS, changing(self._connection):
            if self._offset() == 0:
                rows = [(*named, version) for named, version in corrections.items()]
                self._connection.execute("DELETE FROM corrections")
                self._connection.executemany("INSERT INTO corrections VALUES (?, ?, ?)", rows)
                self._connection.execute("DELETE FROM adoption")
                if adoption != FIRST:
                    self._connection.execute(_PUT_ADOPTION, astuple(adoption))

    def answer(self, need: Need) -> Any:
        """The answer documented on each Need."""
        with STATE_FAULTS:
            return self._answer(need)

    def commit(self, writes: Writes, expected_offset: int, offset: int) -> None:
        """Applies all in one transaction; `Fenced` when the offset is not the expected one."""
        with STATE_FAULTS:
            self._learn_names(writes)
            self._shapes.prepare(self._connection, writes.fragments.values())
            with changing(self._connection):
                found = self._offset()
                if found != expected_offset:
                    raise Fenced(expected_offset, found)
                for statement, rows in self._changes(writes):
                    self._connection.executemany(statement, rows)
                self._put_passages(writes)
                if writes.erased:
                    self._forget(writes.erased)
                self._connection.execute("UPDATE meta SET value = ? WHERE name = 'offset'", (offset,))
            self._emptier.wrote()

    def tidy(self) -> None:
        """Merges the index of words where a commit took some out, so that its pages forget them too."""
        with STATE_FAULTS:
            connection = self._connection
            if not connection.execute("SELECT value FROM meta WHERE name = 'unmerged'").fetchone()[0]:
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute("INSERT INTO said (said) VALUES ('optimize')")
                connection.execute("UPDATE meta SET value = 0 WHERE name = 'unmerged'")
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            self._emptier.wrote()

    def _forget(self, erased: set[bytes]) -> None:
        """Takes out what was set aside of these fragments, and notes that pages are to be merged."""
        connection = self._connection
        rows = connection.execute("SELECT event_id, body FROM set_aside").fetchall()
        gone = [(key,) for key, body in rows if _SET_ASIDE.decode(body).fragment_id in erased]
        connection.executemany("DELETE FROM set_aside WHERE event_id = ?", gone)
        connection.execute("UPDATE meta SET value = 1 WHERE name = 'unmerged'")

    def _put_passages(self, writes: Writes) -> None:
        """Takes out the passages that changed and puts those that stand."""
        if not writes.passages:
            return
        connection, changed = self._connection, sorted(writes.passages.items())
        removed = connection.executemany(
            "DELETE FROM passages WHERE fragment_id = ?", [(key,) for key, _ in changed]
        ).rowcount
        connection.executemany(_PUT_PASSAGE, [passage for _, passage in changed if passage is not None])
        if removed:
            connection.execute("UPDATE meta SET value = 1 WHERE name = 'unmerged'")

    def _offset(self) -> int:
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'offset'").fetchone()
        return int(row[0])

    def _answer(self, need: Need) -> Any:
        connection = self._connection
        match need:
            case NeedFragments(ids):
                decode, rows = self._shapes.decode, rows_for(connection, _FRAGMENTS, ids)
                return {row[0]: decode(connection, *row) for row in rows}
            case NeedPortraits(ids):
                return dict(rows_for(connection, _PORTRAITS, ids))
            case NeedHoldersOfKeys(keys, most):
                return _grouped(bounded_for(connection, _HOLDERS, keys, most + 1))
            case NeedMembers(fragment_ids):
                return dict(rows_for(connection, _MEMBERS, fragment_ids))
            case NeedFragmentsOf(customer_ids):
                return _grouped(rows_for(connection, _FRAGMENTS_OF, customer_ids))
            case NeedLinks(to_ids, relation):
                return _grouped(rows_for(connection, _LINKS, to_ids, self._codes.get(relation)))

    def _learn_names(self, writes: Writes) -> None:
        """Gives a code to relations, measures and words that are written for the first time."""
        used = {link[1] for link in writes.links_added} | {bucket[1] for bucket in writes.buckets}
        used.update(
            word
            for group in writes.spells.values()
            for it in group
            for word in (it.purpose, it.channel, it.obstacle)
        )
        for name in sorted(used - self._codes.keys()):
            cursor = self._connection.execute("INSERT INTO names (name) VALUES (?) RETURNING code", (name,))
            self._codes[name] = cursor.fetchone()[0]

    def _places(self, wanted: set[bytes]) -> dict[bytes, int]:
        """Where these fragments are; those not heard of yet are given a place."""
        places = dict(rows_for(self._connection, _PLACES, sorted(wanted)))
        if unheard := sorted(wanted - places.keys()):
            self._connection.executemany(_GIVE_PLACE, [(it,) for it in unheard])
            places.update(rows_for(self._connection, _PLACES, unheard))
        return places

    def _changes(self, writes: Writes) -> Iterator[tuple[str, Any]]:
        """Every statement of a commit with its rows, in the order of the tables' keys."""
        codes, encode = self._codes, self._shapes.encode
        places = self._places({it.subject_id for it in writes.fragments.values()})
        yield (
            _PUT_FRAGMENT,
            sorted((key, places[it.subject_id], *encode(it)) for key, it in writes.fragments.items()),
        )
        # After the fragments: a row that grows where it stands splits its page.
        places = self._places(_named(writes))
        yield (
            _CUT_LINK,
            [(codes[name], places[to], at, places[it]) for to, name, at, it in writes.links_removed],
        )
        yield (
            _PUT_LINK,
            sorted((codes[name], places[to], at, places[it]) for to, name, at, it in writes.links_added),
        )
        yield (
            _CUT_SIGHTING,
            [(places[it.device], it.at, places[it.fragment_id]) for it in writes.sightings_removed],
        )
        yield (
            _PUT_SIGHTING,
            sorted(
                (places[it.device], it.at, places[it.fragment_id], places.get(it.party, _NOBODY), it.leaves)
                for it in writes.sightings_added
            ),
        )
        yield (
            _ADD_BUCKET,
            sorted(
                (places[owner], codes[name], day, by) for (owner, name, day), by in writes.buckets.items()
            ),
        )
        yield "DELETE FROM keys WHERE key = ? AND fragment_id = ?", writes.keys_removed
        yield "INSERT OR IGNORE INTO keys VALUES (?, ?)", sorted(writes.keys_added)
        yield (
            "DELETE FROM portraits WHERE place = ?",
            [(places[key],) for key, it in writes.portraits.items() if it is None],
        )
        yield (
            _PUT_PORTRAIT,
            sorted((places[key], it) for key, it in writes.portraits.items() if it is not None),
        )
        yield "DELETE FROM terms WHERE term = ? AND kind = ? AND fragment_id = ?", writes.terms_removed
        yield _PUT_TERM, sorted(writes.terms_added)
        members, customers = writes.members, writes.customers
        yield "DELETE FROM members WHERE fragment_id = ?", [(it,) for it, of in members.items() if of is None]
        yield _PUT_MEMBER, sorted((it, of) for it, of in members.items() if of is not None)
        yield (
            "DELETE FROM customers WHERE customer_id = ?",
            [(it,) for it, size in customers.items() if not size],
        )
        yield _PUT_CUSTOMER, sorted((it, size) for it, size in customers.items() if size)
        yield from self._contact_changes(writes)
        yield from self._spell_changes(writes)
        yield _PUT_ASIDE, [(key, canonical_bytes(it)) for key, it in writes.set_aside.items()]
        yield "INSERT INTO outbox (body) VALUES (?)", [(canonical_bytes(fact),) for fact in writes.facts]

    def _contact_changes(self, writes: Writes) -> Iterator[tuple[str, Any]]:
        """Contacts are worked out whenever a customer is touched, and are mostly what they were.

        What is the same is not written again: a row dirties a page, and that goes to the disk twice.
        """
        rows = rows_for(self._connection, _CONTACTS, sorted(writes.contacts))
        before = {row[0]: row[1:] for row in rows}
        after = {key: astuple(it) for key, it in writes.contacts.items() if it is not None}
        yield _CUT_CONTACTS, [(it,) for it in sorted(before.keys() - after.keys())]
        yield _PUT_CONTACTS, sorted((key, *it) for key, it in after.items() if before.get(key) != it)

    def _spell_changes(self, writes: Writes) -> Iterator[tuple[str, Any]]:
        """As contacts: only what is new, and what is no longer so."""
        codes = self._codes
        before = set(rows_for(self._connection, _SPELLS, sorted(writes.spells)))
        after = {
            (key, codes[it.purpose], codes[it.channel], it.from_at, it.until_at, codes[it.obstacle])
            for key, group in writes.spells.items()
            for it in group
        }
        yield _CUT_SPELL, sorted(it[:4] for it in before - after)
        yield _PUT_SPELL, sorted(after - before)


def _named(writes: Writes) -> set[bytes]:
    """The fragments that links, sightings, buckets and portraits name."""
    named = {owner for owner, _, _ in writes.buckets} | writes.portraits.keys()
    for links in (writes.links_added, writes.links_removed):
        for to, _, _, it in links:
            named.update((to, it))
    for seen in (*writes.sightings_added, *writes.sightings_removed):
        named.update((seen.device, seen.fragment_id, seen.party))
    return named - {b""}


def _grouped(rows: Iterator[tuple[Any, ...]]) -> dict[bytes, list[bytes]]:
    """First column → list of the second, in the order of the rows."""
    groups: dict[bytes, list[bytes]] = defaultdict(list)
    for first, second in rows:
        groups[first].append(second)
    return dict(groups)
