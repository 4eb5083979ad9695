"""Those who ask a source for one thing keep the promises of their port: in memory, SQL and REST."""

from __future__ import annotations

import gzip
import json
import sqlite3
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from onefold.adapters.rest.lookup import ANSWER_BYTES_MAX, RestLookup
from onefold.adapters.sql.lookup import SqlLookup
from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import LookupFailed
from onefold.kernel.errors import CallerError
from onefold.record.contracts.model import Fetch, Using
from onefold.testing.lookups import MemoryLookup
from tests.certificates import certified_at
from tests.ports.lookup import LONG, SOON, WANTED, LookupSuite
from tests.postgres import new_database, postgres_server
from tests.rest_source import RestSource, dripping, endless, reply, slow

__all__ = ["new_database", "postgres_server"]
SQL = Fetch(Using.SQL, "core", "SELECT id, mobile, secret FROM c WHERE id = :key -- all of one")


def failure(lookup, fetch: Fetch, key: str = "7", wanted=WANTED, seconds: float = LONG) -> Outcome:
    with pytest.raises(LookupFailed) as caught:
        lookup.ask(fetch, {"key": key}, wanted, seconds)
    found: Outcome = caught.value.outcome
    return found


class InMemory:
    """The fake that the gate's tests use."""

    fetch = SQL

    def __init__(self) -> None:
        self.lookup = MemoryLookup()

    def put(self, key: str, mobile: object) -> None:
        if isinstance(mobile, str) and len(mobile) > ANSWER_BYTES_MAX:
            self.lookup.failure = Outcome.TOO_LARGE
        self.lookup.rows[key] = {"id": key, "mobile": mobile, "secret": "no"}

    def hang(self) -> Fetch:
        self.lookup.hold()
        return SQL

    def end(self) -> None:
        self.lookup.failure = Outcome.DOWN


class TestMemoryLookup(LookupSuite):
    """In this process."""

    @pytest.fixture
    def source(self):
        return InMemory()

    def recover(self, source):
        source.lookup.let_go()


# ------------------------------------------------------------------ SQL


class InSqlite:
    """A file that can be taken away."""

    fetch = SQL

    def __init__(self, path) -> None:
        self.path = path
        self.run("CREATE TABLE c (id TEXT, mobile TEXT, secret TEXT)")
        self.lookup = SqlLookup(f"sqlite:///{path}", "core")

    def run(self, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path)) as base, base:
            base.execute(sql, values)

    def put(self, key: str, mobile: object) -> None:
        self.run("DELETE FROM c WHERE id = ?", key)
        self.run("INSERT INTO c VALUES (?, ?, 'no')", key, mobile)

    def hang(self) -> Fetch:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        return Fetch(Using.SQL, "core", f"{endless} SELECT :key AS id, max(i) AS mobile FROM n")

    def end(self) -> None:
        self.path.unlink()


class TestSqliteLookup(LookupSuite):
    """A file."""

    @pytest.fixture
    def source(self, tmp_path):
        found = InSqlite(tmp_path / "core.db")
        yield found
        found.lookup.close()

    def test_a_file_that_is_not_there_is_not_made(self, tmp_path):
        lookup = SqlLookup(f"sqlite:///{tmp_path}/none.db", "core")
        assert failure(lookup, SQL) is Outcome.DOWN
        assert not (tmp_path / "none.db").exists()

    def test_a_file_that_somebody_holds_is_given_up_in_time(self, source):
        source.put("7", "1")
        with closing(sqlite3.connect(source.path)) as base:
            base.execute("BEGIN EXCLUSIVE")
            assert failure(source.lookup, SQL, seconds=SOON) is Outcome.TIMEOUT

    def test_a_column_that_is_not_there_is_no_text(self, source):
        source.put("7", "1")
        assert failure(source.lookup, SQL, wanted=("id", "Mobile Phone")) is Outcome.MISASKED


class InPostgres:
    """A database of a server."""

    fetch = SQL

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
        self.run("CREATE TABLE c (id text, mobile text, secret text)")
        self.lookup = SqlLookup(url, "core")

    def run(self, sql: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(sql), values)

    def put(self, key: str, mobile: object) -> None:
        self.run("DELETE FROM c WHERE id = :key", key=key)
        self.run("INSERT INTO c VALUES (:key, :mobile, 'no')", key=key, mobile=mobile)

    def hang(self) -> Fetch:
        return Fetch(Using.SQL, "core", "SELECT :key AS id, pg_sleep(30)::text AS mobile")

    def end(self) -> None:
        self.lookup.close()
        self.lookup = SqlLookup("postgresql://nobody@127.0.0.1:1/none", "core")


