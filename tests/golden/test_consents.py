"""Consents of logs that know nothing of parts, classes and controllers fold to the bytes they always had.

The two digests were made by the code that wrote such logs (before ADR 0016), and are never made again.
"""

from __future__ import annotations

import random
from hashlib import sha256
from typing import Any

from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.dossier import read_consents
from onefold.gate.gathering import Gathered
from onefold.kernel.canonical import StateHash
from onefold.kernel.time import MS_PER_DAY
from onefold.record.log.model import EventKind
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import Saying
from tests.properties.folding import folded
from tests.properties.strategies import KNOWN

STATE = "e76f422f742cb5dc176a2d70b496059e4e141ede6f2b998677ad81809c506d3a"
ANSWERS = "d989e6db435edc4c798d7d1a62b13a1791a3eb8742bb43a3069df20f2d29556a"
SINCE = ("contacts", "spells", "portraits")
WHOLES = ("servicing", "marketing", "fraud", "compliance", "stewardship", "analytics", "partner")
RULES = DeterministicRules()


def history() -> list[Saying]:
    """Three parties and a thousand things they said, in the words of the first contracts."""
    draw = random.Random(27560)
    said = list(KNOWN)
    for number in range(len(said), 1000):
        entity = draw.choice(("consent", "consent", "suppression"))
        values: dict[str, Any] = {
            "party": draw.choice(KNOWN).fragment_id,
            "channel": draw.choice(("email", "sms", "any")),
        }
        day = draw.randrange(9) * MS_PER_DAY
        if entity == "consent":
            values |= {
                "purpose": draw.choice(("marketing", "analytics", "partner", "stewardship")),
                "fact": draw.choice(("granted", "granted", "withdrawn", "objected")),
                "given_at": day,
            }
            if draw.random() < 0.3:
                values |= {"until_at": day + 2 * MS_PER_DAY, "evidence": "form"}
        else:
            values |= {"state": draw.choice(("on", "off")), "reason": "wish", "since_at": day}
        kind = draw.choice((EventKind.UPSERT, EventKind.UPSERT, EventKind.PATCH, EventKind.DELETE))
        if kind is EventKind.DELETE:
            values = {}
        elif kind is EventKind.PATCH or draw.random() < 0.1:
            values = {name: value for name, value in values.items() if draw.random() < 0.5}
        key = f"{entity}-{draw.randrange(120)}"
        said.append(Saying("crm", entity, key, kind, draw.randrange(9) * MS_PER_DAY, number, values))
    return said


def answers(state: MemoryState) -> str:
    """What stands for each fragment, purpose and channel, on each of eleven days."""
    lines = []
    for customer in state.customers(b"", 9):
        members = state.fragments_of(customer)
        for day in range(11):
            at = day * MS_PER_DAY
            consents = read_consents(Gathered(state), state.fragments(members), at)
            for purpose in WHOLES:
                for channel in ("email", "sms", "any", "post"):
                    lines.append(f"{day} {purpose} {channel} {consents.obstacle(purpose, channel)}")
                    lines += [
                        f"{it.hex()} {consents.standing(it, purpose, channel).state}"
                        f" {consents.permits(it, purpose, channel)}"
                        for it in members
                    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def hash_of_then(state: MemoryState) -> str:
    """The hash of the tables that there were; those that came since are made of the same rows."""
    total = StateHash()
    for table, row in state.walk():
        if table not in SINCE:
            total.add(table, row)
    return str(total)


def test_consents_of_the_first_contracts_fold_and_answer_as_they_did() -> None:
    state = folded([history()], RULES)
    assert hash_of_then(state) == STATE
    assert answers(state) == ANSWERS
