"""Every use case leaves a record before anything leaves, and gives nothing out where none can be written.

The use cases are found in the code: whatever a channel or the composition root is offered and is given the
rooms. One that nobody has said how to call here fails this file.
"""

from __future__ import annotations

import ast
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import pytest

from onefold.app.consent_proof import RELEASES
from onefold.app.demo import LOGINS, PASSWORD
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor, Permit, TransactionFilter
from onefold.gate.policy_files import shipped
from onefold.gate.rules import Policies
from onefold.gate.words import ACTIONS, OWN_CHANNELS
from onefold.kernel.errors import OnefoldError, Refused, Unauthenticated, Unavailable
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import iso_instant
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.record.canon.purposes import WHOLES
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.requests.callbacks import Address, Callbacks
from onefold.record.requests.model import Delay, Kind, Proof, Refusal
from onefold.record.requests.telling import Pace
from onefold.testing.biometrics import FuzzyMatcher, sample_of
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.answer_request import complete_request, extend_request, refuse_request, verify_request
from onefold.usecases.apply_retention import apply_retention
from onefold.usecases.balance_history import balance_history
from onefold.usecases.biometrics import enrol_biometric, revoke_biometric, verify_biometric
from onefold.usecases.break_glass import break_glass
from onefold.usecases.cancel_request import cancel_request
from onefold.usecases.change_password import change_password
from onefold.usecases.count_audience import count_audience
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.erase_customer import Because as ErasedBecause
from onefold.usecases.erase_customer import erase_customer
from onefold.usecases.evaluate_segment import evaluate_segment, list_segments
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.export_evidence import Question, export_evidence
from onefold.usecases.fetch_package import fetch_package
from onefold.usecases.fetch_references import fetch_references
from onefold.usecases.grant_access import grant_access
from onefold.usecases.hold_customer import lift_hold, place_hold
from onefold.usecases.list_audit import list_audit
from onefold.usecases.list_holds import list_holds
from onefold.usecases.list_hubs import list_hubs, list_shared_devices
from onefold.usecases.list_quarantine import Wanted, list_quarantine
from onefold.usecases.list_requests import list_requests, show_request
from onefold.usecases.list_sources import list_sources
from onefold.usecases.list_transactions import list_transactions
from onefold.usecases.list_violations import list_violations
from onefold.usecases.open_conversation import open_conversation
from onefold.usecases.open_request import AskedRequest, find_subject, open_request
from onefold.usecases.ports import Person
from onefold.usecases.processor import Processor
from onefold.usecases.prove_audit import proof_file, prove_audit, prove_growth
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.register_schemas import (
    check_schema,
    find_schema,
    list_places,
    list_subjects,
    list_versions,
    refuse_deletion,
    register_schema,
    set_level,
    show_level,
    show_schema,
    show_version,
)
from onefold.usecases.reveal_token import reveal_token
from onefold.usecases.review_matches import (
    claim_review,
    decide_review,
    list_reviews,
    release_review,
    skip_review,
)
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_conversations import search_conversations
from onefold.usecases.search_customers import search_customers
from onefold.usecases.settle_quarantine import Because, Chosen, discard_quarantine, resubmit_quarantine
from onefold.usecases.show_consents import show_consents
from onefold.usecases.show_customer import show_customer
from onefold.usecases.show_held_row import show_held_row
from onefold.usecases.show_relations import show_relations
from onefold.usecases.show_source import show_source
from onefold.usecases.show_timeline import show_timeline
from onefold.usecases.sign_in import end_at_provider, sign_in, sign_out
from onefold.usecases.statements import state
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer
from onefold.usecases.tell_controllers import tell_controllers
from onefold.usecases.unmerge_customer import revoke_judgement, unmerge_customer
from onefold.usecases.ways import Ways
from tests.flow.server import make_world
from tests.flow.test_leaks import AT_THE_FOLDER, offered_to_channels

