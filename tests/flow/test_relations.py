"""Relations in a whole house: what the sources state is told, at each end to who may see the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from onefold.app.demo import PORTFOLIOS
from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from onefold.gate.model import Actor
from onefold.kernel.errors import Forgotten, Refused
from onefold.record.canon.relations import KINDS
from onefold.record.intake.model import Offered
from onefold.testing.world.generate import generate
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.hold_customer import place_hold
from onefold.usecases.rooms import Rooms
from onefold.usecases.show_relations import show_relations
from onefold.usecases.unmerge_customer import unmerge_customer
from tests.canaries import CELL, CONTRACT, canary, client, permit, record_id, rooms_of
from tests.flow.server import Server, make_folder
from tests.unit.testing.world.made import truth

PEOPLE = 400
ON_ACCOUNTS = {"account_owner", "joint_holder", "account_user", "account_guardian"}
Line = tuple[str, str, str]
"""(customer, what the other is to them, the other)."""

# ------------------------------------------------------------------ the world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("related") / "files"
    generate(folder, people=PEOPLE, seed=5)
    return folder


@pytest.fixture(scope="module")
def data(world: Path) -> Path:
    """Core banking of the world, loaded."""
    data = world.parent / "data"
    house = make_folder(data)
    house.users(data).assign("banker", PORTFOLIOS["banker"])
    files = str(world / "core-banking")
    with suppress(SystemExit):
        run(house, ["load", "core-banking", files, "--data", str(data), "--as-of", "2026-09-30"])
    return data


@pytest.fixture(scope="module")
def server(data: Path, stated: set[Line]) -> Iterator[Server]:
    assert stated, "read before the server has the folder"
    with Server(data) as server:
        yield server


@pytest.fixture(scope="module")
def stated(world: Path, data: Path) -> set[Line]:
    """What the truth says that the register states, by customers of the house, from both ends."""
    lines: set[Line] = set()
    households: defaultdict[str, set[str]] = defaultdict(set)
    keys = {
        it["who"]: it["key"] for it in reversed(truth(world, "records")) if it["source"] == "core-banking"
    }
    with LocalHouse().working(data) as rooms:
        customers = {who: customer_of(rooms, key) for who, key in keys.items()}
    for it in truth(world, "relations"):
        one = customers[it["who"]]
        if it["household"]:
            households[it["household"]].add(one)
            continue
        other = customers[it["other"]]
        lines |= {(one, it["kind"], other), (other, KINDS[it["kind"]].reverse, one)}
    for home in households.values():
        lines |= {(one, "household", other) for one in home for other in home if one != other}
    for it in truth(world, "people"):
        if it["kind"] == "person" and it["guardian"] in customers and it["who"] in customers:
            child, guardian = customers[it["who"]], customers[it["guardian"]]
            lines |= {(child, "guardian", guardian), (guardian, "ward", child)}
    return lines


def customer_of(rooms: Rooms, key: str) -> str:
    party = rooms.contracts.latest("core-banking").object("customer").fragment_id(key)
    found = rooms.reader.customer_of(party)
    assert found is not None
    return found.hex()


def test_whoever_serves_all_is_told_what_the_sources_state_and_nothing_else(server, stated):
    told: set[Line] = set()
    with server.signed_in("agent") as agent:
        for customer in sorted({one for one, _, _ in stated}):
            answer = agent.get(f"/api/customers/{customer}/relations").json()
            assert not [it for it in answer["withheld"] if "relation" in it["what"]]
            told |= {
                (customer, it["kind"], it["customer"])
                for it in answer["items"]
                if it["kind"] not in ON_ACCOUNTS
            }
    assert len(stated) > 200
    assert {kind for _, kind, _ in stated} >= set(KINDS) - {"attorney", "parent"}
    assert told == stated


def test_of_customers_of_another_portfolio_a_banker_is_told_no_more_than_that_they_are(server, stated):
    by_customer: defaultdict[str, set[str]] = defaultdict(set)
    for one, _, other in stated:
        by_customer[one].add(other)
    hidden = 0
    with server.signed_in("banker") as banker:
        barred = {it for it in by_customer if banker.get(f"/api/customers/{it}").status_code == 403}
        for one, others in by_customer.items():
            answer = banker.get(f"/api/customers/{one}/relations")
            assert (answer.status_code == 403) == (one in barred)
            if one in barred or not others & barred:
                continue
            hidden += len(others & barred)
            assert not [it for it in others & barred if it in answer.text]
            [line] = [it for it in answer.json()["withheld"] if "relation" in it["what"]]
            assert line["reason"] == "who is at the other end may not be shown for servicing"
    assert hidden > 3


def test_who_was_told_of_stands_in_the_audit(server, stated):
    one, _, other = min(stated)
    with server.signed_in("agent") as agent, server.signed_in("privacy") as privacy:
        decision = agent.get(f"/api/customers/{one}/relations").json()["decision"]
        asked = {"customer": other, "kind": "relations"}
        assert decision in [it["id"] for it in privacy.get("/api/audit", params=asked).json()["items"]]


# ------------------------------------------------------------------ a merge, its undoing, an erasure, a hold

ANNA, TWIN, BORIS, CLARA = 1, 2, 3, 4


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """Anna with a twin whom the evidence takes for her; Boris is Anna's husband, Clara the twin's ward."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "bank.yaml").write_text(CONTRACT)
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "contracts"], None)
    with rooms_of(tmp_path / "data") as rooms:
        twin = {**(client(ANNA).row or {}), "id": "twin", "remark": "is another"}
        people = [client(ANNA), Offered(twin), client(BORIS), client(CLARA)]
        arrive(rooms, "client", *people)
        arrive(
            rooms,
            "tie",
            tie("t1", key(ANNA), "spouse", key(BORIS)),
            tie("t2", key(CLARA), "guardian", "twin"),
        )
        yield rooms


