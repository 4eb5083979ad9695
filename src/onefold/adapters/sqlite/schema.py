"""The tables of a cell's state in SQLite, and how a connection to them is opened.

`fragments` is a rowid table beside a small index, not WITHOUT ROWID: birth ids are random, and inserting a
whole fragment at a random place dirties a page each (measured: 44 µs an event against 18). Links, sightings
and buckets name fragments by their `place` there, a small number, instead of an id of 16 bytes; what is
referred to before anything was said of it has a place and nothing else, and the view `told` has the rest. How
a body is written is said in shapes.py. The others are WITHOUT ROWID, because their keys already sort what is
read together: the transactions of an account, the days of an owner.

The words of passages are found by a full-text index over them (FTS5), which triggers keep in step. It is told
to split at ASCII alone, because the words come folded and apart. Its pages hold what was deleted until they
are merged, so a commit that deletes leaves a note (`unmerged`), and the worker merges when it has nothing
else to do; the rows themselves are overwritten at once (`secure_delete`).

Relations, measures and the words of spells are written as small codes, kept in `names`; the views `linked`
and `measured` show them by name and fragments by id, for questions that are asked in SQL.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from onefold.adapters.sqlite.alone import alone
from onefold.adapters.sqlite.faults import Faults
from onefold.kernel.errors import Damaged, Unavailable

VERSION = 11
PAGE_BYTES = 4096
"""Keys are random, so an event dirties pages here and there, each of which goes to the disk whole, and twice:
a person who signs up came to 114 KB of write-ahead log with pages of 8 KiB."""
CACHE_KIB = 65_536
CHECKPOINT_PAGES = 16_000
BUSY_MS = 10_000
STATE_FAULTS = Faults("the state", "Delete state.db: it is rebuilt from the log.")

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE names (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE shapes (code INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE);
CREATE TABLE fragments (
    place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, subject_place INTEGER, shape INTEGER, body BLOB);
CREATE TABLE links (
    relation INTEGER NOT NULL, to_place INTEGER NOT NULL, at INTEGER NOT NULL, from_place INTEGER NOT NULL,
    PRIMARY KEY (relation, to_place, at, from_place)) WITHOUT ROWID;
CREATE TABLE keys (
    key BLOB NOT NULL, fragment_id BLOB NOT NULL, PRIMARY KEY (key, fragment_id)) WITHOUT ROWID;
CREATE TABLE portraits (place INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE terms (
    kind TEXT NOT NULL, term TEXT NOT NULL, fragment_id BLOB NOT NULL,
    PRIMARY KEY (kind, term, fragment_id)) WITHOUT ROWID;
CREATE TABLE sightings (
    device_place INTEGER NOT NULL, at INTEGER NOT NULL, from_place INTEGER NOT NULL,
    party_place INTEGER NOT NULL, leaves INTEGER NOT NULL,
    PRIMARY KEY (device_place, at, from_place)) WITHOUT ROWID;
CREATE INDEX sightings_of_party ON sightings (party_place, device_place);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, fragment_id BLOB NOT NULL UNIQUE, at INTEGER NOT NULL,
    words TEXT NOT NULL);
CREATE VIRTUAL TABLE said USING fts5(
    words, content = 'passages', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii');
CREATE TRIGGER passage_put AFTER INSERT ON passages BEGIN
    INSERT INTO said (rowid, words) VALUES (new.id, new.words); END;
CREATE TRIGGER passage_cut AFTER DELETE ON passages BEGIN
    INSERT INTO said (said, rowid, words) VALUES ('delete', old.id, old.words); END;
CREATE TABLE members (fragment_id BLOB PRIMARY KEY, customer_id BLOB NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX members_by_customer ON members (customer_id, fragment_id);
CREATE TABLE customers (customer_id BLOB PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE contacts (
    customer_id BLOB PRIMARY KEY, sources TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    address TEXT NOT NULL, partial TEXT NOT NULL, preferred TEXT NOT NULL,
    clocks TEXT NOT NULL, groups TEXT NOT NULL, youngest INTEGER NOT NULL,
    eldest INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE spells (
    customer_id BLOB NOT NULL, purpose INTEGER NOT NULL, channel INTEGER NOT NULL, from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL, obstacle INTEGER NOT NULL,
    PRIMARY KEY (customer_id, purpose, channel, from_at)) WITHOUT ROWID;
CREATE TABLE buckets (
    owner_place INTEGER NOT NULL, measure INTEGER NOT NULL, day INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (owner_place, measure, day)) WITHOUT ROWID;
CREATE TABLE set_aside (event_id BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL);
CREATE VIEW told AS
    SELECT f.id, s.id AS subject_id, f.shape, f.body FROM fragments f
    JOIN fragments s ON s.place = f.subject_place;
CREATE VIEW linked AS
    SELECT name AS relation, t.id AS to_id, at, f.id AS from_id FROM links JOIN names ON code = relation
    JOIN fragments t ON t.place = to_place JOIN fragments f ON f.place = from_place;
CREATE VIEW seen AS
    SELECT d.id AS device, at, f.id AS fragment_id, coalesce(p.id, x'') AS party, leaves FROM sightings
    JOIN fragments d ON d.place = device_place JOIN fragments f ON f.place = from_place
    LEFT JOIN fragments p ON p.place = party_place;
CREATE VIEW measured AS
    SELECT id AS owner_id, name AS measure, day, amount FROM buckets JOIN names ON code = measure
    JOIN fragments ON place = owner_place;
INSERT INTO meta VALUES ('offset', 0), ('unmerged', 0);
"""
_CORRECTIONS = """
CREATE TABLE IF NOT EXISTS corrections (
    source TEXT NOT NULL, first TEXT NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (source, first)) WITHOUT ROWID
"""
"""Came later than the rest, and is empty in a state that was made before."""
_ADOPTION = """
CREATE TABLE IF NOT EXISTS adoption (
    number INTEGER PRIMARY KEY, version TEXT NOT NULL, digest TEXT NOT NULL, frequencies TEXT NOT NULL,
    step TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL)
"""
"""As the corrections: the one model under which all rows here are, and none for the rules."""


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes, its tables made where there are none.

    A commit survives a crash of the process (WAL, synchronous NORMAL); after one of the machine the state may
    be some commits back and goes on from its offset, because the log is what was fsynced.
    """
    alone(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    _tune(connection)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
    elif version != VERSION:
        connection.close()
        raise Damaged(
            "The state was written by another version of Onefold.",
            detail=f"Version {version}, this one writes {VERSION}.",
            hint="Delete state.db: it is rebuilt from the log.",
        )
    connection.execute(_CORRECTIONS)
    connection.execute(_ADOPTION)
    return connection


def version_of(path: Path) -> int:
    """The version that a state was written in; 0 where there is none yet."""
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for one thread at a time."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError:
        raise Unavailable(
            "There is no state to read yet.", hint="Start the worker, which makes it from the log."
        ) from None
    _tune(connection)
    return connection


def _tune(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
