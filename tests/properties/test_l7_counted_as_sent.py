"""Law L7: a count for a moment is what an activation at that moment releases and leaves out, by reason."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.audience import AudienceCount
from onefold.gate.contacting import counting
from onefold.gate.contacting.model import Campaign, Cap, Contact, Contacting, ContactingRules, QuietHours
from onefold.gate.model import Actor, Permit
from onefold.gate.never import NeverContact
from onefold.gate.policy_files import shipped
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.kernel.time import MS_PER_DAY
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from tests.properties.folding import MANY, folded, take
from tests.properties.strategies import numbered
from tests.unit.gate.bank import CELL, KEY, Purposes, StoppedClock, Trail

SOURCES = Purposes(core=("marketing", "servicing"), crm=("marketing",), aml=("fraud",))
CHANNELS = ("email", "sms", "call", "app", "post")
POLICIES = Policies(shipped())
RULES = DeterministicRules()
NOW = 20_000 * MS_PER_DAY + 7 * 3_600_000
EMAILS = ("a@x.uz", "b@x.uz", "gone@x.uz")

BIRTHS = st.sampled_from((7000, 7000, 7000, 20_000 - 6_574, 20_000 - 23_742))
"""Mostly grown up; one who is of age tomorrow, and one who is a senior since yesterday."""

people = st.fixed_dictionaries(
    {"national_id": st.sampled_from(("30101900000017", "30202910000028", "")), "birth_date": BIRTHS},
    optional={
        "vulnerable": st.booleans(),
        "protected": st.booleans(),
        "identifiers_verified": st.just(True),
        "email": st.sampled_from(EMAILS),
        "phone": st.sampled_from(("+998901112233", "+12125550123")),
        "address": st.just("12 Navoiy"),
        "city": st.just("Tashkent"),
        "country": st.sampled_from(("UZ", "US")),
        "time_zone": st.sampled_from(("Asia/Tashkent", "America/New_York", "nowhere")),
        "preferred_channel": st.sampled_from(CHANNELS),
    },
)
parties = st.lists(st.tuples(st.sampled_from(("core", "crm", "aml")), people), min_size=1, max_size=6)
words = st.tuples(
    st.sampled_from(("granted", "granted", "granted", "withdrawn", "silent")),
    st.sampled_from(("any", "any", "sms")),
    st.sampled_from((None, None, "wish", "bounce", "vulnerable")),
)
spans = st.builds(
    QuietHours,
    st.sampled_from((frozenset(), frozenset({"sms"}), frozenset({"app", "email"}))),
    st.sampled_from((0, 21 * 60)),
    st.sampled_from((9 * 60, 13 * 60)),
)
caps = st.builds(
    Cap,
    st.sampled_from((frozenset(), frozenset({"sms", "app"}))),
    st.sampled_from((frozenset(), frozenset({"marketing"}))),
    st.sampled_from((0, 1, 1, 2)),
    st.just(7),
)
campaigns = st.builds(Campaign, st.lists(spans, max_size=1).map(tuple), st.lists(caps, max_size=1).map(tuple))
rules = st.builds(
    ContactingRules,
    st.just(1),
    st.sampled_from((frozenset(), frozenset({"marketing"}))),
    st.lists(spans, max_size=1).map(tuple),
    st.sampled_from(((), ("Asia/Tashkent",))),
    st.lists(caps, max_size=2).map(tuple),
    st.fixed_dictionaries({}, optional={"dip": campaigns}),
)
contacts = st.builds(
    Contact,
    st.sampled_from(("r1", "r2")),
    st.sampled_from((1, 8)).map(lambda days: NOW - days * MS_PER_DAY),
    st.just("marketing"),
    st.sampled_from(CHANNELS),
    st.sampled_from(("dip", "other")),
)


@st.composite
def histories(draw) -> list[Saying]:
    """Parties of a few sources, some of them one customer; what each said, and who is not to be contacted."""
    told = []
    for number, (source, values) in enumerate(draw(parties)):
        party = Saying(source, "party", f"p-{number}", EventKind.UPSERT, 0, 0, values)
        told.append(party)
        fact, channel, stopped = draw(words)
        about = {"party": party.fragment_id, "channel": channel}
        said = about | {"purpose": "marketing", "fact": fact, "given_at": MS_PER_DAY}
        if fact != "silent":
            told.append(Saying("crm", "consent", f"c-{number}", EventKind.UPSERT, 0, 0, said))
        if stopped:
            wish = about | {"reason": stopped, "state": "on", "since_at": MS_PER_DAY}
            told.append(Saying("crm", "suppression", f"s-{number}", EventKind.UPSERT, 0, 0, wish))
    return numbered(told)


@st.composite
def situations(draw) -> tuple[list[Saying], Contacting, bool]:
    """A history, rules of contacting with the contacts that were made, and whether somebody was erased."""
    history = draw(histories())
    ids = [it.fragment_id for it in history if it.entity == "party"]
    made = draw(st.dictionaries(st.sampled_from([*ids, bytes(16)]), st.lists(contacts, max_size=2)))
    of_each = {key: tuple(found) for key, found in made.items()}
    return history, Contacting(draw(rules), "dip", of_each), draw(st.booleans())


def gate_over(reader: Any, erased: bool) -> Gate:
    """A gate whose list of addresses that stay has one of those that are known, or none."""
    kept = SimpleNamespace(never=set())
    never = NeverContact(KEY, kept)
    if erased:
        kept.never = {never._digest(channel, "gone@x.uz") for channel in ("email",)}
        kept.never |= {never._digest("sms", "+12125550123")}
    return Gate(CELL, POLICIES, reader, SOURCES, Trail(), RULES, StoppedClock(NOW), never=never)


def permits(gate: Gate) -> Iterator[Permit]:
    for channel in CHANNELS:
        yield gate.permit(Actor("m", ("marketer",), CELL), "activate_segment", "marketing", channel)


def sent(gate: Gate, permit: Permit, members: Sequence[bytes], contacting: Contacting) -> AudienceCount:
    """What an activation comes to."""
    with gate.audience(permit, members, contacting) as audience:
        return AudienceCount(len(audience.released), audience.left_out)


def check(reader: Any, contacting: Contacting, erased: bool) -> None:
    everybody = reader.customers(b"", 100)
    gate = gate_over(reader, erased)
    for permit in permits(gate):
        some = [*everybody[::2], bytes(16)]
        assert gate.audience_count(permit, some, contacting) == sent(gate, permit, some, contacting)
        counted = gate.audience_count(permit, None, contacting)
        assert counted == sent(gate, permit, everybody, contacting)
        assert counted.reachable + sum(counted.left_out.values()) == len(everybody)


@MANY
@given(situations())
def test_a_count_is_what_an_activation_would_come_to_reason_by_reason(situation):
    history, contacting, erased = situation
    check(folded([history], RULES), contacting, erased)


@given(situations())
def test_so_it_is_over_the_store_on_disk(situation):
    history, contacting, erased = situation
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteState(Path(folder) / "state.db")
        take(store, history, RULES)
        reader = SqliteCustomerReader(Path(folder) / "state.db")
        check(reader, contacting, erased)
        reader.close()
        store.close()


# ------------------------------------------------------------------ who is looked at


class Counted(MemoryState):
    """A state that notes whose records were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[bytes] = set()

    def fragments(self, ids: Sequence[bytes]):
        self.read |= set(ids)
        return super().fragments(ids)

    def records_of(self, customer_ids: Sequence[bytes]):
        found = super().records_of(customer_ids)
        self.read |= {it.fragment_id for records in found.values() for it in records}
        return found


