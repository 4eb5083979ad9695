"""L7 over many (actor, role, portfolio, cell, customer, purpose, channel): the gate says what an oracle says.

The oracle is the decision table (`tests/unit/gate/decision_table.py`), the words of consent (permitting.py)
and what the contracts allow, put together here; it shares no code with the gate. The policies are those that
come with Onefold and a house's own for its regions, and each world is a cell under one of three laws. Each
tuple asks for one customer, and whoever may contact asks for the same customer alone and among all. 10,000
tuples a run, 100,000 with `ONEFOLD_HYPOTHESIS=thorough`; each world of them is a function of its number.
"""

from __future__ import annotations

import os
import random
from calendar import isleap
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
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
    Heard,
    History,
    happen,
    heard,
    is_called_vulnerable,
    is_stopped,
    joined,
    may,
    with_wholes,
)
from tests.unit.gate.bank import Bank, Purposes, StoppedClock, Trail
from tests.unit.gate.decision_table import (
    ALLOWED,
    FIELDS,
    FORBIDDEN_IN,
    HIDDEN_IN,
    KEPT_FROM,
    OF_OTHERS,
    OWN,
    REACH,
)
from tests.unit.gate.test_rules_regions import REGIONAL

TUPLES = 100_000 if os.environ.get("ONEFOLD_HYPOTHESIS") == "thorough" else 10_000
OF_ONE_WORLD = 50
EVENTS = 14
SOURCES = ("core", "crm", "digital")
WHOLES = tuple(name for name, whole in TREE.items() if not whole)
FIELDS_SEEN = {"full_name": "identity", "email": "contact", "phone": "contact", "address": "contact"}
NAME, INITIALS = "Anna Karimova", "A. K."
TOKEN_KEY = token_key(CellKey(bytes(32)))
TOKEN = token_of(CellKey(TOKEN_KEY), "name", NAME)
NOBODY = bytes(16)
BIRTHS = (None, None, -9_000, -9_000, -6_575, -6_574, -23_741, -23_740)
"""Days of birth, told on the first day of 1970: grown up; 18 today and tomorrow; 65 today and tomorrow."""
SAID: tuple[frozenset[str], ...] = (
    *(frozenset[str]() for _ in range(8)),
    frozenset({"vulnerable"}),
    frozenset({"protected"}),
    frozenset({"vulnerable", "protected"}),
)
MAY = sorted(it for it in ALLOWED if it[1] in ("show_customer", "count_audience"))
AT_ANY_TIME = Contacting(read_rules("version: 1", "x"), "", {})
CELLS = (Cell("demo", "uz"), Cell("demo", "uz"), Cell("demo", "kz"), Cell("demo", "de"))
POLICIES = {it: Policies(REGIONAL, it.jurisdiction) for it in CELLS}
RULES = DeterministicRules()


class World(NamedTuple):
    """What happened, told to a bank; `records` are its party fragments in the order of PARTIES."""

    cell: Cell
    history: History
    bank: Bank
    records: tuple[bytes, ...]
    of: tuple[str, ...]
    owners: tuple[str, ...]
    allowed: dict[str, tuple[str, ...]]
    born: tuple[int | None, ...]
    said: tuple[frozenset[str], ...]


class Tuple(NamedTuple):
    """Who asks for whom, and for what."""

    roles: tuple[str, ...]
    cell: Cell
    record: int | None
    purpose: str
    channel: str
    now: int
    portfolios: tuple[str, ...] = ()
    by: str = ""
    chosen_by: frozenset[str] = frozenset()


# ------------------------------------------------------------------ what is tried


def world_of(draw: random.Random) -> World:
    history = History()
    for _ in range(EVENTS):
        happen(history, draw)
    bank = Bank()
    of = tuple(draw.choice(SOURCES) for _ in PARTIES)
    owners = tuple(draw.choice(("", "", "west", "east")) for _ in PARTIES)
    born = tuple(draw.choice(BIRTHS) for _ in PARTIES)
    said = tuple(draw.choice(SAID) for _ in PARTIES)
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
            **({} if born[number] is None else {"birth_date": born[number]}),
            **dict.fromkeys(said[number], True),
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
    return World(draw.choice(CELLS), history, bank, records, of, owners, allowed, born, said)


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
        world.cell if draw.random() < 0.9 else draw.choice((*CELLS, Cell("other", world.cell.jurisdiction))),
        draw.randrange(len(PARTIES)) if draw.random() < 0.95 else None,
        purpose,
        channel,
        draw.randrange(world.history.clock + 6),
        draw.choice(((), (), ("west",), ("east",), ("west", "east"), ("north",))),
        draw.choice(("", "", "", "tpp")),
        frozenset(draw.choice(((), (), ("balance",), ("balance", "behaviour"), ("contact",)))),
    )


# ------------------------------------------------------------------ the oracle


