"""Asking sources for what a permit has granted: recent answers first, then within time, few at once.

Everything wanted is asked for at the same time and each question ends by its own time, so an answer to the
whole takes no longer than the slowest connection is given. Nothing here raises for what a source does: what
cannot be had is an outcome.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from onefold.gate.fetching.breaker import Breaker
from onefold.gate.fetching.lane import Lane
from onefold.gate.fetching.model import Fetched, Outcome, Wanted
from onefold.gate.fetching.ports import Lookup, LookupFailed, Lookups
from onefold.gate.fetching.recent import Recent
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.contracts.answers import Answers, Parameters
from onefold.record.contracts.errors import RowFault, UnknownSource
from onefold.record.contracts.registry import Contracts
from onefold.record.erasure.model import Erased

RECORDS_MAX = 40
"""Asked for at once; a customer with more products is shown the others as not asked."""
ASKERS_MAX = 16
"""Requests that may wait for sources: the threads that answer everybody else must not all stand here."""

_Key = tuple[str, str, str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class _Line:
    """One connection."""

    lookup: Lookup
    lane: Lane
    breaker: Breaker


@dataclass(slots=True)
class _Question:
    """One record under way. Whoever waits for it may give up before it is answered."""

    wanted: Wanted
    answers: Answers
    parameters: Parameters
    line: _Line
    asked_at: int
    began: float
    ends: float
    generation: int
    is_given_up: bool = False


class Fetching:
    """Fetches for one cell. Thread-safe. `now` is in seconds and never goes back; `clock` dates answers."""

    room = "fetched"

    def __init__(
        self, cell: Cell, contracts: Contracts, lookups: Lookups, clock: Clock, now: Callable[[], float]
    ) -> None:
        self._cell = str(cell)
        self._contracts = contracts
        self._lookups = lookups
        self._clock = clock
        self._now = now
        self._recent: Recent[Fetched] = Recent(now)
        self._read: dict[tuple[str, str], Answers] = {}
        self._lines: dict[str, _Line] = {}
        self._opening = threading.Lock()
        self._askers = threading.BoundedSemaphore(ASKERS_MAX)

    @property
    def generation(self) -> int:
        """Grows whenever recent answers are let go of; to be read before anything is decided."""
        return self._recent.generation

    def fetch(self, wanted: Sequence[Wanted], generation: int) -> list[Fetched]:
        """What came of each, in order. Answers stay recent if nothing was let go of since that generation."""
        if not wanted:
            return []
        if not self._askers.acquire(blocking=False):
            return [self._ended(it, Outcome.BUSY) for it in wanted]
        try:
            begun = [self._begin(it, generation) for it in wanted[:RECORDS_MAX]]
            done = [it if isinstance(it, Fetched) else self._end(*it) for it in begun]
        finally:
            self._askers.release()
        return done + [self._ended(it, Outcome.BUSY) for it in wanted[RECORDS_MAX:]]

    def forget(self) -> None:
        """Lets go of every recent answer: something was taken away from somebody."""
        self._recent.empty()

    def erase(self, erased: Erased) -> int:
        """Implements `Erasable`: nobody's recent answer is told from another's, so all are let go of."""
        del erased
        self.forget()
        return 0

    def sweep(self) -> None:
        """Lets go of answers whose seconds are over."""
        self._recent.sweep()

    def close(self) -> None:
        """Lets go of everything."""
        self.forget()
        for line in self._lines.values():
            line.lane.close()
            line.lookup.close()

    def _begin(self, wanted: Wanted, generation: int) -> Fetched | tuple[_Question, Future[Fetched]]:
        """A recent answer, or a question under way, or why it is not asked."""
        answers = self._answers(wanted)
        if answers is None:
            return self._ended(wanted, Outcome.UNSET)
        parameters = answers.parameters(wanted.key)
        if parameters is None:
            return self._ended(wanted, Outcome.UNASKABLE)
        recent = self._recent.find(self._key(wanted, answers)) if answers.fetch.cache_seconds else None
        if recent is not None:
            return Fetched(wanted, recent.outcome, recent.values, recent.asked_at, 0, is_recent=True)
        line = self._line(answers)
        if line is None:
            return self._ended(wanted, Outcome.UNSET)
        if not line.breaker.allows():
            return self._ended(wanted, Outcome.RESTING)
        began = self._now()
        question = _Question(
            wanted=wanted,
            answers=answers,
            parameters=parameters,
            line=line,
            asked_at=self._clock.now_ms(),
            began=began,
            ends=began + answers.fetch.timeout_ms / 1000,
            generation=generation,
        )
        future = line.lane.submit(lambda: self._ask(question))
        return (question, future) if future else self._ended(wanted, Outcome.BUSY)

    def _end(self, question: _Question, future: Future[Fetched]) -> Fetched:
        """What came of it by its time."""
        try:
            return future.result(max(0.0, question.ends - self._now()))
        except TimeoutError:
            question.is_given_up = True
            # One that had no turn counts, too: where every thread hangs nobody else has one.
            question.line.breaker.failed()
            return self._came_of(question, Outcome.BUSY if future.cancel() else Outcome.TIMEOUT)

    def _ask(self, question: _Question) -> Fetched:
        """In a thread of the lane: puts the question and learns from how it went."""
        fetched = self._asked(question, question.ends - self._now())
        if question.is_given_up or fetched.outcome is Outcome.BUSY:
            return fetched
        if fetched.outcome.blames:
            question.line.breaker.failed()
            return fetched
        question.line.breaker.succeeded()
        seconds = question.answers.fetch.cache_seconds
        if fetched.outcome in (Outcome.ANSWERED, Outcome.ABSENT):
            key = self._key(question.wanted, question.answers)
            self._recent.keep(key, fetched, question.began + seconds, question.generation)
        return fetched

    def _asked(self, question: _Question, seconds: float) -> Fetched:
        wanted, answers = question.wanted, question.answers
        properties = answers.properties(wanted.fields)
        if seconds <= 0:
            return self._came_of(question, Outcome.BUSY)
        try:
            answer = question.line.lookup.ask(answers.fetch, question.parameters, properties, seconds)
            if answer is None:
                return self._came_of(question, Outcome.ABSENT)
            values = answers.read(wanted.key, dict(answer), wanted.fields)
        except LookupFailed as failure:
            return self._came_of(question, failure.outcome)
        except RowFault:
            return self._came_of(question, Outcome.FAULTY)
        if values is None:
            return self._came_of(question, Outcome.ANOTHER)
        return Fetched(wanted, Outcome.ANSWERED, values, question.asked_at, self._took_ms(question))

    def _came_of(self, question: _Question, outcome: Outcome) -> Fetched:
        return Fetched(question.wanted, outcome, {}, question.asked_at, self._took_ms(question))

    def _took_ms(self, question: _Question) -> int:
        return round((self._now() - question.began) * 1000)

    def _ended(self, wanted: Wanted, outcome: Outcome) -> Fetched:
        """What was not asked."""
        return Fetched(wanted, outcome, {}, self._clock.now_ms(), 0)

    def _answers(self, wanted: Wanted) -> Answers | None:
        """How the object's answers are read; None where its contract has come to say otherwise meanwhile."""
        try:
            contract = self._contracts.latest(wanted.source).contract
        except UnknownSource:
            return None
        item = contract.objects.get(wanted.object)
        if item is None or not set(wanted.fields) <= set(item.fetched_fields):
            return None
        named = (contract.digest, item.name)
        found = self._read.get(named)
        if found is None:
            found = self._read[named] = Answers(contract, item, self._contracts.ids)
        return found

    def _key(self, wanted: Wanted, answers: Answers) -> _Key:
        return (self._cell, wanted.source, answers.version, wanted.object, wanted.key, wanted.fields)

    def _line(self, answers: Answers) -> _Line | None:
        """The connection of a contract; None where the house has not set it."""
        name = f"{answers.fetch.using}:{answers.fetch.connection}"
        with self._opening:
            found = self._lines.get(name)
            if found is None:
                try:
                    lookup = self._lookups(answers.fetch)
                except CallerError:
                    return None
                found = self._lines[name] = _Line(lookup, Lane(answers.fetch.connection), Breaker(self._now))
            return found
