"""How far two values of a field agree: a few levels a kind, from the best to the worst.

Level 0 is reserved for `missing`: nothing was said on one side, and nothing follows. Level 1 is always
equality.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from onefold.customer.identity.linking.columns import Flags, Floats, Ints, Levels

MISSING, EXACT = 0, 1
WORKERS = 2
_MANY = 5_000


class Pairs:
    """Pairs of distinct values that differ, by their places in a list of values."""

    def __init__(self, values: Sequence[str], low: Ints, high: Ints) -> None:
        self.values = values
        self.low = low
        self.high = high

    @property
    def _workers(self) -> int:
        """Threads are worth their making for many pairs alone."""
        return WORKERS if len(self.low) > _MANY else 1

    @cached_property
    def left(self) -> list[str]:
        """One value of each pair."""
        return [self.values[it] for it in self.low.tolist()]

    @cached_property
    def right(self) -> list[str]:
        """The other value of each pair."""
        return [self.values[it] for it in self.high.tolist()]

    @cached_property
    def slips(self) -> Levels:
        """Letters added, lost, changed or exchanged with a neighbour; 3 stands for all above 2."""
        found = process.cpdist(
            self.left, self.right, scorer=OSA.distance, dtype=np.uint8, workers=self._workers, score_cutoff=2
        )
        return np.asarray(found)

    @cached_property
    def likeness(self) -> Floats:
        """Jaro-Winkler similarity."""
        found = process.cpdist(
            self.left, self.right, scorer=JaroWinkler.similarity, dtype=np.float32, workers=self._workers
        )
        return np.asarray(found)

    def ratio(self, scorer: Callable[..., float]) -> Floats:
        """One of the ratios of rapidfuzz, 0 to 100."""
        found = process.cpdist(self.left, self.right, scorer=scorer, dtype=np.float32, workers=self._workers)
        return np.asarray(found)

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

    def spaced(self) -> Flags:
        """Whether one value at least has several words."""
        many = np.fromiter((" " in it for it in self.values), dtype=np.bool_)
        return np.asarray(many[self.low] | many[self.high])

    def _cuts(self, how: Callable[[str], str], place: dict[str, int]) -> Ints:
        place.setdefault("", 0)
        return np.fromiter(
            (place.setdefault(how(it) if it else "", len(place)) for it in self.values), dtype=np.int64
        )


Compare = Callable[[Pairs], Levels]


class Scale(NamedTuple):
    """The levels of a kind: their names after `missing`, and what is expected of them before data speak.

    `different_most`: how often records of one person can disagree at most. A birth date and a number of the
    state stay with a person, a home and a phone do not.
    """

    names: tuple[str, ...]
    expected: tuple[float, ...]
    compare: Compare
    different_most: float = 0.5


def area(code: str) -> str:
    """The first half of a postcode: before its space, or its first half where there is none."""
    head, space, _ = code.partition(" ")
    return head if space else code[: max(2, (len(code) + 1) // 2)]


def _graded(*grades: Flags) -> Levels:
    """The first grade that holds, as a level after equality; the worst where none does."""
    worst = np.full(len(grades[0]), len(grades) + 2, dtype=np.uint8)
    for at in range(len(grades) - 1, -1, -1):
        worst[grades[at]] = at + 2
    return worst


def _names(pairs: Pairs) -> Levels:
    close = (pairs.likeness >= 0.93) | ((pairs.slips <= 1) & pairs.long(4))
    asked = ~close & (pairs.cut(lambda it: it[:1]) | pairs.spaced())
    return _graded(close, (pairs.likeness >= 0.85) | pairs.where(asked, _abbreviates))


def _abbreviates(left: str, right: str) -> bool:
    """One is an initial, a beginning or a part of the other."""
    if left.startswith(right) or right.startswith(left):
        return True
    if " " not in left and " " not in right:
        return False
    return not set(left.split()).isdisjoint(right.split())


def _dates(pairs: Pairs) -> Levels:
    swapped = pairs.cut(lambda it: it if len(it) == 8 else "", lambda it: it[:4] + it[6:] + it[4:6])
    near = (pairs.slips == 2) | pairs.cut(lambda it: it[:4])
    return _graded((pairs.slips <= 1) | swapped, near, pairs.cut(lambda it: it[4:]))


def _postcodes(pairs: Pairs) -> Levels:
    return _graded(pairs.slips <= 1, pairs.cut(area))


def _texts(pairs: Pairs) -> Levels:
    close = (pairs.likeness >= 0.92) | ((pairs.slips <= 1) & pairs.long(4))
    return _graded(close, pairs.where(pairs.spaced() & ~close, _shares_a_word))


def _shares_a_word(left: str, right: str) -> bool:
    return any(len(it) > 3 for it in set(left.split()) & set(right.split()))


def _middles(pairs: Pairs) -> Levels:
    every = np.ones(len(pairs.low), dtype=np.bool_)
    return _graded(pairs.where(every, _shares_a_word), pairs.where(every, _initials))


def _initials(left: str, right: str) -> bool:
    return not {it[0] for it in left.split()}.isdisjoint(it[0] for it in right.split())


def _emails(pairs: Pairs) -> Levels:
    local = pairs.cut(lambda it: it.partition("@")[0])
    return _graded(local | (pairs.slips <= 1), pairs.slips == 2)


def _numbers(pairs: Pairs) -> Levels:
    tail = pairs.cut(lambda it: it[-7:])
    return _graded((pairs.slips <= 1) | (tail & pairs.long(7)), pairs.slips == 2)


def _streets(pairs: Pairs) -> Levels:
    sorted_, shared = pairs.ratio(fuzz.token_sort_ratio), pairs.ratio(fuzz.token_set_ratio)
    return _graded(sorted_ >= 85, (sorted_ >= 65) | (shared >= 90))


def _plain(pairs: Pairs) -> Levels:
    return np.full(len(pairs.low), 2, dtype=np.uint8)


SCALES: dict[str, Scale] = {
    "name": Scale(("exact", "close", "part", "different"), (0.75, 0.12, 0.06, 0.07), _names, 0.33),
    "middle": Scale(("exact", "shared", "initial", "different"), (0.5, 0.2, 0.1, 0.2), _middles),
    "birth_date": Scale(
        ("exact", "slip", "near", "day", "different"), (0.85, 0.08, 0.03, 0.01, 0.03), _dates, 0.15
    ),
    "postcode": Scale(("exact", "slip", "area", "different"), (0.7, 0.08, 0.07, 0.15), _postcodes),
    "email": Scale(("exact", "slip", "close", "different"), (0.7, 0.08, 0.04, 0.18), _emails),
    "phone": Scale(("exact", "slip", "near", "different"), (0.7, 0.06, 0.02, 0.22), _numbers),
    "identifier": Scale(("exact", "slip", "near", "different"), (0.9, 0.05, 0.01, 0.04), _numbers, 0.1),
    "street": Scale(("exact", "close", "part", "different"), (0.6, 0.15, 0.08, 0.17), _streets),
    "organisation": Scale(("exact", "close", "part", "different"), (0.7, 0.15, 0.07, 0.08), _streets),
    "text": Scale(("exact", "close", "part", "different"), (0.7, 0.1, 0.05, 0.15), _texts),
    "name_order": Scale(("straight", "exchanged"), (0.95, 0.05), _plain),
    "plain": Scale(("exact", "different"), (0.9, 0.1), _plain),
}
"""How each kind is compared."""

_OF_KIND = {"city": "text", "region": "text", "country": "text", "category": "text", "gender": "plain"}


def scale_of(name: str, kind: str) -> Scale:
    """The scale on which a field is compared."""
    return SCALES["middle" if name == "middle_name" else _OF_KIND.get(kind, kind)]
