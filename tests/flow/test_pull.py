"""Databases as sources, PostgreSQL for real: types, streaming, a cursor that stays behind durable rows.

Through the folder on disk and the use case that `onefold pull` calls.
"""

from __future__ import annotations

import json
import tracemalloc

import pytest
import sqlalchemy as sa

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.app.connections import asking
from onefold.app.creating import create
from onefold.app.folder import CONFIG, read_folder
from onefold.app.pulling import window_of
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import CallerError, Unavailable
from onefold.kernel.ids import Cell
from onefold.record.intake import commit, door
from onefold.record.intake.model import Tally
from onefold.usecases.pull_query import plan_pull, pull_query
from tests.postgres import new_database, postgres_server
from tests.unit.record.contracts.sample import document, prop, table

__all__ = ["new_database", "postgres_server"]
CELL = Cell("demo", "uz")

CUSTOMER = table(
    "customer",
    [prop("id", logicalType="integer", required=True), prop("name", classification="pii")],
    entity="party",
    delivers="record",
    key="id",
    query={"connection": "core", "sql": "SELECT id, name, changed FROM customer", "cursor": "changed"},
    map={"full_name": "name"},
)
MOVEMENT = table(
    "movement",
    [
        prop("id", required=True),
        prop("account", required=True, classification="pci"),
        prop("booked", required=True),
        prop("amount", required=True, classification="pci"),
        prop("extra", logicalType="object"),
        prop("final", logicalType="boolean"),
        prop("proof"),
    ],
    entity="transaction",
    delivers="event",
    key="id",
    subject={"entity": "account", "key": "account"},
    occurredAt={"from": "booked", "as": "instant"},
    query={
        "connection": "core",
        "sql": "SELECT id, account, booked, amount, extra, final, proof FROM movement",
        "cursor": "booked",
    },
    map={
        "account": {"from": "account", "as": "ref"},
        "booked_at": {"event": "occurredAt"},
        "direction": {"from": "amount", "as": "sign", "positive": "credit", "negative": "debit"},
        "amount": {"from": "amount", "as": "money", "currency": "CZK", "absolute": True},
        "currency": {"value": "CZK"},
    },
)
EVERYTHING = table(
    "everyone",
    [prop("id", logicalType="integer"), prop("name", classification="pii")],
    entity="party",
    delivers="record",
    key="id",
    keyPrefix="all-",
    query={"connection": "core", "sql": "SELECT n AS id, 'Anna' AS name FROM generate_series(1, 60000) n"},
    map={"full_name": "name"},
)
TABLES = """
CREATE TABLE customer (id integer PRIMARY KEY, name text, changed timestamptz);
CREATE TABLE movement (id uuid, account text, booked timestamp, amount numeric(12, 2), extra jsonb,
                       final boolean, proof bytea);
"""


class Source:
    """A source's database, and a folder that asks it."""

    def __init__(self, tmp_path, monkeypatch, url: str) -> None:
        self.engine = sa.create_engine(
            url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.pool.NullPool
        )
        self.run(TABLES)
        contract = tmp_path / "core.yaml"
        contract.write_text(json.dumps(document(CUSTOMER, MOVEMENT, EVERYTHING)), encoding="utf-8")
        create(tmp_path / "data", CELL, [contract], None)
        self.folder = read_folder(tmp_path / "data")
        with (self.folder.root / CONFIG).open("a", encoding="utf-8") as config:
            config.write('[connections.core]\nurl_env = "TEST_CORE_URL"\n')
        monkeypatch.setenv("TEST_CORE_URL", url)

    def run(self, sql: str, **values) -> None:
        """Changes the source."""
        with self.engine.begin() as connection:
            connection.execute(sa.text(sql), values)

    def pull(self, name: str = "customer", since: str = "", until: str = "") -> Tally:
        """Asks for an object; its account."""
        with open_rooms(self.folder, follow=False) as opened:
            rooms = opened.rooms
            (item,) = plan_pull(rooms.contracts, "core", [name])
            permit = rooms.gate.admit("core", "cli")
            bookmarks = FileBookmarks(self.folder.bookmarks)
            return pull_query(
                permit, rooms, asking(self.folder), bookmarks, item, period=window_of(since, until)
            )


@pytest.fixture
def source(tmp_path, monkeypatch, new_database):
    found = Source(tmp_path, monkeypatch, new_database())
    found.run("INSERT INTO customer SELECT n, 'Anna ' || n, '2026-01-01'::timestamptz + n * interval '1 day'"
              " FROM generate_series(1, 9) n")  # fmt: skip
    return found


def test_only_what_is_new_is_asked_for(source):
    assert source.pull() == Tally(offered=9, accepted=9)
    assert source.pull() == Tally(offered=1, unchanged=1), "the last value comes again"
    source.run("UPDATE customer SET name = 'Bo', changed = '2026-02-01' WHERE id = 3")
    source.run("INSERT INTO customer VALUES (10, 'Cy', '2026-02-01')")
    assert source.pull() == Tally(offered=3, accepted=2, unchanged=1)


