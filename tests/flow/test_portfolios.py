"""Who keeps a portfolio, over HTTP and on the command line: own customers, and others through the glass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onefold.app.demo import PASSWORD, PORTFOLIOS
from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from tests.flow.server import Server, make_world

PORTFOLIO = PORTFOLIOS["banker"]
MINE = "mine"
ENOUGH = 8


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "data"
    make_world(folder, 400)
    return folder


@pytest.fixture(scope="module")
def managers(data: Path) -> dict[str, set[str]]:
    """Who owns each customer's relationship, as the sources say."""
    with LocalHouse().working(data) as rooms, rooms.reader.snapshot() as reader:
        records = reader.records_of(reader.customers(b"", 10_000))
    named = {
        it.hex(): {(one.values or {}).get("manager", "") for one in held} for it, held in records.items()
    }
    return {it: names - {""} for it, names in named.items()}


@pytest.fixture(scope="module")
def server(data: Path, managers: dict[str, set[str]]) -> Iterator[Server]:
    with Server(data) as server:
        yield server


@pytest.fixture(scope="module")
def by_manager(server: Server, managers: dict[str, set[str]]) -> dict[str, list[dict[str, Any]]]:
    """Views of some customers by whose they are for the banker."""
    found: dict[str, list[dict[str, Any]]] = {"": [], MINE: [], "another": []}
    with server.signed_in("rm") as rm:
        for customer, names in managers.items():
            some = found[MINE if names & set(PORTFOLIO) else "another" if names else ""]
            if len(some) < ENOUGH:
                answer = rm.get(f"/api/customers/{customer}")
                some += [answer.json()] if answer.status_code == 200 else []
    assert min(map(len, found.values())) >= 3
    return found


def test_who_keeps_a_portfolio_sees_its_customers_and_those_of_nobody(server, by_manager):
    with server.signed_in("banker") as banker:
        for kind, status in ((MINE, 200), ("", 200), ("another", 403)):
            for it in by_manager[kind][:3]:
                answer = banker.get(f"/api/customers/{it['customer']}")
                assert answer.status_code == status, kind
        page = f"/api/customers/{by_manager['another'][0]['customer']}"
        for part in (
            "transactions",
            "timeline",
            "relations",
            "references",
            "consents",
            f"accounts/{'0' * 32}/balances",
        ):
            assert banker.get(f"{page}/{part}").status_code == 403, part
        problem = banker.get(page).json()
    assert problem["code"] == "other_portfolio"
    assert problem["reasons"] == ["customers of another portfolio are their manager's"]


def test_a_number_finds_somebody_of_another_portfolio_and_nothing_of_them(server, by_manager):
    other = next(it for it in by_manager["another"] if "phone" in it["profile"])
    phone = other["profile"]["phone"]["value"]
    with server.signed_in("banker") as banker, server.signed_in("rm") as rm:
        [line] = [
            it
            for it in banker.get("/api/customers", params={"q": phone}).json()["items"]
            if it["customer"] == other["customer"]
        ]
        assert line["barred"]
        assert {line[it] for it in ("name", "matched", "birth_date", "city")} == {""}
        free = rm.get("/api/customers", params={"q": phone}).json()["items"]
        assert other["name"] in {it["name"] for it in free}


def test_through_the_glass_they_are_served_and_each_look_names_it_in_the_audit(server, by_manager):
    other = by_manager["another"][0]["customer"]
    page = f"/api/customers/{other}"
    with server.signed_in("banker") as banker, server.signed_in("privacy") as privacy:
        assert banker.get("/api/session").json()["may"]["break_glass"] == ["servicing"]
        assert banker.post(f"{page}/glass", json={"because": "curious"}).status_code == 422
        answer = banker.post(f"{page}/glass", json={"because": "customer_asks"})
        assert answer.status_code == 200, answer.text
        broken = answer.json()
        assert banker.get(page).json()["customer"] == other
        assert banker.get(f"{page}/timeline").status_code == 200
        assert banker.get(f"/api/customers/{by_manager['another'][1]['customer']}").status_code == 403
        said = {"channel": "sms", "reason": "wish"}
        assert banker.post(f"{page}/suppressions", json=said).status_code == 200
        records = privacy.get("/api/audit", params={"actor": "banker", "customer": other}).json()["items"]
    told = {it["kind"]: it for it in reversed(records) if it["outcome"] == "allowed"}
    assert told["break_glass"]["id"] == broken["decision"]
    assert told["break_glass"]["details"] == {"because": "customer_asks", "until": broken["until"]}
    for kind in ("view", "timeline", "suppression"):
        assert told[kind]["details"]["break_glass"] == broken["decision"], kind


