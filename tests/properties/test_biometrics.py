"""What may be compared is never widened by anything but a yes that names it, and by no merge (law L5)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.consent.model import ConsentFact, FactKind, Use
from onefold.customer.consent.rejoin import Said, look_fault
from onefold.customer.consent.rules import Consents, reached
from onefold.gate.biometrics import Reference, comparable, grant_for, over, spoken_for
from onefold.record.canon.vocabulary import CHANNELS

ANNA, BORIS = b"a" * 16, b"b" * 16
NOW = 100


def references(party: bytes) -> st.SearchStrategy[Reference]:
    return st.builds(
        Reference,
        st.just(party),
        st.just("voice"),
        st.sampled_from(("active", "active", "revoked")),
        st.integers(1, 3),
        st.integers(0, 20),
        st.just("digest"),
        st.integers(0, 30),
    )


def facts(*parties: bytes) -> st.SearchStrategy[list[ConsentFact]]:
    one = st.builds(
        ConsentFact,
        st.binary(min_size=16, max_size=16),
        st.sampled_from(parties),
        st.sampled_from(("authentication", "authentication", "marketing", "servicing")),
        st.sampled_from(("call", "call", "any", "branch")),
        st.sampled_from((FactKind.GRANTED, FactKind.GRANTED, FactKind.WITHDRAWN, FactKind.OBJECTED)),
        st.integers(0, 30),
        st.none() | st.integers(0, 200),
        st.just("bank"),
        st.just("form"),
        data_class=st.sampled_from(("biometric", "biometric", "any", "contact")),
        controller=st.sampled_from(("", "", "another")),
    )
    return st.lists(one, max_size=8)


def asked(
    members: Sequence[bytes],
    said: Sequence[ConsentFact],
    found: Sequence[Reference],
    verified: Sequence[tuple[bytes, bytes]] = (),
) -> list[Reference]:
    return comparable(found, Consents(members, said, (), verified, NOW), "call")


@given(facts(ANNA, BORIS), facts(ANNA, BORIS), st.lists(references(ANNA), max_size=3), st.booleans())
def test_nothing_but_a_yes_that_names_it_widens_what_may_be_compared(said, more, found, proven):
    pairs = [(ANNA, BORIS)] if proven else []
    before = asked((ANNA, BORIS), said, found, pairs)
    grants = [it for it in more if it.kind is FactKind.GRANTED and it.data_class == "biometric"]
    after = asked((ANNA, BORIS), [*said, *(it for it in more if it not in grants)], found, pairs)
    assert set(after) <= set(before)


@given(facts(ANNA), facts(BORIS), st.lists(references(ANNA), max_size=3))
def test_a_merge_on_weaker_evidence_widens_nothing(said, of_other, found):
    alone = Consents((ANNA,), said, (), (), NOW)
    merged = Consents((ANNA, BORIS), [*said, *of_other], (), (), NOW)
    by_itself, as_one = (comparable(found, it, "call") for it in (alone, merged))
    assert set(as_one) <= set(by_itself)
    assert spoken_for(as_one, merged) <= {ANNA}


@given(facts(ANNA, BORIS), st.lists(references(ANNA), min_size=1, max_size=3), st.integers(0, 30))
def test_what_a_withdrawal_ended_no_later_yes_brings_back(said, found, at):
    no = ConsentFact(
        bytes(16), BORIS, "authentication", "any", FactKind.WITHDRAWN, at, None, "desk", "said so"
    )
    left = asked((ANNA, BORIS), [*said, no], found, [(ANNA, BORIS)])
    assert all(it.granted_at > at for it in left)


@given(facts(ANNA), facts(BORIS), st.lists(references(ANNA), max_size=3), st.booleans())
def test_what_is_over_is_compared_over_no_channel_and_no_merge_ends_or_saves_it(
    said, of_other, found, proven
):
    pairs = [(ANNA, BORIS)] if proven else []
    alone = Consents((ANNA,), said, (), (), NOW)
    merged = Consents((ANNA, BORIS), [*said, *of_other], (), pairs, NOW)
    ended = over(found, alone, NOW)
    assert over(found, merged, NOW) == ended
    assert not [it for it in CHANNELS if set(comparable(found, alone, it)) & set(ended)]


@given(facts(ANNA, BORIS), st.booleans())
def test_whoever_may_be_enrolled_may_by_the_rules_that_judge_it_again(said, proven):
    """The gate's rules, and those written apart for `onefold prove consent`, agree on what a yes is."""
    pairs = [(ANNA, BORIS)] if proven else []
    consents = Consents((ANNA, BORIS), said, (), pairs, NOW)
    told = Said((ANNA, BORIS), said, (), reached((ANNA, BORIS), pairs), NOW)
    for member in (ANNA, BORIS):
        on_some = any(grant_for(consents, (member,), it) for it in ("call", "branch", "any"))
        judged = look_fault(told, (member,), Use("authentication", "call", "biometric"))
        assert on_some == (judged == "")


@given(facts(ANNA))
def test_a_yes_to_all_data_is_none_to_this(said):
    of_all = [msgspec.structs.replace(it, data_class="any") for it in said]
    assert grant_for(Consents((ANNA,), of_all, (), (), NOW), (ANNA,), "call") is None
