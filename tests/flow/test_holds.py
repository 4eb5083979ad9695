"""Legal holds: they win over erasure and retention, come through merges, replays and deletions, and end once.

Anna (1) and Boris (2) are two people until a steward says otherwise; every word of either can be found.
"""

from __future__ import annotations

import dataclasses
import re
import threading
import uuid
import zipfile

import msgspec
import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, Forgotten, NotFound, Refused
from onefold.record.audit.model import AuditFilter
from onefold.record.intake.model import Offered
from onefold.record.requests.model import Kind, Proof
from onefold.usecases.answer_request import complete_request
from onefold.usecases.apply_retention import apply_retention
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.erase_customer import HELD, HELD_BESIDE, erase_customer
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.hold_customer import lift_hold, place_hold
from onefold.usecases.list_holds import list_holds
from onefold.usecases.list_requests import list_requests, show_request
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.show_customer import show_customer
from onefold.usecases.statements import state
from onefold.usecases.suppress_customer import suppress_customer
from tests.canaries import CELL, CONTRACT, canary, customer_of, deliver, left_of, permit, rooms_of

ANNA, BORIS, CLARA = 1, 2, 3
MATTER, REASON = "Kanarelmatter against us", "the court asked for kanarelreason"

USERS = """\
  - name: user
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true}
      - {name: account, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: holder}
      - {property: keyPrefix, value: "use/"}
      - {property: delivers, value: record}
      - {property: subject, value: {entity: account, key: account}}
      - property: map
        value:
          party: {from: client, as: ref, object: client}
          account: {from: account, as: ref, object: account}
          role: {value: authorised}
"""
"""Who may use an account that somebody else owns."""
STOPS = """\
  - name: stop
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: client, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: suppression}
      - {property: keyPrefix, value: "stop/"}
      - {property: delivers, value: record}
      - {property: subject, value: {entity: party, key: client}}
      - property: map
        value:
          party: {from: client, as: ref, object: client}
          channel: {value: any}
          reason: {value: litigation}
          state: {value: "on"}
"""
"""What the bank says itself: that somebody is before a court."""