SEGMENT = "balance-dip-fewer-logins"
POLICIES = Policies(shipped())
HANDED_IN = {"Ingested", "IngestedChanges", "Consumed", "Tally"}
"""What such a use case answers is the account of what its caller handed in, and nothing that was here before;
its record is the log, the quarantine and their account (`test_l6_nothing_lost.py`).
"""
SILENT = {
    "admit": "a key becomes a permit, with every call; what is done with it is on record",
    "admit_webhook": "as admit",
    "by_service_token": "as admit",
    "by_access": "as admit; the access itself was granted on record",
    "begin_at_provider": "nobody is anybody yet; how it ends is on record",
    "describe_ways": "what the sign-in page says to everybody",
    "describe_session": "what somebody may do, told to themselves",
    "may_go_on": "whether a session that was begun on record is still good",
    "check_health": "counts, told to everybody",
    "check_ready": "whether anything is wrong, told to everybody",
    "signature_headers": "over what an answer on record says already",
    "certificate_address": "told to everybody",
    "show_certificate": "as it says: public",
    "results_address": "an address; what is there is fetched on record",
    "counted_as_run": "a block in which others hand in",
    "turn_away": "a count of those whom nobody knows, which goes on record once a minute",
}
"""Given the rooms and on no record, and why. They show nobody's data."""


class World(NamedTuple):
    """Rooms with something in each, and whom to ask about."""

    folder: Path
    rooms: Rooms
    customer: str
    account: str
    moment: str
    leaving: str
    subject: str
    schema: dict[str, Any]
    schema_id: int
    client: str
    secret: str
    proof: bytes
    request: str = ""
    hold: str = ""
    token: str = ""
    merged: tuple[str, ...] = ("", "")


Call = Callable[[World, Permit], object]


def of_customer(use_case: Callable[..., object], *more: object) -> Call:
    return lambda it, permit: use_case(permit, it.rooms, it.customer, *more)


def _ended(it: World, _: Permit) -> object:
    """Somebody comes back from the provider."""
    redeemed = SimpleNamespace(name="ours", redeem=lambda *_: Person("anna", ("agents",)))
    ways = Ways(provider=redeemed, provider_roles={"agents": ("agent",)})
    rooms = replace(it.rooms, ways=ways)
    return end_at_provider(rooms, rooms.begun.begin("/").state, "code", "issuer")


def _changed(it: World, _: Permit) -> object:
    """Somebody new changes the password they were given."""
    LocalHouse().users(it.folder).add("changer", PASSWORD, ("agent",))
    return change_password(it.rooms, "changer", PASSWORD, f"{PASSWORD} two")


def _called(it: World, _: Permit) -> object:
    """Somebody's controller wants to be told, and is."""
    sent: list[Address] = []
    poster = SimpleNamespace(post=lambda address, *_: sent.append(address))
    told = tell_controllers(it.rooms, poster, Pace(lambda: 0.0))
    assert told == len(sent) > 0
    return sent


def _with_a_controller(it: World) -> World:
    """Who answers for a domain, and a request whose controller is to be told."""
    hosts = Callbacks(frozenset({("dsr.example", 443)}))
    key = SimpleNamespace(certificate=b"one", sign=lambda data: data[:1])
    rooms = replace(it.rooms, processor=Processor("bank.example", hosts, key))
    asked = msgspec.structs.replace(_asked(it), callbacks=("https://dsr.example/told",))
    open_request(permit_for(rooms, "open_request"), rooms, asked)
    return it._replace(rooms=rooms)


def _set_and_lifted(permit: Permit, rooms: Rooms, customer: str) -> object:
    """States again what a call before lifted, as a desk would, so that there is something to lift."""
    party = {"party": customer, "channel": "push", "reason": "wish", "state": "on"}
    state(rooms, "suppression", [party | {"since_at": iso_instant(rooms.clock.now_ms())}])
    return lift_suppression(permit, rooms, customer, "push", "wish")


def _asked(it: World) -> AskedRequest:
    """What somebody asks for who showed a document."""
    asked = str(uuid.uuid4())
    return AskedRequest(id=asked, kind=Kind.ACCESS, customer=it.customer, proof=Proof.DOCUMENT)


def _of_another(it: World, permit: Permit) -> object:
    """Who asks keeps a portfolio, and the customer is of another one."""
    keeper = msgspec.structs.replace(permit.actor, portfolios=("nobody of that name",))
    permit = msgspec.structs.replace(permit, actor=keeper)
    with it.rooms.reader.snapshot() as reader:
        records = reader.records_of(reader.customers(b"", 1000))
    found = next(
        customer
        for customer, held in records.items()
        if any((one.values or {}).get("manager") for one in held)
    )
    return break_glass(permit, it.rooms, found.hex(), "covering")


