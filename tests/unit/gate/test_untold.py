"""Why somebody is left alone: told to whom the policies tell it, and given away by no small number."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.audience import decide
from onefold.gate.model import Actor
from onefold.gate.policy_files import shipped
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.shields import PROTECTED_BY_POLICY
from onefold.gate.untold import UNTOLD, parts_told
from onefold.record.canon.vocabulary import VOCABULARY
from tests.unit.gate.bank import CELL, PURPOSES, Bank, StoppedClock, Trail, ms, permit
from tests.unit.gate.decision_table import NOT_FOR_ALL, TOLD_WHY
from tests.unit.gate.test_service import EVERYBODY

NOW = ms(20_000)
REASONS = sorted(VOCABULARY["suppression", "reason"])
MARKETER = msgspec.structs.replace(permit("marketing", role="marketer"), tells=())
OWN = (
    '@id("marketers know why") permit (principal == Role::"marketer", action == Action::"see_reason",'
    " resource);"
)


class House:
    """A gate over customers who all agreed, each suppressed for another reason on one channel."""

    def __init__(self, *texts: str) -> None:
        policies = Policies(shipped() | {f"own{at}.cedar": it for at, it in enumerate(texts)})
        self.bank = Bank()
        self.gate = Gate(
            CELL, policies, self.bank.state, PURPOSES, Trail(), DeterministicRules(), StoppedClock(NOW)
        )
        self.of = {it: self._customer(it) for it in REASONS}

    def _customer(self, reason: str) -> bytes:
        one = self.bank.add("party", "core", reason, full_name="Anna", birth_date=3_652)
        said = {
            "purpose": "marketing",
            "channel": "any",
            "fact": "granted",
            "given_at": 1,
            "evidence": "form",
        }
        self.bank.add("consent", "crm", reason, party=one, **said)
        self.bank.add("suppression", "crm", f"s{reason}", party=one, channel="app", reason=reason, state="on")
        return self.bank.join(one)

    def permit(self, action: str, role: str = "marketer"):
        return self.gate.permit(Actor("somebody", (role,), CELL), action, "marketing", "app")

    def why_not(self, *customers: bytes) -> dict[str, int]:
        """Of an activation, with which a count and each customer alone have to agree."""
        sending = self.permit("activate_segment")
        with self.gate.audience(sending, customers, EVERYBODY) as audience:
            found = audience.left_out
        assert self.gate.audience_count(sending, customers, EVERYBODY).left_out == found
        with self.gate.looking(sending) as look:
            alone = Counter(str(decide(look.many, (), it, NOW)) for it in customers)
        assert alone == found
        return found


def by_the_table(role: str, reasons: list[str]) -> Counter[str]:
    """What is told, worked out from the table: each by its reason, or those that are not for all as one."""
    told: Counter[str] = Counter()
    for it in reasons:
        close = (role, "marketing") not in TOLD_WHY and it in NOT_FOR_ALL | {"vulnerable"}
        told[UNTOLD if close else f"suppressed: {it}"] += 1
    return told


def test_a_marketer_reads_one_reason_where_somebody_is_suspected_sued_or_vulnerable():
    house = House()
    assert house.why_not(*house.of.values()) == by_the_table("marketer", REASONS)
    for reason in REASONS:
        assert house.why_not(house.of[reason]) == by_the_table("marketer", [reason])


def test_a_house_whose_policies_tell_marketers_why_tells_them():
    house = House(OWN)
    found = house.why_not(*house.of.values())
    assert found["suppressed: fraud"] == found["suppressed: litigation"] == 1
    assert "suppressed: vulnerable" not in found, "that names a group, which is special"


def test_of_one_customer_a_marketer_reads_no_suspicion_either_and_an_agent_does():
    house = House()
    fraud = house.of["fraud"]
    marketer = house.gate.permit(Actor("m", ("marketer",), CELL), "show_customer", "marketing", "console")
    assert house.gate.view(marketer, fraud).flags == (f"do not contact: {UNTOLD}",)
    agent = house.gate.permit(Actor("a", ("agent",), CELL), "show_customer", "servicing", "console")
    assert house.gate.view(agent, fraud).flags == ("do not contact: fraud",)


OF_SOMEBODY = ["consent unknown", "suppressed: wish", "suppressed before an erasure"]
OF_THE_MOMENT = [PROTECTED_BY_POLICY, "no email", "quiet hours", "contacted often enough: 1 in 7 days"]


@given(
    st.dictionaries(st.sampled_from([*OF_SOMEBODY, *OF_THE_MOMENT, UNTOLD]), st.integers(1, 40)),
    st.integers(2, 20),
)
def test_a_breakdown_adds_up_and_names_nothing_of_few_to_who_is_not_told_why(parts, least):
    assert parts_told(permit(), parts, least) == parts, "who is told why is told all"
    told = parts_told(MARKETER, parts, least)
    assert sum(told.values()) == sum(parts.values())
    assert all(told[it] == parts[it] for it in told.keys() - {UNTOLD})
    assert told.keys() - {UNTOLD} == {
        it for it in parts if it in OF_THE_MOMENT or (it in OF_SOMEBODY and parts[it] >= least)
    }


@pytest.mark.parametrize("reason", ["suppressed: wish", "consent withdrawn", UNTOLD])
def test_of_a_segment_of_one_a_suspicion_reads_as_a_wish_and_a_silence_do(reason):
    assert parts_told(MARKETER, {reason: 1}, 10) == {UNTOLD: 1}


def test_who_is_told_one_of_the_reasons_reads_that_one_and_no_other():
    house = House(OWN.replace("resource)", 'resource == Reason::"litigation")'))
    found = house.why_not(*house.of.values())
    assert found["suppressed: litigation"] == 1
    assert found[UNTOLD] == 2, "fraud, and the vulnerable"
