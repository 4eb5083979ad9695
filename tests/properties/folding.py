"""Runs histories through the step, as any runtime would, and looks at the state that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import settings
from hypothesis import strategies as st

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.identity.rules import DeterministicRules
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.step import drive, step
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping, Saying, opened

MANY = settings(max_examples=4 * settings.default.max_examples)
"""For laws over small histories, where most examples decide nothing and each costs little."""

TIGHT = DeterministicRules(hub_limit=3, component_limit=4)
"""Limits so low that small histories reach them."""


def folded(
    batches: Iterable[Sequence[Saying]], provider: EvidenceProvider = TIGHT, state: MemoryState | None = None
) -> MemoryState:
    """A state that has taken the batches in."""
    into = state if state is not None else MemoryState()
    for batch in batches:
        take(into, batch, provider)
    return into


def take(state, batch: Sequence[Saying], provider: EvidenceProvider = TIGHT) -> None:
    """One batch into any state."""
    frames = opened(batch, state.offset + 1)
    writes = drive(step(frames, PlainMapping(), provider), state)
    state.commit(writes, state.offset, state.offset + len(batch))


def fingerprint(batches: Iterable[Sequence[Saying]], provider: EvidenceProvider = TIGHT) -> str:
    """The state hash after the batches."""
    return state_hash(folded(batches, provider))


def rows(state: MemoryState, *tables: str) -> list[tuple[str, bytes]]:
    """The rows of some tables of a state, in an order of their own."""
    return sorted(row for row in state.walk() if row[0] in tables)


@st.composite
def cut(draw, history: Sequence[Saying]) -> list[list[Saying]]:
    """The history in batches, each cut where Hypothesis likes."""
    size = st.integers(1, max(1, len(history)))
    batches, at = [], 0
    while at < len(history):
        length = draw(size)
        batches.append(list(history[at : at + length]))
        at += length
    return batches


@st.composite
def stirred(draw, history: Sequence[Saying]) -> list[list[Saying]]:
    """The history in another order, some events more than once, in batches."""
    again = draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    return draw(cut(draw(st.permutations([*history, *again]))))