@pytest.fixture
def data(tmp_path):
    (tmp_path / "bank.yaml").write_text(CONTRACT + USERS + STOPS, encoding="utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
    with rooms_of(tmp_path / "data") as rooms:
        deliver(rooms.door, [ANNA, BORIS, CLARA], [])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    return tmp_path / "data"


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def place(rooms, customer: str, review: str = ""):
    return place_hold(permit(rooms, "place_hold"), rooms, customer, MATTER, REASON, review)


def lift(rooms, hold: str):
    return lift_hold(permit(rooms, "lift_hold"), rooms, hold, "the court has ruled")


def holds(rooms, customer: str = "", *, lifted: bool = False):
    return list_holds(permit(rooms, "list_holds"), rooms, customer, lifted=lifted).items


def erase(rooms, customer: str):
    return erase_customer(permit(rooms, "erase_customer"), rooms, customer)


def asked(rooms, kind: Kind, customer: str):
    it = AskedRequest(id=str(uuid.uuid4()), kind=kind, customer=customer, proof=Proof.DOCUMENT)
    return open_request(permit(rooms, "open_request"), rooms, it)


def judge(rooms, left: str, right: str, verdict: str) -> None:
    allowed = permit(rooms, "decide_judgement", "stewardship", "steward")
    decide_judgement(allowed, rooms, left, right, verdict=verdict, reason="looked")


def refusals(rooms) -> list[tuple[str, ...]]:
    return [it.reasons for it in rooms.audit.page(AuditFilter(kind="refusal"), limit=50).items]


def test_a_hold_wins_over_an_erasure_until_it_is_lifted(rooms):
    anna = customer_of(rooms, ANNA)
    placed = place(rooms, anna, "2040-01-01")
    assert (placed.state, placed.customers, placed.records) == ("stands", (anna,), 1)
    assert (placed.matter, placed.reason, placed.review_on) == (MATTER, REASON, "2040-01-01")
    with pytest.raises(Refused, match="may not be erased") as refused:
        erase(rooms, anna)
    assert refused.value.reasons == (HELD,)
    assert refusals(rooms)[0] == (HELD,)
    assert show_customer(permit(rooms, "show_customer"), rooms, anna).customer == anna
    lifted = lift(rooms, placed.id)
    assert (lifted.state, lifted.lifted_by, lifted.lifted_because) == (
        "lifted",
        "officer",
        "the court has ruled",
    )
    assert erase(rooms, anna).records
    with pytest.raises(NotFound):
        lift(rooms, placed.id)


def test_what_it_is_about_is_in_no_file_in_plain_but_the_state_and_goes_with_the_customer(data):
    with rooms_of(data) as rooms:
        placed = place(rooms, customer_of(rooms, ANNA))
    folder = read_folder(data)
    for path in (*folder.log("log").rglob("*"), *folder.log("audit").rglob("*")):
        if path.is_file():
            assert b"kanarelreason" not in path.read_bytes().lower()
    with rooms_of(data) as rooms:
        lift(rooms, placed.id)
        erase(rooms, customer_of(rooms, ANNA))
    words = (b"kanarelmatter", b"kanarelreason")
    left = [it for it in data.rglob("*") if it.is_file() and any(w in it.read_bytes().lower() for w in words)]
    assert left == []
    assert left_of(data, [ANNA]) == {}


def test_two_holds_end_one_by_one(rooms):
    anna = customer_of(rooms, ANNA)
    first, second = place(rooms, anna), place(rooms, anna)
    lift(rooms, first.id)
    with pytest.raises(Refused):
        erase(rooms, anna)
    assert [it.id for it in holds(rooms, anna)] == [second.id]
    assert {it.id for it in holds(rooms, anna, lifted=True)} == {first.id, second.id}


def test_neither_merging_nor_unmerging_loses_a_hold(rooms):
    anna, boris = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    placed = place(rooms, anna)
    judge(rooms, anna, boris, "same")
    one = customer_of(rooms, BORIS)
    assert one == customer_of(rooms, ANNA)
    with pytest.raises(Refused):
        erase(rooms, boris)  # Boris alone was never named by it: he is Anna now.
    both = place(rooms, one)
    assert both.records == 2
    lift(rooms, placed.id)
    judge(rooms, anna, boris, "different")
    for it in (anna, boris):
        with pytest.raises(Refused):
            erase(rooms, it)
    assert holds(rooms, boris)[0].customers == (boris,)
    assert set(holds(rooms)[0].customers) == {anna, boris}
    lift(rooms, both.id)
    assert erase(rooms, boris).records


def test_who_was_merged_after_it_was_placed_is_free_once_they_are_parted(rooms):
    anna, boris = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    place(rooms, anna)
    judge(rooms, anna, boris, "same")
    judge(rooms, anna, boris, "different")
    assert erase(rooms, boris).records
    with pytest.raises(Refused):
        erase(rooms, anna)


def test_a_hold_wins_over_retention_of_all_that_the_customer_is(rooms):
    anna, boris = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    place(rooms, anna)
    judge(rooms, anna, boris, "same")
    allowed = permit(rooms, "erase_customer")
    done = apply_retention(allowed, rooms, {"transaction": 30, "interaction": 30}, erase=True)
    assert (done.over, done.held) == ({"interaction": 1, "transaction": 3}, 8)
    for n, transactions in ((ANNA, 6), (BORIS, 6), (CLARA, 0)):
        view = show_customer(permit(rooms, "show_customer"), rooms, customer_of(rooms, n))
        assert sum(it.transactions for it in view.accounts) == transactions


def test_who_may_use_an_account_and_is_held_keeps_its_owner_from_being_erased(rooms):
    anna, boris = customer_of(rooms, ANNA), customer_of(rooms, BORIS)
    using = {"id": "use", "client": f"client-{canary(BORIS)}", "account": f"acc-{canary(ANNA)}"}
    rooms.door.offer("bank", "user", [Offered(using)])
    rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    placed = place(rooms, boris)
    with pytest.raises(Refused) as refused:
        erase(rooms, anna)
    assert refused.value.reasons == (HELD_BESIDE,)
    lift(rooms, placed.id)
    assert erase(rooms, anna).records


def test_a_replay_from_the_log_alone_has_the_hold(data):
    with rooms_of(data) as rooms:
        anna = customer_of(rooms, ANNA)
        place(rooms, anna)
        clara = customer_of(rooms, CLARA)
        erase(rooms, clara)  # The log is compacted around it.
    read_folder(data).state.unlink()
    with rooms_of(data) as rooms:
        assert [it.customers for it in holds(rooms)] == [(anna,)]
        with pytest.raises(Refused):
            erase(rooms, anna)
    assert LocalHouse().verify(data).sound


def test_an_erasure_request_waits_for_the_hold_and_goes_on_when_it_is_lifted(rooms):
    anna = customer_of(rooms, ANNA)
    erasing, access = (asked(rooms, kind, anna) for kind in (Kind.ERASURE, Kind.ACCESS))
    assert erasing.status == "received"
    placed = place(rooms, anna)
    looking = permit(rooms, "list_requests")
    assert show_request(looking, rooms, erasing.id).status == "held"
    assert show_request(looking, rooms, access.id).status == "received"
    assert [it.id for it in list_requests(looking, rooms, "held").items] == [erasing.id]
    assert [it.id for it in list_requests(looking, rooms, "received").items] == [access.id]
    assert {it.id for it in list_requests(looking, rooms, "open").items} == {erasing.id, access.id}
    with pytest.raises(Refused):
        complete_request(permit(rooms, "answer_request"), rooms, erasing.id)
    found = show_request(looking, rooms, erasing.id)
    assert (found.status, found.due_on) == ("held", erasing.due_on)
    lift(rooms, placed.id)
    assert show_request(looking, rooms, erasing.id).status == "in_progress"
    assert complete_request(permit(rooms, "answer_request"), rooms, erasing.id).status == "completed"


def test_what_answers_the_customer_says_nothing_of_it(rooms, tmp_path):
    anna = customer_of(rooms, ANNA)
    place(rooms, anna)
    row = {"party": anna, "channel": "any", "reason": "litigation", "state": "on"}
    state(rooms, "suppression", [row | {"since_at": "2026-01-01T00:00:00Z"}])
    holds(rooms, anna)
    request = asked(rooms, Kind.ACCESS, anna)
    complete_request(permit(rooms, "answer_request"), rooms, request.id)
    (tmp_path / "p.zip").write_bytes(fetch_package(permit(rooms, "fetch_package"), rooms, request.id))
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        told = b"".join(archive.read(it) for it in archive.namelist()).lower()
    assert b"kanarelmatter" not in told
    assert b"kanarelreason" not in told
    assert b"whether there are any is not told" in told
    assert re.search(rb'"(holds?|litigation)"', told) is None
    assert b"everything" in told, "what was looked at is told otherwise"


def test_the_audit_has_that_there_is_a_hold_and_a_digest_of_the_words(rooms):
    placed = place(rooms, customer_of(rooms, ANNA))
    lift(rooms, placed.id)
    records = rooms.audit.page(AuditFilter(kind="hold"), limit=10).items
    assert [(it.action, it.details["state"], it.details.get("stage", "")) for it in records] == [
        ("lift_hold", "lifted", ""),
        ("lift_hold", "lifted", "begun"),
        ("place_hold", "placed", ""),
    ]
    assert all(it.said and it.said.characters for it in records)
    assert all(it.customers and it.fragments for it in records)
    assert "kanarel" not in repr(records).lower()


@pytest.mark.parametrize(
    "role", ["agent", "relationship_manager", "steward", "marketer", "analyst", "engineer"]
)
def test_nobody_but_a_privacy_officer_places_sees_or_lifts_one(rooms, role):
    for action in ("place_hold", "list_holds", "lift_hold"):
        for purpose in ("servicing", "compliance", "stewardship"):
            with pytest.raises(Refused):
                rooms.gate.permit(Actor("x", (role,), CELL), action, purpose, "console")


def test_whoever_may_list_holds_but_not_see_special_data_is_not_told_what_they_are_about(rooms):
    place(rooms, customer_of(rooms, ANNA))
    allowed = permit(rooms, "list_holds")
    narrow = msgspec.structs.replace(allowed, fields=dict(allowed.fields) | {"special": "hidden"})
    (only,) = list_holds(narrow, rooms).items
    assert (only.matter, only.reason, only.state) == ("", "", "stands")


def test_what_cannot_be_held_is_told_before_anything_is_said(rooms):
    anna = customer_of(rooms, ANNA)
    allowed = permit(rooms, "place_hold")
    for matter, reason, review in (
        (" ", "r", ""),
        ("m", "x" * 501, ""),
        ("m", "r", "2020-01-01"),
        ("m", "r", "2999-01-01"),
        ("m", "r", "?"),
    ):
        with pytest.raises(CallerError):
            place_hold(allowed, rooms, anna, matter, reason, review)
    with pytest.raises(NotFound):
        place(rooms, "0" * 32)
    with pytest.raises(NotFound):
        lift(rooms, "0" * 16)
    assert holds(rooms, lifted=True) == ()
    erase(rooms, anna)
    with pytest.raises(Forgotten):
        place(rooms, anna)


def test_what_a_source_holds_for_litigation_is_not_lifted_here(rooms):
    anna = customer_of(rooms, ANNA)
    row = {"party": anna, "channel": "any", "reason": "litigation", "state": "on"}
    state(rooms, "suppression", [row | {"since_at": "2026-01-01T00:00:00Z"}])
    lift(rooms, place(rooms, anna).id)
    with pytest.raises(Refused):
        erase(rooms, anna)


def behind(rooms, call: int):
    """These rooms, where a source says that Anna is held and the state hears of it as it catches up."""
    calls = 0

    def caught_up(sequence: int) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            stop = {"id": "1", "client": f"client-{canary(ANNA)}"}
            sequence = rooms.door.offer("bank", "stop", [Offered(stop)]).sequence
        rooms.eraser.caught_up(sequence)

    return dataclasses.replace(rooms, eraser=dataclasses.replace(rooms.eraser, caught_up=caught_up))


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_hold_that_is_logged_while_the_state_is_behind_wins_over_an_erasure(rooms, call):
    anna = customer_of(rooms, ANNA)
    with pytest.raises(Refused, match="may not be erased") as refused:
        erase(behind(rooms, call), anna)
    assert refused.value.reasons == (HELD,)
    assert refusals(rooms)[0] == (HELD,)
    assert not rooms.eraser.ledger.refused
    assert show_customer(permit(rooms, "show_customer"), rooms, anna).customer == anna


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_hold_that_is_logged_while_the_state_is_behind_wins_over_retention(rooms, call):
    rules = {"transaction": 30, "interaction": 30}
    done = apply_retention(permit(rooms, "erase_customer"), behind(rooms, call), rules, erase=True)
    assert (done.over, done.held) == ({"interaction": 2, "transaction": 6}, 4)
    for n, transactions in ((ANNA, 3), (BORIS, 0), (CLARA, 0)):
        view = show_customer(permit(rooms, "show_customer"), rooms, customer_of(rooms, n))
        assert sum(it.transactions for it in view.accounts) == transactions


def stop(rooms, customer: str):
    allowed = permit(rooms, "suppress_customer")
    return suppress_customer(allowed, rooms, customer, "any", "litigation")


@pytest.mark.parametrize("hold", [place, stop])
def test_a_hold_that_comes_while_an_erasure_runs_waits_and_finds_them_erased(rooms, monkeypatch, hold):
    anna = customer_of(rooms, ANNA)
    begun, go_on = threading.Event(), threading.Event()
    inner = type(rooms.eraser).erase

    def slow(self, *args, **more):
        begun.set()
        assert go_on.wait(30)
        return inner(self, *args, **more)

    monkeypatch.setattr(type(rooms.eraser), "erase", slow)
    outcome: list[object] = []

    def placing():
        try:
            outcome.append(hold(rooms, anna))
        except Forgotten as error:
            outcome.append(error)

    erasing = threading.Thread(target=erase, args=(rooms, anna))
    erasing.start()
    assert begun.wait(30)
    holding = threading.Thread(target=placing)
    holding.start()
    holding.join(0.3)
    assert holding.is_alive(), "it did not wait for the erasure"
    go_on.set()
    erasing.join(60)
    holding.join(60)
    assert isinstance(outcome[0], Forgotten)
