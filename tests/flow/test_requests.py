"""Requests of data subjects from the first step to the end: what is asked is done, each step is written down.

Anna (1) and Boris (2) hold an account together; every word of either is one that a grep can find.
"""

from __future__ import annotations

import io
import json
import os
import uuid
import zipfile
from hashlib import sha256
from typing import Any

import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.channels.cli.house import Period
from onefold.gate.model import Actor, Bounds
from onefold.kernel.errors import CallerError, Forgotten, NotFound, Refused, Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.intake.model import Offered
from onefold.record.requests.rules import RequestKnown, RequestStands
from onefold.usecases import make_package
from onefold.usecases.answer_request import (
    complete_request,
    extend_request,
    refuse_request,
    verify_request,
)
from onefold.usecases.cancel_request import cancel_request
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.list_requests import list_requests, show_request
from onefold.usecases.open_request import AskedRequest, find_subject, open_request
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.request_views import Delay, Kind, Proof, Refusal
from onefold.usecases.show_consents import show_consents
from onefold.usecases.show_customer import show_customer
from onefold.usecases.statements import state
from tests.canaries import CELL, CONTRACT, canary, customer_of, deliver, left_of, permit, rooms_of

ANNA, BORIS = 1, 2


@pytest.fixture
def data(tmp_path):
    """A folder with the two and what they share."""
    (tmp_path / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
    with rooms_of(tmp_path / "data") as rooms:
        deliver(rooms.door, [ANNA, BORIS], [(ANNA, BORIS)])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    return tmp_path / "data"


@pytest.fixture
def rooms(data):
    with rooms_of(data) as rooms:
        yield rooms


def opened(rooms, kind: Kind, n: int = ANNA, **more) -> str:
    asked: dict[str, Any] = {"id": str(uuid.uuid4()), "kind": kind, "customer": customer_of(rooms, n)}
    asked |= {"proof": Proof.DOCUMENT} | more
    return open_request(permit(rooms, "open_request"), rooms, AskedRequest(**asked)).id


def complete(rooms, request: str):
    return complete_request(permit(rooms, "answer_request"), rooms, request)


def files_of(rooms, request: str) -> dict[str, bytes]:
    data = fetch_package(permit(rooms, "fetch_package"), rooms, request)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {it: archive.read(it) for it in archive.namelist()}


def steps_in_audit(rooms, request: str) -> list[str]:
    page = rooms.audit.page(AuditFilter(kind="request"), limit=500)
    return [it.details["step"] for it in reversed(page.items) if it.details["request"] == request]


# ------------------------------------------------------------------ access and portability


def test_access_gives_one_package_that_proves_itself(rooms):
    request = opened(rooms, Kind.ACCESS)
    assert complete(rooms, request).status == "completed"
    files = files_of(rooms, request)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["request"] == request
    assert manifest["customer"] == customer_of(rooms, ANNA)
    assert manifest["files"] == {name: sha256(it).hexdigest() for name, it in files.items()}
    records = json.loads(files["records.json"])
    assert manifest["records"] == len(records)
    by_entity = {entity: [it for it in records if it["entity"] == entity] for entity in
                 {it["entity"] for it in records}}  # fmt: skip
    assert {entity: len(it) for entity, it in by_entity.items()} == {
        "party": 1,
        "account": 2,
        "holder": 2,
        "transaction": 6,
        "interaction": 1,
        "household": 1,
        "relation": 3,
    }
    relations = [it["values"] for it in by_entity["relation"]]
    assert {it["kind"] for it in relations} == {"household", "spouse", "guardian"}
    assert all({"party", "other"} & it.keys() for it in relations), "of each its own end"
    assert not [it for it in relations if {"party", "other"} <= it.keys()], "and no other"
    assert all(it["source"] == "bank" and it["said_at"] for it in records)
    assert canary(ANNA) in by_entity["interaction"][0]["values"]["text"]
    profile = json.loads(files["profile.json"])
    assert profile["email"]["value"] == f"{canary(ANNA)}@bank.uz"
    assert profile["email"]["source"] == "bank"
    page = files["index.html"].decode()
    assert canary(ANNA).title() in page
    assert "<script" not in page
    table = files["tables/transaction.csv"].decode().splitlines()
    assert table[0].startswith("source,key,said_at,account,amount")
    assert len(table) == 7


@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.PORTABILITY])
@pytest.mark.parametrize(("who", "other"), [(ANNA, BORIS), (BORIS, ANNA)])
def test_no_word_of_the_other_holder_stands_in_any_file_of_it(rooms, tmp_path, kind, who, other):
    said = f"Came with {canary(other).title()}, phone +9989{other:08d}"
    note = {"id": "n", "client": f"client-{canary(who)}", "at": "2026-02-01T10:00:00Z", "said": said}

    assert rooms.door.offer("bank", "note", [Offered(note)]).tally.accepted == 1
    rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    agreed = ConsentFact("marketing", "email", "granted", f"a form of {canary(other)} and mine")
    record_consent(permit(rooms, "record_consent"), rooms, customer_of(rooms, who), agreed)
    request = opened(rooms, kind, who)
    complete(rooms, request)
    for name, content in files_of(rooms, request).items():
        place = tmp_path / "unpacked" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    assert left_of(tmp_path / "unpacked", [who])
    assert left_of(tmp_path / "unpacked", [other]) == {}
    assert customer_of(rooms, other).encode() not in b"".join(
        it.read_bytes() for it in (tmp_path / "unpacked").rglob("*") if it.is_file()
    )


