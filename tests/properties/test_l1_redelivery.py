"""L1 at its word: every event three times, shuffled, in other batches, gives one state hash.

`make faults` tries ten thousand histories (`ONEFOLD_HISTORIES`), `make check` a few of them.
"""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.testing.sayings import Saying
from tests.properties.folding import fingerprint
from tests.properties.strategies import histories

DELIVERIES = 3
HISTORIES = int(os.environ.get("ONEFOLD_HISTORIES", "100"))


def redelivered(history: list[Saying], chance: random.Random) -> list[list[Saying]]:
    """Each event three times, in any order, in batches of any size."""
    rest = history * DELIVERIES
    chance.shuffle(rest)
    batches = []
    while rest:
        size = chance.randint(1, len(rest))
        batches.append(rest[:size])
        rest = rest[size:]
    return batches


@pytest.mark.timeout(120 + HISTORIES)
@settings(max_examples=HISTORIES)
@given(history=histories(least=1, most=30), seed=st.integers(0, 1 << 32))
def test_every_event_three_times_shuffled_and_batched_otherwise_gives_one_state_hash(history, seed):
    once = fingerprint([history])
    assert fingerprint(redelivered(history, random.Random(seed))) == once