def key(n: int) -> str:
    return f"client-{canary(n)}"


def tie(name: str, one: str, kind: str, other: str) -> Offered:
    return Offered({"id": name, "client": one, "kind": kind, "other": other})


def arrive(rooms: Rooms, name: str, *rows: Offered) -> None:
    rooms.barrier.wait_for(rooms.door.offer("bank", name, list(rows)).sequence, 60)


def lines(rooms: Rooms, source_key: str) -> list[tuple[str, str]]:
    found = show_relations(permit(rooms, "show_relations"), rooms, record_id(rooms, f"bank:{source_key}"))
    return [(it.kind, it.name) for it in found.items]


def name(n: int) -> str:
    return f"{canary(n).title()} {canary(n)[::-1].title()}"


def test_a_merge_brings_relations_together_and_an_unmerge_takes_them_apart(rooms):
    together = [("ward", name(CLARA)), ("spouse", name(BORIS))]
    assert lines(rooms, key(ANNA)) == lines(rooms, "twin") == together
    steward = rooms.gate.permit(Actor("anna", ("steward",), CELL), "unmerge_customer", "stewardship", "cli")
    unmerge_customer(steward, rooms, record_id(rooms, f"bank:{key(ANNA)}"), ["bank:twin"], "two people")
    assert lines(rooms, key(ANNA)) == [("spouse", name(BORIS))]
    assert lines(rooms, "twin") == [("ward", name(CLARA))]
    assert lines(rooms, key(CLARA)) == [("guardian", name(ANNA))]


def test_a_relation_between_two_records_joins_and_parts_nobody(rooms):
    before = {n: record_of(rooms, n) for n in (ANNA, BORIS, CLARA)}
    arrive(rooms, "tie", tie("t3", key(ANNA), "parent", "twin"), tie("t4", key(BORIS), "spouse", key(CLARA)))
    assert {n: record_of(rooms, n) for n in before} == before
    found = show_relations(permit(rooms, "show_relations"), rooms, before[ANNA].hex())
    assert [it.kind for it in found.items if it.is_themselves] == ["parent"]


def record_of(rooms: Rooms, n: int) -> bytes:
    found = rooms.reader.customer_of(bytes.fromhex(record_id(rooms, f"bank:{key(n)}")))
    assert found is not None
    return found


def test_erasing_one_end_takes_the_link_and_the_name_and_the_other_stands(rooms):
    erase_customer(permit(rooms, "erase_customer"), rooms, record_of(rooms, BORIS).hex())
    assert lines(rooms, key(ANNA)) == [("ward", name(CLARA))]
    with pytest.raises(Forgotten):
        show_relations(permit(rooms, "show_relations"), rooms, record_id(rooms, f"bank:{key(BORIS)}"))
    arrive(rooms, "tie", tie("t1", key(ANNA), "spouse", key(BORIS)))
    assert lines(rooms, key(ANNA)) == [("ward", name(CLARA))], "tomorrow's file does not bring it back"


def test_who_is_held_keeps_what_is_known_of_their_relations(rooms):
    place_hold(permit(rooms, "place_hold"), rooms, record_of(rooms, BORIS).hex(), "Case 7", "a court asked")
    with pytest.raises(Refused):
        erase_customer(permit(rooms, "erase_customer"), rooms, record_of(rooms, ANNA).hex())
    assert ("spouse", name(BORIS)) in lines(rooms, key(ANNA))


def test_on_the_command_line_the_same_is_told(server, data, stated, capsys):
    server.stop()
    one = min(stated)[0]
    with pytest.raises(SystemExit):
        run(LocalHouse(), ["show", one, "--relations", "--login", "agent", "--data", str(data)])
    said = set(capsys.readouterr().out.split())
    assert {other for who, _, other in stated if who == one} <= said