def test_access_tells_consents_with_their_history_recipients_and_how_long_things_are_kept(data):
    shipped = read_folder(data).root / "laws.yaml"
    shipped.write_text(
        "version: 1\nlaws: {here: {title: A law, jurisdictions: [uz], answer: {days: 10}}}\n"
        "otherwise: here\nkeep: {interaction: 365}\n"
    )
    with rooms_of(data) as rooms:
        anna = customer_of(rooms, ANNA)
        for fact in ("granted", "withdrawn"):
            said = ConsentFact(purpose="marketing", channel="email", fact=fact, evidence="form 7")
            record_consent(permit(rooms, "record_consent"), rooms, anna, said)
        marketer = rooms.gate.permit(
            Actor("m", ("marketer",), CELL), "activate_segment", "marketing", "email"
        )
        rooms.gate.released(
            marketer,
            "release",
            customers=[bytes.fromhex(anna), bytes.fromhex(customer_of(rooms, BORIS))],
            details={"segment": "spring", "release": "r1"},
        )
        partner = Actor("client:p", ("relationship_manager",), CELL, controller="tpp-7")
        looking = rooms.gate.permit(partner, "show_customer", "marketing", "api")
        rooms.gate.released(looking, "view", customer=bytes.fromhex(anna))
        request = opened(rooms, Kind.ACCESS)
        complete(rooms, request)
        files = files_of(rooms, request)
    consents = json.loads(files["consents.json"])
    assert [it["fact"] for it in consents["history"]] == ["withdrawn", "granted"]
    assert {it["state"] for it in consents["standing"] if it["purpose"] == "marketing"} == {"withdrawn"}
    told = json.loads(files["recipients.json"])
    release, given = told["releases"]
    assert (release["campaign"], release["purpose"], release["channel"]) == ("spring", "marketing", "email")
    assert (given["controller"], given["channel"], release["controller"]) == ("tpp-7", "api", "")
    assert {"privacy_officer"} <= {it["role"] for it in told["inside"]}
    assert "officer" not in {word for it in told["inside"] for word in it.values()}
    kept = {it["kind"]: it["days"] for it in json.loads(files["retention.json"])}
    assert kept["interaction"] == 365
    assert kept["party"] is None
    sources = json.loads(files["sources.json"])
    assert {it["source"] for it in sources} == {"bank", "onefold"}
    assert {"marketing", "servicing"} <= {it["purpose"] for it in json.loads(files["purposes.json"])}


def test_portability_has_the_data_and_nothing_that_was_made_of_it(rooms):
    request = opened(rooms, Kind.PORTABILITY)
    complete(rooms, request)
    files = files_of(rooms, request)
    assert {"records.json", "consents.json", "tables/party.csv", "manifest.json"} <= set(files)
    assert not {"profile.json", "recipients.json", "sources.json", "withheld.json"} & set(files)