def ready(it: World, name: str) -> World:
    """With what it is about: a request, answered for its package; a hold; a token; a controller."""
    if name == "lift_hold":
        placing = permit_for(it.rooms, "place_hold")
        return it._replace(hold=place_hold(placing, it.rooms, it.customer, "Case 8", "asked").id)
    if name == "tell_controllers":
        return _with_a_controller(it)
    if name in ("unmerge_customer", "revoke_judgement"):
        return it._replace(merged=_merged(it.rooms))
    if name == "release_review":
        claim_review(permit_for(it.rooms, "decide_review"), it.rooms, it.customer, it.leaving)
    if name.endswith("_biometric"):
        return _agreed(it)
    if name == "reveal_token":
        return it._replace(token=_shown_to_an_analyst(it.rooms))
    if "request" not in name and name != "fetch_package":
        return it
    request = open_request(permit_for(it.rooms, "open_request"), it.rooms, _asked(it)).id
    if name == "fetch_package":
        complete_request(permit_for(it.rooms, "answer_request"), it.rooms, request)
    return it._replace(request=request)


def _agreed(it: World) -> World:
    """The customer agreed to be told by their voice, and was enrolled."""
    yes = ConsentFact("authentication", "call", "granted", "said so", data_class="biometric")
    record_consent(permit_for(it.rooms, "record_consent", "servicing"), it.rooms, it.customer, yes)
    asked = permit_for(it.rooms, "enrol_biometric"), it.rooms, it.customer, "voice", "call"
    enrol_biometric(*asked, sample_of("her"))
    return it


def _merged(rooms: Rooms) -> tuple[str, str]:
    """Two records of one customer, which a steward calls the same."""
    for customer in rooms.reader.customers(b"", 1000):
        members = [it.hex() for it in rooms.reader.fragments_of(customer)]
        if len(members) > 1:
            judging = permit_for(rooms, "decide_judgement")
            decide_judgement(judging, rooms, *members[:2], verdict="same", reason="a test")
            return members[0], members[1]
    raise AssertionError("nobody has two records")


def _shown_to_an_analyst(rooms: Rooms) -> str:
    """The name of a customer who agreed to analytics, as a token."""
    looking = permit_for(rooms, "show_customer", "analytics")
    for customer in rooms.reader.customers(b"", 1000):
        with suppress(OnefoldError):
            return show_customer(looking, rooms, customer.hex()).name
    raise AssertionError("nobody agreed to analytics")


