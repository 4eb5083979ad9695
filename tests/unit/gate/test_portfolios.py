"""Who keeps a portfolio serves its customers; others are reached through the glass, which is written down."""

from __future__ import annotations

import msgspec
import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.cutting import Cut, Cutter, OneCustomer, Question
from onefold.gate.model import Actor, HeardPage, TransactionFilter
from onefold.gate.portfolios import GLASS_MS, Broken, OfAnother, Relation, relation_to
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.words import ROLES
from onefold.kernel.errors import CallerError, NotFound, Refused, Unavailable
from tests.unit.gate.bank import CELL, EVERYTHING, Bank, Purposes, StoppedClock, Trail, failing, ms
from tests.unit.gate.decision_table import OF_OTHERS
from tests.unit.gate.test_rules import TEXTS

NOW = ms(20_000)
PURPOSES = Purposes(core=EVERYTHING, crm=EVERYTHING, aml=("fraud", "compliance"), onefold=EVERYTHING)
ANNA = Actor("anna", ("relationship_manager",), CELL, portfolios=("M1", " Team West "))
BORIS = Actor("boris", ("relationship_manager",), CELL, portfolios=("M2",))


class House:
    """A gate over a bank with a customer of each relation to Anna."""

    def __init__(self, texts: dict[str, str] = TEXTS) -> None:
        self.bank, self.trail, self.clock = Bank(), Trail(), StoppedClock(NOW)
        self.own = self.customer("1", manager="m1", phone="+998900000001")
        self.other = self.customer("2", manager="M2", phone="+998900000002")
        self.nobody = self.customer("3", phone="+998900000003")
        self.gate = Gate(
            CELL, Policies(texts), self.bank.state, PURPOSES, self.trail, DeterministicRules(), self.clock
        )

    def customer(self, key: str, source: str = "core", **values: object) -> bytes:
        party = self.bank.add("party", source, key, full_name=f"Anna Number{key}", **values)
        return self.bank.join(party)

    def permit(self, actor: Actor, action: str = "show_customer", purpose: str = "servicing"):
        return self.gate.permit(actor, action, purpose, "console")

    def shows(self, actor: Actor, customer: bytes) -> bool:
        try:
            return bool(self.gate.view(self.permit(actor), customer).name)
        except OfAnother:
            return False

    def break_glass(self, actor: Actor, customer: bytes):
        return self.gate.break_glass(self.permit(actor, "break_glass"), customer, "urgent")


@pytest.fixture
def house() -> House:
    return House()


def ruled_by(policy: str) -> House:
    """A house with one more policy than those that come with Onefold."""
    return House(TEXTS | {"own.cedar": policy})


# ------------------------------------------------------------------ whose it is


def test_a_customer_is_ones_own_where_an_open_record_names_one_of_ones_portfolios(house):
    assert [house.shows(ANNA, it) for it in (house.own, house.other, house.nobody)] == [True, False, True]
    assert [house.shows(BORIS, it) for it in (house.own, house.other, house.nobody)] == [False, True, True]


def test_case_and_space_of_a_name_say_nothing(house):
    assert house.shows(ANNA, house.customer("9", manager="TEAM WEST"))


@pytest.mark.parametrize("role", ["relationship_manager", "agent"])
def test_who_keeps_no_portfolio_is_limited_to_none(house, role):
    everybody = Actor("all", (role,), CELL)
    assert all(house.shows(everybody, it) for it in (house.own, house.other, house.nobody))


def test_the_policies_limit_the_roles_of_the_table_and_no_other():
    policies = Policies(TEXTS)
    for role, purpose in (
        ("relationship_manager", "servicing"),
        ("relationship_manager", "marketing"),
        ("agent", "servicing"),
        ("marketer", "marketing"),
        ("steward", "stewardship"),
        ("privacy_officer", "compliance"),
    ):
        found = policies.decide(role, "show_customer", purpose, "console", Relation.OTHER)
        assert found.allowed == (role not in OF_OTHERS), role
        through = policies.decide(role, "show_customer", purpose, "console", Relation.OTHER, glass=True)
        assert through.allowed


def test_a_record_that_is_closed_to_the_purpose_makes_nobody_ones_own(house):
    party = house.bank.add("party", "aml", "7", full_name="Anna Closed", manager="M1")
    joined = house.bank.join(party, house.bank.add("party", "core", "8", full_name="Anna Open"))
    assert not house.shows(ANNA, joined)


