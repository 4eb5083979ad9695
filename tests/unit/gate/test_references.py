"""What may be fetched is decided as what is shown is, by purpose, consent, source and class: twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from onefold.gate.fetching.model import Fetchable, Fetched, Outcome, Wanted
from onefold.gate.fetching.service import Fetching
from onefold.gate.gathering import Gathered
from onefold.gate.references import account_of, hidden_of, shown, wanted_of
from onefold.gate.rules import Policies
from onefold.gate.scope import Scope
from onefold.gate.service import Gate
from onefold.kernel.errors import NotFound, Refused, Unavailable
from onefold.record.contracts.registry import Contracts
from onefold.testing.lookups import MemoryLookup
from tests.unit.gate.bank import CELL, PURPOSES, Purposes, failing, permit
from tests.unit.gate.test_service import NOW, POLICIES, House
from tests.unit.record.contracts.sample import CELL_KEY, contract, prop, table

ALL = ("servicing", "marketing", "stewardship", "compliance")
FETCHABLE = (
    Fetchable("client", "party", "", {"phone": ALL, "gender": ALL, "tier": ("servicing",)}),
    Fetchable("account", "account", "", {"payment": ALL}),
    Fetchable("loan", "account", "loan-", {}),
)


def asking(action: str = "fetch_references", **more):
    return permit(action=action, **more)


class Sources(Purposes):
    """Sources of which core keeps something to itself."""

    def fetchable(self):
        return {"core": FETCHABLE}


class Client(House):
    """Anna, whose phone, gender and tier core keeps to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.source = MemoryLookup({
            "C1": {"id": "C1", "mobile": "902468135", "sex": "female", "tier": "gold"},
            "A1": {"id": "A1", "payment": "1200.5"},
        })  # fmt: skip
        self.at = 0.0
        client = table(
            "client",
            [prop("id"), prop("mobile", store="reference", classification="pii"),
             prop("sex", store="reference", classification="special"), prop("tier", store="reference")],
            entity="party", delivers="record", key="id", fetch=fetch("client", 30),
            map={"phone": {"from": "mobile", "as": "phone", "country": "UZ"}, "gender": "sex",
                 "tier": "tier"},
        )  # fmt: skip
        account = table(
            "account",
            [prop("id"), prop("payment", store="reference", classification="pci")],
            entity="account", delivers="record", key="id", fetch=fetch("account", 0),
            map={"payment": {"from": "payment", "as": "money", "currency": "UZS"}},
        )  # fmt: skip
        contracts = Contracts(CELL_KEY, [contract(client, account)])
        self.fetching = Fetching(CELL, contracts, lambda _: self.source, self.clock, lambda: self.at)
        allowed: dict[str, Any] = {it: PURPOSES.purposes_of(it) for it in PURPOSES.sources()}
        self.gate = Gate(
            CELL, POLICIES, self.bank.state, Sources(**allowed), self.trail, self.gate._provider, self.clock,
            fetching=self.fetching,
        )  # fmt: skip

    def ask(self, role: str = "relationship_manager", purpose: str = "servicing"):
        return self.gate.references(self.permit(role, "fetch_references", purpose), self.anna)

    def values(self, *who: str):
        return {it.field: it.value for it in self.ask(*who).items}


def fetch(name: str, cache: int) -> dict:
    return {"using": "sql", "connection": "core", "statement": f"SELECT * FROM {name} WHERE id = :key",
            "cacheSeconds": cache}  # fmt: skip


@pytest.fixture
def client():
    made = Client()
    yield made
    made.source.let_go()
    made.fetching.close()


def test_a_view_names_what_may_be_fetched_and_shows_none_of_it(client):
    view = client.gate.view(client.permit("relationship_manager"), client.anna)
    assert {(it.entity, it.field, it.source) for it in view.referenced} == {
        ("party", "phone", "core"),
        ("party", "tier", "core"),
        ("account", "payment", "core"),
    }
    assert client.source.asked == []
    assert "phone" not in view.profile


