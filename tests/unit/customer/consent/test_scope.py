"""Which facts speak of a use: parts of purposes, classes of data, controllers, bases, beginnings."""

from __future__ import annotations

import pytest

from onefold.customer.consent.model import ConsentFact, FactKind, State
from onefold.customer.consent.rules import Consents

A, B = b"a" * 16, b"b" * 16
NOW = 1_000
GRANTED, WITHDRAWN, OBJECTED = FactKind.GRANTED, FactKind.WITHDRAWN, FactKind.OBJECTED


def fact(kind: FactKind, at: int, purpose: str = "marketing", party: bytes = A, **more) -> ConsentFact:
    until_at = more.pop("until_at", None)
    return ConsentFact(bytes([at]), party, purpose, "any", kind, at, until_at, "crm", "", **more)


def state(*facts: ConsentFact, of: str = "marketing", member: bytes = A, **use: str) -> State:
    return Consents((A, B), facts, (), (), NOW).standing(member, of, "email", **use).state


def test_a_grant_of_a_purpose_is_no_grant_of_its_parts():
    yes = fact(GRANTED, 1)
    assert state(yes) is State.GRANTED
    assert state(yes, of="direct_marketing") is State.UNKNOWN


def test_a_grant_whose_notice_says_so_is_one_of_the_parts():
    yes = fact(GRANTED, 1, includes_parts=True)
    assert state(yes, of="direct_marketing") is State.GRANTED
    assert state(yes, of="personalisation") is State.UNKNOWN


def test_a_grant_of_a_part_is_none_of_the_whole_nor_of_another_part():
    yes = fact(GRANTED, 1, "direct_marketing", includes_parts=True)
    assert state(yes) is State.UNKNOWN
    assert state(yes, of="personalised_offers") is State.UNKNOWN


@pytest.mark.parametrize("kind", [WITHDRAWN, OBJECTED])
def test_what_is_taken_away_of_a_purpose_is_taken_away_of_its_parts(kind):
    part, no = fact(GRANTED, 1, "direct_marketing"), fact(kind, 2, party=B)
    assert state(part, no, of="direct_marketing") is State(kind.value)
    assert state(part, fact(kind, 2, "personalised_offers"), of="direct_marketing") is State.GRANTED
    assert state(fact(GRANTED, 1), fact(kind, 2, "direct_marketing")) is State.GRANTED


def test_a_part_that_is_granted_again_stands_and_its_whole_does_not():
    said = fact(WITHDRAWN, 1), fact(GRANTED, 2, "direct_marketing")
    assert state(*said, of="direct_marketing") is State.GRANTED
    assert state(*said) is State.WITHDRAWN


def test_an_expired_grant_of_the_whole_with_its_parts_brings_no_older_grant_of_a_part_back():
    said = fact(GRANTED, 1, "direct_marketing"), fact(GRANTED, 2, includes_parts=True, until_at=3)
    assert state(*said, of="direct_marketing") is State.EXPIRED
    alone = fact(GRANTED, 1, "direct_marketing"), fact(GRANTED, 2, until_at=3)
    assert state(*alone, of="direct_marketing") is State.GRANTED


def test_an_objection_to_the_whole_stops_a_part_that_rests_on_a_legitimate_interest():
    consents = Consents((A, B), [fact(OBJECTED, 1, "analytics", party=B)], (), (), NOW)
    assert not consents.permits(A, "service_improvement", "web")
    assert Consents((A, B), (), (), (), NOW).permits(A, "service_improvement", "web")


def test_a_grant_of_one_class_of_data_is_one_of_no_other_and_never_of_all():
    yes = fact(GRANTED, 1, data_class="contact")
    assert state(yes, data_class="contact") is State.GRANTED
    assert state(yes, data_class="transaction") is State.UNKNOWN
    assert state(yes) is State.UNKNOWN
    assert state(fact(GRANTED, 1), data_class="contact") is State.GRANTED


def test_a_withdrawal_of_one_class_of_data_stops_that_class_and_the_use_of_all():
    said = fact(GRANTED, 1), fact(WITHDRAWN, 2, data_class="transaction")
    assert state(*said, data_class="transaction") is State.WITHDRAWN
    assert state(*said) is State.WITHDRAWN
    assert state(*said, data_class="contact") is State.GRANTED


def test_a_grant_to_one_firm_is_none_to_another_nor_to_us():
    yes = fact(GRANTED, 1, "account_information", controller="tpp-1")
    assert state(yes, of="account_information", controller="tpp-1") is State.GRANTED
    assert state(yes, of="account_information", controller="tpp-2") is State.UNKNOWN
    assert state(yes, of="account_information") is State.UNKNOWN
    ours = fact(GRANTED, 1, "account_information")
    assert state(ours, of="account_information", controller="tpp-1") is State.UNKNOWN


def test_a_withdrawal_that_names_a_firm_stops_it_alone_and_one_that_names_none_stops_all():
    yes = fact(GRANTED, 1, "partner", controller="tpp-1"), fact(GRANTED, 1, "partner")
    one = fact(WITHDRAWN, 2, "partner", controller="tpp-1")
    assert state(*yes, one, of="partner", controller="tpp-1") is State.WITHDRAWN
    assert state(*yes, one, of="partner") is State.GRANTED
    every = fact(WITHDRAWN, 2, "partner")
    assert state(*yes, every, of="partner", controller="tpp-1") is State.WITHDRAWN


def test_what_rests_on_another_basis_than_consent_grants_nothing_and_its_withdrawal_counts():
    assert state(fact(GRANTED, 1, basis="contract")) is State.UNKNOWN
    assert state(fact(GRANTED, 1, basis="consent")) is State.GRANTED
    assert state(fact(GRANTED, 1), fact(GRANTED, 2, basis="contract", until_at=3)) is State.GRANTED
    assert state(fact(GRANTED, 1), fact(OBJECTED, 2, basis="legitimate interest")) is State.OBJECTED


def test_a_grant_that_begins_later_waits_and_does_not_end_an_older_one():
    older, newer = fact(GRANTED, 1), fact(GRANTED, 2, from_at=NOW + 1)
    assert state(newer) is State.UNKNOWN
    assert state(older, newer) is State.GRANTED
    assert state(fact(GRANTED, 2, from_at=NOW)) is State.GRANTED
    assert state(newer, fact(WITHDRAWN, 3)) is State.WITHDRAWN
