"""A view asks for each part of what it would show with the class of that part, and for the firm it is for."""

from __future__ import annotations

import msgspec
import pytest

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.consented import ASKED, Consented, uses_of
from onefold.gate.model import Actor, Permit, TransactionFilter
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.kernel.errors import NotFound, Refused
from onefold.kernel.ids import id_text
from onefold.record.canon.data_classes import UNASKED, class_of, class_of_record
from onefold.record.canon.entities import ENTITIES
from tests.unit.gate.bank import CELL, FULL, PURPOSES, Bank, StoppedClock, Trail, ms
from tests.unit.gate.test_rules import TEXTS

NOW = ms(20_000)
POLICIES = Policies(TEXTS)


class House:
    """Anna at a bank (core) and, held to be her by a steward alone, at its call centre (crm)."""

    def __init__(self) -> None:
        self.bank, self.trail = Bank(), Trail()
        self.gate = Gate(
            CELL, POLICIES, self.bank.state, PURPOSES, self.trail, DeterministicRules(), StoppedClock(NOW)
        )
        add = self.bank.add
        self.core = add(
            "party", "core", "C1", full_name="Anna Karimova", email="a@x.uz", city="Tashkent", tier="mass"
        )
        self.crm = add("party", "crm", "K1", full_name="A. Karimova", phone="+998901234567")
        self.anna = self.bank.join(self.core, self.crm)
        self.account = add(
            "account", "core", "A1", product="deposit", number="12345678", currency="UZS", party=self.core,
            status="arrears", opened_on=19_000,
        )  # fmt: skip
        add(
            "transaction", "core", "T1", account=self.account, booked_at=ms(19_999), direction="credit",
            amount=100_00, balance=100_00, currency="UZS", operation="transfer", counterparty="Zulfiya",
        )  # fmt: skip
        add("case", "crm", "S1", party=self.crm, topic="complaint", status="open", opened_at=ms(19_998),
            text="the app is slow")  # fmt: skip
        add("balance", "core", "B1", account=self.account, day=19_999, amount=100_00, currency="UZS")
        self.said = 0

    def say(self, party: bytes, fact: str, data_class: str = "any", day: int = 100, **more) -> None:
        self.said += 1
        values = {"purpose": "marketing", "channel": "any", "fact": fact, "given_at": ms(day)} | more
        values |= {} if data_class == "any" else {"data_class": data_class}
        self.bank.add("consent", "crm", f"c{self.said}", party=party, **values)

    def permit(self, purpose: str = "marketing", controller: str = "", action: str = "show_customer"):
        actor = Actor("somebody", ("tester",), CELL, controller=controller)
        return Permit(actor, "tester", purpose, "console", action, "v", FULL)

    def view(self, purpose: str = "marketing", controller: str = ""):
        return self.gate.view(self.permit(purpose, controller), self.anna)

    def movements(self):
        return self.gate.transactions(self.permit(action="list_transactions"), self.anna, TransactionFilter())


@pytest.fixture
def house():
    return House()


def values(view):
    return {name for it in view.fragments for name in it.values}


def withheld(view):
    return {it.what: it.reason for it in view.withheld}


def test_consent_to_contact_data_alone_gives_that_and_no_more(house):
    house.say(house.core, "granted", "contact")
    view = house.view()
    assert values(view) == {"email", "city"}
    assert (view.name, set(view.profile), view.accounts, view.flags) == ("", {"email", "city"}, (), ())
    assert {it.key for it in view.fragments} == {""}
    assert [it.permits for it in view.fragments] == [it.source == "core" for it in view.fragments]
    others = ", ".join(it for it in ASKED if it not in ("contact", "any"))
    assert withheld(view)[f"{others} data of 1 of 1 records"] == (
        "no consent to marketing with such data stands: unknown"
    )
    assert withheld(view)["alerts and blocks of 1 of 1 records"] == (
        "no consent to marketing with all data stands: unknown"
    )
    page = house.movements()
    assert page.items == ()
    assert [it.what for it in page.withheld] == ["transaction, payee, balance data of 1 of 1 records"]
    assert house.gate.timeline(house.permit(), house.anna, kind="product", cursor="", limit=9).items == ()