@contextmanager
def town(**of_the_second: Any) -> Iterator[tuple[Counted, list[bytes]]]:
    """Four strangers who all said yes to everything; the records that were read from here on."""
    people = [{"email": f"p{number}@x.uz", "phone": f"+99890111223{number}"} for number in range(4)]
    people[1] |= of_the_second
    told = []
    for number, values in enumerate(people):
        party = Saying("core", "party", f"p-{number}", EventKind.UPSERT, 0, 0, values)
        yes = {"party": party.fragment_id, "purpose": "marketing", "channel": "any", "fact": "granted"}
        told += [
            party,
            Saying("core", "consent", f"c-{number}", EventKind.UPSERT, 0, 0, yes | {"given_at": 1}),
        ]
    state = Counted()
    folded([numbered(told)], RULES, state)
    state.read.clear()
    yield state, [it.fragment_id for it in told if it.entity == "party"]


def of(**parts: Any) -> ContactingRules:
    """Rules of which only some parts are said."""
    whole = {"preferring": frozenset(), "quiet_hours": (), "unknown_zone": (), "caps": (), "campaigns": {}}
    return ContactingRules(version=1, **whole | parts)


def counted(state: MemoryState, contacting: Contacting, channel: str = "email") -> AudienceCount:
    gate = gate_over(state, erased=False)
    permit = gate.permit(Actor("m", ("marketer",), CELL), "activate_segment", "marketing", channel)
    return gate.audience_count(permit, None, contacting)


