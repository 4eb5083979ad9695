"""Customers of sensitive groups are kept from what a policy forbids; who asks is not told of which."""

from __future__ import annotations

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.groups import USUAL, Ages
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.model import Actor
from onefold.gate.portfolios import OfAnother
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.shields import PROTECTED_BY_POLICY, groups_named
from onefold.gate.untold import UNTOLD
from onefold.kernel.errors import CallerError, NotFound, Refused
from tests.unit.gate.bank import CELL, EVERYTHING, Bank, Purposes, StoppedClock, Trail, ms
from tests.unit.gate.test_rules import TEXTS

NOW = ms(20_000)
PURPOSES = Purposes(core=EVERYTHING, crm=EVERYTHING, aml=("fraud",), onefold=EVERYTHING)
EVERYBODY = Contacting(read_rules("version: 1", "none"), "", {})
CHILD, GROWN, OLD = 20_000 - 10 * 366, 7_000, 20_000 - 70 * 366


class House:
    """A gate over a bank whose customers all said yes to marketing."""

    def __init__(self, texts: dict[str, str] = TEXTS, ages: Ages = USUAL) -> None:
        self.bank, self.trail, self.clock = Bank(), Trail(), StoppedClock(NOW)
        self.gate = Gate(
            CELL,
            Policies(texts),
            self.bank.state,
            PURPOSES,
            self.trail,
            DeterministicRules(),
            self.clock,
            ages=ages,
        )

    def customer(self, key: str, *, birth_date: int = GROWN, **values: object) -> bytes:
        party = self.bank.add(
            "party",
            "core",
            key,
            full_name=f"Anna Number{key}",
            email=f"{key}@x.uz",
            phone=f"+99890000000{key}",
            birth_date=birth_date,
            **values,
        )
        self.agree(party, key)
        return self.bank.join(party)

    def agree(self, party: bytes, key: str) -> None:
        said = {"purpose": "marketing", "channel": "any", "fact": "granted", "given_at": 1}
        self.bank.add("consent", "crm", f"yes-{key}", party=party, **said)

    def view(self, role: str, customer: bytes, purpose: str = "servicing", portfolios: tuple[str, ...] = ()):
        actor = Actor(role, (role,), CELL, portfolios=portfolios)
        return self.gate.view(self.gate.permit(actor, "show_customer", purpose, "console"), customer)

    def left_out(self, channel: str, *customers: bytes) -> dict[str, int]:
        """Of an activation, which a count has to agree with."""
        actor = Actor("m", ("marketer",), CELL)
        permit = self.gate.permit(actor, "activate_segment", "marketing", channel)
        with self.gate.audience(permit, customers, EVERYBODY) as audience:
            found = audience.left_out
        assert self.gate.audience_count(permit, customers, EVERYBODY).left_out == found
        return found


@pytest.fixture
def house() -> House:
    return House()


# ------------------------------------------------------------------ one customer


@pytest.mark.parametrize("role", ["marketer", "relationship_manager"])
def test_nobody_looks_at_a_minor_for_marketing_and_the_audit_alone_says_why(house, role):
    child = house.customer("1", birth_date=CHILD)
    with pytest.raises(Refused) as refused:
        house.view(role, child, "marketing")
    assert refused.value.reasons == (PROTECTED_BY_POLICY,)
    assert "minor" not in f"{refused.value.message} {refused.value.hint} {refused.value.detail}"
    [record] = house.trail.records
    assert record["kind"] == "refusal"
    assert record["reasons"] == ("minors are left out of marketing",)
    assert record["customer"] == child


def test_a_minor_is_served_all_the_same(house):
    assert house.view("agent", house.customer("1", birth_date=CHILD)).name == "Anna Number1"


def test_a_child_is_of_age_when_the_house_and_the_day_say_so(house):
    almost = 20_000 - 18 * 365 - 4
    child = house.customer("1", birth_date=almost)
    with pytest.raises(Refused):
        house.view("marketer", child, "marketing")
    house.clock.now = ms(20_001)
    assert house.view("marketer", child, "marketing").name
    strict = House(ages=Ages(adult=21))
    with pytest.raises(Refused):
        strict.view("marketer", strict.customer("1", birth_date=almost - 100), "marketing")