def test_a_record_that_is_closed_to_the_purpose_says_whose_somebody_is_all_the_same(house):
    party = house.bank.add("party", "aml", "7", full_name="Anna Closed", manager="M2")
    joined = house.bank.join(party, house.bank.add("party", "core", "8", full_name="Anna Open"))
    assert not house.shows(ANNA, joined)


def test_of_two_managers_each_has_the_customer(house):
    both = house.bank.join(
        house.bank.add("party", "core", "5", full_name="Anna Both", manager="M1"),
        house.bank.add("party", "crm", "5", full_name="Anna Both", manager="M2"),
    )
    assert house.shows(ANNA, both)
    assert house.shows(BORIS, both)


def test_a_manager_who_was_taken_away_is_none(house):
    assert not house.shows(ANNA, house.other)
    house.bank.add("party", "core", "2", full_name="Anna Number2")
    assert house.shows(ANNA, house.other)
    assert relation_to(["M1"], (), ()) is Relation.NOBODY
    assert relation_to([], (), ()) is Relation.ANY


# ------------------------------------------------------------------ every way in


def test_nothing_of_another_portfolio_is_read_in_any_way(house):
    gate, other = house.gate, house.other
    account = house.bank.add("account", "core", "a", product="deposit", party=other)
    ways = {
        "show_customer": lambda it: gate.view(it, other),
        "list_transactions": lambda it: gate.transactions(it, other, TransactionFilter()),
        "balance_history": lambda it: gate.balances(it, other, account),
        "show_timeline": lambda it: gate.timeline(it, other, kind="", cursor="", limit=5),
        "open_conversation": lambda it: gate.conversation(it, other, bytes(16)),
        "fetch_references": lambda it: gate.references(it, other),
        "record_consent": lambda it: gate.members(it, other),
        "suppress_customer": lambda it: gate.members(it, other),
    }
    for action, way in ways.items():
        house.trail.records.clear()
        with pytest.raises(OfAnother) as refused:
            way(house.permit(ANNA, action))
        assert refused.value.reasons == ("customers of another portfolio are their manager's",)
        assert "break the glass" in refused.value.hint
        [record] = house.trail.records
        assert (record["kind"], record["customer"], record["action"]) == ("refusal", other, action)


def test_a_search_by_a_number_tells_that_there_is_somebody_and_nothing_more(house):
    found = house.gate.search(house.permit(ANNA, "search_customers"), "+998900000002")
    [line] = found.items
    assert line.barred
    assert (line.customer, line.name, line.matched, line.city, line.sources) == (
        house.other.hex(),
        "",
        "",
        "",
        (),
    )
    search, refusal = house.trail.records[-2:]
    assert (search["kind"], search["customers"]) == ("search", ())
    assert (refusal["kind"], refusal["customers"]) == ("refusal", [house.other])


@pytest.mark.parametrize("text", ["Anna Number2", "+99890000000"])
def test_a_search_by_a_name_or_the_beginning_of_a_number_finds_none_of_another_portfolio(house, text):
    found = house.gate.search(house.permit(ANNA, "search_customers"), text)
    assert house.other.hex() not in {it.customer for it in found.items}
    everybody = Actor("all", ("relationship_manager",), CELL)
    found = house.gate.search(house.permit(everybody, "search_customers"), text)
    assert house.other.hex() in {it.customer for it in found.items}


def test_namesakes_of_another_portfolio_take_no_place_from_ones_own(house):
    for number in range(150):
        house.customer(f"n{number}", manager="M2", given_name="Zulfiya")
    mine = {house.customer(f"m{number}", manager="M1", given_name="Zulfiya").hex() for number in range(3)}
    found = house.gate.search(house.permit(ANNA, "search_customers"), "Zulfiya")
    assert ({it.customer for it in found.items}, found.more) == (mine, False)


def test_a_number_that_many_share_finds_ones_own_first(house):
    for number in range(30):
        house.customer(f"s{number}", manager="M2", phone="+998710000000")
    mine = house.customer("mine", manager="M1", phone="+998710000000")
    found = house.gate.search(house.permit(ANNA, "search_customers"), "+998710000000")
    assert [it.customer for it in found.items if not it.barred] == [mine.hex()]
    assert found.items[0].customer == mine.hex()
    assert len(found.items) == 20