def test_a_withdrawal_for_balances_takes_these_and_leaves_the_rest(house):
    house.say(house.core, "granted")
    before = house.view()
    house.say(house.crm, "withdrawn", "balance", 200)
    after = house.view()
    assert (before.accounts[0].balance, after.accounts[0].balance) == ("100.00", None)
    assert after.accounts[0] == msgspec.structs.replace(before.accounts[0], balance=None, balance_at=None)
    assert (after.profile, after.name) == (before.profile, "Anna Karimova")
    assert withheld(after)["balance data of 1 of 1 records"] == (
        "no consent to marketing with such data stands: withdrawn"
    )
    (moved,) = house.movements().items
    assert (moved.amount, moved.counterparty, moved.balance) == ("100.00", "Zulfiya", None)
    series = house.gate.balances(house.permit(action="balance_history"), house.anna, house.account)
    assert series.points == ()


def test_a_grant_for_all_is_one_for_each_class_and_a_no_for_all_takes_each(house):
    house.say(house.core, "granted")
    whole = house.view()
    house.say(house.core, "granted", "payee", 150)
    assert house.view() == msgspec.structs.replace(whole, decision="2"), "class by class, it is the same"
    house.say(house.crm, "withdrawn", day=200)
    with pytest.raises(Refused):
        house.view()


@pytest.mark.parametrize(
    ("data_class", "gone"),
    [("transaction", "T1"), ("payee", "counterparty"), ("account", "number"), ("identity", "name")],
)
def test_what_is_withdrawn_is_gone_wherever_it_would_be_shown(house, data_class, gone):
    house.say(house.core, "granted")
    house.say(house.core, "objected", data_class, 200)
    view, page = house.view(), house.movements()
    shown = {
        "T1": bool(page.items) or view.accounts[0].transactions > 0 or view.accounts[0].moved_on is not None,
        "counterparty": any(it.counterparty or it.text for it in page.items),
        "number": view.accounts[0].number != "" or view.accounts[0].role != "" or bool(view.flags),
        "name": bool(view.name) or "full_name" in values(view),
    }
    assert {name for name, it in shown.items() if not it} == {gone} | (
        {"counterparty"} if data_class == "transaction" else set()
    )


def test_each_record_is_asked_by_itself(house):
    """A yes of the bank's record gives nothing of the call centre's, and a no of either is one of both."""
    house.say(house.core, "granted", "contact")
    house.say(house.crm, "granted", "conversation")
    lines = house.gate.timeline(house.permit(), house.anna, kind="", cursor="", limit=9).items
    assert {it.kind for it in lines} == {"consent", "case"}
    assert values(house.view()) == {"email", "city"}
    assert house.view().flags == ("1 open case",)


def test_a_contract_asks_nobody_whatever_class_was_spoken_of(house):
    before = house.view("servicing")
    house.say(house.core, "withdrawn", "balance", purpose="servicing")
    house.say(house.core, "withdrawn", "contact", purpose="any")
    assert house.view("servicing").accounts == before.accounts
    assert house.view("servicing").withheld == before.withheld


def test_an_objection_to_one_class_bites_where_a_legitimate_interest_is_what_it_rests_on(house):
    assert "email" in values(house.view("stewardship"))
    house.say(house.core, "objected", "contact", purpose="stewardship")
    view = house.view("stewardship")
    assert not values(view) & {"email", "city", "phone"}
    assert view.accounts == () or view.accounts[0].number


def test_nobody_is_found_by_what_may_not_be_used(house):
    house.say(house.core, "granted", "contact")

    def found(text: str) -> list[str]:
        page = house.gate.search(house.permit(action="search_customers"), text)
        return [it.matched_by for it in page.items]

    assert found("a@x.uz") == ["email"]
    assert [found(text) for text in ("Karimova", "C1", "12345678", "998901234567")] == [[], [], [], []]
    house.say(house.crm, "granted", "conversation")
    heard = house.gate.heard(house.permit(action="search_conversations"), "slow", cursor="", limit=9)
    assert [(it.customer, it.name) for it in heard.items] == [(id_text(house.anna), "")]
    house.say(house.core, "withdrawn", "conversation", 200)
    assert (
        house.gate.heard(house.permit(action="search_conversations"), "slow", cursor="", limit=9).items == ()
    )