class TestPostgresLookup(LookupSuite):
    """A server."""

    @pytest.fixture
    def source(self, new_database):
        found = InPostgres(new_database())
        yield found
        found.lookup.close()

    def test_it_is_only_read(self, source):
        source.put("7", "1")
        writing = "WITH gone AS (DELETE FROM c WHERE id = :key RETURNING id, mobile) SELECT * FROM gone"
        assert failure(source.lookup, Fetch(Using.SQL, "core", writing)) in (Outcome.DENIED, Outcome.MISASKED)
        calling = "SELECT id, mobile FROM c WHERE id = :key AND setval('s', 2) > 0"
        source.run("CREATE SEQUENCE s")
        assert failure(source.lookup, Fetch(Using.SQL, "core", calling)) is Outcome.DENIED
        assert source.lookup.ask(SQL, {"key": "7"}, WANTED, LONG)

    def test_a_key_is_bound_in_its_type(self, source):
        source.run("CREATE TABLE n (id bigint, mobile text)")
        source.run("INSERT INTO n VALUES (7, '1')")
        fetch = Fetch(Using.SQL, "core", "SELECT id, mobile FROM n WHERE id = :key")
        assert source.lookup.ask(fetch, {"key": 7}, WANTED, LONG) == {"id": 7, "mobile": "1"}

    def test_a_key_of_several_parts_is_bound_part_by_part(self, source):
        sql = "SELECT :key_1::text AS id, :key_2::text || '::' AS mobile"
        fetch = Fetch(Using.SQL, "core", sql)
        found = source.lookup.ask(fetch, {"key_1": "a:key_2", "key_2": ":x"}, WANTED, LONG)
        assert found == {"id": "a:key_2", "mobile": ":x::"}

    def test_who_may_not_read_is_denied(self, source):
        source.run("CREATE ROLE poor LOGIN")
        address = sa.make_url(source.url).set(username="poor").render_as_string(hide_password=False)
        with closing(SqlLookup(address, "core")) as lookup:
            assert failure(lookup, SQL) is Outcome.DENIED

    def test_a_server_that_was_started_again_is_asked_again(self, source):
        source.put("7", "1")
        assert source.lookup.ask(SQL, {"key": "7"}, WANTED, LONG)
        source.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = [_outcome(source.lookup) for _ in range(2)]
        assert found in (["answered"] * 2, [Outcome.DOWN, "answered"])


def _outcome(lookup: SqlLookup) -> str:
    try:
        lookup.ask(SQL, {"key": "7"}, WANTED, LONG)
    except LookupFailed as failed:
        return failed.outcome
    return "answered"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
class TestSqlAnswers:
    """What both databases may answer."""

    @pytest.fixture
    def source(self, kind, request, tmp_path):
        found = InSqlite(tmp_path / "x.db") if kind == "sqlite" else InPostgres(
            request.getfixturevalue("new_database")())  # fmt: skip
        yield found
        found.lookup.close()

    def test_two_rows_are_no_answer(self, source):
        source.put("7", "1")
        everybody = Fetch(Using.SQL, "core", "SELECT id, mobile FROM c WHERE id = :key OR 1 = 1")
        source.put("8", "2")
        assert failure(source.lookup, everybody) is Outcome.GARBLED

    @pytest.mark.parametrize(
        "sql",
        ["SELECT id FROM c WHERE id = :key", "SELECT id, mobile FROM d WHERE id = :key", "SELECT :key ("],
    )
    def test_a_statement_that_cannot_be_run_is_said_without_what_the_driver_says(self, source, sql):
        assert failure(source.lookup, Fetch(Using.SQL, "core", sql)) is Outcome.MISASKED

    def test_an_address_that_is_none_is_said_without_it(self, source):
        with pytest.raises(CallerError) as caught:
            SqlLookup("not an address with a password", "core")
        assert "password@host" in str(caught.value)
        assert "not an address" not in str(caught.value)


# ------------------------------------------------------------------ REST

REST = Fetch(
    Using.REST,
    "crm",
    path="/c/{key}",
    fields={"id": "/id", "mobile": "/contact/0/mobile", "secret": "/secret"},
)


