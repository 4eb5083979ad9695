"""The API of a running server: who sees what, what stands in the way, and what is written down."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from onefold.app.demo import PASSWORD
from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def customer(server: Server) -> str:
    """Somebody with money and at least three records, found the way people find somebody."""
    with server.signed_in("rm") as rm:
        for text in ("Karimov", "Rahimov", "Yusupov", "Aliyev", "Ivanov", "Tosh"):
            for it in rm.get("/api/customers", params={"q": text}).json()["items"]:
                view = rm.get(f"/api/customers/{it['customer']}").json()
                if len(view["fragments"]) >= 3 and any(
                    a["transactions"] and a["balance"] for a in view["accounts"]
                ):
                    return str(it["customer"])
    raise AssertionError("the world has nobody to look at")


def get(server: Server, login: str, path: str, **params: str) -> httpx.Response:
    with server.signed_in(login) as client:
        return client.get(path, params=params)


def newest_record(server: Server, **params: str) -> dict:
    items = get(server, "privacy", "/api/audit", limit="20", **params).json()["items"]
    return next(it for it in items if it["kind"] not in ("audit_read", "sign_in"))


def test_a_session_says_who_and_what_may_be_asked(server):
    with server.signed_in("steward") as client:
        session = client.get("/api/session").json()
    assert session["login"] == "steward"
    assert session["may"]["decide_judgement"] == ["stewardship"]
    assert "list_transactions" not in session["may"]


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(server):
    answer = httpx.post(f"{server.url}/api/session", json={"login": "rm", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


def test_signing_out_ends_the_session_for_whoever_has_its_cookie(server):
    with server.signed_in("rm") as client:
        cookies = dict(client.cookies)
        assert client.delete("/api/session").status_code == 204
    answer = httpx.get(
        f"{server.url}/api/session", headers={"Cookie": f"onefold_session={cookies['onefold_session']}"}
    )
    assert answer.status_code == 401
    assert "signed out" in answer.json()["title"]


def test_a_wrong_password_and_a_login_nobody_has_look_alike(server):
    answers = []
    for login in ("agent", "nobody-has-this"):
        answer = httpx.post(f"{server.url}/api/session", json={"login": login, "password": "wrong-password"})
        answers.append((answer.status_code, answer.json()["title"]))
    assert answers == 2 * [(401, "That login and password do not go together.")]


def test_too_many_wrong_passwords_lock_a_login_for_a_while(server):
    sent = {"login": "somebody-else", "password": "wrong-password"}
    codes = [httpx.post(f"{server.url}/api/session", json=sent).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    answer = httpx.post(f"{server.url}/api/session", json=sent)
    assert int(answer.headers["retry-after"]) <= 60


def test_an_agent_sees_the_customer_and_the_last_four_of_numbers(server, customer):
    view = get(server, "agent", f"/api/customers/{customer}").json()
    assert view["name"]
    assert "gender" not in view["profile"]
    assert {it["number"][:5] for it in view["accounts"] if it["number"]} == {"•••• "}
    assert any(it["what"] == "everything from risk" for it in view["withheld"])


def test_every_value_says_where_it_came_from(server, customer):
    view = get(server, "rm", f"/api/customers/{customer}").json()
    known = {it["id"]: it["source"] for it in view["fragments"]}
    for value in view["profile"].values():
        assert known[value["fragment"]] == value["source"]
        assert value["candidates"][0]["value"] == value["value"]


def test_transactions_come_page_by_page_each_once(server, customer):
    with server.signed_in("rm") as rm:
        accounts = rm.get(f"/api/customers/{customer}").json()["accounts"]
        account = max(accounts, key=lambda it: it["transactions"])
        seen: list[dict] = []
        cursor = ""
        while cursor is not None:
            page = rm.get(
                f"/api/customers/{customer}/transactions",
                params={"account": account["id"], "limit": 40, "cursor": cursor},
            ).json()
            seen += page["items"]
            cursor = page["next"]
    assert len({it["id"] for it in seen}) == len(seen) == account["transactions"]
    assert [it["at"] for it in seen] == sorted((it["at"] for it in seen), reverse=True)


def test_the_series_ends_at_the_balance_of_the_page(server, customer):
    with server.signed_in("rm") as rm:
        accounts = rm.get(f"/api/customers/{customer}").json()["accounts"]
        account = next(it for it in accounts if it["balance"])
        series = rm.get(f"/api/customers/{customer}/accounts/{account['id']}/balances").json()
    assert series["points"][-1] == {"day": account["balance_at"], "balance": account["balance"]}
    assert [it["day"] for it in series["points"]] == sorted({it["day"] for it in series["points"]})


def test_the_timeline_is_one_story_in_order(server, customer):
    page = get(server, "rm", f"/api/customers/{customer}/timeline", limit="200").json()
    assert len(page["items"]) > 5
    assert [it["at"] for it in page["items"]] == sorted((it["at"] for it in page["items"]), reverse=True)
    kinds = {it["kind"] for it in page["items"]}
    only = get(server, "rm", f"/api/customers/{customer}/timeline", kind=min(kinds)).json()
    assert {it["kind"] for it in only["items"]} == {min(kinds)}


@pytest.mark.parametrize(
    ("login", "path", "purpose"),
    [
        ("marketer", "", "servicing"),
        ("steward", "/transactions", "stewardship"),
        ("engineer", "", "stewardship"),
        ("agent", "", "marketing"),
        ("privacy", "", "servicing"),
    ],
)
def test_policy_says_no_and_the_no_is_in_the_audit(server, customer, login, path, purpose):
    answer = get(server, login, f"/api/customers/{customer}{path}", purpose=purpose)
    assert answer.status_code == 403
    assert answer.json()["reasons"]
    record = newest_record(server, actor=login)
    assert (record["kind"], record["outcome"], record["purpose"]) == ("refusal", "refused", purpose)


def test_every_look_is_in_the_audit_with_its_customer_and_without_a_name(server, customer):
    view = get(server, "agent", f"/api/customers/{customer}").json()
    record = newest_record(server, actor="agent")
    assert record["id"] == view["decision"]
    assert record["customers"] == [view["customer"]]
    whole = get(server, "privacy", "/api/audit", customer=view["customer"], limit="100").text
    assert view["name"]
    assert view["name"] not in whole
    assert not any(str(it["value"]) in whole for it in view["profile"].values() if len(str(it["value"])) > 9)


def test_an_unknown_id_and_a_malformed_one_are_told_apart_without_a_hint_of_who_exists(server):
    unknown = get(server, "agent", f"/api/customers/{'0' * 32}")
    malformed = get(server, "agent", "/api/customers/anna")
    assert (unknown.status_code, malformed.status_code) == (404, 400)
    assert unknown.json()["title"] == "There is no such customer."


def test_a_withdrawal_is_in_force_when_it_is_acknowledged(server, customer):
    # On any channel: what the world's customer said about one of them must not keep the view open.
    fact = {"purpose": "marketing", "channel": "any", "evidence": "said on the phone, call 7"}
    with server.signed_in("agent") as agent, server.signed_in("marketer") as marketer:
        look = f"/api/customers/{customer}"
        for word, open_ in (("granted", True), ("withdrawn", False), ("granted", True), ("objected", False)):
            answer = agent.post(f"{look}/consents", json=fact | {"fact": word})
            assert answer.status_code == 200, answer.text
            seen = marketer.get(look, params={"purpose": "marketing"})
            assert (seen.status_code == 200) is open_
            stands = {
                (it["purpose"], it["channel"]): it["state"] for it in agent.get(look).json()["consents"]
            }
            if not open_:
                assert stands["marketing", "any"] == word
    assert newest_record(server, actor="agent", kind="consent")["details"]["fact"] == "objected"


def test_nobody_is_asked_for_consent_to_what_needs_none(server, customer):
    with server.signed_in("agent") as agent:
        sent = {"purpose": "servicing", "channel": "email", "fact": "granted", "evidence": "form"}
        answer = agent.post(f"/api/customers/{customer}/consents", json=sent)
    assert answer.status_code == 400
    assert "marketing" in answer.json()["hint"]


def test_a_stewards_word_splits_and_joins_a_customer(server, customer):
    with server.signed_in("steward") as steward:
        look = {"params": {"purpose": "stewardship"}}
        before = {it["id"] for it in steward.get(f"/api/customers/{customer}", **look).json()["fragments"]}
        left, right, *_ = sorted(before)
        word = {"left": left, "right": right, "reason": "different people, seen at the counter"}
        apart = steward.post("/api/judgements", json=word | {"verdict": "different"}).json()
        assert apart["left"] != apart["right"]
        shown = {it["id"] for it in steward.get(f"/api/customers/{left}", **look).json()["fragments"]}
        assert left in shown
        assert right not in shown
        again = steward.post("/api/judgements", json=word | {"verdict": "unsure"}).json()
        assert again["left"] == again["right"]
        after = {it["id"] for it in steward.get(f"/api/customers/{left}", **look).json()["fragments"]}
    assert after == before


@pytest.mark.parametrize(
    ("left", "right", "status"), [("0" * 32, "1" * 32, 404), ("0" * 32, "0" * 32, 400), ("x", "0" * 32, 422)]
)
def test_a_judgement_is_about_two_fragments_that_exist(server, left, right, status):
    with server.signed_in("steward") as steward:
        sent = {"left": left, "right": right, "verdict": "same", "reason": "because"}
        assert steward.post("/api/judgements", json=sent).status_code == status


def test_sources_say_what_they_are_and_every_row_is_accounted_for(server):
    items = get(server, "engineer", "/api/sources").json()["items"]
    assert {it["name"] for it in items} == {"core-banking", "crm", "digital", "marketing", "risk", "telecom"}
    for it in items:
        for counts in (it["counts"], *(one["counts"] for one in it["objects"])):
            assert counts["offered"] == sum(value for name, value in counts.items() if name != "offered")
        assert it["owner"]
        assert it["counts"]["accepted"] > 0


def test_quarantine_names_the_field_and_never_the_value(server):
    page = get(server, "engineer", "/api/quarantine").json()
    assert page["items"]
    for it in page["items"]:
        assert it["reason"]
        assert it["message"]
        assert set(it) == {
            "id",
            "at",
            "source",
            "object",
            "reason",
            "field",
            "message",
            "outcome",
            "place",
            "refused",
            "mendable",
            "version",
        }


def test_a_segment_counts_the_same_in_bulk_and_live(server):
    with server.signed_in("marketer") as marketer:
        listed = marketer.get("/api/segments").json()["items"]
        view = marketer.get(f"/api/segments/{listed[0]['id']}").json()
    assert 0 < view["bulk"] < view["of_customers"]
    assert 0 < view["asked"] == view["agreed"] <= view["of_customers"]
    assert view["definition"]
    assert get(server, "marketer", "/api/segments/none-such").status_code == 404


def test_an_activation_accounts_for_every_member_and_writes_one_private_file(server):
    with server.signed_in("marketer") as marketer:
        done = marketer.post(
            "/api/segments/balance-dip-fewer-logins/activations",
            json={"purpose": "marketing", "channel": "email"},
        ).json()
    assert done["members"] == done["released"] + sum(it["customers"] for it in done["left_out"])
    file = server.data / "exports" / done["file"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == done["released"] + 1
    assert newest_record(server, kind="activation")["details"]["file"] == done["file"]


def test_a_marketer_cannot_activate_for_servicing(server):
    with server.signed_in("marketer") as marketer:
        sent = {"purpose": "servicing", "channel": "email"}
        assert (
            marketer.post("/api/segments/balance-dip-fewer-logins/activations", json=sent).status_code == 403
        )


def test_health_needs_no_login_and_tells_counts_alone(server):
    health = httpx.get(f"{server.url}/api/health").json()
    assert health["status"] == "ok"
    assert health["state"] <= health["log"]


def test_a_load_balancer_needs_no_login_to_hear_that_all_is_well(server):
    answer = httpx.get(f"{server.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert httpx.head(f"{server.url}/healthz").status_code == 200
    assert httpx.get(f"{server.url}/healthz", params={"verbose": "1"}).status_code == 400
    assert httpx.get(f"{server.url}/healthz/all").status_code == 404


def test_the_document_is_served_where_clients_look_for_it(server):
    assert httpx.get(f"{server.url}/api/openapi.json").json()["openapi"].startswith("3.1")


def test_a_second_process_on_the_folder_is_turned_away_in_one_line(server):
    command = [sys.executable, "-m", "onefold", "quarantine", "--data", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.startswith("onefold: Another process is writing")
    assert len(done.stderr.splitlines()) == 1
