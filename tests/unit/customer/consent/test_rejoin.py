"""Judging again, against the gate's own rules, over facts so dense that every tie and every edge is met."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.customer.consent.model import ConsentFact, FactKind, Suppression, Use
from onefold.customer.consent.rejoin import Said, contact_fault, look_fault, rests_on_somebodys_word
from onefold.customer.consent.rules import Consents, reached
from onefold.record.canon.purposes import PURPOSES, Basis

MEMBERS = (b"a", b"b", b"c")
CHANNELS = ("email", "sms")
NOW = 3
ends = st.sampled_from((None, 2, 3, 4))
facts = st.lists(
    st.builds(
        ConsentFact,
        fact_id=st.integers(0, 9).map(lambda it: b"%d" % it),
        party=st.sampled_from(MEMBERS),
        purpose=st.sampled_from(
            ("marketing", "marketing", "direct_marketing", "analytics", "service_improvement", "any")
        ),
        channel=st.sampled_from(("email", "any")),
        kind=st.sampled_from((FactKind.GRANTED, FactKind.GRANTED, FactKind.WITHDRAWN, FactKind.OBJECTED)),
        at=st.integers(1, 4),
        until_at=ends,
        source=st.just("crm"),
        evidence=st.just(""),
        from_at=ends,
        data_class=st.sampled_from(("any", "any", "balance", "contact")),
        controller=st.sampled_from(("", "", "another")),
        includes_parts=st.booleans(),
        basis=st.sampled_from(("", "", "consent", "contract")),
    ),
    max_size=4,
)
suppressions = st.lists(
    st.builds(
        Suppression,
        suppression_id=st.just(b"s"),
        party=st.sampled_from(MEMBERS),
        channel=st.sampled_from(("email", "any")),
        reason=st.just("wish"),
        at=st.just(1),
        source=st.just("crm"),
    ),
    max_size=1,
)
verified = st.sampled_from(((), ((b"a", b"b"),), ((b"a", b"b"), (b"b", b"c"))))


@settings(max_examples=300)
@given(facts, suppressions, verified)
def test_both_come_to_the_same_over_any_facts(said, stopped, joined):
    consents = Consents(MEMBERS, said, stopped, joined, NOW)
    again = Said(MEMBERS, said, stopped, reached(MEMBERS, joined), NOW)
    for purpose, by in product(PURPOSES, ("", "another")):
        for channel in CHANNELS:
            allowed = consents.obstacle(purpose, channel, by) is None
            use = Use(purpose, channel, "contact", by)
            assert (contact_fault(again, use) == "") == allowed, use
        for data_class in ("any", "balance", "contact", "nonsense"):
            use = Use(purpose, "", data_class, by)
            seen = [consents.permits_somewhere(it, purpose, data_class, by) for it in MEMBERS]
            assert [look_fault(again, [it], use) == "" for it in MEMBERS] == seen
            assert (look_fault(again, MEMBERS, use) == "") == all(seen)
            assert (look_fault(again, (), use) == "") == any(seen)


def test_what_nobody_is_asked_for_is_not_judged_and_what_nobody_knows_is():
    asked = {it.name for it in PURPOSES.values() if rests_on_somebodys_word(it.name)}
    assert asked == {
        it.name for it in PURPOSES.values() if it.basis in (Basis.CONSENT, Basis.LEGITIMATE_INTEREST)
    }
    assert rests_on_somebodys_word("world domination")
    nobody = Said((), (), (), {}, NOW)
    assert contact_fault(nobody, Use("marketing", "email"))
    assert look_fault(nobody, (), Use("marketing", ""))
    someone = Said((b"a",), (), (), {b"a": frozenset((b"a",))}, NOW)
    assert contact_fault(someone, Use("world domination", "email"))
    assert contact_fault(someone, Use("servicing", "email", "nonsense"))
    assert look_fault(someone, [b"b"], Use("servicing", ""))
