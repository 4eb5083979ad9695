"""The gate: one permit, one committed state, one record of every cut; and no cut without its record."""

from __future__ import annotations

from importlib.resources import files

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.contacting.model import Contact, Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.model import Actor, TransactionFilter
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.kernel.errors import NotFound, Refused, Unavailable
from onefold.kernel.ids import Cell
from tests.unit.gate.bank import CELL, PURPOSES, Bank, StoppedClock, Trail, failing, ms

FOLDER = files("onefold.gate") / "policies"
POLICIES = Policies({it.name: it.read_text() for it in FOLDER.iterdir() if it.name.endswith(".cedar")})
NOW = ms(20_000)


EVERYBODY = Contacting(read_rules("version: 1", "none"), "", {})
"""No rules of contacting at all."""


class House:
    """A gate over a bank of one customer: Anna, known to core and crm (same national id), and to aml."""

    def __init__(self) -> None:
        self.bank = Bank()
        self.trail = Trail()
        self.clock = StoppedClock(NOW)
        rules = DeterministicRules()
        self.gate = Gate(
            CELL,
            POLICIES,
            self.bank.state,
            PURPOSES,
            self.trail,
            rules,
            self.clock,
        )
        who = {"national_id": "31201800001234", "birth_date": 3_652, "identifiers_verified": True}
        self.core = self.bank.add(
            "party", "core", "C1", full_name="Anna Karimova", gender="female", email="a@x.uz", **who
        )
        self.crm = self.bank.add("party", "crm", "anna@x.uz", full_name="Karimova A.", city="Tashkent", **who)
        self.aml = self.bank.add("party", "aml", "S-7", full_name="Suspect Seven", **who)
        self.anna = self.bank.join(self.core, self.crm, self.aml)
        self.account = self.bank.add(
            "account", "core", "A1", product="deposit", number="1234567890", currency="UZS", party=self.core
        )
        self.bank.add(
            "transaction",
            "core",
            "T1",
            account=self.account,
            booked_at=ms(19_999),
            direction="credit",
            amount=100_00,
            balance=100_00,
            currency="UZS",
        )

    def permit(
        self, role: str, action: str = "show_customer", purpose: str = "servicing", channel: str = "console"
    ):
        return self.gate.permit(Actor("somebody", (role,), CELL), action, purpose, channel)

    def say(self, party: bytes, fact: str, at: int = NOW, **more) -> None:
        values = {"purpose": "marketing", "channel": "email", "fact": fact, "given_at": at} | more
        self.bank.add("consent", "crm", f"{len(self.bank.state._fragments)}", party=party, **values)


@pytest.fixture
def house():
    return House()


def withheld(view):
    return {it.what: it.reason for it in view.withheld}


def test_a_permit_stands_for_the_first_role_that_may(house):
    both = Actor("somebody", ("marketer", "agent"), CELL)
    assert house.gate.permit(both, "show_customer", "servicing", "console").role == "agent"
    assert house.gate.permit(both, "show_customer", "marketing", "console").role == "marketer"
    assert house.trail.records == []


def test_a_refusal_says_why_for_each_role_and_is_written_down(house):
    actor = Actor("somebody", ("marketer", "engineer"), CELL)
    with pytest.raises(Refused) as caught:
        house.gate.permit(actor, "show_customer", "servicing", "console")
    assert len(caught.value.reasons) == 2
    record = house.trail.records[-1]
    assert (record["kind"], record["outcome"], record["purpose"]) == ("refusal", "refused", "servicing")


def test_words_that_are_not_ours_are_not_written_down(house):
    with pytest.raises(Refused):
        house.permit("agent", purpose="for Anna Karimova")
    assert "Anna" not in str(house.trail.records)


def test_an_actor_of_another_cell_is_refused_whatever_the_role(house):
    stranger = Actor("somebody", ("privacy_officer",), Cell("demo", "kz"))
    with pytest.raises(Refused, match="another cell"):
        house.gate.permit(stranger, "show_customer", "compliance", "console")


def test_an_actor_without_a_role_is_refused(house):
    with pytest.raises(Refused, match="no role"):
        house.gate.permit(Actor("somebody", (), CELL), "show_customer", "servicing", "console")


def test_may_is_what_permit_gives(house):
    may = house.gate.may(Actor("somebody", ("agent",), CELL))
    assert may["show_customer"] == ("servicing",)
    assert "list_audit" not in may


