"""Queries as offered rows: what the types of a database become, windows of a cursor, and clear errors."""

from __future__ import annotations

import sqlite3

import pytest

from onefold.adapters.sql.engines import url_of
from onefold.adapters.sql.query import QueryTable
from onefold.kernel.errors import CallerError, Unavailable
from onefold.record.intake.bookmarks import Mark, mark_from
from onefold.record.intake.errors import WrongFile
from tests.unit.record.contracts.sample import compiled, prop, table

SQL = "SELECT id, name, changed FROM customer"
ROWS = [
    (1, "Anna", "2026-01-01 08:00:00"),
    (2, "Bo", "2026-01-02 08:00:00"),
    (3, "Cy", None),
    (4, "Di", "2026-01-03 08:00:00"),
]


@pytest.fixture
def url(tmp_path):
    """A database with a table of customers."""
    path = tmp_path / "core.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE customer (id INTEGER, name TEXT, changed TEXT)")
        base.executemany("INSERT INTO customer VALUES (?, ?, ?)", ROWS)
    base.close()
    return f"sqlite:///{path}"


def customer(sql: str = SQL, *properties, **query):
    """The customers, asked for."""
    words = {"entity": "party", "delivers": "record", "key": "id", "map": {"full_name": "name"}}
    asked = {"connection": "core", "sql": sql, **query}
    found = properties or (prop("id", logicalType="integer"), prop("name", classification="pii"))
    return compiled(table("customer", list(found), query=asked, **words))


def names(url, found=None, **window):
    """The names that a query answers."""
    given = {it: mark_from(text) for it, text in window.items()}
    return [it.row["name"] for it in QueryTable(url, found or customer(), **given)]


def said(error, url, found) -> str:
    """What is told of a query that cannot be asked."""
    with pytest.raises(error) as caught:
        list(QueryTable(url, found))
    assert "secret" not in str(caught.value)
    return str(caught.value)


def test_columns_that_the_contract_does_not_declare_are_left_behind(url):
    answer = QueryTable(url, customer())
    first, *others = answer
    assert (first.line, first.row) == (1, {"id": 1, "name": "Anna"})
    assert (answer.given_rows, answer.mark) == (1 + len(others), None)


def test_a_cursor_orders_rows_and_begins_with_its_last_value(url):
    found = customer(cursor="changed")
    assert names(url, found) == ["Cy", "Anna", "Bo", "Di"]
    assert names(url, found, since="2026-01-02") == ["Cy", "Bo", "Di"]
    answer = QueryTable(url, found, since=Mark("text", "2026-01-02 08:00:00"))
    assert [it.row["name"] for it in answer] == ["Cy", "Bo", "Di"], "rows with the last value come again"
    assert answer.mark == Mark("text", "2026-01-03 08:00:00")


def test_a_period_ends_before_its_end(url):
    found = customer(cursor="changed")
    assert names(url, found, since="2026-01-01", until="2026-01-03") == ["Anna", "Bo"]
    assert names(url, found, until="2026-01-02T08:00:00") == ["Anna"]


def test_a_number_is_a_cursor_too(url):
    answer = QueryTable(url, customer(cursor="id"), since=Mark("number", "3"))
    assert [it.row["name"] for it in answer] == ["Cy", "Di"]
    assert answer.mark == Mark("number", "4")


def test_the_sql_of_the_contract_is_taken_literally(url):
    sql = "SELECT id, name || ':since 100%' AS name FROM customer -- all of them"
    assert names(url, customer(sql, cursor="id"))[0] == "Anna:since 100%"
    assert names(url, customer(sql))[0] == "Anna:since 100%"


def test_missing_columns_are_told_before_a_row_is_given(url):
    assert "Missing: name" in said(WrongFile, url, customer("SELECT id FROM customer"))
    assert "has no column changed" in said(
        WrongFile, url, customer("SELECT id, name FROM customer", cursor="changed")
    )


def test_a_query_that_the_database_does_not_understand_is_told(url):
    assert "no such table: client" in said(CallerError, url, customer("SELECT id, name FROM client"))


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("not an address with a secret", CallerError, "cannot be read"),
        ("klingon://me:secret@host/db", CallerError, "no driver for klingon"),
        ("postgresql://me:secret@db.bank/core", CallerError, "does not say how it is protected"),
        (
            "postgresql://me:secret@db.bank/core?sslmode=prefer",
            CallerError,
            "does not say how it is protected",
        ),
        ("postgresql://me:secret@/core?host=db.bank,127.0.0.1", CallerError, "does not say how"),
        ("postgresql://me:secret@127.0.0.1/core?hostaddr=10.0.0.1", CallerError, "does not say how"),
        ("postgresql://me:secret@127.0.0.1:1/db", Unavailable, "does not open"),
        ("sqlite:////no/such/folder/x.db", Unavailable, "does not open"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(address, error, words):
    assert words in said(error, address, customer())


def test_a_value_that_is_no_place_in_an_order_is_no_cursor(url):
    with pytest.raises(CallerError, match="cannot go by float"):
        list(QueryTable(url, customer("SELECT id * 0.5 AS half, id, name FROM customer", cursor="half")))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me@db.bank/core?sslmode=verify-full&sslrootcert=/etc/ssl/bank.pem",
        "postgresql://me@db.bank/core?sslmode=disable",
        "postgresql://me@localhost/core",
        "postgresql://me@/core?host=/var/run/postgresql",
        "postgresql:///core",
        "sqlite:////srv/core.db",
    ],
)
def test_an_address_that_says_how_it_is_protected_or_stays_here_is_taken(address):
    assert url_of(address, "core").database


def test_a_database_of_the_environment_may_be_elsewhere_too(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.bank")
    with pytest.raises(CallerError, match="does not say how it is protected"):
        url_of("postgresql:///core", "core")
    monkeypatch.delenv("PGHOST")
    monkeypatch.setenv("PGHOSTADDR", "10.0.0.1")
    with pytest.raises(CallerError, match="does not say how it is protected"):
        url_of("postgresql:///core", "core")
    monkeypatch.setenv("PGSSLMODE", "require")
    assert url_of("postgresql:///core", "core").database == "core"
