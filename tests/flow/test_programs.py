"""Programs over HTTP: service tokens and clients of partners do what they were made for, and nothing else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from onefold.app.house import LocalHouse
from onefold.kernel.errors import CallerError
from onefold.usecases.model import CLIENT, TOKEN
from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("api")
MAY = ("relationship_manager", "servicing", ["search_customers", "show_customer"])


@pytest.fixture
def house():
    return LocalHouse()


def get(server: Server, path: str, token: str, **query: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(server.url + path, params=query, headers=headers, timeout=30)


def ask(
    server: Server, auth: Any = None, headers: dict[str, str] | None = None, **form: str
) -> httpx.Response:
    form = {"grant_type": "client_credentials"} | form
    return httpx.post(f"{server.url}/oauth/token", data=form, auth=auth, headers=headers, timeout=30)


def newest(server: Server, actor: str) -> dict[str, Any]:
    with server.signed_in("privacy") as privacy:
        found = privacy.get("/api/audit", params={"actor": actor, "limit": 1}).json()["items"]
    return found[0]


def test_a_service_token_does_what_it_is_for_under_its_own_name_and_nothing_else(server, house):
    made, token = house.new_machine(server.data, TOKEN, "reports", *MAY, 1)
    found = get(server, "/api/customers", token, q="Karimov")
    assert found.status_code == 200
    customer = found.json()["items"][0]["customer"]
    assert get(server, f"/api/customers/{customer}", token).json()["role"] == "relationship_manager"
    record = newest(server, f"token:{made}")
    assert (record["kind"], record["action"], record["customers"]) == ("view", "show_customer", [customer])
    # A relationship manager may do both of these; this token was not made for them.
    for path, query, reason in (
        (f"/api/customers/{customer}/timeline", {}, "its credential is not for this action"),
        (f"/api/customers/{customer}", {"purpose": "marketing"}, "its credential is not for this purpose"),
    ):
        answer = get(server, path, token, **query)
        assert answer.status_code == 403
        assert reason in answer.json()["reasons"]
        assert newest(server, f"token:{made}")["outcome"] == "refused"


def test_a_token_has_no_session_and_is_nothing_in_a_cookie(server, house):
    _, token = house.new_machine(server.data, TOKEN, "reports", *MAY, 1)
    assert get(server, "/api/session", token).status_code == 401
    answer = httpx.get(
        f"{server.url}/api/customers", params={"q": "Karimov"}, cookies={"onefold_session": token}
    )
    assert answer.status_code == 401


def test_a_revoked_token_is_refused_with_the_next_request(server, house):
    made, token = house.new_machine(server.data, TOKEN, "reports", *MAY, 1)
    assert get(server, "/api/customers", token, q="Karimov").status_code == 200
    house.machines(server.data).revoke(TOKEN, made)
    unknown = get(server, "/api/customers", "oft_0123456789abcdef_x", q="Karimov")
    revoked = get(server, "/api/customers", token, q="Karimov")
    assert (revoked.status_code, revoked.json()) == (401, unknown.json())


def test_a_program_is_not_given_what_its_role_may_not(server, house):
    with pytest.raises(CallerError, match="decide_judgement"):
        house.new_machine(server.data, TOKEN, "x", "agent", "servicing", ["decide_judgement"], 1)


def test_a_client_is_given_access_for_its_secret_and_loses_it_with_a_revocation(server, house):
    made, secret = house.new_machine(server.data, CLIENT, "partner", *MAY, 1)
    granted: dict[str, Any] = {}
    for answer in (ask(server, auth=(made, secret)), ask(server, client_id=made, client_secret=secret)):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        granted = answer.json()
        assert set(granted) == {"access_token", "token_type", "expires_in", "scope"}
        assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 600)
        assert granted["scope"] == "search_customers show_customer"
        assert get(server, "/api/customers", granted["access_token"], q="Karimov").status_code == 200
    assert newest(server, f"client:{made}")["action"] == "search_customers"
    narrow = ask(server, auth=(made, secret), scope="show_customer").json()["access_token"]
    assert get(server, "/api/customers", narrow, q="Karimov").status_code == 403
    house.machines(server.data).revoke(CLIENT, made)
    for token in (granted["access_token"], narrow):
        assert get(server, "/api/customers", token, q="Karimov").status_code == 401
    assert ask(server, auth=(made, secret)).json()["error"] == "invalid_client"


def test_whoever_is_not_given_access_is_told_in_the_words_of_the_protocol(server, house):
    made, secret = house.new_machine(server.data, CLIENT, "partner", *MAY, 1)
    _, token = house.new_machine(server.data, TOKEN, "reports", *MAY, 1)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{server.url}/oauth/token"
    cases = {
        "wrong secret": (ask(server, auth=(made, secret + "x")), 401, "invalid_client"),
        "no such client": (ask(server, auth=("0" * 16, secret)), 401, "invalid_client"),
        "a long client": (ask(server, auth=("0" * 5000, secret)), 401, "invalid_client"),
        "a service token": (ask(server, auth=(token.split("_")[1], token)), 401, "invalid_client"),
        "nobody": (ask(server), 401, "invalid_client"),
        "bearer": (ask(server, headers={"Authorization": "Bearer x"}), 401, "invalid_client"),
        "twice": (ask(server, auth=(made, secret), client_secret=secret), 400, "invalid_request"),
        "more": (ask(server, auth=(made, secret), scope="list_audit"), 400, "invalid_scope"),
        "password": (ask(server, auth=(made, secret), grant_type="password"), 400, "unsupported_grant_type"),
        "no grant": (httpx.post(url, content="a=b", headers=form), 400, "invalid_request"),
        "no form": (httpx.post(url, json={}), 400, "invalid_request"),
        "parameters": (httpx.post(f"{url}?a=b", content="a=b", headers=form), 400, "invalid_request"),
        "unreadable": (httpx.post(url, content=b"\xff", headers=form), 400, "invalid_request"),
        "given twice": (httpx.post(url, content="a=b&a=c", headers=form), 400, "invalid_request"),
        "GET": (httpx.get(url), 405, "invalid_request"),
    }
    found = {name: (answer.status_code, answer.json()["error"]) for name, (answer, *_) in cases.items()}
    assert found == {name: (status, error) for name, (_, status, error) in cases.items()}
    assert cases["wrong secret"][0].json() == cases["no such client"][0].json()
    assert cases["wrong secret"][0].headers["www-authenticate"].startswith("Basic")


def test_a_client_that_acts_for_another_firm_needs_a_consent_to_that_firm(server, house):
    may = ("relationship_manager", "marketing", ["show_customer"])
    firm, firms_secret = house.new_machine(server.data, CLIENT, "partner", *may, 1, "tpp-7")
    own, own_secret = house.new_machine(server.data, CLIENT, "ours", *may, 1)
    theirs = ask(server, auth=(firm, firms_secret)).json()["access_token"]
    ours = ask(server, auth=(own, own_secret)).json()["access_token"]
    with server.signed_in("privacy") as privacy:

        def say(fact: str, **more: str) -> None:
            said = {"purpose": "marketing", "channel": "any", "fact": fact, "evidence": "form 7"} | more
            path = f"/api/customers/{customer}/consents"
            answer = privacy.post(path, params={"purpose": "compliance"}, json=said)
            assert answer.status_code == 200, answer.text

        query = {"q": "Karimov", "purpose": "compliance"}
        customer = privacy.get("/api/customers", params=query).json()["items"][0]["customer"]
        path = f"/api/customers/{customer}"
        say("granted")
        assert get(server, path, ours, purpose="marketing").status_code == 200
        assert get(server, path, theirs, purpose="marketing").status_code == 403
        refused = newest(server, f"client:{firm}")
        assert (refused["outcome"], refused["controller"]) == ("refused", "tpp-7")
        say("granted", data_class="contact", controller="tpp-7")
        seen = get(server, path, theirs, purpose="marketing").json()
        assert (seen["name"], seen["accounts"]) == ("", [])
        assert {"phone", "email"} & seen["profile"].keys()
        assert "given_name" in get(server, path, ours, purpose="marketing").json()["profile"]
        looked = newest(server, f"client:{firm}")
        assert (looked["kind"], looked["controller"]) == ("view", "tpp-7")
        assert looked["data_classes"] == ["contact"]
        ours_record = newest(server, f"client:{own}")
        assert (ours_record["controller"], ours_record["data_classes"]) == ("", [])
        say("withdrawn", data_class="contact", controller="tpp-7")
        assert get(server, path, theirs, purpose="marketing").status_code == 403
        assert get(server, path, ours, purpose="marketing").status_code == 200


def test_guesses_of_a_secret_are_slowed_down(server, house):
    made, secret = house.new_machine(server.data, CLIENT, "partner", *MAY, 1)
    statuses = [ask(server, auth=(made, f"guess {number}")).status_code for number in range(6)]
    assert statuses == [401] * 5 + [429]
    assert ask(server, auth=(made, secret)).json()["error"] == "temporarily_unavailable"
