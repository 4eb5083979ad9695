"""Relations: each end is decided for itself, and whoever may not be seen is counted and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate import relations
from onefold.gate.model import Actor, Permit
from onefold.gate.portfolios import Relation
from onefold.gate.relations import ENDS_MAX, ORDER, Relations
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.shields import Shield
from onefold.kernel.errors import NotFound, Refused
from onefold.kernel.ids import id_text
from onefold.record.canon.groups import Group
from onefold.record.canon.relations import KINDS, SIDES
from onefold.usecases.show_relations import show_relations
from tests.unit.gate.bank import CELL, FULL, PURPOSES, Bank, StoppedClock, Trail, ms
from tests.unit.gate.test_rules import TEXTS

NOW = ms(20_000)
BANKER = Actor("anna", ("relationship_manager",), CELL, portfolios=("M1",))
UNSEEN = [("1 relation", "who is at the other end may not be shown for servicing")]


class House:
    """A gate over a bank in which everybody is a customer of one record, unless they are joined."""

    def __init__(self) -> None:
        self.bank, self.trail = Bank(), Trail()
        self.gate = Gate(
            CELL,
            Policies(TEXTS),
            self.bank.state,
            PURPOSES,
            self.trail,
            DeterministicRules(),
            StoppedClock(NOW),
        )
        self._said = 0

    def party(self, name: str, source: str = "core", **values: Any) -> bytes:
        return self.bank.join(self.bank.add("party", source, name, full_name=name, **values))

    def say(
        self, kind: str, party: bytes, other: bytes | None = None, source: str = "core", **more: Any
    ) -> None:
        self._said += 1
        ends = {"party": party} | ({} if other is None else {"other": other})
        self.bank.add("relation", source, f"R{self._said}", kind=kind, **ends, **more)

    def permit(self, purpose: str = "servicing", **more: Any) -> Permit:
        actor = Actor("somebody", ("tester",), CELL)
        return Permit(actor, "tester", purpose, "console", "show_relations", "v", FULL, **more)

    def ask(self, customer: bytes, permit: Permit | None = None) -> Relations:
        rooms: Any = SimpleNamespace(gate=self.gate)
        return show_relations(permit or self.permit(), rooms, id_text(customer))

    def kinds(self, customer: bytes, permit: Permit | None = None) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for it in self.ask(customer, permit).items:
            found.setdefault(it.kind, []).append(it.name)
        return found


@pytest.fixture
def house() -> House:
    return House()


def withheld(found: Relations) -> list[tuple[str, str]]:
    return [(it.what, it.reason) for it in found.withheld if "relation" in it.what]


@pytest.mark.parametrize("kind", [it for it in KINDS if it != "household"])
def test_a_relation_is_read_from_either_end_in_its_own_word(house, kind):
    anna, boris = house.party("Anna"), house.party("Boris")
    house.say(kind, anna, boris)
    assert house.kinds(anna) == {kind: ["Boris"]}
    assert house.kinds(boris) == {KINDS[kind].reverse: ["Anna"]}


def test_every_word_has_its_place_in_the_order():
    assert set(ORDER) >= SIDES
    assert len(set(ORDER)) == len(ORDER)


def test_what_the_source_says_of_it_is_told(house):
    firm = house.party("Chorsu", kind="organisation")
    anna = house.party("Anna")
    house.say("beneficial_owner", firm, anna, title="founder", share="25,5", since_on=18_000, until_on=20_000)
    [it] = house.ask(firm).items
    assert (it.title, it.share, it.since, it.until, it.ended) == (
        "founder", "25,5", "2019-04-14", "2024-10-04", False,
    )  # fmt: skip
    assert (it.customer, it.party, it.sources) == (id_text(anna), "person", ("core",))
    [it] = house.ask(anna).items
    assert (it.kind, it.party, it.share) == ("owner_of", "organisation", "25,5")


def test_what_is_over_comes_last_and_says_so(house):
    anna, boris, clara = house.party("Anna"), house.party("Boris"), house.party("Clara")
    house.say("spouse", anna, boris, until_on=19_999)
    house.say("spouse", anna, clara, since_on=20_000)
    assert [(it.name, it.ended) for it in house.ask(anna).items] == [("Clara", False), ("Boris", True)]


def test_a_household_is_everybody_who_is_of_it_and_no_one_else(house):
    home = house.bank.add("household", "core", "HH1", name="Karimovs")
    anna, boris, clara = (house.party(it) for it in ("Anna", "Boris", "Clara"))
    house.party("Neighbour", address="12 Navoiy", family_name="Karimov")
    for it in (anna, boris, clara):
        house.say("household", it, household=home)
    assert sorted(house.kinds(anna)["household"]) == ["Boris", "Clara"]
    assert {it.household for it in house.ask(anna).items} == {"Karimovs"}


def test_two_are_of_one_household_for_as_long_as_both_are(house):
    home = house.bank.add("household", "core", "HH1")
    anna, boris = house.party("Anna"), house.party("Boris")
    house.say("household", anna, household=home, since_on=10_000, until_on=19_000)
    house.say("household", boris, household=home, since_on=12_000)
    [it] = house.ask(boris).items
    assert (it.since, it.until, it.ended) == ("2002-11-09", "2022-01-08", True)


def test_who_had_left_when_another_came_never_kept_house_with_them(house):
    home = house.bank.add("household", "core", "HH1")
    anna, boris, clara = house.party("Anna"), house.party("Boris"), house.party("Clara")
    house.say("household", anna, household=home, since_on=10_000)
    house.say("household", boris, household=home, since_on=10_000, until_on=15_000)
    house.say("household", clara, household=home, since_on=15_001)
    assert house.kinds(boris) == {"household": ["Anna"]}
    assert house.kinds(clara) == {"household": ["Anna"]}
    assert sorted(house.kinds(anna)["household"]) == ["Boris", "Clara"]


def test_a_title_is_the_word_for_one_end_and_is_not_told_of_the_other(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    house.say("spouse", boris, anna, title="wife")
    assert [it.title for it in house.ask(boris).items] == ["wife"]
    assert [it.title for it in house.ask(anna).items] == [""]
    house.say("spouse", anna, boris, title="husband")
    assert [it.title for it in house.ask(anna).items] == ["husband"]


def test_a_guardian_on_the_record_of_the_ward_is_seen_from_both_sides(house):
    anna = house.party("Anna")
    child = house.party("Timur", guardian=anna)
    assert house.kinds(child) == {"guardian": ["Anna"]}
    assert house.kinds(anna) == {"ward": ["Timur"]}


def test_whoever_else_holds_an_account_is_told_by_their_role(house):
    anna, boris, clara = (house.party(it) for it in ("Anna", "Boris", "Clara"))
    joint = house.bank.add("account", "core", "A1", product="deposit", name="joint", status="open")
    closed = house.bank.add("account", "core", "A2", product="deposit", name="old", status="closed")
    for at, (party, account, role) in enumerate(
        ((anna, joint, "joint"), (boris, joint, "joint"), (clara, joint, "authorised"),
         (anna, closed, "owner"), (boris, closed, "authorised"))
    ):  # fmt: skip
        house.bank.add("holder", "core", f"H{at}", party=party, account=account, role=role)
    found = [(it.kind, it.name, it.product, it.ended) for it in house.ask(anna).items]
    assert found == [
        ("joint_holder", "Boris", "joint", False),
        ("account_user", "Clara", "joint", False),
        ("account_user", "Boris", "old", True),
    ]
    assert house.kinds(clara) == {"joint_holder": ["Anna", "Boris"]}


def test_one_relation_that_two_sources_state_is_one_line(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    old = house.bank.add("party", "crm", "B-crm", full_name="Boris")
    boris = house.bank.join(boris, old)
    house.say("spouse", anna, boris, since_on=15_000)
    house.say("spouse", anna, old, source="crm", since_on=14_000)
    [it] = house.ask(anna).items
    assert (it.sources, it.since) == (("core", "crm"), "2008-05-01")


def test_of_another_portfolio_there_is_somebody_and_nothing_else(house):
    anna = house.party("Anna", manager="M1")
    boris = house.party("Boris", manager="M2")
    house.say("spouse", anna, boris)
    asked = house.gate.permit(BANKER, "show_relations", "servicing", "console")
    found = house.ask(anna, asked)
    assert found.items == ()
    assert withheld(found) == UNSEEN
    with pytest.raises(Refused):
        house.ask(boris, asked)


def test_why_somebody_is_not_told_of_is_not_told_either(house):
    """A minor, one of another portfolio, and one whom no source of the purpose knows look alike."""
    child = house.party("Timur", birth_date=19_000)
    barred = house.party("Boris", manager="M2")
    closed = house.party("Clara", source="aml")
    never = house.bank.join(house.bank.add("party", "core", "gone"))
    house.bank.delete("party", "core", "gone")
    minors = frozenset({Shield(it, frozenset({Group.MINOR})) for it in Relation})
    keeper = Actor("somebody", ("tester",), CELL, portfolios=("M1",))
    asked = Permit(
        keeper, "tester", "servicing", "console", "show_relations", "v", FULL,
        relations=(Relation.OWN, Relation.NOBODY), shields=minors,
    )  # fmt: skip
    answers = []
    for at, other in enumerate((child, barred, closed, never)):
        somebody = house.party(f"Parent{at}")
        house.say("guardian", other, somebody)
        found = house.ask(somebody, asked)
        answers.append((found.items, withheld(found), found.more))
    assert answers == [((), UNSEEN, False)] * 4


def test_the_name_of_a_household_goes_with_any_member_who_may_not_be_seen(house):
    home = house.bank.add("household", "core", "HH1", name="Karimovs")
    anna, boris = house.party("Anna", manager="M1"), house.party("Boris", manager="M2")
    clara = house.party("Clara")
    for it in (anna, boris, clara):
        house.say("household", it, household=home)
    asked = house.gate.permit(BANKER, "show_relations", "servicing", "console")
    found = house.ask(anna, asked)
    assert [(it.name, it.household) for it in found.items] == [("Clara", "")]
    assert withheld(found) == UNSEEN


def test_a_source_that_is_closed_to_the_purpose_states_no_relation(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    house.say("spouse", anna, boris, source="aml")
    found = house.ask(anna)
    assert (found.items, withheld(found)) == ((), [])
    assert house.kinds(anna, house.permit("compliance")) == {"spouse": ["Boris"]}


def test_the_record_that_is_named_has_to_permit_it_and_not_another_of_the_same_customer(house):
    anna = house.party("Anna")
    core = house.bank.add("party", "core", "B1", full_name="Boris")
    crm = house.bank.add("party", "crm", "B2", full_name="Boris")
    house.bank.join(core, crm)
    house.say("spouse", anna, crm)
    for at, party in enumerate((anna, core)):
        house.bank.add("consent", "core", f"c{at}", party=party, purpose="marketing", channel="any",
                       fact="granted", given_at=ms(100))  # fmt: skip
    found = house.ask(anna, house.permit("marketing"))
    assert (found.items, len(withheld(found))) == ((), 1)
    house.bank.add("consent", "core", "c9", party=crm, purpose="marketing", channel="any",
                   fact="granted", given_at=ms(100))  # fmt: skip
    assert house.kinds(anna, house.permit("marketing")) == {"spouse": ["Boris"]}


def test_where_who_they_are_may_not_be_used_no_relation_is(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    home = house.bank.add("household", "core", "HH1", name="Karimovs")
    house.say("spouse", anna, boris)
    for it in (anna, boris):
        house.say("household", it, household=home)
        house.bank.add("consent", "core", f"c{it.hex()}", party=it, purpose="marketing", channel="any",
                       fact="granted", given_at=ms(100), data_class="identity")  # fmt: skip
    asked = house.permit("marketing")
    assert house.kinds(anna, asked) == {"spouse": ["Boris"], "household": ["Boris"]}
    house.bank.add("consent", "core", "no", party=boris, purpose="marketing", channel="any", fact="withdrawn",
                   given_at=ms(200), data_class="identity")  # fmt: skip
    house.bank.add("consent", "core", "yes", party=boris, purpose="marketing", channel="any", fact="granted",
                   given_at=ms(300), data_class="contact")  # fmt: skip
    found = house.ask(anna, asked)
    assert (found.items, withheld(found)[0][0]) == ((), "2 relations")
    assert house.ask(boris, asked).items == ()


def test_names_are_as_the_permit_shows_names(house):
    anna, boris = house.party("Anna"), house.party("Boris Karimov")
    house.say("spouse", anna, boris)
    asked = house.permit()
    hidden = Permit(
        asked.actor, "tester", "servicing", "console", "show_relations", "v", FULL | {"pii": "masked"}
    )
    assert house.kinds(anna, hidden) == {"spouse": ["B. K."]}


def test_two_ends_that_are_held_to_be_one_are_told_for_a_steward(house):
    anna = house.bank.add("party", "core", "1", full_name="Anna")
    other = house.bank.add("party", "core", "2", full_name="Anna")
    customer = house.bank.join(anna, other)
    house.say("parent", anna, other)
    [it] = house.ask(customer).items
    assert (it.kind, it.is_themselves, it.customer) == ("parent", True, id_text(customer))


def test_relations_follow_a_merge_and_its_undoing(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    crm = house.bank.add("party", "crm", "B2", full_name="Boris")
    house.bank.join(crm)
    house.say("spouse", anna, boris)
    before = house.ask(anna).items
    merged = house.bank.join(boris, crm)
    [it] = house.ask(anna).items
    assert it.customer == id_text(merged)
    assert house.kinds(merged) == {"spouse": ["Anna"]}
    house.bank.join(boris)
    house.bank.join(crm)
    assert house.ask(anna).items == before
    assert house.ask(crm).items == ()


def test_no_more_are_read_than_can_be_told(house):
    firm = house.party("Chorsu", kind="organisation")
    boss = house.party("Boss")
    for at in range(ENDS_MAX):
        house.say("employee", firm, house.party(f"E{at}"))
    assert not house.ask(firm).more
    house.say("director", firm, boss)
    found = house.ask(firm)
    assert (found.more, len(found.items), found.items[0].kind) == (True, ENDS_MAX, "director")


def test_who_directs_a_firm_is_told_though_thousands_work_there(house, monkeypatch):
    monkeypatch.setattr(relations, "LINKS_AT_ONCE", 10)
    firm = house.party("Chorsu", kind="organisation")
    bosses = [house.party(f"Boss{at}") for at in range(4)]
    for at in range(30):
        if at % 10 == 0:
            house.say("director", firm, bosses[at // 10])
        house.say("employee", firm, house.party(f"E{at}"))
    house.say("director", firm, bosses[3])
    assert sorted(house.kinds(firm)["director"]) == ["Boss0", "Boss1", "Boss2", "Boss3"]
    assert len(house.kinds(firm)["employee"]) == 30


def test_the_record_names_everybody_who_was_told_of_and_nobody_else(house):
    anna, boris = house.party("Anna"), house.party("Boris")
    house.say("spouse", anna, boris)
    house.say("parent", anna, house.party("Clara", source="aml"))
    found = house.ask(anna)
    record = house.trail.records[-1]
    assert (record["kind"], found.decision) == ("relations", str(len(house.trail.records)))
    assert record["customers"] == (anna, boris)
    assert record["rests"].members == ((anna.hex(),), (boris.hex(),))
    assert record["counts"] == {"relations": 1, "others": 1}


def test_a_customer_that_may_not_be_seen_has_no_relations_to_ask_for(house):
    closed = house.party("Anna", source="aml")
    house.say("spouse", closed, house.party("Boris"))
    with pytest.raises(NotFound):
        house.ask(closed)


def test_of_a_guardian_who_was_erased_there_is_nothing_left_to_count(house):
    guardian = house.party("Anna")
    child = house.party("Timur", guardian=guardian)
    house.bank.erase("party", "core", "Anna")
    found = house.ask(child)
    assert (found.items, withheld(found)) == ((), [])
