"""Tokens over HTTP: shown to analysts, turned back by a privacy officer, never once their owner is erased."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from onefold.app.demo import PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.gate.obligations import LEAST_GROUP
from onefold.kernel.ids import CellKey
from onefold.record.tokens.rules import kind_in, token_key, token_of
from onefold.usecases.marking import COLUMN
from onefold.usecases.reveals import AN_HOUR_MAX, AT_ONCE_MAX
from tests.flow.server import Server, make_world

pytestmark = pytest.mark.xdist_group("tokens")

SEGMENT = "balance-dip-fewer-logins"
ANALYTICS = {"purpose": "analytics"}
UNKNOWN = f"tok_phone_{'a' * 26}"
FOREIGN = token_of(CellKey(token_key(CellKey(bytes(32)))), "phone", "+998901234567")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("tokens") / "data"
    make_world(data, 300)
    users = LocalHouse().users(data)
    users.add("analyst", PASSWORD, ("analyst",))
    for number in range(3):
        users.add(f"officer{number}", PASSWORD, ("privacy_officer",))
    return data


@pytest.fixture(scope="module")
def customers(data: Path) -> list[str]:
    with LocalHouse().working(data) as rooms:
        return [it.hex() for it in rooms.reader.customers(b"", 1000)]


@pytest.fixture(scope="module")
def server(data: Path, customers: list[str]) -> Iterator[Server]:
    with Server(data) as server:
        yield server


@pytest.fixture(scope="module")
def shown(server: Server, customers: list[str]) -> list[dict[str, Any]]:
    """Views of three customers with a phone, as an analyst sees them."""
    views = []
    with server.signed_in("analyst") as analyst:
        for customer in customers:
            answer = analyst.get(f"/api/customers/{customer}", params=ANALYTICS)
            if answer.status_code == 200 and "phone" in answer.json()["profile"]:
                views.append(answer.json())
            if len(views) == 3:
                return views
    raise AssertionError("hardly anybody agreed to analytics")


def revealed(client: httpx.Client, *tokens: str, because: str = "complaint") -> list[dict[str, Any]]:
    answer = client.post("/api/tokens/reveal", json={"tokens": tokens, "because": because})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def phone_of(view: dict[str, Any]) -> str:
    return str(view["profile"]["phone"]["value"])


def newest(privacy: httpx.Client, **of: Any) -> dict[str, Any]:
    record: dict[str, Any] = privacy.get("/api/audit", params={"limit": 1, **of}).json()["items"][0]
    return record


def test_an_analyst_sees_tokens_and_no_value_of_anybody(server, shown):
    with server.signed_in("privacy") as privacy:
        for view in shown:
            raw = privacy.get(f"/api/customers/{view['customer']}", params={"purpose": "compliance"}).json()
            assert kind_in(phone_of(view)) == "phone"
            assert view["obligations"] == ["redact", "token"]
            for field in ("phone", "email", "national_id", "full_name", "address"):
                value = raw["profile"].get(field, {}).get("value")
                assert not value or value not in str(view), field
        record = newest(privacy, actor="analyst", kind="view")
    assert record["obligations"] == ["redact", "token"]


def test_a_privacy_officer_turns_a_token_back_and_the_audit_holds_neither_value_nor_token(server, shown):
    tokens = [phone_of(it) for it in shown]
    with server.signed_in("privacy") as privacy:
        items = revealed(privacy, *tokens)
        for view, item in zip(shown, items, strict=True):
            raw = privacy.get(f"/api/customers/{view['customer']}", params={"purpose": "compliance"}).json()
            said = {it["value"] for it in raw["profile"]["phone"]["candidates"]} | {
                raw["profile"]["phone"]["value"]
            }
            assert item["value"] in said
            assert (item["kind"], item["field"]) == ("phone", "phone")
            record = newest(privacy, kind="reveal", customer=item["customer"])
            assert record["id"] == item["decision"]
            assert record["details"] == {"because": "complaint", "field": "phone"}
            assert record["action"] == "reveal_token"
            assert item["value"] not in str(record)
            assert item["token"] not in str(record)


@pytest.mark.parametrize("login", ["rm", "agent", "marketer", "steward", "engineer", "analyst"])
def test_nobody_else_turns_tokens_back(server, shown, login):
    with server.signed_in(login) as client, server.signed_in("privacy") as privacy:
        for purpose in ("compliance", "analytics", "servicing"):
            answer = client.post(
                "/api/tokens/reveal",
                params={"purpose": purpose},
                json={"tokens": [phone_of(shown[0])], "because": "investigation"},
            )
            assert answer.status_code == 403
        record = newest(privacy, actor=login, kind="refusal")
    assert record["action"] == "reveal_token"


def test_what_is_no_token_of_ours_is_answered_like_one_that_is_unknown(server, shown):
    other_kind = phone_of(shown[0]).replace("tok_phone", "tok_email")
    with server.signed_in("officer0") as officer:
        items = revealed(officer, UNKNOWN, FOREIGN, other_kind, "+998901234567", "' OR 1=1 --")
        assert [it["value"] for it in items] == [None] * 5
        assert {(it["customer"], it["field"]) for it in items} == {("", "")}
        record = newest(officer, actor="officer0", kind="refusal")
    assert record["action"] == "reveal_token"
    assert "OR 1=1" not in str(record)
    assert record["details"] == {"because": "complaint"}


@pytest.mark.parametrize(
    "body",
    [
        {"tokens": [], "because": "complaint"},
        {"tokens": [UNKNOWN] * (AT_ONCE_MAX + 1), "because": "complaint"},
        {"tokens": ["x" * 101], "because": "complaint"},
        {"tokens": [UNKNOWN], "because": "curious"},
        {"tokens": [UNKNOWN]},
    ],
)
def test_what_is_asked_for_without_a_reason_or_without_measure_is_not_read(server, body):
    with server.signed_in("privacy") as privacy:
        assert privacy.post("/api/tokens/reveal", json=body).status_code in (400, 422)


def test_who_asks_for_more_than_a_case_needs_waits_and_others_do_not(server, shown):
    with server.signed_in("officer1") as officer, server.signed_in("officer2") as other:
        for at in range(0, AN_HOUR_MAX, AT_ONCE_MAX):
            revealed(officer, *(f"{UNKNOWN[:-2]}{chr(97 + it)}a" for it in range(AT_ONCE_MAX)))
            assert at < AN_HOUR_MAX
        answer = officer.post(
            "/api/tokens/reveal", json={"tokens": [phone_of(shown[0])], "because": "complaint"}
        )
        assert answer.status_code == 429
        assert newest(other, actor="officer1", kind="refusal")["reasons"] == [
            "too many tokens within an hour"
        ]
        assert int(answer.headers["retry-after"]) > 0
        assert revealed(other, phone_of(shown[0]))[0]["value"]


def test_a_token_that_was_shown_is_turned_back_after_a_kill(server, customers, shown):
    """Whoever was shown a token holds it: what it stood for was on the disk before."""
    others = [it for it in customers if it not in {view["customer"] for view in shown}]
    with server.signed_in("analyst") as analyst:
        answers = (analyst.get(f"/api/customers/{it}", params=ANALYTICS) for it in others)
        name = next(it.json()["name"] for it in answers if it.status_code == 200 and it.json()["name"])
    server.kill()
    server.start()
    with server.signed_in("privacy") as privacy:
        assert revealed(privacy, name)[0]["value"]


def test_after_an_erasure_a_token_is_answered_like_one_that_was_never_there(server, shown):
    view = shown[2]
    token = phone_of(view)
    with server.signed_in("privacy") as privacy:
        people = {view["customer"]}
        while (item := revealed(privacy, token)[0])["value"]:
            people.add(item["customer"])
            answer = privacy.post(f"/api/customers/{item['customer']}/erasure", json={"because": "request"})
            assert answer.status_code == 200
        [gone], [unknown] = revealed(privacy, token), revealed(privacy, UNKNOWN)
    assert {it: gone[it] for it in gone if it not in ("token", "decision")} == {
        it: unknown[it] for it in unknown if it not in ("token", "decision")
    }
    database = read_folder(server.data).tokens
    assert token.encode() not in database.read_bytes()


def test_an_analyst_is_told_counts_in_steps_and_a_marketer_as_they_are(server):
    with server.signed_in("analyst") as analyst, server.signed_in("marketer") as marketer:
        path = f"/api/segments/{SEGMENT}"
        told, exact = analyst.get(path).json(), marketer.get(path).json()
    assert told["least"] == LEAST_GROUP
    assert exact["least"] == 0
    for name in ("bulk", "of_customers"):
        assert told[name] == exact[name] - exact[name] % LEAST_GROUP
    assert told["asked"] is told["agreed"] is None
    assert told["obligations"] == ["aggregate", "redact", "token"]


def test_a_released_file_says_where_it_comes_from_and_the_answer_does(server):
    with server.signed_in("marketer") as marketer, server.signed_in("privacy") as privacy:
        body = {"purpose": "marketing", "channel": "email"}
        sent = marketer.post(f"/api/segments/{SEGMENT}/activations", json=body).json()
        mark = newest(privacy, actor="marketer", kind="mark")
    assert sent["obligations"] == ["redact", "watermark"]
    assert sent["mark"].endswith(f"; marketing over email; audit record {mark['id']}")
    assert sent["mark"].startswith("marketer; 20")
    assert mark["details"]["file"] == sent["file"]
    with (Path(server.data) / "exports" / sent["file"]).open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["customer", "email", "language", COLUMN]