def test_nothing_is_fetched_of_a_class_that_the_customer_took_back(client):
    looking = msgspec.structs.replace(
        client.permit("relationship_manager", "fetch_references"), purpose="marketing"
    )

    def fetched() -> set[str]:
        return {it.field for it in client.gate.references(looking, client.anna).items}

    client.say(client.core, "granted")
    assert fetched() == {"phone", "payment"}
    client.say(client.core, "withdrawn", data_class="contact")
    assert fetched() == {"payment"}
    client.source.asked.clear()
    client.say(client.core, "withdrawn", data_class="account")
    assert fetched() == set()
    assert client.source.asked == []


def test_what_a_role_may_not_see_is_named_as_withheld_and_never_asked_for(client):
    view = client.gate.view(client.permit("agent"), client.anna)
    assert any("gender" in it.what and "special data is hidden" in it.reason for it in view.withheld)
    client.ask("agent")
    assert all("sex" not in properties for _, properties in client.source.asked)


def test_granted_fields_are_given_as_the_source_has_them_now(client):
    assert client.values() == {"phone": "+998902468135", "tier": "gold", "payment": "1200.50"}
    assert {it.outcome for it in client.ask().items} == {"value"}
    assert client.values("privacy_officer", "compliance") == {
        "phone": "+998902468135",
        "gender": "female",
        "payment": "1200.50",
    }, "tier serves servicing alone"


def test_masks_are_those_of_a_kept_value(client):
    found = client.fetching.fetch([wanted("phone")], 0)
    (phone,) = shown(asking(fields={"pii": "masked"}), found, [wanted("phone")])
    assert (phone.value, phone.masked) == ("•••• 8135", True)
    assert "902468135" not in str(phone)


def test_what_would_be_a_token_is_not_fetched_since_nothing_that_is_fetched_is_kept(client):
    found = client.fetching.fetch([wanted("phone")], 0)
    (phone,) = shown(asking(fields={"pii": "token"}), found, [wanted("phone")])
    assert phone.value is None
    client.gate._policies = Policies(
        {
            "own.cedar": '@id("may") permit (principal, action == Action::"fetch_references", resource);'
            '@id("see") permit (principal, action == Action::"see_token", resource);'
        }
    )
    client.source.asked.clear()
    client.ask("agent")
    assert client.source.asked == []


def wanted(*fields: str, key: str = "C1") -> Wanted:
    return Wanted(bytes(16), "party", "core", "client", key, fields)


def test_only_what_is_granted_when_it_comes_back_is_given(client):
    found = client.fetching.fetch([wanted("phone", "tier"), wanted("phone", key="C2")], 0)
    assert [it.field for it in shown(asking(), found, [wanted("tier")])] == ["tier"]
    assert list(shown(asking(), found, [])) == []


def test_why_there_is_no_value_is_said_in_words_of_ours(client):
    client.source.failure = Outcome.DOWN
    reasons = {(it.outcome, it.value, it.reason) for it in client.ask().items}
    assert reasons == {("unavailable", None, "core is down or cannot be reached")}
    client.source.failure = None
    client.source.rows = {"C1": {"id": "C1"}}
    told = {it.field: (it.outcome, it.reason) for it in client.ask().items}
    assert told == {
        "phone": ("none", ""),
        "tier": ("none", ""),
        "payment": ("none", "core has no such record"),
    }


def test_without_consent_nothing_is_asked_for(client):
    with pytest.raises(Refused):
        client.ask(purpose="marketing")
    assert client.source.asked == []
    assert client.trail.records[-1]["kind"] == "refusal"


def test_with_consent_only_the_records_that_permit_are_asked_for(client):
    client.say(client.core, "granted", evidence="form")
    assert client.values("relationship_manager", "marketing") == {"phone": "+998902468135"}


def test_consent_is_asked_before_what_is_recent(client):
    client.say(client.core, "granted", evidence="form")
    client.ask(purpose="marketing")
    assert client.ask(purpose="marketing").items[0].recent
    client.say(client.core, "withdrawn", at=NOW + 1)
    client.clock.now = NOW + 2
    with pytest.raises(Refused):
        client.ask(purpose="marketing")


