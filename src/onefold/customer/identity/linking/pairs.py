"""Pairs of distinct values that are asked how they compare: many in columns, or one by itself.

How far values of a kind agree is said once, in `levels.py`, by these questions alone. A bulk of pairs answers
each with an array, a single pair with one number of the same type; so a pair has the same level alone and
among millions, and one that stands alone is not worth the making of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from onefold.customer.identity.linking.bags import Bags
from onefold.customer.identity.linking.columns import Flags, Floats, Ints, Levels

WORKERS = 2
_MANY = 5_000
_SLIPS_MOST = 2
_ROUNDING = 1e-6
BEST = 3
"""The first level that `graded` gives: before it are missing, exact and shared (levels.py)."""


class Compared(Protocol):
    """One pair, or many: answers are numbers of numpy, or arrays of them; flags join by `&`, `|` and `~`."""

    @property
    def slips(self) -> Any:
        """Letters added, lost, changed or exchanged with a neighbour; 3 stands for all above 2."""
        ...

    @property
    def likeness(self) -> Any:
        """Jaro-Winkler similarity."""
        ...

    def ratio(self, least: float) -> Any:
        """How much of both values is the same letters in the same order, 0 to 100; 0 where below `least`."""
        ...

    def ratio_of_words(self, least: float) -> Any:
        """The ratio of the words of both as sets (token_set_ratio of rapidfuzz); 0 where below `least`."""
        ...

    def cut(self, how: Callable[[str], str], other: Callable[[str], str] | None = None) -> Any:
        """Whether a cut of one value is a cut of the other; an empty cut is like no other."""
        ...

    def long(self, least: int) -> Any:
        """Whether both values have so many letters."""
        ...

    def where(self, asked: Any, test: Callable[[str, str], bool]) -> Any:
        """The outcome of a test that is worth asking for some pairs only."""
        ...

    def sharing(self, asked: Any) -> Any:
        """Whether two values, where it is asked, have a word of three letters or more in common."""
        ...

    def both(self, test: Callable[[str], bool]) -> Any:
        """Whether a test holds of both values."""
        ...

    def either(self, test: Callable[[str], bool]) -> Any:
        """Whether a test holds of one value at least."""
        ...

    def each(self, test: Callable[[str], bool], other: Callable[[str], bool]) -> Any:
        """Whether one test holds of one value and the other test of the other value."""
        ...

    def of(self, change: Callable[[str], str]) -> Compared:
        """The same of changed values; these can be equal."""
        ...

    def graded(self, *grades: Any) -> Any:
        """The first grade that holds, as a level from `BEST` on; the worst where none does."""
        ...

    def all_at(self, level: int) -> Any:
        """One level, whatever the values."""
        ...

    def untold(self, where: Any, levels: Any) -> Any:
        """The levels, and `MISSING` where nothing can be told."""
        ...


class Pairs:
    """Implements `Compared` for many: pairs of distinct values, by their places in a list of values."""

    def __init__(self, values: Sequence[str], low: Ints, high: Ints) -> None:
        self.values = values
        self.low = low
        self.high = high

    @cached_property
    def slips(self) -> Levels:
        """Letters added, lost, changed or exchanged with a neighbour; 3 stands for all above 2."""
        found = np.full(len(self.low), _SLIPS_MOST + 1, dtype=np.uint8)
        near = np.flatnonzero(self._apart <= 2 * _SLIPS_MOST)
        found[near] = self._scored(near, OSA.distance, np.uint8, _SLIPS_MOST)
        return found

    @cached_property
    def likeness(self) -> Floats:
        """Jaro-Winkler similarity."""
        return self._scored(np.arange(len(self.low)), JaroWinkler.similarity, np.float32)

    def ratio(self, least: float) -> Floats:
        """Only pairs are compared whose letters leave it open."""
        letters = self._bags.lengths[self.low] + self._bags.lengths[self.high]
        near = np.flatnonzero(self._apart <= (1 - least / 100) * letters + _ROUNDING)
        found = np.zeros(len(self.low), dtype=np.float32)
        found[near] = self._scored(near, fuzz.ratio, np.float32, least)
        return np.asarray(found)

    def ratio_of_words(self, least: float) -> Floats:
        """Where no word is common that is the ratio of the words in order, each once."""
        found = self.of(_words_once).ratio(least)
        place: dict[str, int] = {}
        masks = np.zeros(len(self.values), dtype=np.uint64)
        for at, value in enumerate(self.values):
            bits = {place.setdefault(word, len(place)) % 64 for word in value.split()}
            masks[at] = sum(1 << it for it in bits)
        perhaps = np.flatnonzero(masks[self.low] & masks[self.high])
        found[perhaps] = self._scored(perhaps, fuzz.token_set_ratio, np.float32, least)
        return found

    def cut(self, how: Callable[[str], str], other: Callable[[str], str] | None = None) -> Flags:
        """Whether a cut of one value is a cut of the other; an empty cut is like no other."""
        place: dict[str, int] = {}
        ones = self._cuts(how, place)
        others = ones if other is None else self._cuts(other, place)
        return np.asarray((ones[self.low] == others[self.high]) & (ones[self.low] > 0))

    def long(self, least: int) -> Flags:
        """Whether both values have so many letters."""
        enough = np.fromiter((len(it) >= least for it in self.values), dtype=np.bool_)
        return np.asarray(enough[self.low] & enough[self.high])

    def where(self, asked: Flags, test: Callable[[str, str], bool]) -> Flags:
        """The outcome of a test that is worth asking for some pairs only."""
        found = np.zeros(len(self.low), dtype=np.bool_)
        at = np.flatnonzero(asked)
        pairs = zip(self.low[at].tolist(), self.high[at].tolist(), strict=True)
        found[at] = np.fromiter(
            (test(self.values[one], self.values[other]) for one, other in pairs), np.bool_, len(at)
        )
        return found

    def sharing(self, asked: Flags) -> Flags:
        """Whether two values, where it is asked, have a word of three letters or more in common."""
        words = [frozenset(it for it in value.split() if len(it) > 2) for value in self.values]
        found = np.zeros(len(self.low), dtype=np.bool_)
        at = np.flatnonzero(asked)
        pairs = zip(self.low[at].tolist(), self.high[at].tolist(), strict=True)
        found[at] = np.fromiter(
            (not words[one].isdisjoint(words[other]) for one, other in pairs), np.bool_, len(at)
        )
        return found

    def both(self, test: Callable[[str], bool]) -> Flags:
        """Whether a test holds of both values."""
        held = self._held(test)
        return np.asarray(held[self.low] & held[self.high])

    def either(self, test: Callable[[str], bool]) -> Flags:
        """Whether a test holds of one value at least."""
        held = self._held(test)
        return np.asarray(held[self.low] | held[self.high])

    def each(self, test: Callable[[str], bool], other: Callable[[str], bool]) -> Flags:
        """Where no value passes the first test, the second is not asked."""
        held = self._held(test)
        if not held.any():
            return np.zeros(len(self.low), dtype=np.bool_)
        also = self._held(other)
        return np.asarray((held[self.low] & also[self.high]) | (held[self.high] & also[self.low]))

    def of(self, change: Callable[[str], str]) -> Pairs:
        """The same pairs of changed values; these can be equal."""
        return Pairs([change(it) for it in self.values], self.low, self.high)

    def graded(self, *grades: Flags) -> Levels:
        """The first grade that holds of each."""
        worst = np.full(len(grades[0]), len(grades) + BEST, dtype=np.uint8)
        for at in range(len(grades) - 1, -1, -1):
            worst[grades[at]] = at + BEST
        return worst

    def all_at(self, level: int) -> Levels:
        """One level for each."""
        return np.full(len(self.low), level, dtype=np.uint8)

    def untold(self, where: Flags, levels: Levels) -> Levels:
        """No level where nothing can be told."""
        return np.where(where, np.uint8(0), levels)

    def _held(self, test: Callable[[str], bool]) -> Flags:
        return np.fromiter(map(test, self.values), dtype=np.bool_, count=len(self.values))

    @cached_property
    def _bags(self) -> Bags:
        return Bags(self.values)

    @cached_property
    def _apart(self) -> Levels:
        return self._bags.apart(self.low, self.high)

    def _scored(
        self, at: Ints, scorer: Callable[..., float], kind: Any, cutoff: float | None = None
    ) -> npt.NDArray[Any]:
        """What a scorer of rapidfuzz makes of some of the pairs; threads are worth their making for many."""
        left = [self.values[it] for it in self.low[at].tolist()]
        right = [self.values[it] for it in self.high[at].tolist()]
        workers = WORKERS if len(at) > _MANY else 1
        found = process.cpdist(left, right, scorer=scorer, dtype=kind, workers=workers, score_cutoff=cutoff)
        return np.asarray(found)

    def _cuts(self, how: Callable[[str], str], place: dict[str, int]) -> Ints:
        place.setdefault("", 0)
        return np.fromiter(
            (place.setdefault(how(it) if it else "", len(place)) for it in self.values), dtype=np.int64
        )


def _words_once(text: str) -> str:
    return " ".join(sorted({*text.split()}))


class OnePair:
    """Implements `Compared` for one: two values."""

    __slots__ = ("_likeness", "_slips", "left", "right")

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        self._slips: np.uint8 | None = None
        self._likeness: np.float32 | None = None

    @property
    def slips(self) -> np.uint8:
        """Of this pair, worked out once."""
        if self._slips is None:
            self._slips = np.uint8(OSA.distance(self.left, self.right, score_cutoff=_SLIPS_MOST))
        return self._slips

    @property
    def likeness(self) -> np.float32:
        """Of this pair, worked out once."""
        if self._likeness is None:
            self._likeness = np.float32(JaroWinkler.similarity(self.left, self.right))
        return self._likeness

    def ratio(self, least: float) -> np.float32:
        """In the precision of many."""
        return np.float32(fuzz.ratio(self.left, self.right, score_cutoff=least))

    def ratio_of_words(self, least: float) -> np.float32:
        """In the precision of many."""
        return np.float32(fuzz.token_set_ratio(self.left, self.right, score_cutoff=least))

    def cut(self, how: Callable[[str], str], other: Callable[[str], str] | None = None) -> np.bool_:
        """An empty value has an empty cut."""
        mine = how(self.left) if self.left else ""
        theirs = (other or how)(self.right) if self.right else ""
        return np.bool_(mine == theirs and mine != "")

    def long(self, least: int) -> np.bool_:
        """Whether both values have so many letters."""
        return np.bool_(len(self.left) >= least and len(self.right) >= least)

    def where(self, asked: np.bool_, test: Callable[[str, str], bool]) -> np.bool_:
        """Not asked is no."""
        return np.bool_(asked and test(self.left, self.right))

    def sharing(self, asked: np.bool_) -> np.bool_:
        """Not asked is no."""
        if not asked:
            return np.False_
        mine = {it for it in self.left.split() if len(it) > 2}
        return np.bool_(not mine.isdisjoint(it for it in self.right.split() if len(it) > 2))

    def both(self, test: Callable[[str], bool]) -> np.bool_:
        """Whether a test holds of both values."""
        return np.bool_(test(self.left) and test(self.right))

    def either(self, test: Callable[[str], bool]) -> np.bool_:
        """Whether a test holds of one value at least."""
        return np.bool_(test(self.left) or test(self.right))

    def each(self, test: Callable[[str], bool], other: Callable[[str], bool]) -> np.bool_:
        """The second test is asked where the first one holds."""
        return np.bool_((test(self.left) and other(self.right)) or (test(self.right) and other(self.left)))

    def of(self, change: Callable[[str], str]) -> OnePair:
        """The pair of the changed values."""
        return OnePair(change(self.left), change(self.right))

    def graded(self, *grades: np.bool_) -> int:
        """The first grade that holds."""
        return next((at for at, it in enumerate(grades, BEST) if it), len(grades) + BEST)

    def all_at(self, level: int) -> int:
        """That level."""
        return level

    def untold(self, where: np.bool_, levels: int) -> int:
        """No level where nothing can be told."""
        return 0 if where else levels