def test_the_record_says_of_which_class_each_fragment_permitted(house):
    house.say(house.core, "granted")
    house.view()
    assert house.trail.records[-1]["rests"].uses == ()
    house.say(house.core, "withdrawn", "balance", 200)
    house.view()
    (uses,) = house.trail.records[-1]["rests"].uses
    assert set(uses) == set(ASKED) - {"balance", "any"}
    assert set(uses.values()) == {(id_text(house.core),)}
    house.gate.search(house.permit(action="search_customers"), "Karimova")
    assert house.trail.records[-1]["rests"].uses == (uses,)


def test_a_grant_to_ourselves_is_none_to_a_partner_and_the_other_way_about(house):
    house.say(house.core, "granted")
    with pytest.raises(Refused):
        house.view(controller="tpp-7")
    assert house.trail.records[-1]["controller"] == "tpp-7"
    house.say(house.crm, "granted", "contact", controller="tpp-7")
    ours, theirs = house.view(), house.view(controller="tpp-7")
    assert "full_name" in values(ours)
    assert values(theirs) == {"phone"}
    assert (house.trail.records[-2]["controller"], house.trail.records[-1]["controller"]) == ("", "tpp-7")
    assert house.trail.records[-2]["rests"].uses == (), "what is said to others makes no difference to us"


def test_a_no_that_names_nobody_stops_a_partner_and_one_to_a_partner_stops_no_one_else(house):
    house.say(house.core, "granted")
    house.say(house.core, "granted", controller="tpp-7")
    house.say(house.core, "withdrawn", day=200, controller="tpp-7")
    assert "full_name" in values(house.view())
    with pytest.raises(Refused):
        house.view(controller="tpp-7")
    house.say(house.core, "granted", day=300, controller="tpp-7")
    assert "full_name" in values(house.view(controller="tpp-7"))
    house.say(house.core, "withdrawn", day=400)
    with pytest.raises(Refused):
        house.view(controller="tpp-7")


def test_the_consents_of_a_partners_view_are_those_to_the_partner(house):
    house.say(house.core, "granted")
    house.say(house.core, "granted", controller="tpp-7", purpose="analytics")
    house.say(house.core, "granted", controller="tpp-7")
    told = {it.purpose: it.granted for it in house.view(controller="tpp-7").consents}
    assert (told["marketing"], told["analytics"]) == (1, 1)
    assert {it.purpose: it.granted for it in house.view().consents}["analytics"] == 0


def test_another_firms_conversation_is_not_opened(house):
    house.say(house.crm, "granted", "contact")
    case = house.bank.state.linked([house.crm], "case.party")[0][1]
    with pytest.raises(NotFound):
        house.gate.conversation(house.permit(action="open_conversation"), house.anna, case)


def test_what_is_of_no_class_that_is_known_is_given_to_nobody():
    nothing = Consented({}, {})
    assert not nothing.serves(b"x", "dreams")
    assert nothing.serves(b"x", "")


def test_every_field_of_every_entity_is_given_where_its_class_is_and_nowhere_else():
    """Over the whole canon: a record whose owner permits one class alone gives fields of that class."""
    owner = b"o" * 16
    for entity in ENTITIES.values():
        row = {name: owner if field.to else "x" for name, field in entity.fields.items()}
        own = owner if entity.name == "party" else b"t" * 16
        fragment = Fragment(own, entity.name, "core", "1", own, (1, b"e"), row, {})
        record_class = class_of_record(entity.name, row)
        for data_class in ASKED:
            consented = Consented({data_class: frozenset((owner,))}, {})
            left = consented.left_of(fragment, row) or {}
            if entity.name == "party":
                assert set(left) == {it for it in row if class_of("party", it) == data_class}
            elif record_class == data_class and entity.name != "interaction":
                assert set(left) == {it for it in row if class_of(entity.name, it) == data_class}
            else:
                whole = record_class in (data_class, UNASKED)
                assert set(left) == (set(row) if whole else set()), (entity.name, data_class)


def test_nothing_is_named_where_nobody_told_classes_apart():
    assert uses_of([None, None]) == ()
    assert uses_of([None, {"contact": frozenset((b"b", b"a")), "balance": frozenset()}]) == (
        {},
        {"contact": (b"a", b"b")},
    )
