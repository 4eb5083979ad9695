"""L4: merge, writes in between, unmerge leaves everything as if never merged, plus those writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.profile.model import Golden
from onefold.customer.profile.rules import combine, default_policy
from onefold.pipeline.fingerprint import state_hash
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.folding import MANY, folded, rows, take
from tests.properties.strategies import GRANTED, KNOWN, histories, identities, numbered, permissions
from tests.properties.test_l5_withdrawal import RULES, Uses, allowed

DERIVED = ("keys", "terms", "members", "customers", "buckets")
LATE = 10**12

few = st.tuples(st.just("core"), st.integers(0, 2).map(lambda n: f"party-{n}"))
parties = st.tuples(st.sampled_from(("core", "crm")), st.integers(0, 5).map(lambda n: f"party-{n}"))
reversals = st.sampled_from((EventKind.DELETE, EventKind.UPSERT))


def judged(left: tuple[str, str], right: tuple[str, str], verdict: str, at: int, kind: EventKind) -> Saying:
    """A steward's word under one key, so that a later one replaces it."""
    ids = {
        side: fragment_id(source, "party", key) for side, (source, key) in (("left", left), ("right", right))
    }
    values = {} if kind is EventKind.DELETE else ids | {"verdict": verdict}
    return Saying("onefold", "judgement", "the-one", kind, at, at, values)


def without(state: MemoryState, *fragments: bytes) -> list[tuple[str, bytes]]:
    """Every derived row but what hangs on these fragments."""
    kept = [row for row in state.walk() if row[0] in (*DERIVED, "fragments", "links")]
    return sorted(row for row in kept if not any(it in row[1] for it in fragments))


def shown(state: MemoryState) -> dict[bytes, tuple[Golden, Uses]]:
    """What a page shows of each customer: the golden record, and what may be done with it."""
    uses = allowed(state)
    return {
        it: (combine(state.fragments(state.fragments_of(it)).values(), default_policy()), uses[it])
        for it in uses
    }


@given(st.lists(permissions(), max_size=8), permissions(), reversals)
def test_profiles_and_consents_come_back_exactly(said, between, kind):
    """A steward joins two customers, something is said about one of them, the steward takes it back."""
    stranger = Saying("crm", "party", "party-0", EventKind.UPSERT, 0, 0, {"full_name": "Olga Petrova"})
    before = numbered([*KNOWN, *GRANTED, stranger, *said, between])
    left, right = ("core", "party-0"), ("crm", "party-0")
    merge, unmerge = (
        judged(left, right, "same", LATE, EventKind.UPSERT),
        judged(left, right, "unsure", LATE + 1, kind),
    )
    merged = folded([before[:-1], [merge]], RULES)
    assert len(merged.customers(b"", 9)) == 1
    take(merged, [before[-1], unmerge], RULES)
    assert shown(merged) == shown(folded([before], RULES))


@given(identities(), histories(most=15), parties, parties, reversals)
def test_a_judgement_taken_back_leaves_everything_as_if_never_merged(before, between, left, right, kind):
    between = numbered(before + between)[len(before) :]
    merge = judged(left, right, "same", LATE, EventKind.UPSERT)
    unmerge = judged(left, right, "unsure", LATE + 1, kind)
    undone = folded([before, [merge], between, [unmerge]])
    never = folded([before, between])
    assert without(undone, merge.fragment_id) == without(never, merge.fragment_id)


@given(identities(), histories(most=15), parties)
def test_deleting_a_party_fragment_is_the_same_as_never_having_loaded_it(before, between, party):
    source, key = party
    gone = fragment_id(source, "party", key)
    between = numbered(before + between)[len(before) :]
    delete = Saying(source, "party", key, EventKind.DELETE, LATE, LATE, {})
    deleted = folded([before, between, [delete]])
    never = folded(
        [[it for it in history if it.fragment_id != gone] for history in (before, between)],
    )
    assert rows(deleted, *DERIVED) == rows(never, *DERIVED)


@MANY
@given(identities(), few, few)
def test_a_steward_who_says_different_keeps_two_fragments_apart_whatever_else_is_known(history, left, right):
    if left == right:
        return
    ids = [fragment_id(source, "party", key) for source, key in (left, right)]
    members = folded([history, [judged(left, right, "different", LATE, EventKind.UPSERT)]])._members
    if all(it in members for it in ids):
        assert members[ids[0]] != members[ids[1]]


@given(identities(), few, few)
def test_a_steward_who_says_different_of_two_customers_changes_neither(history, left, right):
    history = [it for it in history if it.entity != "judgement"]
    ids = [fragment_id(source, "party", key) for source, key in (left, right)]
    before = folded([history])._members
    if left != right and all(it in before for it in ids) and before[ids[0]] != before[ids[1]]:
        word = judged(left, right, "different", LATE, EventKind.UPSERT)
        assert folded([history, [word]])._members == before


@given(identities(), histories(most=12), st.data())
def test_parting_a_customer_for_good_equals_never_having_met(before, between, data):
    """Whether a steward parts two groups first or last, or something is written in between, is all one."""
    between = [it for it in numbered(before + between)[len(before) :] if it.entity != "judgement"]
    before = [it for it in before if it.entity != "judgement"]
    met = folded([before])
    groups = [members for it in met.customers(b"", 100) if len(members := met.fragments_of(it)) > 1]
    if not groups:
        return
    members = data.draw(st.sampled_from(groups))
    size = data.draw(st.integers(1, len(members) - 1))
    out, rest = members[:size], members[size:]
    words = [
        Saying(
            "onefold",
            "judgement",
            f"{one.hex()} {other.hex()}",
            EventKind.UPSERT,
            LATE + number,
            LATE + number,
            {"left": min(one, other), "right": max(one, other), "verdict": "different"},
        )
        for number, (one, other) in enumerate((one, other) for one in out for other in rest)
    ]
    take(met, between)
    take(met, words)
    never = folded([words, before, between])
    assert state_hash(met) == state_hash(never)
    assert shown(met) == shown(never)
    customers = met.customers_of(members)
    assert {customers.get(it) for it in out}.isdisjoint(
        {customers[it] for it in rest if it in customers} - {None}
    )