WISH = ConsentFact("marketing", "sms", "withdrawn", "said so at the desk")
NO_ROWS = Chosen(source="crm", reason="none")
CALLS: dict[str, Call] = {
    "search_customers": lambda it, permit: search_customers(permit, it.rooms, "Karimov"),
    "show_customer": of_customer(show_customer),
    "fetch_references": of_customer(fetch_references),
    "list_transactions": of_customer(list_transactions, TransactionFilter()),
    "balance_history": lambda it, permit: balance_history(permit, it.rooms, it.customer, it.account),
    "show_timeline": of_customer(show_timeline),
    "show_relations": of_customer(show_relations),
    "open_conversation": lambda it, permit: open_conversation(permit, it.rooms, it.customer, it.moment),
    "search_conversations": lambda it, permit: search_conversations(permit, it.rooms, "card"),
    "show_consents": of_customer(show_consents),
    "record_consent": of_customer(record_consent, WISH),
    "suppress_customer": of_customer(suppress_customer, "sms", "wish"),
    "lift_suppression": of_customer(_set_and_lifted),
    "break_glass": _of_another,
    "reveal_token": lambda it, permit: reveal_token(permit, it.rooms, [it.token], "complaint"),
    "enrol_biometric": of_customer(enrol_biometric, "voice", "call", sample_of("her")),
    "verify_biometric": of_customer(verify_biometric, "voice", "call", sample_of("her")),
    "revoke_biometric": of_customer(revoke_biometric, "voice"),
    "open_request": lambda it, permit: open_request(permit, it.rooms, _asked(it)),
    "find_subject": lambda it, permit: find_subject(
        permit, it.rooms, [("controller_customer_id", it.customer)]
    ),
    "list_requests": lambda it, permit: list_requests(permit, it.rooms),
    "show_request": lambda it, permit: show_request(permit, it.rooms, it.request),
    "verify_request": lambda it, permit: verify_request(permit, it.rooms, it.request, Proof.LOGIN),
    "extend_request": lambda it, permit: extend_request(permit, it.rooms, it.request, Delay.COMPLEX),
    "refuse_request": lambda it, permit: refuse_request(permit, it.rooms, it.request, Refusal.LEGAL_DUTY),
    "cancel_request": lambda it, permit: cancel_request(permit, it.rooms, it.request),
    "complete_request": lambda it, permit: complete_request(permit, it.rooms, it.request),
    "fetch_package": lambda it, permit: fetch_package(permit, it.rooms, it.request),
    "erase_customer": lambda it, permit: erase_customer(permit, it.rooms, it.leaving, ErasedBecause.REQUEST),
    "place_hold": of_customer(place_hold, "Case 7", "a court asked"),
    "lift_hold": lambda it, permit: lift_hold(permit, it.rooms, it.hold, "the court is done"),
    "list_holds": lambda it, permit: list_holds(permit, it.rooms),
    "apply_retention": lambda it, permit: apply_retention(
        permit, it.rooms, {"interaction": 36_500}, erase=False
    ),
    "decide_judgement": lambda it, permit: decide_judgement(
        permit, it.rooms, it.customer, it.leaving, verdict="unsure", reason="looked alike"
    ),
    "unmerge_customer": lambda it, permit: unmerge_customer(
        permit, it.rooms, it.merged[0], it.merged[1:], "a test", dry_run=True
    ),
    "revoke_judgement": lambda it, permit: revoke_judgement(
        permit, it.rooms, it.merged[0], it.merged[1], "a test", dry_run=True
    ),
    "list_reviews": lambda it, permit: list_reviews(permit, it.rooms),
    "list_hubs": lambda it, permit: list_hubs(permit, it.rooms),
    "list_shared_devices": lambda it, permit: list_shared_devices(permit, it.rooms),
    "claim_review": lambda it, permit: claim_review(permit, it.rooms, it.customer, it.leaving),
    "release_review": lambda it, permit: release_review(permit, it.rooms, it.customer, it.leaving),
    "skip_review": lambda it, permit: skip_review(permit, it.rooms, it.customer, it.leaving, "a test"),
    "decide_review": lambda it, permit: decide_review(
        permit, it.rooms, it.customer, it.leaving, verdict="unsure", reason="a test"
    ),
    "explain_customer": lambda it, permit: explain_customer(permit, it.rooms, it.customer, it.leaving),
    "list_sources": lambda it, permit: list_sources(permit, it.rooms),
    "show_source": lambda it, permit: show_source(permit, it.rooms, "digital"),
    "list_quarantine": lambda it, permit: list_quarantine(permit, it.rooms, Wanted()),
    "list_violations": lambda it, permit: list_violations(permit, it.rooms),
    "show_held_row": lambda it, permit: show_held_row(permit, it.rooms, "1"),
    "resubmit_quarantine": lambda it, permit: resubmit_quarantine(permit, it.rooms, NO_ROWS, None),
    "discard_quarantine": lambda it, permit: discard_quarantine(permit, it.rooms, NO_ROWS, Because.TEST_DATA),
    "list_audit": lambda it, permit: list_audit(permit, it.rooms),
    "prove_audit": lambda it, permit: prove_audit(permit, it.rooms, "1"),
    "prove_growth": lambda it, permit: prove_growth(permit, it.rooms, it.proof),
    "export_evidence": lambda it, permit: export_evidence(permit, it.rooms, Question(user="nobody")),
    "list_segments": lambda it, permit: list_segments(permit, it.rooms),
    "evaluate_segment": lambda it, permit: evaluate_segment(permit, it.rooms, SEGMENT),
    "count_audience": lambda it, permit: count_audience(permit, it.rooms, SEGMENT),
    "activate_segment": lambda it, permit: activate_segment(permit, it.rooms, SEGMENT),
    "list_subjects": lambda it, permit: list_subjects(permit, it.rooms, ""),
    "list_versions": lambda it, permit: list_versions(permit, it.rooms, it.subject),
    "show_version": lambda it, permit: show_version(permit, it.rooms, it.subject, "1"),
    "find_schema": lambda it, permit: find_schema(permit, it.rooms, it.subject, it.schema),
    "register_schema": lambda it, permit: register_schema(permit, it.rooms, it.subject, it.schema),
    "show_schema": lambda it, permit: show_schema(permit, it.rooms, it.schema_id),
    "list_places": lambda it, permit: list_places(permit, it.rooms, it.schema_id),
    "check_schema": lambda it, permit: check_schema(permit, it.rooms, it.subject, "1", it.schema),
    "show_level": lambda it, permit: show_level(permit, it.rooms, it.subject),
    "set_level": lambda it, permit: set_level(permit, it.rooms, it.subject, "FULL"),
    "refuse_deletion": lambda it, permit: refuse_deletion(permit, it.rooms),
    "sign_in": lambda it, _: sign_in(it.rooms, "rm", PASSWORD),
    "sign_out": lambda it, _: sign_out(it.rooms, "rm"),
    "change_password": _changed,
    "end_at_provider": _ended,
    "tell_controllers": _called,
    "grant_access": lambda it, _: grant_access(it.rooms, it.client, it.secret, "", ""),
}
"""How each is called so that it is allowed."""
SHOWS_NOBODY = {"biometric", "break_glass", "consent", "erased", "erasure", "hold", "request", "review"}
SHOWS_NOBODY |= {"subject", "suppression", "unmerge"}
"""Kinds of records that name customers, and with which nothing that is known of them left."""
OWED = {"consents", "package", "package_fetched"}
"""What is told to prove what somebody allowed, or because it is theirs: no consent is asked for it."""
ALWAYS_REFUSED = {"refuse_deletion"}
SERVED = {"verify_biometric": "authentication"}
"""Where the purpose that was served is a part of the permit's."""


