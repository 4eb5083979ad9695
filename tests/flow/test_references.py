"""Fetched on demand, through a real server: from a database and a service, decided twice, written nowhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from onefold.app.demo import CELL, LOGINS, PASSWORD
from onefold.app.folder import CONFIG
from onefold.app.house import LocalHouse
from tests.flow.server import Server
from tests.rest_source import RestSource, dripping, endless, reply, slow
from tests.unit.record.contracts.sample import document, prop, table

pytestmark = pytest.mark.xdist_group("references")

MOBILE, NUMBER, CITY = "+998902468135", "8600123412341234", "Qoqand-by-the-river"
SECRETS = (MOBILE, MOBILE[4:], NUMBER, CITY)
TIMEOUT_MS = 400

CLIENT = table(
    "client",
    [
        prop("id", required=True),
        prop("name", classification="pii"),
        prop("mobile", classification="pii", store="reference"),
        prop("city", classification="pii", store="reference"),
    ],
    entity="party",
    delivers="record",
    key="id",
    file={"name": "clients*.csv", "format": "csv"},
    fetch={
        "using": "sql",
        "connection": "core",
        "statement": "SELECT id, mobile, city FROM client WHERE id = :key",
        "timeoutMs": 2000,
    },
    map={"full_name": "name", "phone": {"from": "mobile", "as": "phone", "country": "UZ"}, "city": "city"},
)
ACCOUNT = table(
    "account",
    [
        prop("id", required=True, classification="pci"),
        prop("client", required=True),
        prop("number", classification="pci", store="reference"),
    ],
    entity="account",
    delivers="record",
    key="id",
    subject={"entity": "party", "key": "client"},
    file={"name": "accounts*.csv", "format": "csv"},
    fetch={
        "using": "rest",
        "connection": "cards",
        "path": "/c/{key}",
        "fields": {"id": "/id", "number": "/card/number"},
        "timeoutMs": TIMEOUT_MS,
    },
    map={
        "party": {"from": "client", "as": "ref"},
        "product": {"value": "card"},
        "currency": {"value": "UZS"},
        "number": "number",
    },
)


class Bank:
    """A folder whose core and cards keep something to themselves, and who is asked."""

    def __init__(self, root: Path) -> None:
        self.data = root / "data"
        self.base = root / "core.db"
        with closing(sqlite3.connect(self.base)) as base, base:
            base.execute("CREATE TABLE client (id TEXT, mobile TEXT, city TEXT)")
            base.execute("INSERT INTO client VALUES ('C1', '90 246 81 35', ?)", (CITY,))
        self.cards = RestSource()
        self.cards.people["A/1"] = {"id": "A/1", "card": {"number": NUMBER}}
        contract = root / "core.yaml"
        purposes = ("servicing", "marketing", "compliance")
        contract.write_text(json.dumps(document(CLIENT, ACCOUNT, purposes=purposes)), encoding="utf-8")
        (root / "clients.csv").write_text(f"id,name,mobile,city\nC1,Anna Karimova,{MOBILE},{CITY}\n")
        (root / "accounts.csv").write_text("id,client\nA/1,C1\n")
        self.house = LocalHouse()
        self.house.create(self.data, CELL, [contract], None)
        with (self.data / CONFIG).open("a", encoding="utf-8") as config:
            config.write('[connections.core]\nurl_file = "../core-url"\n')
            config.write('[connections.cards]\nurl_file = "../cards-url"\n')
        (root / "core-url").write_text(f"sqlite:///{self.base}")
        (root / "cards-url").write_text(self.cards.url)
        for name in ("core-url", "cards-url"):
            (root / name).chmod(0o600)
        users = self.house.users(self.data)
        for login, roles in LOGINS.items():
            users.add(login, PASSWORD, roles)
        files = [root / "clients.csv", root / "accounts.csv"]
        self.house.load(self.data, "core", files, as_of="", backfill=False, watch=lambda *_: None)
        self.server = Server(self.data)

    def customer(self, client: httpx.Client) -> str:
        found: str = client.get("/api/customers", params={"q": "Karimova"}).json()["items"][0]["customer"]
        return found


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Iterator[Bank]:
    made = Bank(tmp_path_factory.mktemp("references"))
    with made.server:
        yield made
    made.cards.close()


@pytest.fixture
def cards(bank):
    """The service, well again when the test is over, so that it is not left alone."""
    bank.cards.ended.clear()
    yield bank.cards
    bank.cards.let_go()
    bank.cards.behaviour = None
    assert fetched(bank)["number"]["outcome"] == "value"


def fetched(bank: Bank, login: str = "rm", purpose: str = "servicing") -> dict:
    """What the sources say, by field."""
    with bank.server.signed_in(login) as client:
        path = f"/api/customers/{bank.customer(client)}/references"
        answer = client.get(path, params={"purpose": purpose})
    assert answer.status_code == 200, answer.text
    return {it["field"]: it for it in answer.json()["items"]}


def test_a_view_names_what_is_fetched_and_holds_none_of_it(bank):
    asked = len(bank.cards.asked)
    with bank.server.signed_in("rm") as client:
        view = client.get(f"/api/customers/{bank.customer(client)}").json()
    named = {(it["entity"], it["field"], it["source"]) for it in view["referenced"]}
    assert named == {("party", "phone", "core"), ("party", "city", "core"), ("account", "number", "core")}
    assert view["name"] == "Anna Karimova"
    assert not any(it in json.dumps(view) for it in SECRETS), "although the file held them"
    assert len(bank.cards.asked) == asked


def test_each_source_is_asked_for_what_it_has_now(bank):
    found = fetched(bank)
    assert {name: it["value"] for name, it in found.items()} == {
        "phone": MOBILE,
        "city": CITY,
        "number": NUMBER,
    }
    assert bank.cards.asked[-1] == "/c/A%2F1"
    with closing(sqlite3.connect(bank.base)) as base, base:
        base.execute("UPDATE client SET mobile = '90 246 81 36'")
    assert fetched(bank)["phone"]["value"] == "+998902468136"
    with closing(sqlite3.connect(bank.base)) as base, base:
        base.execute("UPDATE client SET mobile = ?", (MOBILE,))


def test_masks_are_those_of_kept_values(bank):
    number = fetched(bank, "agent")["number"]
    assert (number["value"], number["masked"]) == ("•••• 1234", True)


BEHAVIOURS = {
    "slow": (lambda it: slow(it), "did not answer in time"),
    "dripping": (lambda it: dripping(it, head=False), "did not answer in time"),
    "down": (lambda _: lambda it: reply(it, 503, b"{}"), "is down"),
    "garbage": (lambda _: lambda it: reply(it, 200, b"<html>"), "cannot be read"),
    "huge": (lambda _: endless, "more than is taken"),
    "redirect": (lambda it: lambda h: reply(h, 302, b"", Location=f"{it.url}/c/B"), "pointed elsewhere"),
    "another": (
        lambda _: lambda it: reply(it, 200, b'{"id": "B", "card": {"number": "8600999999999999"}}'),
        "did not say that the answer is about this record",
    ),
    "faulty": (
        lambda _: lambda it: reply(it, 200, b'{"id": "A/1", "card": {"number": ["8600"]}}'),
        "breaks its contract",
    ),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_one_source_that_fails_is_named_and_the_rest_is_given(bank, cards, name):
    behave, reason = BEHAVIOURS[name]
    cards.behaviour = behave(cards)
    found = fetched(bank)
    assert (found["number"]["outcome"], found["number"]["value"]) == ("unavailable", None)
    assert reason in found["number"]["reason"]
    assert found["phone"]["value"] == MOBILE


def test_without_consent_nothing_is_asked_and_a_withdrawal_counts_at_once(bank):
    with bank.server.signed_in("rm") as rm, bank.server.signed_in("agent") as agent:
        customer = bank.customer(rm)
        path = f"/api/customers/{customer}/references"
        asked = len(bank.cards.asked)

        def ask() -> httpx.Response:
            return rm.get(path, params={"purpose": "marketing"})

        def say(fact: str) -> None:
            said = {"purpose": "marketing", "channel": "email", "fact": fact, "evidence": "by phone"}
            assert agent.post(f"/api/customers/{customer}/consents", json=said).status_code == 200

        assert ask().status_code == 403
        say("granted")
        granted = ask().json()
        assert {it["field"]: it["value"] for it in granted["items"]} == {"phone": MOBILE, "city": CITY}
        say("withdrawn")
        assert ask().status_code == 403
        assert len(bank.cards.asked) == asked, "numbers of cards are hidden for marketing, and not asked for"


def test_what_was_asked_is_in_the_audit_with_its_sources_and_outcomes(bank):
    fetched(bank)
    with bank.server.signed_in("privacy") as privacy:
        wanted = {"kind": "references", "limit": 1}
        (record,) = privacy.get("/api/audit", params=wanted).json()["items"]
    assert (record["action"], record["outcome"], record["actor"]) == ("fetch_references", "allowed", "rm")
    assert record["counts"] == {"records": 2, "given": 3}
    assert record["details"]["core"].startswith("answered 2; ")
    assert record["details"]["core"].endswith(" ms")


def test_searches_find_nobody_by_what_is_only_referenced(bank):
    with bank.server.signed_in("rm") as client:
        for text in (MOBILE, NUMBER, CITY):
            assert client.get("/api/customers", params={"q": text}).json()["items"] == []


def test_what_was_fetched_stands_nowhere_on_disk_and_a_replay_is_equal(tmp_path):
    made = Bank(tmp_path)
    with made.server:
        assert fetched(made)["phone"]["value"] == MOBILE
        made.cards.behaviour = lambda it: reply(it, 200, b"garbage " + NUMBER.encode())
        assert fetched(made)["number"]["outcome"] == "unavailable"
        made.server.stop()
        made.server._process = None
    made.cards.close()
    written = [
        path for path in [*made.data.rglob("*"), *tmp_path.glob("data-checkpoints/**/*")] if path.is_file()
    ]
    content = {path: path.read_bytes() for path in written}
    assert any(b"Anna Karimova" in it for it in content.values()), "what is kept can be found like this"
    assert [path for path, it in content.items() if any(secret.encode() in it for secret in SECRETS)] == []
    found = made.house.replay(made.data, tmp_path / "again", lambda *_: None)
    assert found.rebuilt == found.in_use
