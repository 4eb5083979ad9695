"""Own policies are checked before they decide, and what Cedar lets pass in silence is told, too."""

from __future__ import annotations

import pytest

from onefold.gate.policy_files import BrokenPolicies, checked, faults_of, shipped
from onefold.gate.rules import Policies

NAMED = '@id("agents may") '
CELL = 'resource == Cell::"this"'
FORBID = '@id("no secrets") forbid (principal, action, resource == FieldClass::"secret");'


def fault(text: str) -> str:
    [found] = faults_of({"own.cedar": text})
    return found


def test_those_that_come_with_onefold_have_none():
    assert faults_of(shipped()) == []
    assert checked(shipped()).version == Policies(shipped()).version


def test_a_policy_of_ones_own_decides():
    head = 'permit (principal == Role::"agent", action == Action::"show_customer", '
    found = checked({"own.cedar": f'{NAMED}{head}{CELL}) when {{ context.purpose == "servicing" }};'})
    decision = found.decide("agent", "show_customer", "servicing", "console")
    assert (decision.allowed, decision.reasons) == (True, ("agents may",))
    assert set(decision.fields.values()) == {"hidden"}
    assert not found.decide("steward", "show_customer", "stewardship", "console").allowed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("permit (principal", "own.cedar: unexpected end of input"),
        (f"permit (principal, action, {CELL});", "has no name"),
        (f'{NAMED}permit (principal == Rule::"agent", action, {CELL});', "“agents may”: "),
        (f'{NAMED}permit (principal == Role::"agnet", action, {CELL});', "Role “agnet” is on no list"),
        (f'{NAMED}permit (principal, action == Action::"look", {CELL});', "“agents may”: "),
        (f"{NAMED}permit (principal == ?principal, action, {CELL});", "a template decides nothing"),
        (
            f'{NAMED}permit (principal, action, {CELL}) when {{ context.purpose == "servicng" }};',
            "purpose “servicng” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, {CELL}) unless {{ "mail" == context.channel }};',
            "channel “mail” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, {CELL}) when {{ ["api", "fax"].contains(context.channel) }};',
            "channel “fax” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, resource == FieldClass::"pi");',
            "FieldClass “pi” is on",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_file_and_policy(text, said):
    assert said in fault(text)
    with pytest.raises(BrokenPolicies, match=r"own\.cedar"):
        checked({"own.cedar": text})


def test_two_policies_of_one_name_would_give_one_reason_for_two_things():
    text = f"{NAMED}permit (principal, action, {CELL});"
    [found] = faults_of({"a.cedar": text, "b.cedar": text})
    assert found == "b.cedar: “agents may” is the name of a policy in a.cedar, too."


def test_secrets_are_shown_to_nobody_whatever_is_written():
    text = f'{NAMED}permit (principal == Role::"steward", action, resource);'
    assert "the role steward would be shown secrets" in fault(text)
    assert faults_of({"own.cedar": text, "guard.cedar": FORBID}) == []


def test_a_policy_that_fails_when_it_is_asked_allows_nothing():
    fails = f"forbid (principal, action, {CELL}) when {{ 9223372036854775807 + 1 > 0 }};"
    text = f'{NAMED}permit (principal, action, {CELL});\n@id("fails") {fails}'
    decision = checked({"own.cedar": text}).decide("agent", "show_customer", "servicing", "console")
    assert not decision.allowed
    assert "cannot be evaluated" in decision.reasons[0]


def test_every_fault_of_every_file_is_told_at_once():
    found = faults_of({"a.cedar": "permit (", "b.cedar": f"permit (principal, action, {CELL});"})
    assert [it.partition(":")[0] for it in found] == ["a.cedar", "b.cedar"]
