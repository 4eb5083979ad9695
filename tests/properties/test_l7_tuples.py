"""L7 over many (actor, role, portfolio, cell, customer, purpose, channel): the gate says what an oracle says.

The oracle is the decision table (`tests/unit/gate/decision_table.py`), the words of consent (permitting.py)
and what the contracts allow, put together here; it shares no code with the gate. Each tuple asks for one
customer, and whoever may contact asks for the same customer alone and among all. 10,000 tuples a run, 100,000
with `ONEFOLD_HYPOTHESIS=thorough`; each world of them is a function of its number.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any, NamedTuple

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.rules import default_policy
from onefold.gate.audience import Released, audience_of, decide
from onefold.gate.contacting.counting import Counting
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.parse import read_rules
from onefold.gate.gathering import Gathered
from onefold.gate.model import Actor
from onefold.gate.rules import Policies
from onefold.gate.scope import Scope
from onefold.gate.service import Gate
from onefold.gate.words import ROLES
from onefold.kernel.errors import NotFound, Refused
from onefold.kernel.ids import Cell, CellKey
from onefold.record.erasure.ports import NobodyErased
from onefold.record.tokens.rules import token_key, token_of
from onefold.record.tokens.service import TokenVault
from onefold.testing.segments import MemorySubjectKeys
from onefold.testing.tokens import MemoryTokens
from tests.properties.permitting import (
    CHANNELS,
    PARTIES,
    TREE,
    History,
    happen,
    heard,
    is_stopped,
    joined,
    may,
    with_wholes,
)
from tests.unit.gate.bank import CELL, Bank, Purposes, StoppedClock, Trail
from tests.unit.gate.decision_table import ALLOWED, FIELDS, OF_OTHERS, OWN, REACH
from tests.unit.gate.test_rules import TEXTS

TUPLES = 100_000 if os.environ.get("ONEFOLD_HYPOTHESIS") == "thorough" else 10_000
OF_ONE_WORLD = 50
EVENTS = 14
SOURCES = ("core", "crm", "digital")
WHOLES = tuple(name for name, whole in TREE.items() if not whole)
NAME, INITIALS = "Anna Karimova", "A. K."
TOKEN_KEY = token_key(CellKey(bytes(32)))
TOKEN = token_of(CellKey(TOKEN_KEY), "name", NAME)
NOBODY = bytes(16)
MAY = sorted(it for it in ALLOWED if it[1] in ("show_customer", "count_audience"))
AT_ANY_TIME = Contacting(read_rules("version: 1", "x"), "", {})
POLICIES = Policies(TEXTS)
RULES = DeterministicRules()


class World(NamedTuple):
    """What happened, told to a bank; `records` are its party fragments in the order of PARTIES."""

    history: History
    bank: Bank
    records: tuple[bytes, ...]
    of: tuple[str, ...]
    owners: tuple[str, ...]
    allowed: dict[str, tuple[str, ...]]


class Tuple(NamedTuple):
    """Who asks for whom, and for what."""

    roles: tuple[str, ...]
    cell: Cell
    record: int | None
    purpose: str
    channel: str
    now: int
    portfolios: tuple[str, ...] = ()


# ------------------------------------------------------------------ what is tried


def world_of(draw: random.Random) -> World:
    history = History()
    for _ in range(EVENTS):
        happen(history, draw)
    bank = Bank()
    of = tuple(draw.choice(SOURCES) for _ in PARTIES)
    owners = tuple(draw.choice(("", "", "west", "east")) for _ in PARTIES)
    inside = [pair for pair, proven in history.edges.items() if proven]
    parts = joined(range(len(PARTIES)), inside)
    proof = {it: f"NID{number}" for number, part in enumerate(parts) if len(part) > 1 for it in part}
    records = tuple(
        bank.add(
            "party",
            source,
            str(number),
            full_name=NAME,
            email=f"{number}@example.org",
            phone=f"+99890000000{number}",
            address=f"{number} Main Street",
            **({"manager": owners[number]} if owners[number] else {}),
            **({"national_id": proof[number], "identifiers_verified": True} if number in proof else {}),
        )
        for number, source in enumerate(of)
    )
    for customer in history.customers():
        bank.join(*(records[it] for it in customer))
    spoken = [
        (at, entity, key, row) for (entity, key), said in history.rows.items() for at, row in said
    ]  # fmt: skip
    for _, entity, key, row in sorted(spoken, key=lambda it: it[0]):
        if row is None:
            bank.delete(entity, "crm", str(key))
        else:
            bank.add(entity, "crm", str(key), **row | {"party": records[PARTIES.index(row["party"])]})
    allowed = {it: tuple(draw.sample(WHOLES, draw.randrange(2, len(WHOLES) + 1))) for it in SOURCES}
    return World(history, bank, records, of, owners, allowed)


def tuple_of(draw: random.Random, world: World) -> Tuple:
    """Mostly somebody who may, and a purpose that is one's own or a part of it."""
    roles = tuple(draw.sample(ROLES, draw.choice((1, 1, 2))))
    purpose = draw.choice(list(TREE))
    channel = draw.choice(("console", "api", "email", "sms", "post", "app"))
    if draw.random() < 0.8:
        role, _, whole, channel = draw.choice(MAY)
        roles = tuple(dict.fromkeys((*roles[1:], role)))
        purpose = draw.choice([it for it in TREE if whole in with_wholes(it)])
    return Tuple(
        roles,
        CELL if draw.random() < 0.9 else draw.choice((Cell("demo", "kz"), Cell("other", "uz"))),
        draw.randrange(len(PARTIES)) if draw.random() < 0.95 else None,
        purpose,
        channel,
        draw.randrange(world.history.clock + 6),
        draw.choice(((), (), ("west",), ("east",), ("west", "east"), ("north",))),
    )