def test_a_package_is_private_whole_and_in_the_audit_before_it_is_there(data):
    with rooms_of(data) as rooms:
        request = opened(rooms, Kind.ACCESS)
        complete(rooms, request)
        path = read_folder(data).packages / f"{request}.zip"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        (made,) = rooms.audit.page(AuditFilter(kind="package")).items
        assert made.details["sha256"] == sha256(path.read_bytes()).hexdigest()
        fetch_package(permit(rooms, "fetch_package"), rooms, request)
        (fetched,) = rooms.audit.page(AuditFilter(kind="package_fetched")).items
        assert fetched.details["sha256"] == made.details["sha256"]
        kinds = {it.kind for it in rooms.audit.page(AuditFilter(action="answer_request"), limit=500).items}
        assert kinds == {"request", "everything", "consents", "package"}


def test_a_package_lies_here_for_so_many_days_and_no_longer(data):
    with rooms_of(data) as rooms:
        old, fresh = opened(rooms, Kind.ACCESS), opened(rooms, Kind.ACCESS)
        for request in (old, fresh):
            complete(rooms, request)
        path = read_folder(data).packages / f"{old}.zip"
        long_ago = path.stat().st_mtime - 31 * 86_400
        os.utime(path, (long_ago, long_ago))
    with rooms_of(data) as rooms:
        assert not path.exists()
        with pytest.raises(NotFound):
            fetch_package(permit(rooms, "fetch_package"), rooms, old)
        assert files_of(rooms, fresh)
        (gone,) = rooms.audit.page(AuditFilter(kind="package_removed")).items
        assert gone.reasons == (f"request {old}",)


def test_what_was_read_for_an_answer_is_judged_again_from_the_log(data):
    with rooms_of(data) as rooms:
        complete(rooms, opened(rooms, Kind.ACCESS))
    proved = LocalHouse().prove_consent(data, Period(), lambda *_: None)
    assert proved.holds
    assert proved.violations == ()
    assert proved.resting_on_none >= 1


def test_without_its_audit_record_no_package_is_there(data, monkeypatch):
    with rooms_of(data) as rooms:
        request = opened(rooms, Kind.ACCESS)
        kept = rooms.gate.released

        def failing(given, kind, **what):
            if kind == "package":
                raise Unavailable("The disk failed.")
            return kept(given, kind, **what)

        monkeypatch.setattr(rooms.gate, "released", failing)
        with pytest.raises(Unavailable):
            complete(rooms, request)
        assert list(read_folder(data).packages.iterdir()) == []
        monkeypatch.undo()
        assert show_request(permit(rooms, "list_requests"), rooms, request).status == "in_progress"
        assert complete(rooms, request).status == "completed"
        assert files_of(rooms, request)


# ------------------------------------------------------------------ erasure


def test_completing_an_erasure_erases_and_the_request_outlives_it_without_a_word_of_the_person(data):
    base = data.parent
    with rooms_of(data) as rooms:
        access = opened(rooms, Kind.ACCESS)
        complete(rooms, access)
        request, anna = opened(rooms, Kind.ERASURE), customer_of(rooms, ANNA)
        done = complete(rooms, request)
        assert done.outcome
        with pytest.raises(Forgotten):
            show_customer(permit(rooms, "show_customer"), rooms, anna)
        with pytest.raises(NotFound):
            fetch_package(permit(rooms, "fetch_package"), rooms, access)
    assert left_of(base, [ANNA]) == {}
    replayed = LocalHouse().replay(data, base / "replayed", lambda *_: None)
    assert replayed.rebuilt == replayed.in_use
    with rooms_of(data) as rooms:
        found = show_request(permit(rooms, "list_requests"), rooms, request)
        assert (found.status, found.kind, found.customer) == ("completed", "erasure", anna)
        assert [it.step for it in found.steps] == ["received", "begun", "completed"]
        assert steps_in_audit(rooms, request) == ["received", "begun", "completed"]
    verified = LocalHouse().verify(data)
    assert verified.sound
    assert "requests" in {it.name for it in verified.logs}