def test_a_view_combines_the_sources_that_allow_the_purpose_and_names_those_that_do_not(house):
    view = house.gate.view(house.permit("relationship_manager"), house.crm)
    assert view.name == "Anna Karimova"
    assert view.profile["full_name"].source == "core"
    assert view.profile["city"].value == "Tashkent"
    assert {it.source for it in view.fragments} == {"core", "crm"}
    assert withheld(view)["everything from aml"] == "its contract does not allow servicing"
    assert "Suspect" not in str(view)
    assert [it.balance for it in view.accounts] == ["100.00"]


def test_what_was_fed_by_something_special_is_shown_to_who_sees_that(house, monkeypatch):
    """A contract of before told the day of birth from what is special: it decides, and no agent sees it."""
    close = {it: {"party.birth_date": "special"} for it in ("core", "crm")}
    monkeypatch.setattr(type(PURPOSES), "classes", lambda _: close)
    agent, officer = house.permit("agent"), house.permit("privacy_officer", "show_customer", "compliance")
    view = house.gate.view(agent, house.crm)
    assert "birth_date" not in view.profile
    assert all("birth_date" not in it.values for it in view.fragments)
    assert withheld(view)["birth date, gender"].startswith("special data is hidden")
    (found,) = house.gate.search(house.permit("agent", "search_customers"), "Anna Karimova").items
    assert (found.name, found.birth_date) == ("Anna Karimova", "")
    assert house.gate.view(officer, house.crm).profile["birth_date"].value == "1980-01-01"
    with house.gate.looking(agent) as look:
        scope, dossier = look.at(house.crm)
        assert {scope.shown(it, "birth_date") for it in dossier.permitting.values()} == {None}


def test_a_source_closed_to_the_purpose_is_named_even_if_it_does_not_know_the_customer(house):
    other = house.bank.add("party", "core", "C9", full_name="Boris Karimov")
    house.bank.join(other)
    view = house.gate.view(house.permit("agent"), other)
    assert "everything from aml" in withheld(view)


def test_somebody_only_a_closed_source_knows_is_not_there(house):
    suspect = house.bank.add("party", "aml", "S-8", full_name="Suspect Eight")
    house.bank.join(suspect)
    with pytest.raises(NotFound) as hidden:
        house.gate.view(house.permit("agent"), suspect)
    with pytest.raises(NotFound) as absent:
        house.gate.view(house.permit("agent"), bytes(16))
    assert str(hidden.value) == str(absent.value)


def test_fields_follow_the_role_and_hidden_ones_are_named(house):
    agent = house.gate.view(house.permit("agent"), house.anna)
    officer = house.gate.view(house.permit("privacy_officer", purpose="compliance"), house.anna)
    assert "gender" not in agent.profile
    assert withheld(agent)["gender"] == "special data is hidden from the role agent for servicing"
    assert officer.profile["gender"].value == "female"
    assert agent.accounts[0].number == "•••• 7890"
    assert officer.accounts[0].number == "1234567890"


def test_a_steward_sees_who_is_who_and_no_money(house):
    view = house.gate.view(house.permit("steward", purpose="stewardship"), house.anna)
    assert view.profile["national_id"].value == "31201800001234"
    assert [(it.number, it.balance) for it in view.accounts] == [("", None)]
    assert "account numbers, amounts and balances" in withheld(view)


def test_marketing_without_consent_shows_nothing_and_is_written_down(house):
    with pytest.raises(Refused, match="consent to marketing"):
        house.gate.view(house.permit("marketer", purpose="marketing"), house.anna)
    record = house.trail.records[-1]
    assert (record["kind"], record["customer"]) == ("refusal", house.anna)


def test_a_grant_opens_its_own_record_and_those_of_a_proven_identity(house):
    house.say(house.crm, "granted", evidence="form 1")
    view = house.gate.view(house.permit("marketer", purpose="marketing"), house.anna)
    assert view.name == "A. K."
    assert {it.source: it.permits for it in view.fragments} == {"core": True, "crm": True}