def role_for(world: World, asked: Tuple, action: str) -> str | None:
    """The first of the roles that may, in the actor's own cell and under its law."""
    whole = next(it for it in with_wholes(asked.purpose) if not TREE[it])
    may_act = (it for it in asked.roles if (it, action, whole, asked.channel) in ALLOWED)
    if asked.cell != world.cell or is_forbidden_here(world, action, whole, asked.channel):
        return None
    return next(may_act, None)


def is_forbidden_here(world: World, action: str, whole: str, channel: str) -> bool:
    return any(
        (where, why) == (world.cell.jurisdiction, whole)
        and channel in channels
        and (actions is None or action in actions)
        for where, why, channels, actions in FORBIDDEN_IN
    )


def right_to_names(world: World, role: str, asked: Tuple) -> str:
    whole = next(it for it in with_wholes(asked.purpose) if not TREE[it])
    right = FIELDS[role, whole, asked.channel in OWN][0]
    is_hidden = (world.cell.jurisdiction, whole, "pii") in HIDDEN_IN and asked.channel in OWN
    return "hidden" if right == "full" and is_hidden else right


def open_to(world: World, asked: Tuple) -> set[int]:
    """The records of the customer whose contracts allow the purpose."""
    if asked.record is None:
        return set()
    customer = world.history.customer_of(asked.record)
    return {it for it in customer if with_wholes(asked.purpose) & set(world.allowed[world.of[it]])}


def shown_by_oracle(world: World, asked: Tuple) -> Any:
    role = role_for(world, asked, "show_customer")
    if role is None:
        return "refused"
    known, free = heard(world.history), open_to(world, asked)
    if not free:
        return "unknown"
    if role in OF_OTHERS and is_of_another(world, asked, free):
        return "refused"
    if is_kept_from(world, world.history.customer_of(asked.record or 0), asked):
        return "refused"
    right = right_to_names(world, role, asked)
    good = {it: parts for it in free if (parts := parts_of(known[it], asked))}
    if not good:
        return "refused"
    is_named = any("full_name" in parts for parts in good.values())
    name = {"full": NAME, "masked": INITIALS, "token": TOKEN, "hidden": ""}[right] if is_named else ""
    told = {it: set() if right == "hidden" else parts for it, parts in good.items()}
    return role, name, {world.records[it]: (it in good, told.get(it, set())) for it in free}


def parts_of(known: Heard, asked: Tuple) -> set[str]:
    """The fields of a record that may be seen, by the class of each; `` where only others than these may."""

    def granted(data_class: str) -> bool:
        uses = [(asked.purpose, channel, data_class, asked.by) for channel in (*CHANNELS, "any")]
        return any(may(known, use, asked.now) for use in uses)

    found = {name for name, data_class in FIELDS_SEEN.items() if granted(data_class)}
    # Of nothing else is a class ever spoken of, so that any other stands for all of them.
    return found | ({""} if found or any(granted(it) for it in ("balance", "payee")) else set())


def is_of_another(world: World, asked: Tuple, free: set[int]) -> bool:
    """Whether who keeps portfolios finds somebody else's name, and none of their own on an open record."""
    customer = world.history.customer_of(asked.record or 0)
    named, near = ({world.owners[it] for it in some} - {""} for some in (customer, free))
    return bool(asked.portfolios and named and not near & set(asked.portfolios))


def groups_by_oracle(world: World, customer: set[int]) -> set[str]:
    """By the words: any record that says so counts, whatever it may serve, and so does the desk."""
    days = [it for number in customer if (it := world.born[number]) is not None]
    found = {it for number in customer for it in world.said[number]}
    found |= {"minor"} if any(date(1970, 1, 1) < birthday(it, 18) for it in days) else set()
    found |= {"senior"} if any(birthday(it, 65) <= date(1970, 1, 1) for it in days) else set()
    return found | ({"vulnerable"} if is_called_vulnerable(world.history, customer) else set())


def birthday(born: int, years: int) -> date:
    """The day on which somebody is so old: 1 March for who was born on 29 February, in a year without."""
    day = date(1970, 1, 1) + timedelta(days=born)
    is_there = (day.month, day.day) != (2, 29) or isleap(day.year + years)
    return day.replace(year=day.year + years) if is_there else date(day.year + years, 3, 1)


def is_kept_from(world: World, customer: set[int], asked: Tuple) -> bool:
    whole = next(it for it in with_wholes(asked.purpose) if not TREE[it])
    groups = groups_by_oracle(world, customer)
    return any(
        group in groups and whole == purpose and asked.channel in channels
        for group, purpose, channels in KEPT_FROM
    )


def contacted_by_oracle(world: World, asked: Tuple) -> set[frozenset[bytes]] | None:
    """Every customer who may be contacted, by records; None where nobody may ask."""
    if role_for(world, asked, "count_audience") is None:
        return None
    known = heard(world.history)
    uses = [(asked.purpose, asked.channel, it, asked.by) for it in ("contact", *asked.chosen_by)]
    return {
        frozenset(world.records[it] for it in customer)
        for customer in world.history.customers()
        if open_to(world, asked._replace(record=min(customer)))
        and not is_kept_from(world, customer, asked)
        and not is_stopped(world.history, customer, asked.channel)
        and all(may(known[it], use, asked.now) for it in customer for use in uses)
    }