# ------------------------------------------------------------------ the oracle


def role_for(asked: Tuple, action: str) -> str | None:
    """The first of the roles that may, in the actor's own cell."""
    whole = next(it for it in with_wholes(asked.purpose) if not TREE[it])
    may_act = (it for it in asked.roles if (it, action, whole, asked.channel) in ALLOWED)
    return next(may_act, None) if asked.cell == CELL else None


def rights(role: str, asked: Tuple) -> tuple[str, str, str]:
    whole = next(it for it in with_wholes(asked.purpose) if not TREE[it])
    return FIELDS[role, whole, asked.channel in OWN]


def open_to(world: World, asked: Tuple) -> set[int]:
    """The records of the customer whose contracts allow the purpose."""
    if asked.record is None:
        return set()
    customer = world.history.customer_of(asked.record)
    return {it for it in customer if with_wholes(asked.purpose) & set(world.allowed[world.of[it]])}


def shown_by_oracle(world: World, asked: Tuple) -> Any:
    role = role_for(asked, "show_customer")
    if role is None:
        return "refused"
    known, free = heard(world.history), open_to(world, asked)
    if not free:
        return "unknown"
    if role in OF_OTHERS and is_of_another(world, asked, free):
        return "refused"
    uses = [(asked.purpose, channel, "any", "") for channel in (*CHANNELS, "any")]
    good = {it for it in free if any(may(known[it], use, asked.now) for use in uses)}
    if not good:
        return "refused"
    name = {"full": NAME, "masked": INITIALS, "token": TOKEN, "hidden": ""}[rights(role, asked)[0]]
    return role, name, {world.records[it]: it in good for it in free}


def is_of_another(world: World, asked: Tuple, free: set[int]) -> bool:
    """Whether who keeps portfolios finds somebody else's name, and none of their own on an open record."""
    customer = world.history.customer_of(asked.record or 0)
    named, near = ({world.owners[it] for it in some} - {""} for some in (customer, free))
    return bool(asked.portfolios and named and not near & set(asked.portfolios))


def contacted_by_oracle(world: World, asked: Tuple) -> set[frozenset[bytes]] | None:
    """Every customer who may be contacted, by records; None where nobody may ask."""
    if role_for(asked, "count_audience") is None:
        return None
    known, use = heard(world.history), (asked.purpose, asked.channel, "any", "")
    return {
        frozenset(world.records[it] for it in customer)
        for customer in world.history.customers()
        if open_to(world, asked._replace(record=min(customer)))
        and not is_stopped(world.history, customer, asked.channel)
        and all(may(known[it], use, asked.now) for it in customer)
    }


