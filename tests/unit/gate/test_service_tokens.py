"""Views and audiences under tokens: kept before they leave, and turned back under the rules of a view."""

from __future__ import annotations

import os
from typing import Any

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.cutting import OneValue
from onefold.gate.model import Actor, Permit
from onefold.gate.revealing import parties_behind
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.kernel.errors import Forgotten, NotFound, Refused, Unavailable
from onefold.kernel.ids import CellKey
from onefold.record.tokens.rules import kind_in, token_key, token_of
from onefold.record.tokens.service import TokenVault
from onefold.testing.segments import MemorySubjectKeys
from onefold.testing.tokens import MemoryTokens
from tests.unit.gate.bank import CELL, PURPOSES, Bank, StoppedClock, Trail, ms
from tests.unit.gate.test_rules import TEXTS
from tests.unit.gate.test_service import EVERYBODY
from tests.unit.record.tokens.test_service import Ledger

NOW = ms(20_000)
MARKETERS_SEE_TOKENS = TEXTS | {
    "own.cedar": '@id("no addresses") forbid (principal == Role::"marketer",'
    ' action in [Action::"see_in_full", Action::"see_masked"], resource == FieldClass::"pii");'
    '@id("tokens") permit (principal == Role::"marketer", action == Action::"see_token",'
    ' resource == FieldClass::"pii");'
}
RAW = ("Anna", "Karimova", "anna@x.uz", "+998901234567", "1234567890", "Amir Temur", "31201800001234")


class House:
    """A gate with a vault over a bank of Anna, known to core and crm, and Boris, who has her phone."""

    def __init__(self, texts: dict[str, str] = TEXTS) -> None:
        self.bank, self.trail, self.ledger = Bank(), Trail(), Ledger()
        self.keys, self.store = MemorySubjectKeys(), MemoryTokens()
        key = token_key(CellKey(bytes(32)))
        self.key = CellKey(key)
        self.vault = TokenVault(key, self.keys, self.store, self.ledger, os.urandom)
        self.gate = Gate(
            CELL, Policies(texts), self.bank.state, PURPOSES, self.trail, DeterministicRules(),
            StoppedClock(NOW), tokens=self.vault,
        )  # fmt: skip
        who = {"national_id": "31201800001234", "identifiers_verified": True, "phone": "+998901234567"}
        self.core = self.bank.add(
            "party", "core", "C1", given_name="Anna", family_name="Karimova", birth_date=3_652,
            email="anna@x.uz", email_verified=True, address="Amir Temur 7", city="Tashkent", **who,
        )  # fmt: skip
        self.crm = self.bank.add("party", "crm", "anna@x.uz", full_name="Anna Karimova", **who)
        self.anna = self.bank.join(self.core, self.crm)
        self.boris = self.bank.join(
            self.bank.add("party", "core", "C2", full_name="Boris", phone=who["phone"])
        )
        self.account = self.bank.add(
            "account", "core", "A1", product="deposit", number="1234567890", currency="UZS"
        )
        self.bank.add("holder", "core", "H1", account=self.account, party=self.core, role="owner")
        for party in (self.core, self.crm, self.boris):
            self.agrees(party, "analytics")

    def agrees(self, party: bytes, purpose: str, fact: str = "granted", **more: Any) -> None:
        key = f"{party.hex()}{purpose}{fact}"
        self.bank.add(
            "consent", "core", key, party=party, purpose=purpose, channel="any", fact=fact,
            given_at=ms(19_000) + (fact != "granted"), **more,
        )  # fmt: skip

    def permit(
        self, role: str = "analyst", action: str = "show_customer", purpose: str = "analytics",
        channel: str = "console", **more: Any,
    ) -> Permit:  # fmt: skip
        return self.gate.permit(Actor("somebody", (role,), CELL, **more), action, purpose, channel)

    def officer(self) -> Permit:
        return self.permit("privacy_officer", "reveal_token", "compliance")

    def token(self, kind: str, value: str) -> str:
        return token_of(self.key, kind, value)

    def behind(self, kind: str, value: str) -> dict[bytes, str]:
        return {it.fragment_id: it.value for it in self.vault.rows(self.token(kind, value))}


@pytest.fixture
def house() -> House:
    return House()