# ------------------------------------------------------------------ the gate


def shown_by_gate(gate: Gate, world: World, asked: Tuple) -> Any:
    actor = Actor("somebody", asked.roles, asked.cell, portfolios=asked.portfolios, controller=asked.by)
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
    hidden = permit.fields["pii"] == "hidden"
    return (
        permit.role,
        view.name,
        {
            bytes.fromhex(it.id): (
                it.permits,
                {*(it.values.keys() & FIELDS_SEEN), *([""] if it.permits and not hidden else [])},
            )
            for it in view.fragments
        },
    )


def contacted_by_gate(gate: Gate, world: World, asked: Tuple, allowed: Purposes) -> Any:
    """As the gate decides each alone; that it decides them together in the same way is asserted here."""
    try:
        permit = gate.permit(
            Actor("m", asked.roles, asked.cell, portfolios=asked.portfolios, controller=asked.by),
            "count_audience",
            asked.purpose,
            asked.channel,
        )
    except Refused:
        return None
    state, policy = world.bank.state, default_policy(("core",))
    scope = Scope(permit, Gathered(state), allowed, chosen_by=asked.chosen_by)
    everybody = state.customers(b"", 100)
    alone = [decide(scope, policy, it, asked.now) for it in everybody]
    released = [it for it in alone if isinstance(it, Released)]
    left_out = Counter(it for it in alone if isinstance(it, str))
    found = audience_of(scope, policy, everybody, asked.now)
    assert (sorted(found.released), Counter(found.left_out)) == (sorted(released), left_out)
    count = Counting(scope, policy, AT_ANY_TIME, asked.now).count(None)
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
        gate = Gate(
            world.cell, POLICIES[world.cell], world.bank.state, allowed, Trail(), RULES, clock, tokens=vault
        )
        by_oracle = shown_by_oracle(world, asked), contacted_by_oracle(world, asked)
        by_gate = shown_by_gate(gate, world, asked), contacted_by_gate(gate, world, asked, allowed)
        found += [(asked, by_oracle, by_gate)] if by_oracle != by_gate else []
    return found


@pytest.mark.timeout(120 + TUPLES // 50)
def test_no_tuple_is_answered_in_another_way_than_by_the_oracle() -> None:
    worlds = range(TUPLES // OF_ONE_WORLD)
    wrong = {number: found[:2] for number in worlds if (found := differences(number))}
    assert not wrong, list(wrong.items())[:2]


def kind_of(records: Collection[tuple[bool, set[str]]]) -> str:
    """Whether all is shown, or not all records, or not all of a record."""
    if not all(permits for permits, _ in records):
        return "some records"
    return "some data" if any(0 < len(told) < 5 for _, told in records) else "whole"


def changed_by_the_law(world: World, asked: Tuple, found: Any) -> list[str]:
    """What would be allowed, or shown, to the same people in a cell under another law."""
    other = world._replace(cell=CELLS[0])
    there = asked._replace(cell=CELLS[0] if asked.cell == world.cell else asked.cell)
    told = [
        word
        for word, action in (("refused to look", "show_customer"), ("refused to reach", "count_audience"))
        if role_for(world, asked, action) is None and role_for(other, there, action) is not None
    ]
    if isinstance(found, tuple) and right_to_names(other, found[0], there) != right_to_names(
        world, found[0], asked
    ):
        told.append("hidden")
    return told


def test_the_tuples_see_every_kind_of_answer() -> None:
    """Of some worlds some show everything, some a part, some nobody; some may be contacted."""
    shown: Counter[str] = Counter()
    reached: Counter[bool] = Counter()
    kept: Counter[str] = Counter()
    others = 0
    regions: Counter[str] = Counter()
    for number in range(150):
        draw = random.Random(number)
        world = world_of(draw)
        for _ in range(OF_ONE_WORLD):
            asked = tuple_of(draw, world)
            found = shown_by_oracle(world, asked)
            shown[found if isinstance(found, str) else kind_of(found[2].values())] += 1
            role = role_for(world, asked, "show_customer")
            others += role in OF_OTHERS and is_of_another(world, asked, open_to(world, asked))
            if role is not None and asked.record is not None:
                customer = world.history.customer_of(asked.record)
                if is_kept_from(world, customer, asked):
                    kept.update(groups_by_oracle(world, customer))
            contacts = contacted_by_oracle(world, asked)
            if contacts is not None:
                reached[bool(contacts)] += 1
            regions.update(changed_by_the_law(world, asked, found))
    assert others >= 5
    assert all(kept[group] >= 5 for group, _, _ in KEPT_FROM), kept
    kinds = ("refused", "unknown", "whole", "some records", "some data")
    assert min(shown[it] for it in kinds) >= 5, shown
    assert min(reached[True], reached[False]) >= 5, reached
    assert all(regions[it] >= 5 for it in ("refused to look", "refused to reach", "hidden")), regions
    assert not REACH & OWN