def test_a_grant_stays_with_its_record_where_identity_is_not_proven(house):
    loose = house.bank.add("party", "crm", "L1", full_name="Anna Karimova", city="Bukhara")
    house.bank.join(house.core, house.crm, house.aml, loose)
    house.say(loose, "granted", evidence="form 1")
    view = house.gate.view(house.permit("marketer", purpose="marketing"), house.anna)
    assert {it.key: it.permits for it in view.fragments} == {"": False, "••••": True}
    assert withheld(view)["2 of 3 records"] == "no consent to marketing stands for them"
    assert view.profile["city"].value != "Tashkent"


def test_a_withdrawal_by_one_record_closes_all(house):
    house.say(house.crm, "granted", at=NOW - 10, evidence="form 1")
    house.say(house.aml, "withdrawn", at=NOW - 5)
    with pytest.raises(Refused):
        house.gate.view(house.permit("marketer", purpose="marketing"), house.anna)


def test_what_stands_about_consent_is_in_the_view(house):
    house.say(house.crm, "granted", at=NOW - 10, channel="any", evidence="form 1")
    house.say(house.core, "objected", at=NOW - 5, channel="sms")
    view = house.gate.view(house.permit("agent"), house.anna)
    stands = {(it.purpose, it.channel): it.state for it in view.consents}
    assert stands["marketing", "sms"] == "objected"
    assert stands["analytics", "any"] == "unknown"
    # The record of aml is proven to be hers too, so the grant for any channel holds for all three.
    assert stands["marketing", "any"] == "granted"


def test_flags_are_what_must_be_seen_at_once(house):
    house.bank.add("suppression", "crm", "x", party=house.crm, channel="any", reason="litigation", state="on")
    house.bank.add("case", "crm", "1", party=house.crm, topic="dispute", status="open")
    house.bank.add("case", "crm", "2", party=house.crm, topic="dispute", status="closed")
    house.bank.add("risk", "aml", "3", party=house.core, kind="block", status="open")
    assert house.gate.view(house.permit("agent"), house.anna).flags == (
        "do not contact: litigation",
        "1 open case",
    )
    officer = house.permit("privacy_officer", purpose="compliance")
    assert "open block by aml" in house.gate.view(officer, house.anna).flags


def test_the_record_of_a_view_names_the_customer_and_the_records_shown(house):
    view = house.gate.view(house.permit("agent"), house.anna)
    record = house.trail.records[int(view.decision) - 1]
    assert (record["kind"], record["outcome"], record["customer"]) == ("view", "allowed", house.anna)
    assert set(record["fragments"]) == {house.core, house.crm}
    assert (record["role"], record["purpose"], record["policy_version"]) == (
        "agent",
        "servicing",
        POLICIES.version,
    )


CUTS = {
    "view": lambda gate, permit, house: gate.view(permit, house.anna),
    "transactions": lambda gate, permit, house: gate.transactions(permit, house.anna, TransactionFilter()),
    "balances": lambda gate, permit, house: gate.balances(permit, house.anna, house.account),
    "timeline": lambda gate, permit, house: gate.timeline(permit, house.anna, kind="", cursor="", limit=5),
    "search": lambda gate, permit, house: gate.search(permit, "Karimova"),
}


@pytest.mark.parametrize("kind", CUTS)
def test_every_cut_is_written_down_once(house, kind):
    CUTS[kind](house.gate, house.permit("agent"), house)
    assert [it["kind"] for it in house.trail.records] == [kind]
    assert "Karim" not in str([{k: v for k, v in it.items() if k != "said"} for it in house.trail.records])


@pytest.mark.parametrize("kind", CUTS)
def test_nothing_leaves_that_cannot_be_written_down(house, kind):
    permit = house.permit("agent")
    with failing(house.trail, Unavailable("The disk is full.")), pytest.raises(Unavailable):
        CUTS[kind](house.gate, permit, house)


@pytest.mark.parametrize("kind", CUTS)
def test_a_release_is_over_when_its_answer_is_given_or_refused(house, kind):
    CUTS[kind](house.gate, house.permit("agent"), house)
    with failing(house.trail, Unavailable("The disk is full.")), pytest.raises(Unavailable):
        CUTS[kind](house.gate, house.permit("agent"), house)
    house.gate.settle(0)