class InRest:
    """A service on this machine."""

    fetch = REST

    def __init__(self) -> None:
        self.service = RestSource()
        self.lookup = RestLookup(self.service.url, "crm", {"Authorization": "Bearer t0ken"})

    def put(self, key: str, mobile: object) -> None:
        self.service.people[key] = {"id": key, "contact": [{"mobile": mobile}], "secret": "no"}

    def hang(self) -> Fetch:
        self.service.behaviour = slow(self.service)
        return REST

    def end(self) -> None:
        self.service.close()

    def answers(self, body: bytes, status: int = 200, **headers: Any) -> None:
        self.service.behaviour = lambda it: reply(it, status, body, **headers)


class TestRestLookup(LookupSuite):
    """A service."""

    @pytest.fixture
    def source(self) -> Iterator[InRest]:
        found = InRest()
        yield found
        found.lookup.close()
        found.service.close()

    def recover(self, source):
        source.service.let_go()
        source.service.behaviour = None

    def test_a_key_is_one_segment_of_the_path_whatever_is_in_it(self, source):
        source.lookup.ask(REST, {"key": "../a?b#c/d%2e\r\nX: y"}, WANTED, LONG)
        assert source.service.asked == ["/c/..%2Fa%3Fb%23c%2Fd%252e%0D%0AX%3A%20y"]

    @pytest.mark.parametrize("key", ["", ".", "..", "\ud800"])
    def test_a_key_that_would_be_no_segment_is_not_asked_for(self, source, key):
        assert failure(source.lookup, REST, key) is Outcome.UNASKABLE
        assert source.service.asked == []

    def test_the_path_of_the_address_comes_first(self, source):
        with closing(RestLookup(f"{source.service.url}/api/v2/", "crm", {})) as lookup:
            lookup.ask(REST, {"key": "7"}, WANTED, LONG)
        assert source.service.asked == ["/api/v2/c/7"]

    def test_the_token_is_sent_and_nothing_else_of_ours(self, source):
        source.lookup.ask(REST, {"key": "7"}, WANTED, LONG)
        assert source.service.headers["Authorization"] == "Bearer t0ken"
        assert set(source.service.headers) == {
            "Host",
            "Accept",
            "Accept-Encoding",
            "User-Agent",
            "Authorization",
        }

    @pytest.mark.parametrize("head", [True, False], ids=["head", "body"])
    def test_a_service_that_drips_is_given_up_in_time(self, source, head):
        source.service.behaviour = dripping(source.service, head)
        assert failure(source.lookup, REST, seconds=SOON) is Outcome.TIMEOUT

    def test_a_redirect_is_not_followed(self, source):
        elsewhere = RestSource()
        elsewhere.people["7"] = {"id": "7", "contact": [{"mobile": "stolen"}]}
        source.answers(b"{}", 302, Location=f"{elsewhere.url}/c/7")
        assert failure(source.lookup, REST) is Outcome.REDIRECTED
        assert elsewhere.asked == []
        elsewhere.close()

    def test_what_has_no_end_is_not_read_to_its_end(self, source):
        source.service.behaviour = endless
        assert failure(source.lookup, REST) is Outcome.TOO_LARGE

    @pytest.mark.parametrize("status", [301, 303, 307, 308])
    def test_no_kind_of_redirect_is_followed(self, source, status):
        source.answers(b"", status, Location="/c/8")
        assert failure(source.lookup, REST) is Outcome.REDIRECTED
        assert len(source.service.asked) == 1

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (401, Outcome.DENIED),
            (403, Outcome.DENIED),
            (429, Outcome.THROTTLED),
            (400, Outcome.MISASKED),
            (405, Outcome.MISASKED),
            (500, Outcome.DOWN),
            (503, Outcome.DOWN),
            (504, Outcome.TIMEOUT),
            (206, Outcome.GARBLED),
        ],
    )
    def test_a_status_says_how_it_ended(self, source, status, outcome):
        source.answers(b'{"id": "7"}', status)
        assert failure(source.lookup, REST) is outcome

    @pytest.mark.parametrize("status", [404, 410])
    def test_some_statuses_mean_that_there_is_none(self, source, status):
        source.answers(b"<html>", status)
        assert source.lookup.ask(REST, {"key": "7"}, WANTED, LONG) is None

    @pytest.mark.parametrize(
        "body", [b"<html>", b"", b'{"id": "7"', b"\xff\xfe", b"[" * 50_000, b'{"id": NaN}']
    )
    def test_what_is_no_json_is_garbled(self, source, body):
        source.answers(body)
        assert failure(source.lookup, REST) is Outcome.GARBLED

    def test_a_body_that_is_packed_although_it_must_not_be_is_garbled(self, source):
        source.answers(gzip.compress(b'{"id": "7"}'), Content_Encoding="gzip")
        assert failure(source.lookup, REST) is Outcome.GARBLED

    def test_a_body_that_breaks_off_is_garbled(self, source):
        body = b'{"id": "7"}'

        def broken(it):
            reply(it, 200, body, length=len(body) + 1)
            it.close_connection = True

        source.service.behaviour = broken
        assert failure(source.lookup, REST) is Outcome.GARBLED

    def test_a_length_beyond_the_limit_is_not_read(self, source):
        def long(it):
            reply(it, 200, b"x", length=10**12)
            it.close_connection = True

        source.service.behaviour = long
        assert failure(source.lookup, REST) is Outcome.TOO_LARGE

    def test_pointers_find_what_stands_there_and_nothing_else(self, source):
        source.answers(
            json.dumps({"id": 7, "contact": {"0": {"mobile": "as an object"}}, "a/b": {"~": 1}}).encode()
        )
        assert source.lookup.ask(REST, {"key": "7"}, WANTED, LONG) == {"id": 7, "mobile": "as an object"}
        odd = Fetch(Using.REST, "crm", path="/c/{key}", fields={"id": "/a~1b/~0", "mobile": "/contact/-/x"})
        assert source.lookup.ask(odd, {"key": "7"}, WANTED, LONG) == {"id": 1, "mobile": None}

    @pytest.mark.parametrize("document", [b"[]", b"3", b"null", b'{"contact": []}', b'{"contact": [3]}'])
    def test_an_answer_of_another_shape_says_nothing(self, source, document):
        source.answers(document)
        assert source.lookup.ask(REST, {"key": "7"}, WANTED, LONG) == {"id": None, "mobile": None}

    def test_a_connection_is_kept_and_made_anew_when_it_is_gone(self, source):
        source.put("7", "1")
        for _ in range(3):
            source.lookup.ask(REST, {"key": "7"}, WANTED, LONG)
        assert source.service.connections == 1

        def closing_after(it):
            it.close_connection = True
            reply(it, 200, b'{"id": "7"}')

        source.service.behaviour = closing_after
        for _ in range(3):
            assert source.lookup.ask(REST, {"key": "7"}, ("id",), LONG) == {"id": "7"}

    def test_a_service_that_ends_the_connection_may_send_its_body_behind_its_head(self, source):
        def in_two_parts(it):
            it.send_response(200)
            it.send_header("Connection", "close")
            it.end_headers()
            time.sleep(0.1)
            it.wfile.write(b'{"id": "7"}')

        source.service.behaviour = in_two_parts
        for _ in range(2):
            assert source.lookup.ask(REST, {"key": "7"}, ("id",), LONG) == {"id": "7"}