def test_a_legal_hold_wins_and_the_request_is_refused_for_it(rooms):
    anna = customer_of(rooms, ANNA)
    hold = {"party": anna, "channel": "any", "reason": "litigation", "state": "on"}
    state(rooms, "suppression", [hold | {"since_at": "2026-01-01T00:00:00Z"}])
    request = opened(rooms, Kind.ERASURE)
    with pytest.raises(Refused):
        complete(rooms, request)
    assert show_request(permit(rooms, "list_requests"), rooms, request).status == "held"
    refused = refuse_request(permit(rooms, "answer_request"), rooms, request, Refusal.LEGAL_HOLD)
    assert (refused.status, refused.because) == ("refused", "legal_hold")
    assert show_customer(permit(rooms, "show_customer"), rooms, anna).customer == anna


def test_an_erasure_that_was_cut_off_is_completed_by_asking_again(rooms, monkeypatch):
    request = opened(rooms, Kind.ERASURE)
    take = rooms.requests.take

    def cut_off(it, said=lambda: None):
        if it.step == "completed":
            raise Unavailable("The disk failed.")
        return take(it, said)

    monkeypatch.setattr(rooms.requests, "take", cut_off)
    with pytest.raises(Unavailable):
        complete(rooms, request)
    monkeypatch.undo()
    done = complete(rooms, request)
    assert (done.status, done.outcome) == ("completed", "erased before")


def test_who_may_answer_and_not_erase_does_not_erase(rooms):
    request = opened(rooms, Kind.ERASURE)
    bounded = Actor("token:t", ("privacy_officer",), CELL, Bounds(("compliance",), ("answer_request",)))
    allowed = rooms.gate.permit(bounded, "answer_request", "compliance", "api")
    with pytest.raises(Refused):
        complete_request(allowed, rooms, request)
    assert show_request(permit(rooms, "list_requests"), rooms, request).status == "received"
    assert customer_of(rooms, ANNA)


# ------------------------------------------------------------------ objection, restriction, rectification


def test_an_objection_is_in_force_when_it_is_completed(rooms):
    anna = customer_of(rooms, ANNA)
    yes = ConsentFact(purpose="marketing", channel="email", fact="granted", evidence="form 7")
    record_consent(permit(rooms, "record_consent"), rooms, anna, yes)
    marketer = rooms.gate.permit(Actor("m", ("marketer",), CELL), "show_customer", "marketing", "console")
    show_customer(marketer, rooms, anna)
    complete(rooms, opened(rooms, Kind.OBJECTION))
    with pytest.raises(Refused):
        show_customer(marketer, rooms, anna)
    ledger = show_consents(permit(rooms, "show_consents"), rooms, anna)
    assert {it.state for it in ledger.standing if it.purpose == "marketing"} == {"objected"}


def test_a_restriction_leaves_what_a_contract_or_a_law_asks_for(rooms):
    anna = customer_of(rooms, ANNA)
    complete(rooms, opened(rooms, Kind.RESTRICTION))
    ledger = show_consents(permit(rooms, "show_consents"), rooms, anna)
    objected = {it.purpose for it in ledger.standing if it.state == "objected"}
    assert {"marketing", "analytics", "stewardship", "partner", "service_improvement"} <= objected
    agent = rooms.gate.permit(Actor("a", ("agent",), CELL), "show_customer", "servicing", "console")
    assert show_customer(agent, rooms, anna).customer == anna
    steward = rooms.gate.permit(Actor("s", ("steward",), CELL), "show_customer", "stewardship", "console")
    with pytest.raises(Refused):
        show_customer(steward, rooms, anna)


def test_nobody_objects_to_what_rests_on_a_contract(rooms):
    with pytest.raises(CallerError, match="object"):
        opened(rooms, Kind.OBJECTION, purposes=("servicing",))
    with pytest.raises(CallerError, match="names purposes"):
        opened(rooms, Kind.ACCESS, purposes=("marketing",))


def test_a_rectification_says_that_the_source_mended_it(rooms):
    assert complete(rooms, opened(rooms, Kind.RECTIFICATION)).outcome == "mended at the source"


# ------------------------------------------------------------------ steps


def test_every_step_is_in_the_audit_with_its_reason(rooms):
    request = opened(rooms, Kind.ACCESS, proof=Proof.NONE)
    with pytest.raises(RequestStands):
        complete(rooms, request)
    allowed = permit(rooms, "answer_request")
    verify_request(allowed, rooms, request, Proof.LOGIN)
    extend_request(allowed, rooms, request, Delay.COMPLEX)
    complete(rooms, request)
    assert steps_in_audit(rooms, request) == ["received", "verified", "extended", "begun", "completed"]
    page = rooms.audit.page(AuditFilter(kind="request"), limit=500)
    assert {"login", "document"} & {it.details.get("proof") for it in page.items} == {"login"}
    assert {it.details.get("because") for it in page.items} == {None, "complex"}


