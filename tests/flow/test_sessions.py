"""Sessions over the life of a server: what ended stays ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from onefold.app.demo import LOGINS, PASSWORD
from onefold.record.audit.model import AuditFilter
from onefold.usecases.turned_away import Why
from tests.canaries import rooms_of
from tests.flow.server import Server, make_folder


def status(server: Server, token: str) -> int:
    """What asking who is signed in comes to."""
    answer = httpx.get(f"{server.url}/api/session", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


def test_no_restart_brings_a_session_back_and_another_password_ends_them_all(tmp_path):
    users = make_folder(tmp_path / "data").users(tmp_path / "data")
    server = Server(tmp_path / "data")
    with server:
        with server.signed_in("rm") as first, server.signed_in("rm") as second:
            ended, kept = (str(it.cookies["onefold_session"]) for it in (first, second))
            assert first.delete("/api/session").status_code == 204
        assert (status(server, ended), status(server, kept)) == (401, 200)
        server.kill()
        server.start()
        assert (status(server, ended), status(server, kept)) == (401, 200)
        users.add("rm", PASSWORD + " two", LOGINS["rm"])
        assert status(server, kept) == 401


def test_who_signs_in_anew_goes_on_with_one_session_alone(tmp_path):
    make_folder(tmp_path / "data")
    with (
        Server(tmp_path / "data") as server,
        server.signed_in("rm") as browser,
        server.signed_in("rm") as desk,
    ):
        first, elsewhere = (str(it.cookies["onefold_session"]) for it in (browser, desk))
        again = {"login": "rm", "password": PASSWORD}
        wrong = browser.post("/api/session", json=again | {"password": "something else"})
        assert (wrong.status_code, status(server, first)) == (401, 200), "a wrong password ends nothing"
        assert browser.post("/api/session", json=again).status_code == 200
        second = str(browser.cookies["onefold_session"])
        assert [status(server, it) for it in (first, second, elsewhere)] == [401, 200, 200]


def test_what_was_turned_away_unknown_is_in_the_audit_when_the_server_has_stopped(tmp_path):
    make_folder(tmp_path / "data")
    with Server(tmp_path / "data") as server:
        assert [status(server, f"forged.{it}") for it in range(5)] == [401] * 5
        assert server.stop() == 0
    with rooms_of(tmp_path / "data") as rooms:
        (record,) = rooms.audit.page(AuditFilter(kind="turned_away"), limit=9).items
    assert (record.actor, record.outcome, record.counts) == ("unknown", "refused", {Why.TOKEN: 5})


def onefold(server: Server, *words: str) -> str:
    """A command on the server's folder, by another process."""
    command = [sys.executable, "-m", "onefold", *words, "--data", str(server.data)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def open_session(server: Server, login: str = "rm") -> Iterator[str]:
    """The token of a session."""
    with server.signed_in(login) as client:
        yield str(client.cookies["onefold_session"])


@pytest.mark.xdist_group("api")
def test_keys_are_rotated_and_sessions_ended_while_the_server_runs(server):
    with open_session(server) as first:
        assert "open sessions go on" in onefold(server, "sessions")
        with open_session(server) as second:
            assert (status(server, first), status(server, second)) == (200, 200)
            onefold(server, "sessions", "--at-once")
            assert (status(server, first), status(server, second)) == (401, 401)
    with open_session(server) as one, open_session(server, "agent") as other:
        onefold(server, "user", "rm", "--sign-out")
        assert (status(server, one), status(server, other)) == (401, 200)
    with open_session(server) as one, server.signed_in("rm") as everywhere:
        assert everywhere.delete("/api/session", params={"everywhere": "true"}).status_code == 204
        assert status(server, one) == 401
    with open_session(server) as one:
        onefold(server, "user", "rm", "--disable")
        assert status(server, one) == 401
        refused = httpx.post(f"{server.url}/api/session", json={"login": "rm", "password": PASSWORD})
        nobody = httpx.post(f"{server.url}/api/session", json={"login": "x", "password": PASSWORD})
        assert (refused.status_code, refused.json()) == (nobody.status_code, nobody.json())
        onefold(server, "user", "rm", "--enable")
        assert status(server, one) == 401
    with open_session(server) as one:
        assert status(server, one) == 200


@pytest.mark.xdist_group("api")
def test_a_page_of_another_origin_cannot_sign_anybody_in(server):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        body = {"login": "rm", "password": PASSWORD}
        answer = httpx.post(f"{server.url}/api/session", json=body, headers=headers)
        assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None)