@pytest.fixture
def certified(tmp_path) -> tuple[ssl.SSLContext, Path]:
    """The TLS of a server, and the file of the authority that vouches for it."""
    return certified_at(tmp_path)


def test_over_tls_only_a_service_that_the_authority_knows_is_believed(certified):
    context, authority = certified
    service = RestSource(context)
    service.people["7"] = {"id": "7", "contact": [{"mobile": "1"}]}
    with closing(RestLookup(service.url, "crm", {}, authority)) as lookup:
        for _ in range(2):
            assert lookup.ask(REST, {"key": "7"}, WANTED, LONG) == {"id": "7", "mobile": "1"}
    assert service.connections == 1
    with closing(RestLookup(service.url, "crm", {})) as lookup:
        assert failure(lookup, REST) is Outcome.DOWN
    assert len(service.asked) == 2
    service.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://crm.bank.example/api",
        "http://10.0.0.7/api",
        "https://user:password@crm.bank.example/",
        "https://crm.bank.example/?next=x",
        "https://crm.bank.example/#x",
        "https://",
        "file:///etc/passwd",
        "ftp://crm.bank.example/",
        "crm.bank.example",
        "https://crm.bank.example:99999/",
        "http://[::1",
        "",
    ],
)
def test_only_a_service_over_tls_or_on_this_machine_is_asked(address):
    with pytest.raises(CallerError) as caught:
        RestLookup(address, "crm", {})
    assert "crm" in caught.value.message
    assert len(address) < 9 or address not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://crm.bank.example:8443/api/", "http://[::1]:80", "http://localhost"]
)
def test_an_address_of_a_service_opens(address):
    with closing(RestLookup(address, "crm", {})) as lookup:
        assert lookup._kept == [], "nobody is asked before there is a question"


def test_an_authority_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(CallerError, match="ca_file"):
        RestLookup("https://crm.bank.example", "crm", {}, tmp_path / "none.pem")
