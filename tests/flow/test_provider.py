"""Signing in at the company's provider over HTTP, as a browser does: back in the same browser, once."""

from __future__ import annotations

import httpx
import pytest

from tests.flow.server import Server, make_folder
from tests.provider import CLIENT, SECRET, LocalProvider


@pytest.fixture
def provider():
    with LocalProvider() as provider:
        yield provider


@pytest.fixture
def server(tmp_path, provider):
    make_folder(tmp_path / "data")
    server = Server(tmp_path / "data")
    (tmp_path / "data" / "oidc-secret").write_text(SECRET)
    (tmp_path / "data" / "oidc-secret").chmod(0o600)
    lines = [
        "[oidc]",
        f'issuer = "{provider.issuer}"',
        f'client_id = "{CLIENT}"',
        'secret_file = "oidc-secret"',
        f'address = "{server.url}"',
        'name = "Bank account"',
        "[oidc.roles]",
        '"c360-agents" = ["agent"]',
    ]
    with (tmp_path / "data" / "config.toml").open("a") as config:
        config.write("\n" + "\n".join(lines) + "\n")
    with server:
        yield server


def there_and_back(server: Server, browser: httpx.Client, back: str = "/find") -> httpx.Response:
    """To the provider and, with what it said, to the callback; where that leads is not followed."""
    begun = browser.get(f"{server.url}/api/session/provider", params={"back": back})
    assert begun.status_code == 303
    assert {"HttpOnly", "SameSite=Lax"} <= {it.strip() for it in begun.headers["set-cookie"].split(";")}
    answered = browser.get(begun.headers["location"])
    return browser.get(answered.headers["location"])


def test_people_sign_in_at_the_provider_and_are_bound_to_their_browser(server, provider):
    ways = httpx.get(f"{server.url}/api/session/ways").json()
    assert ways == {"password": True, "provider": "Bank account"}
    with httpx.Client() as browser:
        answer = there_and_back(server, browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/find")
        session = browser.get(f"{server.url}/api/session").json()
        assert (session["login"], session["roles"]) == ("provider:4711", ["agent"])
        assert browser.get(f"{server.url}/api/customers", params={"q": "Karimov"}).status_code == 200
        browser.headers["X-CSRF"] = session["csrf"]
        assert browser.delete(f"{server.url}/api/session").status_code == 204
        assert browser.get(f"{server.url}/api/session").status_code == 401
    for back in ("https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=y", "x"):
        with httpx.Client() as browser:
            assert there_and_back(server, browser, back).headers["location"] == "/"
    # Another browser's answer signs nobody in: neither with its own cookie, nor with none.
    with httpx.Client() as one, httpx.Client() as other:
        begun = one.get(f"{server.url}/api/session/provider")
        other.get(f"{server.url}/api/session/provider")
        answered = one.get(begun.headers["location"]).headers["location"]
        for browser in (other, httpx.Client()):
            refused = browser.get(answered)
            assert refused.headers["location"] == "/sign-in?failed=unauthenticated"
            assert "onefold_session" not in refused.headers["set-cookie"]
        assert one.get(answered).headers["location"] == "/"
        assert one.get(answered).headers["location"] == "/sign-in?failed=unauthenticated"
        browser.close()
    provider.person = {"sub": "4712", "groups": ["others"]}
    with httpx.Client() as browser:
        assert there_and_back(server, browser).headers["location"] == "/sign-in?failed=refused"
        denied = {"error": "access_denied", "state": "x"}
        answer = browser.get(f"{server.url}/api/session/provider/callback", params=denied)
        assert answer.headers["location"] == "/sign-in?failed=unauthenticated"
    assert SECRET not in server.log()


def test_who_signs_in_at_the_provider_anew_goes_on_with_one_session_alone(server, provider):
    """The cookie of the session does not come along on the way back, which another host leads to."""
    with httpx.Client() as browser:
        there_and_back(server, browser)
        first = {"Authorization": f"Bearer {browser.cookies['onefold_session']}"}
        begun = browser.get(f"{server.url}/api/session/provider", params={"back": "/find"})
        answered = browser.get(begun.headers["location"])
        browser.cookies.delete("onefold_session")
        assert httpx.get(f"{server.url}/api/session", headers=first).status_code == 200
        assert browser.get(answered.headers["location"]).headers["location"] == "/find"
        assert browser.get(f"{server.url}/api/session").status_code == 200
        assert httpx.get(f"{server.url}/api/session", headers=first).status_code == 401
