"""The pure step: a batch of opened frames in, everything it changes out. No I/O, no clock, no randomness.

It is a generator. It yields each `Need` it has, is sent the answer, and returns its `Writes`; whoever drives
it (a worker on SQLite or PostgreSQL, a Spark job, a test with dictionaries) decides how answers are found
and how writes are made durable, and nothing else.

Everything but the fragments is derived: `derived.py` says which rows a fragment implies, and a batch writes
the difference between what each fragment implied before and what it implies now. Who is who is decided anew
for the fragments whose identity could have changed (`resolution.py`), and whom they may be contacted by for
the customers whom that or a consent concerns (`reaching.py`); for no others: a batch of transactions asks for
its fragments and for nothing more.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from onefold.customer.fragments.model import NEVER, Fragment, Statement
from onefold.customer.fragments.state import fold
from onefold.customer.identity.adoption import ENTITY as ADOPTION
from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.identity.rules import DeterministicRules
from onefold.kernel.errors import SourceError
from onefold.pipeline.derived import write_differences
from onefold.pipeline.model import Need, NeedFragments, SetAside, Writes
from onefold.pipeline.ports import Mapping, Opened, StepState
from onefold.pipeline.reaching import reach
from onefold.pipeline.resolution import resolve
from onefold.record.contracts.errors import RowFault
from onefold.record.log.model import EventHeader, EventKind, FrameHeader

Step = Generator[Need, Any, Writes]

RULES = DeterministicRules()


def drive(work: Step, state: StepState) -> Writes:
    """Runs a step to its end on the answers of a state; nothing is committed."""
    answer: Any = None
    try:
        while True:
            answer = state.answer(work.send(answer))
    except StopIteration as end:
        writes: Writes = end.value
        return writes


def step(batch: Sequence[Opened], mapping: Mapping, provider: EvidenceProvider = RULES) -> Step:
    """What a batch changes. Batches may be cut anywhere and hold events the state has seen before."""
    writes = Writes()
    statements = _mapped(batch, mapping, writes)
    aside = {it.fragment_id for it in writes.set_aside.values()}
    before: dict[bytes, Fragment] = yield NeedFragments(tuple({it.fragment_id for it in statements} | aside))
    writes.fragments = _folded(before, statements)
    _forget(before, writes)
    write_differences(before, writes)
    looking_other = yield from resolve(before, writes, provider)
    yield from reach(before, writes, looking_other)
    return writes


def _mapped(batch: Sequence[Opened], mapping: Mapping, writes: Writes) -> list[Statement]:
    """Every event as a statement; those that cannot be mapped are set aside and hold up nothing.

    That a model was adopted says nothing about anybody, but by what all of it is read (`adoptions.py`).
    """
    statements = []
    for _, frame, bodies in batch:
        if frame.entity == ADOPTION:
            continue
        if bodies is None:
            statements += [_erasure(frame, event) for event in frame.events if event.kind is EventKind.ERASE]
            continue
        for event, body in zip(frame.events, bodies, strict=True):
            try:
                statements.append(mapping.statement(frame, event, body))
            except SourceError as error:
                writes.set_aside[event.event_id] = _set_aside(frame, event, error)
    return statements


def _erasure(frame: FrameHeader, event: EventHeader) -> Statement:
    """That a fragment was erased; its header says it, since there is no key for a body."""
    return Statement(event.fragment_id, frame.entity, "", "", b"", NEVER, None, partial=False, erases=True)


def _set_aside(frame: FrameHeader, event: EventHeader, error: SourceError) -> SetAside:
    reason = error.reason.value if isinstance(error, RowFault) else error.code
    return SetAside(
        event.event_id, event.fragment_id, frame.source, frame.object, frame.contract, reason, error.field
    )


def _forget(before: dict[bytes, Fragment], writes: Writes) -> None:
    """Of what was erased nothing stays set aside, and nothing new is."""
    writes.erased = {key for key, it in writes.fragments.items() if it.is_erased}
    known = before | writes.fragments
    writes.set_aside = {
        key: it
        for key, it in writes.set_aside.items()
        if it.fragment_id not in known or not known[it.fragment_id].is_erased
    }


def _folded(before: dict[bytes, Fragment], statements: Sequence[Statement]) -> dict[bytes, Fragment]:
    """The fragments that differ from what they were."""
    after: dict[bytes, Fragment] = {}
    for statement in statements:
        key = statement.fragment_id
        held = after.get(key) or before.get(key)
        folded = fold(held, statement)
        if folded is not held:
            after[key] = folded
    return after
