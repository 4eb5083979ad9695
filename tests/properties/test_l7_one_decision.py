"""Law L7: the gate's answer for a set is its answers for each; what is kept of reach is what was said."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.customer.consent import reach as reach_module
from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.rules import default_policy
from onefold.gate.audience import Released, audience_of, decide
from onefold.gate.contacting.counting import Counting
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.gathering import Gathered
from onefold.gate.model import Actor, Permit
from onefold.gate.portfolios import Relation
from onefold.gate.scope import Scope
from onefold.gate.shields import Shield
from onefold.kernel.ids import Cell
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.fingerprint import state_hash
from onefold.record.canon.groups import EVERY_SET, Group
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from tests.properties.folding import cut, folded, take
from tests.properties.strategies import (
    GRANTED,
    KNOWN,
    finer_permissions,
    histories,
    numbered,
    permissions,
    sayings_of,
)

RULES = DeterministicRules()
POLICY = default_policy(())
FULL = dict.fromkeys(("open", "internal", "pii"), "full")
SHIELDS = frozenset(
    Shield(Relation.ANY, it)
    for it in EVERY_SET
    if (Group.VULNERABLE in it) != (Group.PROTECTED in it) or Group.SENIOR in it
)
"""More of them than a house would think of: one group alone is kept away, both of them are not."""
ADDRESSES: frozenset[str] = frozenset()
"""Nobody was chosen by any data."""
AT_ANY_TIME = Contacting(read_rules("version: 1", "x"), "", {})


def counted(scope: Scope, now: int, members=None):
    """The count where no rule of contacting keeps anybody back."""
    return Counting(scope, POLICY, AT_ANY_TIME, now).count(members)


class Allowing(SimpleNamespace):
    """Sources that may serve every purpose."""

    def purposes_of(self, source: str) -> frozenset[str]:
        return frozenset(PURPOSES) if source in self.allowed else frozenset()

    def sources(self) -> list[str]:
        return ["core", "crm"]


def scope_of(
    reader, purpose: str, channel: str, allowed, fields=FULL, by: str = "", chosen: frozenset[str] = ADDRESSES
) -> Scope:
    actor = Actor("a", ("marketer",), Cell("t", "j"), controller=by)
    permit = Permit(
        actor, "marketer", purpose, channel, "activate_segment", "1", dict(fields), shields=SHIELDS
    )
    return Scope(permit, Gathered(reader), Allowing(allowed=allowed), chosen_by=chosen)


def one_by_one(reader, everybody, scope, now) -> tuple[list[Released], Counter]:
    released, left_out = [], Counter()
    for it in everybody:
        found = decide(scope, POLICY, it, now)
        if isinstance(found, Released):
            released.append(found)
        else:
            left_out[found] += 1
    return sorted(released), left_out


def check(reader, now: int, allowed, channels) -> None:
    everybody = reader.customers(b"", 1000)
    for purpose in ("marketing", "direct_marketing", "stewardship"):
        for channel, by, chosen in product(channels, ("", "another"), (ADDRESSES, frozenset({"balance"}))):
            scope = scope_of(reader, purpose, channel, allowed, by=by, chosen=chosen)
            released, left_out = one_by_one(reader, everybody, scope, now)
            found = audience_of(scope, POLICY, everybody, now)
            assert (sorted(found.released), Counter(found.left_out)) == (released, left_out)
            count = counted(scope, now)
            assert (count.reachable, Counter(count.left_out)) == (len(released), left_out)


parties = sayings_of("party")
instants = st.integers(-1, 12).map(lambda day: day * MS_PER_DAY) | st.integers(0, 10 * MS_PER_DAY)
allowances = st.sampled_from((("core", "crm"), ("core",), ("crm",), ()))


@given(
    st.data(),
    st.lists(permissions() | finer_permissions() | parties, max_size=8),
    st.sampled_from(((), GRANTED)),
    instants,
    allowances,
    st.sampled_from(sorted(CHANNELS)),
)
def test_a_set_is_decided_as_each_of_its_members_is(data, said, granted, now, allowed, channel):
    history = numbered([*KNOWN, *granted, *said])
    state = folded(data.draw(cut(history)), RULES)
    check(state, now, allowed, ("email", channel))


@given(histories("party", "consent", "suppression", "judgement", most=25), instants)
def test_whatever_the_history_a_set_is_decided_as_each_of_its_members_is(history, now):
    check(folded([history], RULES), now, ("core", "crm"), ("email", "post", "app"))


@given(st.data(), st.lists(permissions() | finer_permissions() | parties, max_size=8), instants)
def test_the_store_on_disk_decides_a_set_as_the_one_in_memory(data, said, now):
    batches = data.draw(cut(numbered([*KNOWN, *GRANTED, *said])))
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteState(Path(folder) / "state.db")
        for batch in batches:
            take(store, batch, RULES)
        reader = SqliteCustomerReader(Path(folder) / "state.db")
        memory = folded(batches, RULES)
        assert state_hash(reader) == state_hash(memory)
        check(reader, now, ("core", "crm"), ("email", "post", "branch"))
        reader.close()
        store.close()


def many_grants(count: int) -> MemoryState:
    """A customer who says yes and takes it back in turns, each time for a while."""
    said = [
        Saying("crm", "consent", f"c-{number}", EventKind.UPSERT, 0, 0, GRANTED[0].values
               | {"given_at": number * 1000, "until_at": number * 1000 + 500})
        for number in range(count)
    ]  # fmt: skip
    return folded([numbered([*KNOWN, *said])], RULES)


def test_who_said_more_than_is_laid_out_is_decided_by_himself(monkeypatch):
    monkeypatch.setattr(reach_module, "INSTANTS_MAX", 6)
    state = many_grants(5)
    scope = scope_of(state, "marketing", "email", ("core", "crm"))
    assert {it.obstacle for group in state._spells.values() for it in group} == {reach_module.UNDECIDED}
    for now in (0, 4_200, 4_700):
        check(state, now, ("core", "crm"), ("email",))
    assert counted(scope, 4_200).left_out


@pytest.mark.parametrize("fields", [{}, {"pii": "masked"}])
def test_nobody_is_reachable_at_an_address_that_the_permit_may_not_see(fields):
    state = folded([numbered([*KNOWN, *GRANTED])], RULES)
    everybody = state.customers(b"", 1000)
    scope = scope_of(state, "marketing", "email", ("core", "crm"), fields)
    found = audience_of(scope, POLICY, everybody, 6 * MS_PER_DAY)
    count = counted(scope, 6 * MS_PER_DAY)
    assert (found.released, count.reachable) == ((), 0)
    assert found.left_out == count.left_out == {"no email": len(everybody)}


def test_an_id_from_before_a_merge_and_one_of_nobody_are_accounted_for():
    state = folded([numbered([*KNOWN, *GRANTED])], RULES)
    scope = scope_of(state, "marketing", "app", ("core", "crm"))
    ids = [it.fragment_id for it in KNOWN]
    found = audience_of(scope, POLICY, [*ids, bytes(16)], 6 * MS_PER_DAY)
    assert len(found.released) + sum(found.left_out.values()) == 2
    assert found.left_out["no source allows marketing"] == 1