def test_a_withdrawal_while_the_source_is_thinking_counts_and_waits_for_nobody(client):
    client.say(client.core, "granted", evidence="form")
    client.source.hold()
    found: list[object] = []

    def ask() -> None:
        try:
            found.append(client.ask(purpose="marketing"))
        except Refused as refused:
            found.append(refused)

    thread = threading.Thread(target=ask)
    thread.start()
    assert client.source.reached.wait(10)
    client.say(client.core, "withdrawn", at=NOW + 1)
    client.clock.now = NOW + 2
    client.gate.settle(0.0)
    client.source.let_go()
    thread.join(10)
    assert isinstance(found[0], Refused)
    fetched, = [it for it in client.trail.records if it["kind"] == "fetch"]  # fmt: skip
    assert fetched["details"] == {"core": "answered 1; 0 ms"}, "that it was asked is written down"
    assert len(client.fetching._recent) == 0


def test_what_is_taken_away_empties_what_is_recent(client):
    client.ask()
    assert len(client.fetching._recent) == 1
    client.gate.settle(0.0)
    assert len(client.fetching._recent) == 0


def test_what_was_asked_is_written_down_without_a_value(client):
    answer = client.ask()
    record = client.trail.records[-1]
    assert (record["kind"], record["action"], record["purpose"]) == (
        "references",
        "fetch_references",
        "servicing",
    )
    assert record["details"] == {"core": "answered 2; 0 ms"}
    assert record["counts"] == {"records": 2, "given": 3}
    assert set(record["fragments"]) == {client.core, client.account}
    assert answer.decision == str(len(client.trail.records))
    assert "902468135" not in str(client.trail.records)


def test_nothing_is_given_where_it_cannot_be_written_down(client):
    with failing(client.trail, Unavailable("full")), pytest.raises(Unavailable):
        client.ask()


def test_a_customer_nobody_may_know_of_is_not_asked_about(client):
    with pytest.raises(NotFound):
        client.gate.references(client.permit("agent", "fetch_references"), bytes(16))
    assert client.source.asked == []


def test_a_gate_that_asks_nobody_says_so(client):
    client.gate._fetching = None
    assert {it.reason for it in client.ask().items} == {"core is not set up to be asked"}


def test_a_key_belongs_to_the_object_with_the_longest_prefix(client):
    loan = client.bank.add("account", "core", "loan-7", product="loan", currency="UZS", party=client.core)
    assert loan.hex() not in {it.fragment for it in client.ask().items}


def test_where_more_than_one_customer_is_read_nothing_can_be_wanted(client):
    scope = Scope(asking(), Gathered(client.bank.state), Sources(core=ALL))
    records = list(scope.standing([client.core]).values())
    assert wanted_of(scope, records) == ()
    assert wanted_of(replace(scope, fetchable={"core": FETCHABLE}), records)


def test_hidden_fields_are_those_of_the_party(client):
    scope = Scope(asking(fields={"internal": "full"}), Gathered(client.bank.state), Sources(core=ALL),
                  {"core": FETCHABLE})  # fmt: skip
    records = list(scope.standing([client.core, client.account]).values())
    assert hidden_of(scope, records) == {"phone", "gender"}
    assert [it.fields for it in wanted_of(scope, records)] == [("tier",)]


def test_the_account_of_asking_names_outcomes_and_the_longest_time():
    ended = [
        Fetched(wanted("phone"), Outcome.ANSWERED, {"phone": "+998"}, 0, 12),
        Fetched(wanted("phone"), Outcome.TIMEOUT, {}, 0, 800),
        Fetched(wanted("phone"), Outcome.ANSWERED, {}, 0, 0, is_recent=True),
    ]
    assert account_of(ended) == {
        "counts": {"records": 3},
        "details": {"core": "answered 1, recent 1, timeout 1; 800 ms"},
    }
