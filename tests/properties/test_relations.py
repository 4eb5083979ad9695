"""Relations are read and are no evidence: they move no customer, and follow merges, undoing and erasure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onefold.customer.erasure.reach import reach_of
from onefold.gate.model import Actor, Permit
from onefold.gate.relations import RelationView
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.kernel.ids import id_text
from onefold.pipeline.fingerprint import state_hash
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from onefold.usecases.show_relations import show_relations
from tests.properties.folding import MANY, TIGHT, folded, rows, stirred, take
from tests.properties.strategies import KNOWN, histories, identities, numbered
from tests.properties.test_l4_unmerge import LATE, judged, parties, reversals
from tests.unit.gate.bank import CELL, EVERYTHING, FULL, Purposes, StoppedClock, Trail
from tests.unit.gate.test_rules import TEXTS

IDENTITY = ("keys", "terms", "members", "customers")
OPEN = Purposes(core=EVERYTHING, crm=EVERYTHING, onefold=EVERYTHING)
ASKED = Permit(
    Actor("somebody", ("tester",), CELL), "tester", "servicing", "console", "show_relations", "v", FULL
)
POLICIES = Policies(TEXTS)
OLGA = Saying("crm", "party", "party-0", EventKind.UPSERT, 0, 0, {"full_name": "Olga Petrova"})
STATING = ("relation", "household", "holder")


def told(state: MemoryState) -> dict[bytes, tuple[tuple[RelationView, ...], Any]]:
    """What is told of the relations of every customer."""
    gate = Gate(CELL, POLICIES, state, OPEN, Trail(), TIGHT, StoppedClock())
    rooms: Any = SimpleNamespace(gate=gate)
    found = {}
    for customer in state.customers(b"", 1000):
        answer = show_relations(ASKED, rooms, id_text(customer))
        found[customer] = (answer.items, answer.withheld)
    return found


def between_known(history: list[Saying]) -> list[Saying]:
    """The history with every other relation between two customers of whom something is known."""
    ends = [it.fragment_id for it in (KNOWN[0], OLGA)]

    def known_ends(it: Saying) -> Saying:
        if it.entity != "relation" or it.kind is not EventKind.UPSERT or it.number % 2:
            return it
        one, other = ends if it.number % 4 else reversed(ends)
        return replace(it, values={"kind": "spouse", **it.values, "party": one, "other": other})

    return [known_ends(it) for it in history]


def homes_of(state: MemoryState, going: set[bytes]) -> set[bytes]:
    """The households of the relations that go."""
    values = (it.values or {} for it in state.fragments(sorted(going)).values())
    return {it["household"] for it in values if "household" in it}


@MANY
@given(st.data(), identities(), histories(*STATING, most=15))
def test_who_is_who_is_the_same_with_relations_and_without(data, history, relations):
    everything = numbered(history + relations)
    bare = [it for it in everything if it.entity not in STATING]
    stated = folded(data.draw(stirred(everything)))
    assert rows(stated, *IDENTITY) == rows(folded([bare]), *IDENTITY)


@given(st.data(), identities(), histories(*STATING, most=15))
def test_relations_arrive_in_any_order(data, history, relations):
    everything = numbered([*KNOWN, OLGA, *history, *relations])
    stated = folded(data.draw(stirred(everything)))
    assert state_hash(stated) == state_hash(folded([everything]))
    assert told(stated) == told(folded([everything]))


@given(identities(), histories(*STATING, most=15), parties, parties, reversals)
def test_relations_are_after_an_unmerge_what_they_would_be_without_the_merge(
    before, between, left, right, kind
):
    history = between_known(numbered([*KNOWN, OLGA, *before, *between]))
    merge = judged(left, right, "same", LATE, EventKind.UPSERT)
    undo = judged(left, right, "unsure", LATE + 1, kind)
    cut = len(KNOWN) + 1 + len(before)
    undone = folded([history[:cut], [merge], history[cut:], [undo]])
    assert told(undone) == told(folded([history]))


@given(identities(most=12), histories(*STATING, least=8, most=20), st.data())
def test_after_an_erasure_relations_are_as_if_there_had_never_been_anybody(before, relations, data):
    history = between_known(numbered([*KNOWN, OLGA, *before, *relations]))
    # The record of a ward stays with all it says; a test of the gate looks at what is told of its guardian.
    history = [
        replace(it, values={name: value for name, value in it.values.items() if name != "guardian"})
        for it in history
    ]
    state = folded([history])
    customer = data.draw(st.sampled_from(state.customers(b"", 1000)))
    going = reach_of(state, state.fragments_of(customer)).fragments
    erasing = [
        Saying(it.source, it.entity, it.key, EventKind.ERASE, LATE, LATE + at, {})
        for at, it in enumerate(state.fragments(sorted(going)).values())
    ]
    members, homes = state.fragments_of(customer), homes_of(state, going)
    take(state, erasing)
    never = folded([[it for it in history if it.fragment_id not in going]])
    assert told(state) == told(never)
    assert rows(state, "links") == rows(never, "links")
    assert not state.related(members, ("relation.party", "relation.other"), 1000)
    for home in homes:
        is_left = bool(state.linked([home], "relation.household"))
        assert is_left or home in going