def test_an_account_of_somebody_else_is_not_there(house):
    boris = house.bank.add("party", "core", "C9", full_name="Boris")
    house.bank.join(boris)
    permit = house.permit("agent")
    with pytest.raises(NotFound, match="no such account"):
        house.gate.balances(permit, boris, house.account)
    with pytest.raises(NotFound, match="no such account"):
        house.gate.transactions(permit, boris, TransactionFilter(account=house.account.hex()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("karimova anna", "name"), ("a@x.uz", "email"), ("C1", "key"), ("31201800001234", "national_id")],
)
def test_search_finds_by_what_people_type_and_says_by_what(house, text, kind):
    page = house.gate.search(house.permit("agent"), text)
    assert [it.matched_by for it in page.items] == [kind]
    assert page.items[0].name == "Anna Karimova"


def test_search_by_account_needs_the_right_to_see_numbers(house):
    rm = house.gate.search(house.permit("relationship_manager"), "1234567890")
    agent = house.gate.search(house.permit("agent"), "1234567890")
    assert [it.matched for it in rm.items] == ["1234567890"]
    assert agent.items == ()
    assert "account" in agent.withheld[0].what


@pytest.mark.parametrize("key", ["20206000000761245405", "card-77", "loan-77", "policy-77"])
def test_search_by_the_key_of_an_account_needs_the_right_to_see_numbers(house, key):
    house.bank.add("account", "core", key, product="deposit", currency="UZS", party=house.core)
    for typed in (key, key[:6]):
        rm = house.gate.search(house.permit("relationship_manager"), typed)
        assert [(it.matched_by, it.matched) for it in rm.items] == [("account_key", key)]
        for role, purpose in (("agent", "servicing"), ("steward", "stewardship")):
            page = house.gate.search(house.permit(role, purpose=purpose), typed)
            assert page.items == ()
            assert "account, account key" in page.withheld[0].what


def test_search_does_not_find_by_a_closed_source(house):
    assert house.gate.search(house.permit("agent"), "Suspect Seven").items == ()
    assert house.gate.search(house.permit("agent"), "S-7").items == ()


def test_an_audience_is_those_who_all_agree_and_the_rest_by_reason(house):
    people = [house.anna]
    for number in range(5):
        one = house.bank.add("party", "core", f"P{number}", full_name=f"P {number}", email=f"p{number}@x.uz")
        people.append(house.bank.join(one))
        if number:
            house.say(one, "granted", at=NOW - 100, evidence="form")
        if number == 2:
            house.say(one, "withdrawn", at=NOW - 50)
        if number == 3:
            house.bank.add("suppression", "crm", "s", party=one, channel="email", reason="bounce", state="on")
    silent = house.bank.add("party", "core", "P9", full_name="P 9")
    house.say(silent, "granted", at=NOW - 100, evidence="form")
    people.append(house.bank.join(silent))
    permit = house.permit("marketer", "activate_segment", "marketing", "email")
    with house.gate.audience(permit, people, EVERYBODY) as audience:
        assert sorted(it.address for it in audience.released) == ["p1@x.uz", "p4@x.uz"]
        assert audience.left_out == {
            "consent unknown": 2,
            "consent withdrawn": 1,
            "no email": 1,
            "suppressed: bounce": 1,
        }
        with pytest.raises(Unavailable):
            house.gate.settle(0)
    house.gate.settle(0)


def test_whoever_agreed_and_is_left_alone_now_is_counted_by_the_reason(house):
    rules = read_rules("version: 1\npreference: {purposes: [marketing]}\ncaps: [{most: 1, days: 7}]", "x")
    people, parties = [], []
    for number in range(3):
        prefers = {"preferred_channel": "sms"} if number == 0 else {}
        one = house.bank.add("party", "core", f"P{number}", full_name="P", email=f"p{number}@x.uz", **prefers)
        parties.append(one)
        people.append(house.bank.join(one))
        house.say(one, "granted", at=NOW - 100, evidence="form")
    yesterday = Contact("r1", NOW - 86_400_000, "marketing", "email", "dip")
    contacting = Contacting(rules, "dip", {parties[1]: (yesterday,)})
    permit = house.permit("marketer", "activate_segment", "marketing", "email")
    with house.gate.audience(permit, people, contacting) as audience:
        assert [(it.address, it.members) for it in audience.released] == [("p2@x.uz", (parties[2],))]
        assert audience.left_out == {
            "contacted often enough: 1 in 7 days": 1,
            "prefers another channel": 1,
        }
