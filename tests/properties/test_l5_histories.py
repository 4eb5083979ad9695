"""L5 over many histories: merges, unmerges and writes in between never widen what an oracle allows.

The oracle is in permitting.py. 1,000 histories a run, 100,000 with `ONEFOLD_HYPOTHESIS=thorough`; each is a
function of its number.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from onefold.customer.consent.model import ConsentFact, Suppression
from onefold.customer.consent.rules import Consents
from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.fragments.state import fold
from tests.properties.permitting import (
    ALWAYS,
    CHANNELS,
    CLASSES,
    FIRMS,
    PARTIES,
    TREE,
    History,
    Use,
    happen,
    heard,
    is_stopped,
    may,
)

HISTORIES = 100_000 if os.environ.get("ONEFOLD_HYPOTHESIS") == "thorough" else 1_000
EVENTS = 12
USES = 16


def told(history: History, draw: random.Random) -> tuple[list[ConsentFact], list[Suppression]]:
    """The same rows by the fold, their events in an order of their own."""
    facts: list[ConsentFact] = []
    stopped: list[Suppression] = []
    for (entity, key), statements in history.rows.items():
        fragment: Fragment | None = None
        for at, row in draw.sample(statements, len(statements)):
            stamp = (at, at.to_bytes(2, "big"))
            name = f"{entity}{key}".encode()
            fragment = fold(fragment, Statement(name, entity, "crm", str(key), name, stamp, row, False))
        assert fragment is not None
        facts += facts_of(fragment)
        stopped += suppressions_of(fragment)
    return facts, stopped


def uses(draw: random.Random) -> list[Use]:
    return [
        (draw.choice(list(TREE)), draw.choice(CHANNELS), draw.choice(CLASSES), draw.choice(FIRMS))
        for _ in range(USES)
    ]


def allowed(
    history: History, asked: list[Use], now: int, draw: random.Random
) -> tuple[dict[int, set[Use]], list[tuple[set[int], set[Use]]]]:
    """By the rules: what each record may serve, and for what each customer may be contacted, and by whom."""
    records: dict[int, set[Use]] = {}
    contacts = []
    facts, stopped = told(history, draw)
    verified = [(PARTIES[one], PARTIES[other]) for (one, other), proven in history.edges.items() if proven]
    for customer in history.customers():
        members = [PARTIES[it] for it in sorted(customer)]
        found = Consents(members, facts, stopped, verified, now)
        for it in customer:
            records[it] = {use for use in asked if found.permits(PARTIES[it], *use)}
        contacts.append((customer, {use for use in asked if found.obstacle(use[0], use[1], use[3]) is None}))
    return records, contacts


def differences(history: History, asked: list[Use], now: int, draw: random.Random) -> list[Any]:
    """Where the rules and the oracle do not say the same."""
    records, contacts = allowed(history, asked, now, draw)
    known = heard(history)
    found: list[Any] = [
        (it, use, use in records[it])
        for it in records
        for use in asked
        if (use in records[it]) != may(known[it], use, now)
    ]
    for customer, reached in contacts:
        stopped = {channel for channel in CHANNELS if is_stopped(history, customer, channel)}
        for use in asked:
            contact = (use[0], use[1], "contact", use[3])
            free = use[1] not in stopped and all(may(known[it], contact, now) for it in customer)
            if (use in reached) != free:
                found.append((customer, contact, use in reached))
    return found


def try_one(number: int) -> list[Any]:
    """What is wrong with one history: where it differs from the oracle, or a merge widened something."""
    draw = random.Random(number)
    history = History()
    wrong: list[Any] = []
    for _ in range(EVENTS):
        asked, now = uses(draw), draw.randrange(history.clock + 6)
        before = history.copy()
        kind, edge = happen(history, draw)
        if kind == "merge" and edge is not None and not history.edges[edge] and edge not in before.edges:
            old, old_contacts = allowed(before, asked, now, draw)
            new, new_contacts = allowed(history, asked, now, draw)
            wrong += [("record", it) for it in new if not new[it] <= old[it]]
            for customer, reached in new_contacts:
                parts = [uses for part, uses in old_contacts if part <= customer]
                wrong += [("contact", customer)] if not reached <= set.intersection(*parts) else []
        if kind in ("merge", "unmerge"):
            wrong += differences(history, asked, now, draw)
    return wrong + differences(history, uses(draw), draw.randrange(history.clock + 6), draw)


@pytest.mark.timeout(120 + HISTORIES // 20)
def test_no_history_of_merges_unmerges_and_writes_allows_more_than_the_oracle_does() -> None:
    wrong = {number: found[:3] for number in range(HISTORIES) if (found := try_one(number))}
    assert not wrong, list(wrong.items())[:3]


def test_the_oracle_and_the_histories_see_what_matters() -> None:
    """Of a few histories some allow something that is asked for and needs consent, and most do not."""
    answers = []
    for number in range(60):
        draw = random.Random(number)
        history = History()
        for _ in range(EVENTS):
            happen(history, draw)
        answers += [may(heard(history)[0], use, history.clock) for use in uses(draw) if use[0] not in ALWAYS]
    assert 0.02 < sum(answers) / len(answers) < 0.6
