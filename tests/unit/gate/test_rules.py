"""The policies against a decision table that was written before them and shares nothing with them."""

from __future__ import annotations

from importlib.resources import files
from itertools import product

import cedarpy
import pytest

from onefold.gate.rules import Policies
from onefold.gate.words import ACTIONS, OWN_CHANNELS, ROLES
from onefold.record.canon.entities import FieldClass
from onefold.record.canon.groups import EVERY_SET
from onefold.record.canon.purposes import PURPOSES, WHOLES, whole_of
from onefold.record.canon.vocabulary import CHANNELS
from tests.unit.gate.decision_table import ALLOWED, FIELDS, KEPT_FROM, NOT_FOR_ALL, OWN, TOLD_WHY

FOLDER = files("onefold.gate") / "policies"
TEXTS = {it.name: it.read_text() for it in FOLDER.iterdir() if it.name.endswith(".cedar")}


@pytest.fixture(scope="module")
def policies() -> Policies:
    return Policies(TEXTS)


def test_the_policies_allow_what_the_table_allows_and_nothing_else(policies):
    asked = set(product(ROLES, ACTIONS, WHOLES, [*OWN_CHANNELS, *CHANNELS]))
    assert asked >= ALLOWED
    assert {it for it in asked if policies.decide(*it).allowed} == ALLOWED


@pytest.mark.parametrize("groups", EVERY_SET, ids=lambda it: "+".join(sorted(it)) or "none")
def test_of_sensitive_groups_the_policies_forbid_what_the_table_does_and_nothing_else(policies, groups):
    for asked in ALLOWED:
        kept = any(
            group in groups and asked[2] == purpose and asked[3] in channels
            for group, purpose, channels in KEPT_FROM
        )
        assert policies.decide(*asked, groups=groups).allowed == (not kept), asked
        assert (groups in policies.shielded(*asked)) == kept, asked


def test_policies_that_speak_of_no_group_decide_for_all_of_them_alike():
    silent = Policies(
        {"own.cedar": '@id("agents may") permit (principal == Role::"agent", action, resource);'}
    )
    assert silent.shielded("agent", "show_customer", "servicing", "console") == frozenset()
    assert silent.shielded("marketer", "show_customer", "servicing", "console") == frozenset(EVERY_SET)


def test_who_may_act_for_a_purpose_may_act_for_its_parts(policies):
    for role, purpose in product(ROLES, PURPOSES):
        for action, channel in (("activate_segment", "email"), ("show_customer", "console")):
            part = policies.decide(role, action, purpose, channel)
            assert part == policies.decide(role, action, whole_of(purpose), channel)


@pytest.mark.parametrize("asked", sorted(ALLOWED), ids="-".join)
def test_a_role_sees_the_field_classes_of_the_table(policies, asked):
    role, _, purpose, channel = asked
    shown = policies.decide(*asked).fields
    assert (shown["pii"], shown["pci"], shown["special"]) == FIELDS[role, purpose, channel in OWN]
    assert shown["open"] == "full"
    assert shown["internal"] == ("hidden" if role == "engineer" else "full")
    assert shown["secret"] == "hidden"


def test_a_role_is_told_why_somebody_is_left_alone_where_the_table_says_so_and_nowhere_else(policies):
    def told(role: str, purpose: str) -> set[str]:
        return NOT_FOR_ALL if (role, purpose) in TOLD_WHY else set()

    for role, purpose, channel in product(ROLES, WHOLES, [*OWN_CHANNELS, *CHANNELS]):
        assert set(policies.tells(role, purpose, channel)) == told(role, purpose), (role, purpose)
    for asked in ALLOWED:
        assert set(policies.decide(*asked).tells) == told(asked[0], asked[2]), asked
    failing = {"own.cedar": "forbid (principal, action, resource) when { context.none == 1 };"}
    assert not Policies(TEXTS | failing).tells("agent", "servicing", "console"), "no answer is no"


def test_a_refusal_shows_no_class_of_fields_and_says_why(policies):
    decision = policies.decide("marketer", "show_customer", "servicing", "console")
    assert set(decision.fields) == {it.value for it in FieldClass}
    assert set(decision.fields.values()) == {"hidden"}
    assert decision.reasons == ("no policy lets the role marketer show customer for servicing over console",)


def test_a_permit_names_the_policy_that_gave_it(policies):
    decision = policies.decide("agent", "show_customer", "servicing", "console")
    assert decision.reasons == ("agents serve the customer who is asking",)


@pytest.mark.parametrize("place", range(4))
def test_a_word_that_is_on_no_list_is_refused_and_not_repeated(policies, place):
    asked = ["agent", "show_customer", "servicing", "console"]
    asked[place] = 'x"); permit(principal, action, resource'
    decision = policies.decide(*asked)
    assert not decision.allowed
    assert "is not one we know" in decision.reasons[0]
    assert "permit" not in decision.reasons[0]


def test_the_policies_fit_their_schema():
    schema = (FOLDER / "schema.cedarschema").read_text()
    result = cedarpy.validate_policies("\n".join(TEXTS.values()), schema)
    assert result.validation_passed, [str(error) for error in result.errors]
    assert not cedarpy.validate_policies('permit (principal == Rule::"x", action, resource);', schema)


def test_every_policy_has_a_sentence_for_a_name():
    nodes = cedarpy.PolicySet.from_str("\n".join(TEXTS.values()))
    assert str(nodes).count("@id(") == len(nodes)


def test_the_version_changes_with_any_byte_of_a_policy():
    changed = TEXTS | {"roles.cedar": TEXTS["roles.cedar"] + " "}
    assert Policies(changed).version != Policies(TEXTS).version