# ------------------------------------------------------------------ the gate


def shown_by_gate(gate: Gate, world: World, asked: Tuple) -> Any:
    actor = Actor("somebody", asked.roles, asked.cell, portfolios=asked.portfolios)
    try:
        permit = gate.permit(actor, "show_customer", asked.purpose, asked.channel)
        view = gate.view(permit, NOBODY if asked.record is None else world.records[asked.record])
    except Refused:
        return "refused"
    except NotFound:
        return "unknown"
    if not any(it.permits for it in view.fragments):
        return "a view of nothing"
    told = [it.permits for it in view.fragments if it.values or it.key]
    assert all(told), "values of a record that does not permit"
    return permit.role, view.name, {bytes.fromhex(it.id): it.permits for it in view.fragments}


def contacted_by_gate(gate: Gate, world: World, asked: Tuple, allowed: Purposes) -> Any:
    """As the gate decides each alone; that it decides them together in the same way is asserted here."""
    try:
        permit = gate.permit(
            Actor("m", asked.roles, asked.cell, portfolios=asked.portfolios),
            "count_audience",
            asked.purpose,
            asked.channel,
        )
    except Refused:
        return None
    state, policy = world.bank.state, default_policy(("core",))
    scope, everybody = Scope(permit, Gathered(state), allowed), state.customers(b"", 100)
    alone = [decide(scope, RULES, policy, it, asked.now) for it in everybody]
    released = [it for it in alone if isinstance(it, Released)]
    left_out = Counter(it for it in alone if isinstance(it, str))
    found = audience_of(scope, RULES, policy, everybody, asked.now)
    assert (sorted(found.released), Counter(found.left_out)) == (sorted(released), left_out)
    count = Counting(scope, RULES, policy, AT_ANY_TIME, asked.now).count(None)
    assert (count.reachable, Counter(count.left_out)) == (len(released), left_out)
    return {frozenset(state.fragments_of(it.customer)) for it in released}


def differences(number: int) -> list[Any]:
    """Where gate and oracle do not say the same in one world."""
    draw = random.Random(number)
    world = world_of(draw)
    allowed = Purposes(**world.allowed)
    found: list[Any] = []
    for _ in range(OF_ONE_WORLD):
        asked = tuple_of(draw, world)
        clock = StoppedClock(asked.now)
        vault = TokenVault(TOKEN_KEY, MemorySubjectKeys(), MemoryTokens(), NobodyErased(), os.urandom)
        gate = Gate(CELL, POLICIES, world.bank.state, allowed, Trail(), RULES, clock, tokens=vault)
        by_oracle = shown_by_oracle(world, asked), contacted_by_oracle(world, asked)
        by_gate = shown_by_gate(gate, world, asked), contacted_by_gate(gate, world, asked, allowed)
        found += [(asked, by_oracle, by_gate)] if by_oracle != by_gate else []
    return found


@pytest.mark.timeout(120 + TUPLES // 50)
def test_no_tuple_is_answered_in_another_way_than_by_the_oracle() -> None:
    worlds = range(TUPLES // OF_ONE_WORLD)
    wrong = {number: found[:2] for number in worlds if (found := differences(number))}
    assert not wrong, list(wrong.items())[:2]


def test_the_tuples_see_every_kind_of_answer() -> None:
    """Of some worlds some show everything, some a part, some nobody; some may be contacted."""
    shown: Counter[str] = Counter()
    reached: Counter[bool] = Counter()
    others = 0
    for number in range(150):
        draw = random.Random(number)
        world = world_of(draw)
        for _ in range(OF_ONE_WORLD):
            asked = tuple_of(draw, world)
            found = shown_by_oracle(world, asked)
            shown[found if isinstance(found, str) else "whole" if all(found[2].values()) else "part"] += 1
            role = role_for(asked, "show_customer")
            others += role in OF_OTHERS and is_of_another(world, asked, open_to(world, asked))
            contacts = contacted_by_oracle(world, asked)
            if contacts is not None:
                reached[bool(contacts)] += 1
    assert others >= 5
    assert min(shown[it] for it in ("refused", "unknown", "whole", "part")) >= 5, shown
    assert min(reached[True], reached[False]) >= 5, reached
    assert not REACH & OWN