def test_a_page_of_conversations_tells_nothing_of_those_it_leaves_out(house):
    for number in range(60):
        party = house.own if number in (20, 40) else house.other
        values = {"kind": "call", "text": "bankruptcy", "happened_at": NOW + number}
        house.bank.add("interaction", "crm", f"b{number}", party=party, **values)
    permit = house.permit(ANNA, "search_conversations")
    first = house.gate.heard(permit, "bankruptcy", cursor="", limit=1)
    assert [it.customer for it in first.items] == [house.own.hex()]
    assert first.next == f"{NOW + 40}.{first.items[0].moment.id}"
    second = house.gate.heard(permit, "bankruptcy", cursor=first.next, limit=1)
    assert ([it.customer for it in second.items], second.next) == ([house.own.hex()], None)
    only_others = Actor("anna", ANNA.roles, CELL, portfolios=("M7",))
    permit = house.permit(only_others, "search_conversations")
    assert house.gate.heard(permit, "bankruptcy", cursor="", limit=1) == HeardPage((), None)


def test_words_of_conversations_lead_to_ones_own_customers_only(house):
    for key, party in enumerate((house.own, house.other)):
        house.bank.add(
            "interaction", "crm", str(key), party=party, kind="call", text="mortgage", happened_at=NOW
        )
    found = house.gate.heard(house.permit(ANNA, "search_conversations"), "mortgage", cursor="", limit=9)
    assert [it.customer for it in found.items] == [house.own.hex()]


def test_who_is_limited_counts_no_audience():
    house = ruled_by(
        '@id("own ones") forbid (principal == Role::"marketer", action, resource)'
        ' when { context has portfolio && context.portfolio == "other" };'
    )
    free, keeper = (Actor("m", ("marketer",), CELL, portfolios=it) for it in ((), ("M1",)))
    permit = house.gate.permit(free, "count_audience", "marketing", "app")
    at_any_time = Contacting(read_rules("version: 1", "x"), "", {})
    assert house.gate.audience_count(permit, None, at_any_time).left_out
    with pytest.raises(Refused) as refused:
        house.gate.permit(keeper, "count_audience", "marketing", "app")
    assert refused.value.reasons == ("own ones",)


# ------------------------------------------------------------------ the glass


def test_through_the_glass_one_customer_is_reached_for_a_quarter_of_an_hour(house):
    broken = house.break_glass(ANNA, house.other)
    assert house.shows(ANNA, house.other)
    third = house.customer("4", manager="M3")
    assert not house.shows(ANNA, third)
    assert not house.shows(Actor("zoe", ANNA.roles, CELL, portfolios=("M9",)), house.other)
    house.clock.now = NOW + GLASS_MS - 1
    assert house.shows(ANNA, house.other)
    house.clock.now = NOW + GLASS_MS
    assert not house.shows(ANNA, house.other)
    assert broken.until == "2024-10-04T00:15:00.000Z"


def test_it_is_written_down_first_and_every_record_that_follows_names_that_one(house):
    broken = house.break_glass(ANNA, house.other)
    [said] = [it for it in house.trail.records if it["kind"] == "break_glass"]
    assert said["details"] == {"because": "urgent", "until": broken.until}
    house.gate.view(house.permit(ANNA), house.other)
    house.gate.timeline(house.permit(ANNA, "show_timeline"), house.other, kind="", cursor="", limit=5)
    dossier = house.gate.members(house.permit(ANNA, "record_consent"), house.other)
    house.gate.released(dossier.permit, "consent", customer=house.other)
    with pytest.raises(Refused):
        house.gate.refuse(dossier.permit, dossier.customer, "no", ("none",))
    assert [it["details"]["break_glass"] for it in house.trail.records[-4:]] == [broken.decision] * 4
    house.gate.view(house.permit(ANNA), house.own)
    assert "break_glass" not in house.trail.records[-1]["details"]


def test_where_it_cannot_be_written_down_it_stays_whole(house):
    with failing(house.trail, Unavailable("full")), pytest.raises(Unavailable):
        house.break_glass(ANNA, house.other)
    assert not house.shows(ANNA, house.other)


def test_there_is_nothing_to_break_for_ones_own_customers(house):
    for customer in (house.own, house.nobody):
        with pytest.raises(CallerError, match="No portfolio keeps"):
            house.break_glass(ANNA, customer)
    with pytest.raises(NotFound):
        house.break_glass(ANNA, bytes(16))


def test_a_role_that_may_not_break_it_is_refused_and_told_to_ask():
    house = ruled_by('@id("none") forbid (principal, action == Action::"break_glass", resource);')
    with pytest.raises(Refused):
        house.permit(ANNA, "break_glass")
    with pytest.raises(OfAnother) as refused:
        house.gate.view(house.permit(ANNA), house.other)
    assert refused.value.hint == "Ask their manager."