def test_a_record_that_is_closed_to_the_purpose_protects_all_the_same(house):
    grown = house.bank.add("party", "core", "1", full_name="Anna Grown", birth_date=GROWN)
    closed = house.bank.add("party", "aml", "1", birth_date=CHILD)
    joined = house.bank.join(grown, closed)
    for number, party in enumerate((grown, closed)):
        house.agree(party, str(number))
    with pytest.raises(Refused) as refused:
        house.view("marketer", joined, "marketing")
    assert refused.value.reasons == (PROTECTED_BY_POLICY,)
    assert house.view("agent", joined).flags == ()


def test_a_reader_that_knows_nothing_of_groups_finds_nobody(house):
    texts = TEXTS | {
        "own.cedar": '@id("agents see no minors") forbid (principal == Role::"agent", action, resource) '
        'when { context has groups && context.groups.contains("minor") };'
    }
    own = House(texts)
    own.customer("1", birth_date=CHILD)
    own.customer("2")
    permit = own.gate.permit(Actor("a", ("agent",), CELL), "search_customers", "servicing", "console")
    assert [it.name for it in own.gate.search(permit, "Anna").items] == ["Anna Number2"]
    with pytest.raises(NotFound):
        own.view("agent", bytes(16))


def test_a_policy_that_allows_something_for_a_group_alone_holds_for_that_group():
    only = '@id("marketers serve the vulnerable") permit (principal == Role::"marketer", action == '
    only += 'Action::"show_customer", resource) when { context.purpose == "servicing" && '
    only += 'context.groups.contains("vulnerable") };'
    own = House(TEXTS | {"own.cedar": only})
    assert own.view("marketer", own.customer("1", vulnerable=True)).customer
    with pytest.raises(Refused):
        own.view("marketer", own.customer("2"))
    assert own.trail.records[-1]["reasons"] == (
        "no policy lets the role marketer show customer for servicing over console",
    )


def test_through_the_glass_the_shields_are_those_of_the_glass():
    whole = '@id("seniors have one manager") forbid (principal == Role::"relationship_manager", '
    whole += 'action == Action::"show_customer", resource) when { context.groups.contains("senior") && '
    whole += 'context.portfolio == "other" };'
    own = House(TEXTS | {"own.cedar": whole})
    old = own.customer("1", birth_date=OLD, manager="M2")
    other = own.customer("2", manager="M2")
    actor = Actor("anna", ("relationship_manager",), CELL, portfolios=("M1",))
    leave = own.gate.permit(actor, "break_glass", "servicing", "console")
    for customer in (old, other):
        with pytest.raises(OfAnother):
            own.view("relationship_manager", customer, portfolios=("M1",))
        own.gate.break_glass(leave, customer, "urgent")
    shown = own.gate.permit(actor, "show_customer", "servicing", "console")
    assert own.gate.view(shown, other).name == "Anna Number2"
    with pytest.raises(Refused) as refused:
        own.gate.view(shown, old)
    assert refused.value.reasons == (PROTECTED_BY_POLICY,)
    assert own.trail.records[-1]["reasons"] == ("seniors have one manager",)
    assert "break_glass" in own.trail.records[-1]["details"]


def test_a_glass_that_may_not_be_broken_for_a_group_is_not_and_who_asks_is_not_told_which():
    whole = '@id("the vulnerable have one manager") forbid (principal, action == Action::"break_glass", '
    whole += 'resource) when { context.groups.contains("vulnerable") };'
    own = House(TEXTS | {"own.cedar": whole})
    frail, other = own.customer("1", vulnerable=True, manager="M2"), own.customer("2", manager="M2")
    actor = Actor("anna", ("relationship_manager",), CELL, portfolios=("M1",))
    leave = own.gate.permit(actor, "break_glass", "servicing", "console")
    own.gate.break_glass(leave, other, "urgent")
    with pytest.raises(Refused) as refused:
        own.gate.break_glass(leave, frail, "urgent")
    assert refused.value.reasons == (PROTECTED_BY_POLICY,)
    assert own.trail.records[-1]["reasons"] == ("the vulnerable have one manager",)
    shown = own.gate.permit(actor, "show_customer", "servicing", "console")
    with pytest.raises(OfAnother):
        own.gate.view(shown, frail)


# ------------------------------------------------------------------ many at once


