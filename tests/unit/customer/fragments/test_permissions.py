"""What consent and suppression fragments say, whatever becomes of their rows."""

from __future__ import annotations

import pytest

from onefold.customer.consent.model import FactKind
from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.fragments.state import fold

A, B = b"a" * 16, b"b" * 16
GRANT = {"party": A, "purpose": "marketing", "channel": "email", "fact": "granted", "given_at": 10}
WITHDRAWAL = GRANT | {"fact": "withdrawn", "given_at": 20}


def said(*events: dict | None, entity: str = "consent", partial: tuple[int, ...] = ()) -> Fragment:
    """The fragment after events at 1, 2, …; None deletes, those in `partial` are patches."""
    fragment = None
    for at, values in enumerate(events, 1):
        fragment = fold(
            fragment,
            Statement(b"f" * 16, entity, "crm", "k", A, (at, bytes([at])), values, at in partial),
        )
    assert fragment is not None
    return fragment


def kinds(fragment: Fragment) -> list[tuple[FactKind, bytes, str, int]]:
    """The facts in short."""
    return [(fact.kind, fact.party, fact.channel, fact.at) for fact in facts_of(fragment)]


def test_a_row_that_grants_is_a_grant():
    assert kinds(said(GRANT)) == [(FactKind.GRANTED, A, "email", 10)]


def test_a_withdrawal_outlives_the_deletion_of_its_row():
    assert kinds(said(WITHDRAWAL, None)) == [(FactKind.WITHDRAWN, A, "email", 20)]


def test_a_deleted_grant_allows_nothing_and_keeps_its_place_before_older_ones():
    (fact,) = facts_of(said(GRANT, None))
    assert (fact.kind, fact.at, fact.until_at) == (FactKind.GRANTED, 10, 10)


def test_a_withdrawal_keeps_the_channel_and_party_it_was_corrected_away_from():
    corrected = said(WITHDRAWAL, WITHDRAWAL | {"channel": "sms", "party": B})
    assert {(party, channel) for _, party, channel, _ in kinds(corrected)} == {
        (A, "email"), (A, "sms"), (B, "email"), (B, "sms"),
    }  # fmt: skip


def test_a_row_that_grants_after_a_withdrawal_says_both_with_their_instants():
    again = said(GRANT, WITHDRAWAL, GRANT | {"given_at": 30})
    assert kinds(again) == [(FactKind.WITHDRAWN, A, "email", 20), (FactKind.GRANTED, A, "email", 30)]
    assert facts_of(again)[-1].until_at is None


def test_what_becomes_of_a_grant_when_its_row_says_otherwise():
    withdrawn = said(GRANT, WITHDRAWAL)
    assert kinds(withdrawn) == [(FactKind.GRANTED, A, "email", 10), (FactKind.WITHDRAWN, A, "email", 20)]
    moved = facts_of(said(GRANT, GRANT | {"party": B}))
    assert [(fact.party, fact.until_at) for fact in moved] == [(A, 10), (B, None)]


def test_a_patch_does_not_stretch_a_grant():
    for patch in ({"until_at": 99}, {"until_at": None}, {"channel": "any"}, {"channel": None}, {"party": B}):
        stretched = facts_of(said(GRANT | {"until_at": 50}, patch, partial=(2,)))
        assert {fact.until_at for fact in stretched} == {10}


def test_a_patch_of_the_evidence_leaves_the_grant():
    assert len(facts_of(said(GRANT, {"evidence": "form 7"}, partial=(2,)))) == 1


def test_a_suppression_ends_only_when_it_is_lifted():
    on = {"party": A, "channel": "any", "reason": "wish", "state": "on", "since_at": 5}
    assert suppressions_of(said(on, entity="suppression"))
    assert suppressions_of(said(on, None, entity="suppression"))
    assert suppressions_of(said(on, {"party": A}, entity="suppression"))
    assert not suppressions_of(said(on, on | {"state": "off"}, entity="suppression"))
    assert suppressions_of(said(on | {"state": "off"}, on, entity="suppression"))


@pytest.mark.parametrize("ids", [b"ab", b"ba"])
def test_what_is_lifted_at_the_instant_it_is_said_stands(ids):
    on = {"party": A, "channel": "any", "reason": "wish", "state": "on"}
    fragment = None
    for place, values in zip(ids, (on, on | {"state": "off"}), strict=True):
        stamp = (10, bytes([place]))
        fragment = fold(fragment, Statement(b"f" * 16, "suppression", "crm", "k", A, stamp, values, False))
    assert fragment is not None
    assert suppressions_of(fragment)