def test_the_glass_is_broken_for_who_broke_it_and_whole_again_after_a_start(server, by_manager):
    other = by_manager["another"][2]["customer"]
    LocalHouse().users(server.data).add("second", PASSWORD, ("relationship_manager",), ("RM99",))
    with server.signed_in("banker") as banker, server.signed_in("second") as second:
        assert banker.post(f"/api/customers/{other}/glass", json={"because": "urgent"}).status_code == 200
        assert second.get(f"/api/customers/{other}").status_code == 403
        assert banker.get(f"/api/customers/{other}").status_code == 200
        server.stop()
        server.start()
        assert banker.get(f"/api/customers/{other}").status_code == 403


def test_another_portfolio_signs_out_and_counts_from_the_next_sign_in(server, by_manager):
    users = LocalHouse().users(server.data)
    users.add("mover", PASSWORD, ("relationship_manager",), ("RM99",))
    mine = f"/api/customers/{by_manager[MINE][0]['customer']}"
    with server.signed_in("mover") as mover:
        assert mover.get(mine).status_code == 403
        users.assign("mover", tuple(it.lower() for it in PORTFOLIO))
        assert mover.get(mine).status_code == 401
    with server.signed_in("mover") as mover:
        assert mover.get(mine).status_code == 200


def test_an_agent_is_of_the_house_whatever_the_portfolio(server, by_manager):
    users = LocalHouse().users(server.data)
    users.add("desk", PASSWORD, ("agent",), ("RM99",))
    with server.signed_in("desk") as desk:
        other = by_manager["another"][0]["customer"]
        assert desk.get(f"/api/customers/{other}").status_code == 200
        assert desk.post(f"/api/customers/{other}/glass", json={"because": "urgent"}).status_code == 403


def test_where_nothing_is_in_the_way_there_is_nothing_to_break(server, by_manager):
    with server.signed_in("banker") as banker:
        for kind in (MINE, ""):
            customer = by_manager[kind][0]["customer"]
            answer = banker.post(f"/api/customers/{customer}/glass", json={"because": "urgent"})
            assert answer.status_code == 400


@pytest.fixture
def onefold(capsys, monkeypatch):
    """Runs the command in this process; its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("ONEFOLD_PASSWORD", PASSWORD)

    def run_command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), list(arguments))
        return int(ended.value.code or 0), "".join(capsys.readouterr())

    return run_command


def test_portfolios_are_given_on_the_command_line_and_hold_there(server, by_manager, onefold):
    data = ("--data", str(server.data))
    assert onefold("user", "cli", "--role", "relationship_manager", *data)[0] == 0
    assert onefold("user", "cli", "--portfolio", "RM98", *data) == (
        0,
        "cli keeps RM98, and signs in again.\n",
    )
    assert "cli  relationship_manager  portfolios RM98" in onefold("user", *data)[1]
    server.stop()
    try:
        asked = ("show", by_manager[MINE][0]["customer"], "--login", "cli", *data)
        code, said = onefold(*asked)
        assert code == 3
        assert "This customer is not of your portfolio." in said
        assert "limited to no portfolio" in onefold("user", "cli", "--every", *data)[1]
        assert onefold(*asked)[0] == 0
    finally:
        server.start()
    for wrong in (
        ("--portfolio", "RM98"),
        ("--every",),
        ("cli", "--every", "--portfolio", "RM98"),
        ("cli", "--every", "--disable"),
        ("cli", "--every", "--role", "agent"),
    ):
        assert onefold("user", *wrong, *data)[0] == 1, wrong
