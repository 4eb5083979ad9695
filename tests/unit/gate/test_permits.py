"""What somebody may do is worked out once for all of their roles, and is in nobody's way."""

from __future__ import annotations

from onefold.gate.model import Actor, Permit
from onefold.gate.permits import allowed_to, minted
from onefold.gate.rules import Policies
from onefold.gate.words import ROLES
from tests.unit.gate.bank import CELL
from tests.unit.gate.test_rules import TEXTS


def test_what_people_are_told_they_may_do_pushes_out_nothing_that_permits_are_minted_by():
    policies = Policies(TEXTS)
    asked = ("agent", "show_customer", "servicing", "console")
    decided = policies.decide(*asked)
    for role in sorted(ROLES):
        allowed_to(policies, Actor("a", (role,), CELL))
    assert policies.decide(*asked) is decided


def test_who_has_other_roles_or_a_portfolio_is_told_something_else():
    policies = Policies(TEXTS)
    agent, marketer = (allowed_to(policies, Actor("a", (it,), CELL)) for it in ("agent", "marketer"))
    assert agent["show_customer"] == ("servicing",)
    assert "show_customer" in marketer
    assert "servicing" not in marketer["show_customer"]
    manager = Actor("m", ("relationship_manager",), CELL)
    keeping = Actor("m", ("relationship_manager",), CELL, portfolios=("M1",))
    assert "search_conversations" in allowed_to(policies, manager)
    assert "break_glass" in allowed_to(policies, keeping)


def test_what_a_permit_follows_from_is_remembered_for_its_words_and_its_policies_alone():
    policies = Policies(TEXTS)
    agent = Actor("a", ("agent",), CELL)
    asked = (CELL, agent, "show_customer", "servicing", "console")
    given = minted(policies, *asked)
    assert isinstance(given, Permit)
    silent = Policies({"none.cedar": ""})
    assert not isinstance(minted(silent, *asked), Permit)
    assert minted(policies, *asked) == given
    for other in (("marketer",), ()):
        assert not isinstance(minted(policies, CELL, Actor("a", other, CELL), *asked[2:]), Permit)
    keeping = Actor("a", ("relationship_manager",), CELL, portfolios=("M1",))
    free = Actor("a", ("relationship_manager",), CELL)
    kept, all_of_them = (minted(policies, CELL, it, *asked[2:]) for it in (keeping, free))
    assert isinstance(kept, Permit)
    assert isinstance(all_of_them, Permit)
    assert kept.relations != all_of_them.relations