def test_rows_with_the_cursors_last_value_are_not_lost(source):
    source.pull()
    source.run("INSERT INTO customer VALUES (10, 'Late', '2026-01-10')")
    assert source.pull() == Tally(offered=2, accepted=1, unchanged=1)


def test_rows_without_a_cursor_value_are_asked_for_every_time(source):
    source.pull()
    source.run("INSERT INTO customer VALUES (11, 'Never changed', NULL)")
    assert source.pull() == Tally(offered=2, accepted=1, unchanged=1)
    assert source.pull() == Tally(offered=2, unchanged=2)


def test_a_period_is_taken_again_and_moves_no_cursor(source):
    source.pull()
    source.run("UPDATE customer SET name = 'Mended' WHERE id = 2")
    assert source.pull() == Tally(offered=1, unchanged=1)
    assert source.pull(since="2026-01-02", until="2026-01-05") == Tally(offered=3, accepted=1, unchanged=2)
    assert source.pull() == Tally(offered=1, unchanged=1)


def test_a_period_needs_a_cursor(source):
    with pytest.raises(CallerError, match="has no cursor"):
        source.pull("everyone", since="2026-01-02")


def test_the_types_of_the_database_become_what_the_contract_reads(source):
    source.run(
        "INSERT INTO movement VALUES (gen_random_uuid(), 'A1', '2026-01-02 03:04:05.678', -1234567890.10,"
        " '{\"a\": [1, null]}', true, '\\x00ff'), (gen_random_uuid(), 'A1', '2026-01-03', 0.05, NULL, NULL,"
        " NULL), (gen_random_uuid(), 'A1', '2026-01-04', 'NaN', NULL, NULL, NULL)"
    )
    assert source.pull("movement") == Tally(3, 2, 0, 0, 1, 0, {"required_missing": 1})
    assert source.pull("movement").accepted == 0


def test_the_cursor_stays_behind_rows_that_are_not_durable(source, monkeypatch):
    monkeypatch.setattr(door, "CHUNK_ROWS", 3)
    taken = 0
    submit = commit.Committer.submit

    def failing(self, name, rows, run):
        nonlocal taken
        if name == "core":
            taken += 1
            if taken == 3:
                raise Unavailable("The disk is full.")
        return submit(self, name, rows, run)

    with monkeypatch.context() as broken:
        broken.setattr(commit.Committer, "submit", failing)
        with pytest.raises(Unavailable):
            source.pull()
    again = source.pull()
    assert again == Tally(offered=4, accepted=3, unchanged=1), "six were durable, the sixth comes again"


def test_a_bookmark_that_is_ahead_of_the_log_is_not_believed(source):
    source.pull()
    (kept,) = source.folder.bookmarks.iterdir()
    told = json.loads(kept.read_text())
    kept.write_text(json.dumps({**told, "sequence": 10**6}))
    assert source.pull() == Tally(offered=9, unchanged=9)


def test_another_question_begins_from_its_own_beginning(source, tmp_path):
    source.pull()
    asked = {
        "connection": "core",
        "sql": "SELECT id, upper(name) AS name, changed FROM customer",
        "cursor": "changed",
    }
    words = [it for it in CUSTOMER["customProperties"] if it["property"] != "query"]
    mended = {**CUSTOMER, "customProperties": [*words, {"property": "query", "value": asked}]}
    path = tmp_path / "next.yaml"
    path.write_text(json.dumps(document(mended, MOVEMENT, EVERYTHING, version="1.1.0")), encoding="utf-8")
    create(source.folder.root, CELL, [path], None)
    assert source.pull() == Tally(offered=9, accepted=9)


def test_rows_are_streamed(source):
    tracemalloc.start()
    tally = source.pull("everyone")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tally == Tally(offered=60_000, accepted=60_000)
    assert peak < 100 << 20, "the memory is that of one chunk of the door"


def test_a_source_is_only_read(source):
    source.run("CREATE FUNCTION grow() RETURNS integer LANGUAGE sql AS"
               " 'INSERT INTO customer VALUES (99, ''x'', now()) RETURNING id'")  # fmt: skip
    query = {"connection": "core", "sql": "SELECT grow() AS id, 'x' AS name"}
    words = [it for it in EVERYTHING["customProperties"] if it["property"] != "query"]
    writing = {**EVERYTHING, "customProperties": [*words, {"property": "query", "value": query}]}
    path = source.folder.root.parent / "writing.yaml"
    path.write_text(json.dumps(document(CUSTOMER, MOVEMENT, writing, version="1.1.0")), encoding="utf-8")
    create(source.folder.root, CELL, [path], None)
    with pytest.raises(Unavailable, match="broke off"):
        source.pull("everyone")


def test_an_address_that_is_not_set_is_told_without_asking(source, monkeypatch):
    monkeypatch.delenv("TEST_CORE_URL")
    with pytest.raises(CallerError, match="TEST_CORE_URL is empty"):
        source.pull()
