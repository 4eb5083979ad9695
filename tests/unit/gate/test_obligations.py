"""What a decision obliges to is done by the exit, or nothing is; small groups are told by no count."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.gate.obligations import (
    FULFILS,
    LEAST_GROUP,
    REST,
    SAID,
    Obligation,
    in_steps,
    of_fields,
    parts_in_steps,
    said_in,
    unfulfilled,
)
from onefold.gate.policy_files import faults_of
from onefold.gate.rules import Policies
from onefold.gate.words import ACTIONS

AGENT = "agent", "servicing", "console"


def policies(action: str, obliges: str, more: str = "") -> Policies:
    """One policy that lets agents do something, with an obligation."""
    head = f'permit (principal == Role::"agent", action == Action::"{action}", resource);'
    return Policies({"own.cedar": f'@id("may") @obliges("{obliges}") {head}{more}'})


def decided(asked: Policies, action: str):
    role, purpose, channel = AGENT
    return asked.decide(role, action, purpose, channel)


@pytest.mark.parametrize(("action", "obligation"), list(product(ACTIONS, Obligation)))
def test_an_exit_does_what_it_is_obliged_to_or_is_refused(action, obligation):
    decision = decided(policies(action, obligation.value), action)
    assert decision.allowed == (obligation in FULFILS[action])
    if decision.allowed:
        assert obligation.value in decision.obligations
    else:
        assert decision.reasons == (f"it obliges to {obligation}, which {action.replace('_', ' ')} cannot",)
        assert set(decision.fields.values()) == {"hidden"}
        assert decision.obligations == ()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_word_that_is_on_no_list_is_fulfilled_by_nobody(action):
    assert not decided(policies(action, "agregate"), action).allowed
    assert not decided(policies(action, ""), action).allowed
    assert not decided(policies(action, "mask, agregate"), action).allowed


def test_every_exit_is_on_the_list_and_a_new_one_fulfils_nothing():
    assert FULFILS.keys() == set(ACTIONS)
    assert unfulfilled("a new one", ["mask"]) == ("it obliges to mask, which a new one cannot",)
    can = {it: {action for action in ACTIONS if it in FULFILS[action]} for it in SAID}
    assert can[Obligation.AGGREGATE] == {"list_segments", "evaluate_segment", "count_audience"}
    assert can[Obligation.WATERMARK] == {"activate_segment", "answer_request"}


def test_what_any_policy_that_allows_it_obliges_to_has_to_be_done():
    more = '@id("may, too") permit (principal, action == Action::"evaluate_segment", resource);'
    assert (
        "aggregate"
        in decided(policies("evaluate_segment", "aggregate", more), "evaluate_segment").obligations
    )


def test_how_classes_are_shown_is_an_obligation_too():
    assert of_fields({"open": "full"}) == set()
    assert of_fields({"pii": "masked", "pci": "token", "secret": "hidden"}) == {"mask", "token", "redact"}
    see = '@id("see") permit (principal, action == Action::"see_token", resource == FieldClass::"pii");'
    decision = decided(policies("count_audience", "aggregate", see), "count_audience")
    assert decision.fields["pii"] == "token"
    assert decision.obligations == ("aggregate", "redact", "token")


def test_where_a_class_may_be_seen_in_several_ways_what_shows_most_holds():
    def right(*actions: str) -> str:
        texts = (
            f'@id("{it}") permit (principal, action == Action::"{it}", resource == FieldClass::"pii");'
            for it in actions
        )
        return Policies({"own.cedar": "\n".join(texts)}).right("agent", "pii", "servicing", "console")

    assert right("see_token") == "token"
    assert right("see_masked", "see_token") == "masked"
    assert right("see_in_full", "see_token") == "full"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '@obliges("agregate") permit (principal, action == Action::"show_customer", resource);',
            "“agregate”",
        ),
        ('@obliges("mask") permit (principal, action == Action::"show_customer", resource);', "“mask”"),
        ('@obliges permit (principal, action == Action::"show_customer", resource);', "the obligation “”"),
        (
            '@obligates("aggregate") permit (principal, action == Action::"show_customer", resource);',
            "@obligates",
        ),
        ('@obliges("aggregate") forbid (principal, action, resource);', "permits an action"),
        (
            '@obliges("aggregate") permit (principal, action == Action::"see_token", resource);',
            "permits an action",
        ),
        (
            '@obliges("watermark") permit (principal, action in [Action::"see_masked"], resource);',
            "permits an action",
        ),
    ],
)
def test_an_obligation_that_means_nothing_is_a_fault_of_its_file(text, said):
    forbid = '@id("none") forbid (principal, action, resource == FieldClass::"secret");'
    [fault] = faults_of({"own.cedar": f'@id("x") {text}{forbid}'})
    assert said in fault


def test_an_obligation_that_is_known_is_no_fault():
    head = 'permit (principal, action == Action::"show_customer", resource);'
    text = f'@id("x") @obliges("aggregate, watermark") {head}'
    assert faults_of({"own.cedar": text}) == []
    assert said_in("aggregate, watermark") == ("aggregate", "watermark")


@given(st.integers(0, 10**6), st.integers(2, 1000))
def test_a_count_is_told_in_steps_and_a_small_one_as_nothing(count, least):
    told = in_steps(count, least)
    assert told % least == 0
    assert told <= count < told + least
    assert (told == 0) == (count < least)


def test_without_a_step_counts_are_told_as_they_are():
    assert [in_steps(it, 1) for it in (0, 1, 7)] == [0, 1, 7]


PARTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), max_size=6)


@given(PARTS)
def test_a_small_part_is_told_by_no_name_and_no_number(parts):
    told = parts_in_steps(parts, LEAST_GROUP)
    assert told.keys() == {it for it, count in parts.items() if count >= LEAST_GROUP} | {REST}
    assert all(count % LEAST_GROUP == 0 for count in told.values())


@given(PARTS, st.integers(0, 60))
def test_what_is_told_of_a_breakdown_leaves_open_whether_a_small_part_is_there(parts, reached):
    """Whoever subtracts the parts from the whole finds one small part, or none, equally possible."""
    large = {it: count - count % LEAST_GROUP for it, count in parts.items() if count >= LEAST_GROUP}
    with_one = {**large, "small": 1}
    reached -= reached % LEAST_GROUP

    def told(some: dict[str, int]) -> tuple[dict[str, int], int, int]:
        members = reached + sum(some.values())
        return (
            parts_in_steps(some, LEAST_GROUP),
            in_steps(reached, LEAST_GROUP),
            in_steps(members, LEAST_GROUP),
        )

    assert told(large) == told(with_one)
    assert told({**large, "small": LEAST_GROUP - 1}) == told(with_one)