@cache
def use_cases() -> dict[str, ast.FunctionDef]:
    """Every use case that could give out something that is kept here: it is given the rooms."""
    return {
        name: function
        for name, function in offered_to_channels().items()
        if any(ast.unparse(it) == "rooms: Rooms" for it in function.args.args)
        and (function.returns is None or ast.unparse(function.returns) not in HANDED_IN)
    }


def action_of(name: str) -> str:
    """The action that its permit is for, as it checks it; empty where it takes none."""
    text = ast.unparse(use_cases()[name])
    return text.split("permit.needs('")[1].split("'")[0] if "permit.needs('" in text else ""


def may(roles: tuple[str, ...], action: str, purpose: str, channel: str) -> bool:
    return any(POLICIES.decide(it, action, purpose, channel).allowed for it in roles)


def permit_for(rooms: Rooms, action: str, only: str = "") -> Permit:
    """A permit by the policies, of the first person who gets one."""
    if action == "ingest":
        return rooms.gate.admit("digital", "api")
    for login, roles in LOGINS.items():
        for purpose in [only] if only else WHOLES:
            for channel in (*OWN_CHANNELS, *sorted(CHANNELS)):
                if may(roles, action, purpose, channel):
                    return rooms.gate.permit(Actor(login, roles, rooms.cell), action, purpose, channel)
    raise AssertionError(f"nobody may {action}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("recorded") / "data"
    make_world(folder, 150)
    house = LocalHouse()
    client, secret = house.new_machine(
        folder, "client", "partner", "analyst", "analytics", ["list_segments"], 1
    )
    with house.working(folder) as rooms:
        rooms.biometrics._matcher = FuzzyMatcher()
        yield _filled(folder, rooms, client, secret)


def _filled(folder: Path, rooms: Rooms, client: str, secret: str) -> World:
    looking = permit_for(rooms, "show_customer"), rooms
    timeline = permit_for(rooms, "show_timeline")
    found = search_customers(permit_for(rooms, "search_customers"), rooms, "Karimov").items
    subject = list_subjects(permit_for(rooms, "ingest"), rooms, "digital.")[0]
    version = show_version(permit_for(rooms, "ingest"), rooms, subject, "1")
    proof = prove_audit(permit_for(rooms, "prove_audit"), rooms, "1")
    for it in found:
        accounts = show_customer(*looking, it.customer).accounts
        moments = show_timeline(timeline, rooms, it.customer, kind="interaction").items
        if accounts and moments:
            return World(
                folder,
                rooms,
                it.customer,
                accounts[0].id,
                moments[0].id,
                next(other.customer for other in found if other.customer != it.customer),
                subject,
                {"schema": version.schema.text, "schemaType": version.schema.kind},
                version.id,
                client,
                secret,
                proof_file(proof),
            )
    raise AssertionError("nobody of that name has an account and ever said anything")


def newest(rooms: Rooms) -> int:
    return int(rooms.audit.page(AuditFilter(), limit=1).items[0].id)


def since(rooms: Rooms, before: int) -> list[AuditRecord]:
    return [it for it in rooms.audit.page(AuditFilter(), limit=50).items if int(it.id) > before]


def handed_out(world: World) -> list[str]:
    """The files that lie where they leave the house: releases and packages."""
    folders = (world.folder / "exports", world.folder / "packages")
    return sorted(it.name for folder in folders if folder.exists() for it in folder.iterdir())


def test_every_use_case_is_called_here_or_has_a_reason_not_to_be_on_record():
    assert set(use_cases()) == set(CALLS) | set(SILENT)
    assert not set(CALLS) & set(SILENT)
    assert {action_of(name) for name in CALLS} - {"", "ingest"} == set(ACTIONS) - AT_THE_FOLDER


LAST = "erase_customer"
IN_ORDER = sorted(CALLS, key=lambda name: (name == LAST, name))


@pytest.mark.parametrize("name", IN_ORDER)
def test_where_nothing_can_be_written_down_nothing_is_given_out(world, name, monkeypatch):
    world = ready(world, name)
    permit: Any = permit_for(world.rooms, action) if (action := action_of(name)) else None
    files, before = handed_out(world), newest(world.rooms)

    def full(*_: object) -> list[int]:
        raise Unavailable("The disk is full.", retry_after_seconds=1)

    with monkeypatch.context() as failing:
        failing.setattr(world.rooms.audit._commit, "append", full)
        with pytest.raises(Unavailable):
            CALLS[name](world, permit)
    assert handed_out(world) == files
    assert newest(world.rooms) == before


@pytest.mark.parametrize("name", [it for it in IN_ORDER if action_of(it)])
def test_a_permit_for_something_else_does_not_do(world, name):
    other = "ingest" if action_of(name) != "ingest" else "list_audit"
    with pytest.raises(Refused):
        CALLS[name](world, permit_for(world.rooms, other))


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_use_case_that_is_allowed_leaves_a_record_of_who_did_what_for_what(world, name):
    world = ready(world, name)
    action = action_of(name)
    permit: Any = permit_for(world.rooms, action) if action else None
    before = newest(world.rooms)
    if name in ALWAYS_REFUSED:
        with pytest.raises(OnefoldError):
            CALLS[name](world, permit)
        assert [it.outcome for it in since(world.rooms, before)] == ["refused"]
        return
    CALLS[name](world, permit)
    fresh = since(world.rooms, before)
    assert fresh, "no record"
    if permit is None:
        kind = name if name in {"sign_out", "change_password"} else "sign_in"
        done = ("callback", "allowed") if name == "tell_controllers" else (kind, "done")
        assert {(it.kind, it.outcome) for it in fresh} == {done}
        return
    naming = {it.kind for it in fresh if it.customers}
    assert naming <= RELEASES | SHOWS_NOBODY | OWED, "is it judged again by `onefold prove consent`?"
    for it in fresh:
        if it.kind in RELEASES and it.customers:
            assert it.rests is not None
            assert len(it.rests.members) == len(it.customers)
    purpose = SERVED.get(name, permit.purpose)
    told = (permit.actor.id, permit.role, action, purpose, permit.channel, "allowed")
    for it in fresh:
        assert (it.actor, it.role, it.action, it.purpose, it.channel, it.outcome) == told


@pytest.mark.parametrize("action", ACTIONS)
def test_whoever_is_denied_is_on_record_before_being_told(world, action, monkeypatch):
    purpose, channel = "servicing", "console"
    login, roles = next(
        (login, roles) for login, roles in LOGINS.items() if not may(roles, action, purpose, channel)
    )
    before = newest(world.rooms)
    with pytest.raises(Refused):
        world.rooms.gate.permit(Actor(login, roles, world.rooms.cell), action, purpose, channel)
    (record,) = since(world.rooms, before)
    assert (record.kind, record.actor, record.action, record.outcome) == ("refusal", login, action, "refused")
    assert record.reasons


def test_whoever_is_not_let_in_is_on_record(world):
    before = newest(world.rooms)
    with pytest.raises(Unauthenticated):
        sign_in(world.rooms, "rm", "not it")
    with pytest.raises(OnefoldError):
        grant_access(world.rooms, world.client, "not it", "", "")
    assert [(it.kind, it.outcome) for it in since(world.rooms, before)] == [("sign_in", "refused")] * 2


def test_a_customer_who_does_not_permit_it_is_refused_on_record(world):
    actor = Actor("rm", LOGINS["rm"], world.rooms.cell)
    allowed = world.rooms.gate.permit(actor, "show_customer", "marketing", "console")
    refused = 0
    for customer in world.rooms.reader.customers(b"", 20):
        before = newest(world.rooms)
        try:
            world.rooms.gate.view(allowed, customer)
        except Refused:
            refused += 1
            (record,) = since(world.rooms, before)
            assert (record.outcome, [id_from_text(it) for it in record.customers]) == ("refused", [customer])
    assert refused
