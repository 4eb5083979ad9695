"""What the policies say under one law and another: a house's own rules for regions, against their table."""

from __future__ import annotations

from itertools import product

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.model import Actor, Permit
from onefold.gate.permits import allowed_to, minted
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.words import ROLES
from onefold.kernel.errors import CallerError, Refused
from onefold.kernel.ids import Cell
from onefold.record.canon.groups import EVERY_SET
from tests.unit.gate.bank import Bank, Purposes, StoppedClock, Trail
from tests.unit.gate.decision_table import ALLOWED, FORBIDDEN_IN, HIDDEN_IN, OWN
from tests.unit.gate.test_rules import TEXTS

REGIONAL = TEXTS | {
    "regions.cedar": """
@id("no offers by text message or telephone in kz")
forbid (principal, action, resource)
when {
  context.jurisdiction == "kz" && context.purpose == "marketing" &&
  ["sms", "call"].contains(context.channel)
};

@id("segments of de are not counted for analytics")
forbid (principal, action in [Action::"list_segments", Action::"evaluate_segment"], resource)
when { context.jurisdiction == "de" && context.purpose == "analytics" };

@id("records of de are mended without names")
forbid (principal, action == Action::"see_in_full", resource == FieldClass::"pii")
when { context.jurisdiction == "de" && context.purpose == "stewardship" };
"""
}
RULES = DeterministicRules()
JURISDICTIONS = ("uz", "kz", "de")


def is_forbidden(asked: tuple[str, str, str, str], place: str) -> bool:
    _, action, purpose, channel = asked
    return any(
        (place, purpose) == (where, why) and channel in channels and (actions is None or action in actions)
        for where, why, channels, actions in FORBIDDEN_IN
    )


@pytest.mark.parametrize("place", JURISDICTIONS)
def test_what_the_table_forbids_in_a_jurisdiction_is_refused_there_and_nowhere_else(place):
    policies = Policies(REGIONAL, place)
    for asked in ALLOWED:
        free = not is_forbidden(asked, place)
        assert policies.decide(*asked).allowed == free, asked
        assert (len(policies.shielded(*asked)) < len(EVERY_SET)) == free, asked


@pytest.mark.parametrize("place", JURISDICTIONS)
def test_what_the_table_hides_in_a_jurisdiction_is_not_seen_in_full_there(place):
    here, silent = Policies(REGIONAL, place), Policies(TEXTS, place)
    free = {it for it in ALLOWED if not is_forbidden(it, place)}
    for role, purpose, channel in {(role, purpose, channel) for role, _, purpose, channel in free}:
        for name, right in silent.fields(role, purpose, channel).items():
            hides = (place, purpose, name) in HIDDEN_IN and channel in OWN
            found = here.right(role, name, purpose, channel)
            assert (found != "full") if hides else (found == right), (role, name, purpose, channel)


def test_policies_that_ask_for_the_law_let_nobody_in_where_none_was_named():
    unset = Policies(REGIONAL)
    for role, channel in product(ROLES, ("sms", "console")):
        decision = unset.decide(role, "show_customer", "marketing", channel)
        assert not decision.allowed
        assert unset.right(role, "pii", "marketing", channel) == "hidden"
    reasons = unset.decide("marketer", "activate_segment", "marketing", "sms").reasons
    assert "a policy cannot be evaluated" in reasons[0]


def test_the_gate_asks_under_the_law_of_its_own_cell_whatever_policies_it_was_given():
    given = Policies(REGIONAL, "uz")
    for place in JURISDICTIONS:
        cell = Cell("demo", place)
        gate = Gate(cell, given, Bank().state, Purposes(), Trail(), RULES, StoppedClock(0))
        marketer = Actor("m", ("marketer",), cell)
        if place == "kz":
            with pytest.raises(Refused) as refused:
                gate.permit(marketer, "activate_segment", "marketing", "sms")
            assert refused.value.reasons == ("no offers by text message or telephone in kz",)
        else:
            assert gate.permit(marketer, "activate_segment", "marketing", "sms").channel == "sms"


def test_whoever_signed_in_under_one_law_is_nobody_under_another():
    """That is no policy: nothing crosses a cell, so no policy can allow it either."""
    everything = Policies({"own.cedar": '@id("all") permit (principal, action, resource);'}, "kz")
    for cell, asks in product((Cell("demo", "kz"), Cell("demo", "uz"), Cell("other", "kz")), ROLES):
        found = minted(
            everything, Cell("demo", "kz"), Actor("a", (asks,), cell), "show_customer", "marketing", "api"
        )
        assert isinstance(found, Permit) == (cell == Cell("demo", "kz"))
        if not isinstance(found, Permit):
            assert found == ("the actor belongs to another cell",)


def test_people_are_told_what_they_may_do_under_the_law_of_their_cell():
    analyst = Actor("a", ("analyst",), Cell("demo", "de"))
    assert "list_segments" in allowed_to(Policies(REGIONAL, "uz"), analyst)
    assert "list_segments" not in allowed_to(Policies(REGIONAL, "de"), analyst)


def test_one_version_holds_wherever_it_is_asked():
    """The version names the texts, which are kept by it; under which law they were asked the cell says."""
    here = Policies(REGIONAL, "uz")
    assert here.under("kz").version == here.version
    assert here.under("kz").jurisdiction == "kz"
    assert here.under("uz") is here


@pytest.mark.parametrize("text", ["", "UZ", "uz !", "uz/x"])
def test_what_no_cell_can_be_called_by_is_no_law(text):
    with pytest.raises(CallerError):
        Policies(TEXTS, "uz").under(text)
