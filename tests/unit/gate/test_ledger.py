"""The ledger of consents: every fact as it was said, and what stood at an instant by either clock."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from onefold.customer.fragments.model import Statement
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.dossier import read_dossier
from onefold.gate.ledger import ConsentLedger, Moment, cut_ledger, fragments_in
from onefold.pipeline.retelling import Told
from onefold.record.canon.data_classes import DATA_CLASSES, EXPLICIT
from tests.unit.gate.bank import KEY, Bank, ms, permit, scope

RULES = DeterministicRules()
GRANT = {"purpose": "marketing", "channel": "email", "fact": "granted", "evidence": "form 7"}


class House:
    """Anna, known to core and crm, and what was told of her."""

    def __init__(self) -> None:
        self.bank = Bank()
        who = {"national_id": "31201800001234", "birth_date": 3_652, "identifiers_verified": True}
        self.core = self.bank.add("party", "core", "C1", full_name="Anna Karimova", **who)
        self.crm = self.bank.add("party", "crm", "anna", full_name="Anna Karimova", **who)
        self.anna = self.bank.join(self.core, self.crm)
        self.told: list[Told] = []

    def say(
        self, key: str, day: int, recorded: int | None = None, source: str = "crm", **values: Any
    ) -> None:
        """A row of a consent, said on a day and recorded on that day or another; without values, deleted."""
        fragment = KEY.birth_id(source, "consent", key)
        row = {"party": self.crm, "given_at": ms(day)} | values if values else None
        stamp = (ms(day), len(self.told).to_bytes(16, "big"))
        statement = Statement(fragment, "consent", source, key, fragment, stamp, row, False)
        self.told.append(Told(ms(day if recorded is None else recorded), statement))
        if row:
            self.bank.add("consent", source, key, **row)

    def ledger(self, day: int, known: str | int = "now", cursor: str = "", limit: int = 50) -> ConsentLedger:
        """The ledger of a day, as known now, then or on another day."""
        asked = scope(self.bank, permit("compliance", role="privacy_officer"))
        dossier = read_dossier(asked, self.anna, ms(day))
        assert {it.statement.fragment_id for it in self.told} <= set(fragments_in(asked, dossier))
        by = {"now": None, "then": ms(day)}[known] if isinstance(known, str) else ms(known)
        return cut_ledger(asked, dossier, self.told, Moment(ms(day), by, cursor, limit))

    def state(
        self, day: int, known: str | int = "now", purpose: str = "marketing", channel: str = "email"
    ) -> str:
        """What stood for one use."""
        lines = self.ledger(day, known).standing
        return next((it.state for it in lines if (it.purpose, it.channel) == (purpose, channel)), "unspoken")


@pytest.fixture
def house() -> House:
    return House()


def test_what_stood_is_told_though_the_same_row_says_otherwise_now(house):
    house.say("one", 10, **GRANT)
    house.say("one", 20, **GRANT | {"fact": "withdrawn"})
    assert [house.state(day) for day in (9, 10, 19, 20, 30)] == [
        "unspoken", "granted", "granted", "withdrawn", "withdrawn",
    ]  # fmt: skip


def test_a_withdrawal_that_came_late_stood_as_known_now_and_not_as_known_then(house):
    house.say("one", 10, **GRANT)
    house.say("two", 20, recorded=30, **GRANT | {"fact": "withdrawn"})
    assert (house.state(25), house.state(25, "then")) == ("withdrawn", "granted")
    assert (house.state(30), house.state(30, "then")) == ("withdrawn", "withdrawn")


def test_what_stood_is_told_by_what_was_known_on_any_other_day(house):
    house.say("one", 10, recorded=15, **GRANT)
    house.say("two", 20, recorded=30, **GRANT | {"fact": "withdrawn"})
    # Asked on day 29, nobody could know that it was withdrawn on day 20; on day 30 it was known of all days.
    assert [house.state(25, known) for known in (14, 15, 29, 30)] == [
        "unspoken", "granted", "granted", "withdrawn",
    ]  # fmt: skip
    # What was said after the day asked for does not count, however much was known.
    assert [house.state(19, known) for known in (15, 30, 90)] == ["granted", "granted", "granted"]
    assert house.state(12, 14) == "unspoken"
    assert house.state(12, 15) == "granted"


@pytest.mark.parametrize("day", [9, 10, 15, 25, 30, 40])
def test_to_know_what_is_known_then_or_now_is_to_know_it_on_that_day_or_at_the_end(house, day):
    house.say("one", 10, recorded=15, **GRANT)
    house.say("two", 20, recorded=30, **GRANT | {"fact": "withdrawn"})
    house.say("three", 25, **GRANT | {"channel": "any"})
    then, now = house.ledger(day, "then"), house.ledger(day)
    assert house.ledger(day, day) == then
    assert msgspec.structs.replace(house.ledger(day, 99), known="now") == now
    assert (then.known, now.known, house.ledger(day, 99).known[:4]) == ("then", "now", "1970")


def test_a_deleted_row_is_told_and_is_no_grant_any_more(house):
    house.say("one", 10, **GRANT)
    house.say("one", 20)
    assert [it.fact for it in house.ledger(30).items] == ["deleted", "granted"]
    assert (house.state(15), house.state(30)) == ("granted", "expired")


def test_facts_come_newest_first_in_pages_that_lose_and_repeat_nothing(house):
    for day in range(1, 8):
        house.say(f"k{day}", day, **GRANT)
    pages, cursor = [], ""
    while True:
        page = house.ledger(30, cursor=cursor, limit=3)
        pages.append([it.at[8:10] for it in page.items])
        if page.next is None:
            break
        cursor = page.next
    assert [len(it) for it in pages] == [3, 3, 1]
    days = [day for page in pages for day in page]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) == 7


def test_a_fact_is_told_with_its_evidence_unless_its_source_is_closed_to_the_purpose(house):
    notice = {"notice": "N-7", "notice_version": "3", "language": "uz", "mechanism": "spoken"}
    house.say("one", 10, **GRANT | notice | {"jurisdiction": "UZ", "data_class": "contact"})
    house.say("two", 11, source="elsewhere", **GRANT | {"fact": "withdrawn"})
    hidden, shown = house.ledger(30).items
    assert (shown.notice, shown.notice_version, shown.language, shown.mechanism) == (
        "N-7",
        "3",
        "uz",
        "spoken",
    )
    assert (shown.evidence, shown.jurisdiction, shown.data_class) == ("form 7", "UZ", "contact")
    assert (hidden.fact, hidden.evidence, hidden.source) == ("withdrawn", "", "elsewhere")


def test_every_use_somebody_spoke_of_has_a_line_and_silence_about_a_whole_too(house):
    house.say("one", 10, **GRANT | {"includes_parts": True})
    house.say(
        "two", 11, **GRANT | {"purpose": "account_information", "controller": "tpp-1", "channel": "any"}
    )
    lines = {(it.purpose, it.controller): (it.state, it.may) for it in house.ledger(30).standing}
    assert lines == {
        ("marketing", ""): ("granted", True),
        ("direct_marketing", ""): ("granted", True),
        ("personalised_offers", ""): ("granted", True),
        ("analytics", ""): ("unknown", False),
        ("partner", ""): ("unknown", False),
        ("account_information", "tpp-1"): ("granted", True),
    }


def test_a_line_is_a_yes_only_where_every_record_says_so(house):
    house.say("one", 10, **GRANT)
    lone = house.bank.add("party", "crm", "other", full_name="Somebody")
    house.anna = house.bank.join(house.core, house.crm, lone)
    assert house.state(30) == "unknown"


def test_each_fact_says_whether_it_stands_and_what_replaced_it(house):
    house.say("one", 10, **GRANT)
    house.say("two", 12, **GRANT | {"channel": "sms"})
    house.say("three", 20, **GRANT | {"fact": "withdrawn", "channel": "any"})
    house.say("four", 25, **GRANT)
    fourth, third, second, first = house.ledger(30).items
    assert [it.effect for it in (first, second, third, fourth)] == [
        "replaced",
        "replaced",
        "stands",
        "stands",
    ]
    assert (first.replaced_by, second.replaced_by) == (fourth.id, third.id)
    assert [it.effect for it in house.ledger(15).items] == ["later", "later", "stands", "stands"]
    lines = {it.channel: it.fact for it in house.ledger(30).standing if it.purpose == "marketing"}
    assert lines == {"any": third.id, "sms": third.id, "email": fourth.id}


def test_what_was_recorded_late_comes_later_as_known_then_alone(house):
    house.say("one", 10, **GRANT)
    house.say("two", 20, recorded=30, **GRANT | {"fact": "withdrawn"})
    assert [it.effect for it in house.ledger(25).items] == ["stands", "replaced"]
    assert [it.effect for it in house.ledger(25, "then").items] == ["later", "stands"]


def test_a_fact_that_is_over_taken_back_ahead_or_no_consent_stands_for_nothing(house):
    house.say("over", 10, **GRANT | {"until_at": ms(20)})
    house.say("back", 11, **GRANT | {"channel": "sms"})
    house.say("back", 12)
    house.say("ahead", 13, **GRANT | {"channel": "push", "from_at": ms(90)})
    house.say("other", 14, **GRANT | {"channel": "call", "basis": "contract"})
    effects = {(it.fact, it.channel): it.effect for it in house.ledger(30).items}
    assert effects == {
        ("granted", "email"): "over",
        ("granted", "sms"): "over",
        ("deleted", "sms"): "none",
        ("granted", "push"): "ahead",
        ("granted", "call"): "none",
    }


def test_the_same_row_said_anew_replaces_what_it_said(house):
    house.say("one", 10, **GRANT)
    house.say("one", 20, **GRANT | {"fact": "withdrawn"})
    after, before = house.ledger(30).items
    assert (after.effect, before.effect, before.replaced_by) == ("stands", "replaced", after.id)


def test_a_line_counts_the_records_that_were_granted(house):
    house.say("one", 10, **GRANT)
    lone = house.bank.add("party", "crm", "other", full_name="Somebody")
    house.anna = house.bank.join(house.core, house.crm, lone)
    line = next(it for it in house.ledger(30).standing if it.channel == "email")
    assert (line.granted, line.records, line.fact, line.may) == (2, 3, "", False)
    assert [it.effect for it in house.ledger(30).items] == ["stands"]


def test_what_was_said_of_each_record_at_once_stands_for_each(house):
    for key, party in (("one", house.core), ("two", house.crm)):
        house.say(key, 10, **GRANT | {"fact": "withdrawn", "party": party})
    assert [it.effect for it in house.ledger(30).items] == ["stands", "stands"]


def test_where_all_data_and_one_class_were_spoken_of_each_class_is_told(house):
    house.say("one", 10, **GRANT)
    house.say("two", 20, **GRANT | {"fact": "withdrawn", "data_class": "balance"})

    def may(day: int) -> dict[str, bool]:
        told = [it for it in house.ledger(day).standing if it.purpose == GRANT["purpose"]]
        return {it.data_class: it.may for it in told if it.channel == GRANT["channel"]}

    assert may(15) == {"any": True}
    assert may(30) == {"any": False} | {it: it != "balance" for it in DATA_CLASSES if it not in EXPLICIT}
    # Of somebody who spoke of one class alone nothing else is told: there is nothing to tell.
    house.say("one", 25)
    house.say("three", 25, **GRANT | {"controller": "tpp-7", "data_class": "contact"})
    theirs = [it.data_class for it in house.ledger(30).standing if it.controller == "tpp-7"]
    assert theirs == ["contact"]
