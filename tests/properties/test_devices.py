"""L1, L3, L4 and erasure over devices: whose something is depends on what was said and on nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.erasure.reach import reach_of
from onefold.customer.profile.attribution import USUAL
from onefold.gate.attributing import attributed_to, party_of
from onefold.gate.gathering import Gathered
from onefold.gate.scope import Scope, Standing
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.folding import folded, stirred, take
from tests.properties.strategies import numbered
from tests.unit.gate.bank import PURPOSES, permit

MINUTE = 60_000
PEOPLE = tuple(fragment_id("core", "party", f"party-{n}") for n in range(4))
DEVICES = tuple(fragment_id("crm", "device", f"device-{n}") for n in range(2))
KNOWN = [
    Saying("core", "party", f"party-{n}", EventKind.UPSERT, 0, 0, {"full_name": f"Person Number{n}"})
    for n in range(4)
]


@st.composite
def doings(draw: st.DrawFn) -> Saying:
    """Something done on a device, that names somebody or nobody, is said otherwise later, or is deleted."""
    values = {
        "device": draw(st.sampled_from(DEVICES)),
        "happened_at": draw(st.integers(0, 8)) * 12 * MINUTE,
        "action": draw(st.sampled_from(("page", "page", "login", "logout"))),
    }
    if draw(st.booleans()):
        values["party"] = draw(st.sampled_from(PEOPLE))
    kind = draw(st.sampled_from((EventKind.UPSERT, EventKind.UPSERT, EventKind.UPSERT, EventKind.DELETE)))
    key = f"interaction-{draw(st.integers(0, 15))}"
    return Saying("crm", "interaction", key, kind, draw(st.integers(0, 9)), 0, values)


HISTORIES = st.lists(doings(), min_size=4, max_size=24).map(lambda it: numbered([*KNOWN, *it]))


def scope_of(state: MemoryState) -> Scope:
    return Scope(permit("compliance"), Gathered(state), PURPOSES)


def whose(state: MemoryState) -> dict[bytes, bytes | None]:
    """What was done on a device and names nobody → the party it is held to be of."""
    scope = scope_of(state)
    found = {}
    for key, it in state._fragments.items():
        values = it.values
        if it.entity == "interaction" and values is not None and "party" not in values:
            found[key] = party_of(scope, Standing(it, values))
    return found


def judged(verdict: str, kind: EventKind, number: int) -> Saying:
    values = {"left": PEOPLE[0], "right": PEOPLE[1], "verdict": verdict} if kind is EventKind.UPSERT else {}
    return Saying("onefold", "judgement", "one", kind, 10**6 + number, 10**6 + number, values)


@given(st.data(), HISTORIES)
def test_no_order_batching_or_redelivery_changes_whose_it_is(data, history):
    whole = whose(folded([history]))
    assert whose(folded([[it] for it in history])) == whole
    assert whose(folded(data.draw(stirred(history)))) == whole


@given(HISTORIES)
def test_what_leads_from_a_person_to_what_they_did_is_what_leads_back(history):
    state = folded([history])
    there = {key: party for key, party in whose(state).items() if party is not None}
    scope = scope_of(state)
    back = {
        key: party for party in PEOPLE for _, key in attributed_to(scope, [party]).newest(scope, None, 1000)
    }
    assert back == there
    pages = []
    attributed, place = attributed_to(scope, PEOPLE), None
    while part := attributed.newest(scope, place, 2):
        pages += part
        place = part[-1]
    assert pages == sorted(pages, reverse=True)
    assert {key for _, key in pages} == there.keys()


@given(HISTORIES, doings())
def test_an_unmerge_gives_back_whose_it_was(history, between):
    state = folded([history])
    before = whose(state)
    take(state, [judged("same", EventKind.UPSERT, 0)])
    assert state.customer_of(PEOPLE[0]) == state.customer_of(PEOPLE[1])
    take(state, [judged("same", EventKind.DELETE, 1)])
    assert whose(state) == before


@given(HISTORIES, doings())
def test_a_login_that_is_deleted_gives_back_what_it_took(history, added):
    last = Saying("crm", "interaction", "late", EventKind.UPSERT, 10**6, 10**6, added.values)
    gone = Saying("crm", "interaction", "late", EventKind.DELETE, 10**6 + 1, 10**6 + 1, {})
    assert whose(folded([history, [last], [gone]])) == whose(folded([history]))


@given(HISTORIES, st.sampled_from(PEOPLE))
def test_an_erasure_makes_nothing_of_anybody_else_and_takes_nothing_of_theirs(history, who):
    state = folded([history])
    before = whose(state)
    going = reach_of(state, [who], USUAL).fragments
    assert not {key for key, party in before.items() if party not in (None, who)} & going
    assert {key for key, party in before.items() if party == who} <= going
    erased = [
        Saying(it.source, it.entity, it.key, EventKind.ERASE, 10**6, 10**6 + n, {})
        for n, it in enumerate(state._fragments[key] for key in going if key in state._fragments)
    ]
    take(state, erased)
    after = whose(state)
    assert after == {key: party for key, party in before.items() if key not in going}