def test_an_analyst_sees_tokens_years_and_amounts_and_no_value(house):
    view = house.gate.view(house.permit(), house.anna)
    shown = {name: it.value for name, it in view.profile.items()}
    assert shown["phone"] == house.token("phone", "+998901234567")
    assert shown["email"] == house.token("email", "anna@x.uz")
    assert shown["national_id"] == house.token("document", "31201800001234")
    assert (shown["birth_date"], shown["city"]) == ("1980", "•••")
    assert view.name == house.token("name", "Anna Karimova")
    assert view.accounts[0].number == house.token("account", "1234567890")
    assert not [it for it in RAW if it in repr(view)]
    assert view.obligations == ("redact", "token")
    assert view.profile["phone"].masked


def test_two_customers_of_one_phone_have_one_token_for_it(house):
    views = [house.gate.view(house.permit(), it) for it in (house.anna, house.boris)]
    assert len({it.profile["phone"].value for it in views}) == 1
    assert house.behind("phone", "+998901234567").keys() >= {house.boris}


def test_every_token_that_is_shown_is_kept_and_turns_back_to_its_value(house):
    view = house.gate.view(house.permit(), house.anna)
    shown = {word.strip("'\"(),}") for word in repr(view).replace("=", " ").split() if "tok_" in word}
    assert len(shown) >= 5
    values = {it: [row.value for row in house.vault.rows(it)] for it in shown if kind_in(it)}
    assert values.keys() == shown
    assert all(found and set(found) <= {*RAW, "Anna Karimova", "Amir Temur 7"} for found in values.values())


def test_a_token_that_cannot_be_kept_does_not_leave_and_nothing_says_that_it_did(house, monkeypatch):
    def full(_: object) -> None:
        raise Unavailable("The disk is full.")

    permit = house.permit()
    before = len(house.trail.records)
    monkeypatch.setattr(house.store, "add", full)
    with pytest.raises(Unavailable):
        house.gate.view(permit, house.anna)
    assert len(house.trail.records) == before


def test_who_sees_no_tokens_has_nothing_kept(house):
    house.gate.view(house.permit("relationship_manager", purpose="servicing"), house.anna)
    house.gate.view(house.permit("agent", purpose="servicing"), house.anna)
    assert not house.store._rows


def test_of_somebody_whose_erasure_has_begun_no_token_leaves(house):
    house.ledger.refused.add(house.core)
    with pytest.raises(Forgotten):
        house.gate.view(house.permit(), house.anna)


def test_a_gate_without_a_vault_hides_what_would_be_a_token(house):
    bare = Gate(
        CELL, Policies(TEXTS), house.bank.state, PURPOSES, Trail(), DeterministicRules(), StoppedClock(NOW)
    )
    view = bare.view(house.permit(), house.anna)
    assert view.name == ""
    assert "phone" not in view.profile
    assert not [it for it in RAW if it in repr(view)]


def test_the_record_of_a_view_lists_what_it_obliged_to(house):
    house.gate.view(house.permit(), house.anna)
    assert house.trail.records[-1]["obligations"] == ("redact", "token")


def test_a_search_shows_no_tokens_since_it_shows_many(house):
    texts = TEXTS | {
        "own.cedar": '@id("find") permit (principal == Role::"analyst", action == Action::"search_customers",'
        " resource);"
    }
    other = House(texts)
    page = other.gate.search(other.permit(action="search_customers"), "C1")
    assert not other.store._rows
    assert "tok_" not in repr(page)
    assert not [it for it in RAW if it in repr(page)]


# ------------------------------------------------------------------ turned back


def look(house: House, customer: bytes, record: bytes, field: str = "phone", permit: Permit | None = None):
    asked = OneValue(customer, record, field)
    return house.gate.value_behind(permit or house.officer(), asked, "tok_phone_x", "complaint")


def test_a_value_is_told_to_who_may_see_it_of_the_customer_and_written_down_without_it(house):
    looked = look(house, house.anna, house.core)
    assert looked.customer == house.anna
    record = house.trail.records[-1]
    assert (record["kind"], record["outcome"], record["customer"]) == ("reveal", "allowed", house.anna)
    assert record["details"] == {"because": "complaint", "field": "phone"}
    assert record["said"] == "tok_phone_x"
    assert not [it for it in RAW if it in repr(record)]


def test_a_record_of_another_customer_is_not_found_behind_this_one(house):
    with pytest.raises(NotFound):
        look(house, house.boris, house.core)
    with pytest.raises(NotFound):
        look(house, house.boris, house.account, "number")
    assert look(house, house.anna, house.account, "number").customer == house.anna