@pytest.mark.parametrize(
    ("values", "channels"),
    [
        ({"birth_date": CHILD}, {"email", "sms", "call", "push", "app"}),
        ({"vulnerable": True}, {"sms", "call", "push"}),
        ({"birth_date": OLD}, {"call"}),
        ({"protected": True}, set()),
    ],
)
def test_an_audience_leaves_out_whom_a_policy_protects_and_does_not_say_why(house, values, channels):
    customer = house.customer("1", **values)
    other = house.customer("2")
    for channel in ("email", "sms", "call", "push", "app"):
        expected = {PROTECTED_BY_POLICY: 1} if channel in channels else {}
        assert house.left_out(channel, customer, other) == expected


def test_the_desk_protects_by_the_reason_of_a_suppression_on_any_channel(house):
    customer = house.customer("1")
    party = house.bank.state.fragments_of(customer)[0]
    said = {"party": party, "channel": "post", "reason": "vulnerable"}
    house.bank.add("suppression", "onefold", "s", state="on", since_at=1, **said)
    assert house.left_out("sms", customer) == {PROTECTED_BY_POLICY: 1}
    assert house.left_out("email", customer) == {}
    # Not even the channel it was said for tells a marketer that it was about somebody vulnerable: others are
    # suspected of fraud, and they are told together.
    other = house.customer("2")
    silent = {"party": house.bank.state.fragments_of(other)[0], "channel": "post", "reason": "fraud"}
    house.bank.add("suppression", "onefold", "t", state="on", since_at=1, **silent)
    assert house.left_out("post", customer, other) == {UNTOLD: 2}
    house.bank.add("suppression", "onefold", "s", state="off", since_at=2, **said)
    assert house.left_out("sms", customer) == {}


def test_the_record_of_what_is_done_with_many_names_the_policies_that_protect(house):
    actor = Actor("m", ("marketer",), CELL)
    for channel, expected in (
        ("email", "minors are left out of marketing"),
        (
            "sms",
            "minors are left out of marketing; vulnerable customers are not pressed by calls and messages",
        ),
    ):
        permit = house.gate.permit(actor, "activate_segment", "marketing", channel)
        house.gate.released(permit, "activation", details={"segment": "dip"})
        assert house.trail.records[-1]["details"] == {"segment": "dip", "protected_by": expected}


# ------------------------------------------------------------------ what is shown


def test_groups_are_flags_by_name_for_who_may_see_them_and_a_word_of_care_for_who_serves(house):
    customer = house.customer("1", birth_date=OLD, vulnerable=True, protected=True)
    assert house.view("privacy_officer", customer, "compliance").flags == (
        "senior",
        "vulnerable",
        "protected",
    )
    agent = house.view("agent", customer)
    assert agent.flags == ("senior", "to be treated with care")
    assert house.view("marketer", customer, "marketing").flags == ()
    for view in (agent, house.view("marketer", customer, "marketing")):
        assert not {"vulnerable", "protected"} & {*view.profile, *view.fragments[0].values}
        assert "vulnerable" not in str(view)
        assert "protected" not in str(view)


def test_a_suppression_of_the_vulnerable_names_the_reason_to_who_may_see_it(house):
    customer = house.customer("1")
    party = house.bank.state.fragments_of(customer)[0]
    said = {"party": party, "channel": "call", "reason": "vulnerable", "state": "on", "since_at": 1}
    house.bank.add("suppression", "crm", "s", **said)
    assert house.view("privacy_officer", customer, "compliance").flags == (
        "do not contact: vulnerable",
        "vulnerable",
    )
    care = "to be treated with care"
    assert house.view("agent", customer).flags == (f"do not contact: {care}", care)
    assert house.view("marketer", customer, "marketing").flags == ("do not contact: call",)


def test_of_records_that_do_not_agree_the_one_that_protects_survives(house):
    said = {"full_name": "Anna", "birth_date": GROWN}
    joined = house.bank.join(
        house.bank.add("party", "crm", "1", vulnerable=True, **said),
        house.bank.add("party", "core", "1", vulnerable=False, **said),
    )
    value = house.view("privacy_officer", joined, "compliance").profile["vulnerable"]
    assert (value.value, value.source, value.rule) == (True, "crm", "careful")


def test_groups_are_called_by_their_names():
    assert groups_named(["minor", "vulnerable"]) == {"minor", "vulnerable"}
    with pytest.raises(CallerError, match="no such sensitive group"):
        groups_named(["minors"])
