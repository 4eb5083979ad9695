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
            "the word “servicng” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, {CELL}) unless {{ "mail" == context.channel }};',
            "the word “mail” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, {CELL}) when {{ ["api", "fax"].contains(context.channel) }};',
            "the word “fax” is on no list",
        ),
        (
            f'{NAMED}permit (principal, action, {CELL}) when {{ context.purpose == "email" }};',
            "purpose “email” is on no list",
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
    fails = "forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };"
    text = f'{NAMED}permit (principal, action, resource);\n@id("fails") {fails}'
    assert any("arithmetic may not stand in a policy" in it for it in faults_of({"own.cedar": text}))
    decided = Policies({"own.cedar": text})
    decision = decided.decide("agent", "show_customer", "servicing", "console")
    assert not decision.allowed
    assert "cannot be evaluated" in decision.reasons[0]
    assert decided.right("agent", "pii", "servicing", "console") == "hidden"


WHOLE = (
    'context == {purpose: "servicng", channel: "api", jurisdiction: "web", portfolio: "own", '
    'break_glass: false, groups: ["minor"]}'
)


@pytest.mark.parametrize(
    "condition",
    [
        '["servicng"].containsAny([context.purpose])',
        WHOLE,
        '(if true then context.purpose else "email") == "servicng"',
    ],
)
def test_a_word_that_is_on_no_list_is_found_wherever_it_stands(condition):
    assert "the word “servicng” is on no list" in fault(
        f"{NAMED}forbid (principal, action, {CELL}) when {{ {condition} }};"
    )


def test_the_sensitive_groups_are_words_of_what_is_asked_and_of_nothing_else():
    own = f"{NAMED}forbid (principal, action, {CELL}) when {{ %s }};"
    assert not faults_of({"own.cedar": own % 'context.groups.containsAny(["minor", "senior"])'})
    assert "the word “minors” is on no list" in fault(own % 'context.groups.contains("minors")')
    assert "groups “sms” is on no list" in fault(own % 'context.groups.containsAll(["sms"])')
    assert "channel “minor” is on no list" in fault(own % 'context.channel == "minor"')


def test_a_jurisdiction_is_whatever_a_cell_can_be_called_by_and_nothing_that_means_something_else():
    own = f"{NAMED}forbid (principal, action, {CELL}) when {{ %s }};"
    assert not faults_of({"own.cedar": own % '["uz", "us-ca"].contains(context.jurisdiction)'})
    assert not faults_of({"own.cedar": own % '"uz" != context.jurisdiction && context.channel == "sms"'})
    assert "jurisdiction “UZ” is on no list" in fault(own % 'context.jurisdiction == "UZ"')
    assert "jurisdiction “sms” is on no list" in fault(own % 'context.jurisdiction == "sms"')
    assert "the word “uz” is on no list" in fault(own % 'context.channel == "uz"')
    twice = 'context.jurisdiction == "uz" && context.channel == "uz"'
    assert "channel “uz” is on no list" in fault(own % twice)
    for hidden in ('(if true then context.jurisdiction else "sms") == "uz"', '{a: "uz"}.a == "uz"'):
        assert "the word “uz” is on no list" in fault(own % hidden)


@pytest.mark.parametrize(
    "condition", ["!(context has jurisdiction)", 'context has jurisdiction && context.jurisdiction == "uz"']
)
def test_nobody_asks_whether_there_is_a_law(condition):
    own = f"{NAMED}permit (principal, action, {CELL}) when {{ {condition} }};"
    assert "every cell has a jurisdiction" in fault(own)


@pytest.mark.parametrize("place", ['== "uz"', '!= "uz"', "== context.purpose"])
def test_secrets_are_shown_to_nobody_under_whatever_law(place):
    text = f'{NAMED}permit (principal == Role::"steward", action, resource) '
    text += f"when {{ context.jurisdiction {place} }};"
    found = faults_of({"own.cedar": text}, "compliance")
    assert found == ["the role steward would be shown secrets, which nobody is: forbid it."]


def test_a_cell_is_this_one_and_a_pattern_is_nothing_that_could_be_checked():
    assert "Cell “thsi” is on no list" in fault(
        f'{NAMED}forbid (principal, action, resource == Cell::"thsi");'
    )
    pattern = f'{NAMED}forbid (principal, action, {CELL}) when {{ context.purpose like "servicng*" }};'
    assert "a pattern may not stand in a policy" in fault(pattern)


@pytest.mark.parametrize(
    "condition",
    ["(" * 1000 + "true" + ")" * 1000, " && ".join(["true"] * 20_000), " || ".join(["false"] * 700)],
)
def test_a_text_that_would_end_the_process_is_a_fault_of_its_file(condition):
    text = f"{NAMED}permit (principal, action, {CELL}) when {{ {condition} }};"
    assert fault(text).startswith("own.cedar: ")


def test_every_fault_of_every_file_is_told_at_once():
    found = faults_of({"a.cedar": "permit (", "b.cedar": f"permit (principal, action, {CELL});"})
    assert [it.partition(":")[0] for it in found] == ["a.cedar", "b.cedar"]