def test_a_record_its_source_took_back_is_found_no_more(house):
    house.bank.delete("party", "crm", "anna@x.uz")
    with pytest.raises(NotFound):
        look(house, house.anna, house.crm)


def test_who_does_not_see_the_class_in_full_does_not_see_what_a_token_stood_for(house):
    texts = TEXTS | {
        "own.cedar": '@id("agents reveal") permit (principal == Role::"agent",'
        ' action == Action::"reveal_token", resource);'
    }
    other = House(texts)
    permit = other.permit("agent", "reveal_token", "servicing")
    assert look(other, other.anna, other.core, "phone", permit).customer == other.anna
    with pytest.raises(NotFound):
        look(other, other.anna, other.account, "number", permit)


def test_whoever_took_back_what_it_rests_on_is_told_of_to_nobody(house):
    texts = TEXTS | {
        "own.cedar": '@id("managers reveal") permit (principal == Role::"relationship_manager",'
        ' action == Action::"reveal_token", resource);'
    }
    other = House(texts)
    asked = other.permit("relationship_manager", "reveal_token", "marketing")
    with pytest.raises(Refused):
        look(other, other.anna, other.core, "phone", asked)
    assert other.trail.records[-1]["outcome"] == "refused"
    for party in (other.core, other.crm):
        other.agrees(party, "marketing")
    assert look(other, other.anna, other.core, "phone", asked).customer == other.anna
    other.agrees(other.core, "marketing", "withdrawn")
    with pytest.raises(Refused):
        look(other, other.anna, other.core, "phone", asked)


def test_a_customer_of_another_portfolio_is_kept_from_who_asks(house):
    texts = TEXTS | {
        "own.cedar": '@id("managers reveal") permit (principal == Role::"relationship_manager",'
        ' action == Action::"reveal_token", resource);'
    }
    other = House(texts)
    carol = other.bank.join(
        other.bank.add("party", "core", "C3", full_name="Carol", phone="+1", manager="M2")
    )
    asked = other.permit("relationship_manager", "reveal_token", "servicing", portfolios=("M1",))
    with pytest.raises(Refused, match="portfolio"):
        look(other, carol, carol, "phone", asked)
    assert look(other, other.anna, other.core, "phone", asked).customer == other.anna


def test_the_parties_behind_a_record_are_itself_whom_it_names_or_who_holds_its_account(house):
    moved = house.bank.add(
        "transaction", "core", "T1", account=house.account, booked_at=NOW, direction="debit", amount=1,
        currency="UZS", counterparty_account="999",
    )  # fmt: skip
    case = house.bank.add("case", "core", "K1", party=house.crm, topic="complaint")
    state = house.bank.state
    assert parties_behind(state, house.crm) == [house.crm]
    assert parties_behind(state, house.account) == parties_behind(state, moved) == [house.core]
    assert parties_behind(state, case) == [house.crm]
    assert parties_behind(state, bytes(16)) == []


# ------------------------------------------------------------------ audiences


def audience(house: House, members: list[bytes]):
    permit = house.permit("marketer", "activate_segment", "marketing", "sms")
    with house.gate.audience(permit, members, EVERYBODY) as found:
        return found


def test_an_audience_has_tokens_for_addresses_where_that_is_what_its_permit_sees():
    house = House(MARKETERS_SEE_TOKENS)
    for party in (house.core, house.crm):
        house.agrees(party, "marketing")
    found = audience(house, [house.anna, house.boris])
    [released] = found.released
    assert released.address == house.token("phone", "+998901234567")
    assert set(house.behind("phone", "+998901234567")) <= {house.core, house.crm}
    assert house.behind("phone", "+998901234567")
    counted = house.gate.audience_count(
        house.permit("marketer", "count_audience", "marketing", "sms"), [house.anna, house.boris], EVERYBODY
    )
    assert (counted.reachable, counted.left_out) == (1, found.left_out)


def test_an_audience_whose_tokens_cannot_be_kept_is_not_released(monkeypatch):
    house = House(MARKETERS_SEE_TOKENS)
    for party in (house.core, house.crm):
        house.agrees(party, "marketing")

    def full(_: object) -> None:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(house.store, "add", full)
    with pytest.raises(Unavailable):
        audience(house, [house.anna])


def test_an_audience_in_full_is_as_it_was_and_nothing_of_it_is_kept(house):
    for party in (house.core, house.crm):
        house.agrees(party, "marketing")
    [released] = audience(house, [house.anna]).released
    assert released.address == "+998901234567"
    assert not house.store._rows