def test_a_step_whose_audit_record_cannot_be_written_is_not_taken(rooms, monkeypatch):
    request = opened(rooms, Kind.ACCESS)

    def failing(*_, **__):
        raise Unavailable("The disk failed.")

    monkeypatch.setattr(rooms.gate, "released", failing)
    with pytest.raises(Unavailable):
        cancel_request(permit(rooms, "cancel_request"), rooms, request)
    monkeypatch.undo()
    assert show_request(permit(rooms, "list_requests"), rooms, request).status == "received"


def test_deadlines_come_from_the_law_of_the_cell_or_the_one_named(rooms):
    mine = opened(rooms, Kind.ACCESS, asked_at="2026-01-31")
    theirs = opened(rooms, Kind.ACCESS, asked_at="2026-01-31", law="gdpr")
    found = {it.id: it for it in list_requests(permit(rooms, "list_requests"), rooms, "open").items}
    assert (found[mine].law, found[mine].due_on) == ("uz", "2026-02-15")
    assert (found[theirs].law, found[theirs].due_on) == ("gdpr", "2026-02-28")
    assert found[mine].days_left < 0
    assert list_requests(permit(rooms, "list_requests"), rooms).overdue == 2
    with pytest.raises(CallerError, match="future"):
        opened(rooms, Kind.ACCESS, asked_at="2999-01-01")


def test_what_was_begun_is_not_cancelled_and_an_id_is_used_once(rooms):
    request = opened(rooms, Kind.ACCESS)
    again = AskedRequest(id=request, kind=Kind.ERASURE, customer=customer_of(rooms, ANNA))
    with pytest.raises(RequestKnown):
        open_request(permit(rooms, "open_request"), rooms, again)
    complete(rooms, request)
    with pytest.raises(RequestStands):
        cancel_request(permit(rooms, "cancel_request"), rooms, request)
    with pytest.raises(CallerError, match="UUID"):
        opened(rooms, Kind.ACCESS, id="../../etc/passwd")


def test_who_is_meant_is_found_by_what_fits_them_whole_and_alone(rooms):
    allowed = permit(rooms, "open_request")

    def found(*identities):
        return find_subject(allowed, rooms, identities)

    email, key = f"{canary(ANNA)}@bank.uz", f"client-{canary(ANNA)}"
    anna = customer_of(rooms, ANNA)
    assert found(("email", email.upper())) == anna
    assert found(("controller_customer_id", key)) == anna
    assert found(("controller_customer_id", anna)) == anna
    assert found(("email", "nobody@bank.uz"), ("controller_customer_id", key)) == anna
    assert found(("email", email[:6])) == ""
    assert found(("email", "nobody@bank.uz")) == ""
    assert found(("controller_customer_id", "0" * 32)) == ""
    with pytest.raises(CallerError, match="exactly one"):
        found(("email", email), ("controller_customer_id", f"client-{canary(BORIS)}"))
    nobody = opened(rooms, Kind.ACCESS, customer="")
    with pytest.raises(RequestStands, match="Nobody"):
        complete(rooms, nobody)
    refused = refuse_request(permit(rooms, "answer_request"), rooms, nobody, Refusal.NOT_HELD)
    assert refused.customer == ""


def test_who_is_overdue_is_counted_beyond_what_is_listed(rooms):
    for _ in range(3):
        opened(rooms, Kind.ACCESS, asked_at="2020-01-01")
    found = list_requests(permit(rooms, "list_requests"), rooms, "open", most=1)
    assert len(found.items) == 1
    assert found.overdue == 3


def test_an_answer_that_would_not_have_all_of_the_audit_is_not_given(rooms, monkeypatch):
    request = opened(rooms, Kind.ACCESS)
    monkeypatch.setattr(make_package, "AUDITED_MAX", 0)
    monkeypatch.setattr(make_package, "_PAGE", 1)
    with pytest.raises(CallerError, match="records of the audit"):
        complete(rooms, request)
