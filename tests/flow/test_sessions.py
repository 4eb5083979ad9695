"""Sessions over the life of a server: what ended stays ended."""

from __future__ import annotations

import httpx

from onefold.app.demo import LOGINS, PASSWORD
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