def test_a_suppression_that_does_not_say_its_state_is_in_force():
    assert suppressions_of(said({"party": A}, entity="suppression"))


def test_a_row_that_names_no_channel_restricts_every_channel_for_good():
    row = {"party": A, "state": "on"}
    assert {
        it.channel for it in suppressions_of(said(row, row | {"channel": "sms"}, entity="suppression"))
    } == {
        "any",
        "sms",
    }


def test_a_patch_that_withdraws_restricts_what_its_row_names():
    patch = {"fact": "withdrawn", "given_at": 30}
    one, other = said(GRANT, patch, partial=(2,)), said(patch, GRANT, partial=(1,))
    assert (FactKind.WITHDRAWN, A, "email", 30) in kinds(one)
    assert (FactKind.WITHDRAWN, A, "email", 30) in kinds(other)


def test_a_grant_that_names_no_channel_allows_nothing():
    facts = facts_of(said({name: it for name, it in GRANT.items() if name != "channel"}))
    assert [(fact.at, fact.until_at) for fact in facts] == [(10, 10)]


TOLD = {"data_class": "contact", "controller": "tpp-1"}


def narrow(fragment: Fragment) -> set[tuple[FactKind, str, str, bool]]:
    """The facts with what they leave out."""
    return {(it.kind, it.data_class, it.controller, it.until_at is None) for it in facts_of(fragment)}


def test_what_a_fact_says_beyond_its_purpose_is_read_from_its_row():
    notice = {"notice": "N-7", "notice_version": "3", "language": "uz", "mechanism": "spoken"}
    (fact,) = facts_of(
        said(GRANT | TOLD | notice | {"from_at": 11, "includes_parts": True, "basis": "consent"})
    )
    assert (fact.data_class, fact.controller, fact.includes_parts) == ("contact", "tpp-1", True)
    assert (fact.from_at, fact.basis) == (11, "consent")
    assert (fact.notice.id, fact.notice.version, fact.notice.language) == ("N-7", "3", "uz")
    assert fact.notice.mechanism == "spoken"


def test_a_withdrawal_told_in_part_keeps_every_part_it_ever_named():
    moved = said(WITHDRAWAL | TOLD, WITHDRAWAL | {"data_class": "balance"})
    assert {(it.data_class, it.controller) for it in facts_of(moved)} == {
        ("balance", ""), ("balance", "tpp-1"), ("contact", ""), ("contact", "tpp-1"),
    }  # fmt: skip
    patched = said(WITHDRAWAL | TOLD, {"data_class": "balance"}, partial=(2,))
    assert {it.data_class for it in facts_of(patched)} == {"balance", "contact"}


def test_a_withdrawal_that_was_ever_told_of_all_stays_one_of_all():
    for events in ((WITHDRAWAL, WITHDRAWAL | TOLD), (WITHDRAWAL | TOLD, WITHDRAWAL)):
        assert ("any", "") in {(it.data_class, it.controller) for it in facts_of(said(*events))}


def test_a_patch_that_withdraws_what_was_granted_in_part_withdraws_all():
    patched = said(GRANT | TOLD, {"fact": "withdrawn"}, partial=(2,))
    assert ("any", "") in {
        (it.data_class, it.controller) for it in facts_of(patched) if it.kind is FactKind.WITHDRAWN
    }


def test_a_deleted_grant_keeps_the_place_of_what_it_was_one_of_and_no_more():
    (fact,) = facts_of(said(GRANT | TOLD | {"includes_parts": True}, None))
    assert (fact.data_class, fact.controller, fact.includes_parts) == ("contact", "tpp-1", True)
    assert fact.until_at == fact.at
    assert facts_of(said(GRANT | {"basis": "contract"}, None)) == ()


def test_no_patch_makes_more_of_a_grant():
    for patch in ({"includes_parts": True}, {"data_class": "any"}, {"data_class": None}, {"controller": None},
                  {"from_at": None}, {"basis": "consent"}):  # fmt: skip
        whole = GRANT | TOLD | {"from_at": 99, "basis": "contract"}
        assert all(
            it.until_at == it.at for it in facts_of(said(whole, patch, partial=(2,))) if it.kind == "granted"
        )


def test_rows_without_the_further_fields_are_remembered_as_they_always_were():
    fragment = said(GRANT, WITHDRAWAL, None)
    assert fragment.ever == {
        "party": (A,), "purpose": ("marketing",), "channel": ("email",),
        "granted": (10, b""), "withdrawn": (20, b""),
    }  # fmt: skip