def test_the_glass_helps_against_a_portfolio_for_its_purpose_and_against_nothing_else(house):
    closed = house.bank.join(house.bank.add("party", "aml", "6", full_name="Anna Secret", manager="M2"))
    with pytest.raises(NotFound):
        house.break_glass(ANNA, closed)
    house.break_glass(ANNA, house.other)
    with pytest.raises(OfAnother):
        house.gate.view(house.permit(ANNA, purpose="marketing"), house.other)


def test_a_record_names_no_glass_that_was_not_needed(house):
    house.break_glass(ANNA, house.other)
    both = Actor("anna", ("privacy_officer",), CELL, portfolios=ANNA.portfolios)
    house.gate.view(house.permit(both, purpose="compliance"), house.other)
    assert "break_glass" not in house.trail.records[-1]["details"]
    house.bank.add("party", "core", "2", full_name="Anna Number2", manager="M1")
    house.gate.view(house.permit(ANNA), house.other)
    assert "break_glass" not in house.trail.records[-1]["details"]


class Moving(Cutter):
    """Another customer has the id when it is asked for again."""

    def __init__(self, house: House, to: bytes) -> None:
        super().__init__(house.bank.state)
        self._to = to
        self._asked = 0

    def cut(self, question: Question) -> Cut:
        self._asked += 1
        if self._asked > 1:
            question = msgspec.structs.replace(question, asked=OneCustomer(self._to))
        return super().cut(question)


def test_a_glass_that_was_broken_for_one_shows_no_other_who_gets_the_id_meanwhile(house):
    third = house.customer("4", manager="M3")
    house.break_glass(ANNA, house.other)
    house.gate._cutting = Moving(house, third)
    with pytest.raises(OfAnother):
        house.gate.view(house.permit(ANNA), house.other)
    assert house.trail.records[-1]["customer"] == third
    assert "break_glass" not in house.trail.records[-1]["details"]
    house.gate._cutting = Moving(house, house.own)
    house.gate.view(house.permit(ANNA), house.other)
    assert "break_glass" not in house.trail.records[-1]["details"]


def test_what_a_house_forbids_beyond_is_reached_through_the_glass_and_told_as_it_is():
    house = ruled_by(
        '@id("own ones only") forbid (principal == Role::"relationship_manager", action, resource)'
        ' when { context has portfolio && context.portfolio == "nobody" && !context.break_glass };'
    )
    with pytest.raises(OfAnother) as refused:
        house.gate.view(house.permit(ANNA), house.nobody)
    assert refused.value.message == "This customer is not of your portfolio."
    assert refused.value.reasons == ("own ones only",)
    house.break_glass(ANNA, house.nobody)
    assert house.shows(ANNA, house.nobody)


def test_a_house_may_forbid_breaking_it_for_some():
    house = ruled_by(
        '@id("never") forbid (principal, action == Action::"break_glass", resource)'
        ' when { context.portfolio == "other" };'
    )
    with pytest.raises(Refused) as refused:
        house.break_glass(ANNA, house.other)
    assert refused.value.reasons == ("never",)
    assert not house.shows(ANNA, house.other)


def test_what_is_limited_in_part_can_be_reached_in_part():
    texts = {it: text for it, text in TEXTS.items() if it != "roles.cedar"}
    whole = TEXTS["roles.cedar"].replace(
        'forbid (principal == Role::"relationship_manager", action, resource)',
        'forbid (principal == Role::"relationship_manager", action == Action::"list_transactions", resource)',
    )
    house = House(texts | {"roles.cedar": whole})
    assert house.shows(ANNA, house.other)
    permit = house.permit(ANNA, "list_transactions")
    with pytest.raises(OfAnother):
        house.gate.transactions(permit, house.other, TransactionFilter())
    house.break_glass(ANNA, house.other)
    house.gate.transactions(permit, house.other, TransactionFilter())
    assert "break_glass" in house.trail.records[-1]["details"]


def test_a_role_is_limited_where_the_policies_tell_own_from_others():
    assert {it for it in ROLES if Policies(TEXTS).limits(it)} == OF_OTHERS


def test_glasses_that_are_over_are_forgotten():
    broken = Broken()
    broken.add("a", "agent", b"1", "servicing", "1", 0)
    broken.add("a", "agent", b"2", "servicing", "2", 10**9)
    assert broken.record_of("a", "agent", b"1", "servicing", 50) == ""
    assert broken.record_of("a", "agent", b"2", "servicing", 10**9) == "2"
    assert broken.record_of("a", "steward", b"2", "servicing", 10**9) == ""