def test_who_prefers_another_channel_is_counted_without_reading_anybody():
    with town(preferred_channel="sms") as (state, _):
        found = counted(state, Contacting(of(preferring=frozenset({"marketing"})), "", {}))
        assert found == AudienceCount(3, {"prefers another channel": 1})
        assert not state.read


def test_for_a_cap_only_those_are_read_whom_a_release_reached():
    with town() as (state, parties):
        reached: dict[bytes, tuple[Contact, ...]] = {}
        reached[parties[2]] = (Contact("r1", NOW - 1000, "marketing", "email", ""),)
        found = counted(state, Contacting(of(caps=(Cap(frozenset(), frozenset(), 1, 7),)), "", reached))
        assert found == AudienceCount(3, {"contacted often enough: 1 in 7 days": 1})
        assert state.read == {parties[2]}


def test_for_quiet_hours_nobody_is_read_whose_clock_the_clues_tell():
    # 12:00 in Tashkent is 02:00 in New York.
    with town(time_zone="America/New_York") as (state, _):
        quiet = QuietHours(frozenset({"sms"}), 0, 9 * 60)
        found = counted(state, Contacting(of(quiet_hours=(quiet,)), "", {}), "sms")
        assert found == AudienceCount(3, {"quiet hours": 1})
        assert not state.read


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_whose_calling_code_has_several_zones_is_read_and_nothing_that_was_said(monkeypatch, size):
    monkeypatch.setattr(counting, "CUSTOMERS_AT_ONCE", size)
    with town(phone="+12125550123") as (state, parties):
        quiet = QuietHours(frozenset({"sms"}), 0, 9 * 60)
        found = counted(state, Contacting(of(quiet_hours=(quiet,)), "", {}), "sms")
        assert found == AudienceCount(3, {"quiet hours": 1})
        assert state.read == {parties[1]}


def test_whoever_has_no_quiet_hour_may_still_have_been_reached_often_enough():
    with town(time_zone="America/New_York") as (state, parties):
        reached: dict[bytes, tuple[Contact, ...]] = {
            it: (Contact("r1", NOW - 1000, "marketing", "sms", ""),) for it in parties[:3]
        }
        quiet = QuietHours(frozenset({"sms"}), 0, 9 * 60)
        own = of(quiet_hours=(quiet,), caps=(Cap(frozenset(), frozenset(), 1, 7),))
        found = counted(state, Contacting(own, "", reached), "sms")
        assert found == AudienceCount(1, {"contacted often enough: 1 in 7 days": 2, "quiet hours": 1})
        assert state.read == {parties[0], parties[2]}
