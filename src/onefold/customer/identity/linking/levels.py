"""How far two values of a field agree: a few levels a kind, from the best to the worst.

Level 0 is reserved for `missing`: nothing was said on one side, and nothing follows. Level 1 is always
equality. Level 2 of most kinds is `shared`: of the alternatives that records have, one at least is equal. It
is as good as equality, but what it says does not hang on how rare the value is. Other levels are those of
the best two alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from onefold.customer.identity.linking.columns import APART, Flags, Floats, Ints, Levels
from onefold.customer.identity.normal.nicknames import full_names
from onefold.customer.identity.normal.sounds import consonants_of

MISSING, EXACT, SHARED = 0, 1, 2
WORKERS = 2
_MANY = 5_000
COMPARED_AT_ONCE = 4_000_000
"""How many pairs are held as text at once: memory does not grow with what is compared."""


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
        held = np.fromiter(map(test, self.values), dtype=np.bool_, count=len(self.values))
        return np.asarray(held[self.low] & held[self.high])

    def of(self, change: Callable[[str], str]) -> Pairs:
        """The same pairs of changed values; these can be equal."""
        return Pairs([change(it) for it in self.values], self.low, self.high)

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

    @property
    def equals(self) -> int:
        """How many levels, from the first, say that a value is the same."""
        return SHARED if self.names[1] == "shared" else EXACT


def area(code: str) -> str:
    """The first half of a postcode: in Britain all but its last three signs."""
    british = len(code) > 4 and code[0].isalpha() and code[-3:-2].isdigit() and code[-2:].isalpha()
    return code[:-3] if british else code[: max(2, (len(code) + 1) // 2)]


def levels_of(compare: Compare, values: Sequence[str], low: Ints, high: Ints) -> Levels:
    """The levels of pairs of distinct values, of the best two where values have alternatives."""
    taken = np.zeros(len(values), dtype=np.bool_)
    taken[low] = taken[high] = True
    places = np.cumsum(taken) - 1
    one, other = places[low], places[high]
    said = [values[it] for it in np.flatnonzero(taken).tolist()]
    if not any(APART in it for it in said):
        return compare(Pairs(said, one, other))
    place: dict[str, int] = {}
    parts = [[place.setdefault(it, len(place)) for it in value.split(APART)] for value in said]
    counts = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    flat = np.fromiter((it for some in parts for it in some), dtype=np.int64, count=int(counts.sum()))
    begins = np.cumsum(counts) - counts
    single = list(place)
    found = np.empty(len(one), dtype=np.uint8)
    for part in _parts(counts[one] * counts[other]):
        mine, theirs = one[part], other[part]
        many = counts[mine] * counts[theirs]
        starts = np.cumsum(many) - many
        within = np.arange(int(many.sum())) - np.repeat(starts, many)
        width = np.repeat(counts[theirs], many)
        lefts = flat[np.repeat(begins[mine], many) + within // width]
        rights = flat[np.repeat(begins[theirs], many) + within % width]
        found[part] = np.minimum.reduceat(_of_single(compare, single, lefts, rights), starts)
    return found


def _parts(many: Ints) -> Iterator[slice]:
    """Pairs in parts that have `COMPARED_AT_ONCE` pairs of alternatives each, or are one pair."""
    total = np.cumsum(many)
    start, before = 0, 0
    while start < len(many):
        end = max(start + 1, int(np.searchsorted(total, before + COMPARED_AT_ONCE, side="right")))
        yield slice(start, end)
        start, before = end, int(total[end - 1])


def _of_single(compare: Compare, values: list[str], lefts: Ints, rights: Ints) -> Levels:
    """The levels of pairs of values without alternatives, which can be equal."""
    found = np.full(len(lefts), SHARED, dtype=np.uint8)
    low, high = np.minimum(lefts, rights), np.maximum(lefts, rights)
    differ = np.flatnonzero(low != high)
    keys, inverse = np.unique(low[differ] * len(values) + high[differ], return_inverse=True)
    if len(keys):
        levels = compare(Pairs(values, keys // len(values), keys % len(values)))
        found[differ] = levels[inverse.reshape(-1)]
    return found


def _graded(*grades: Flags) -> Levels:
    """The first grade that holds, as a level after `shared`; the worst where none does."""
    worst = np.full(len(grades[0]), len(grades) + SHARED + 1, dtype=np.uint8)
    for at in range(len(grades) - 1, -1, -1):
        worst[grades[at]] = at + SHARED + 1
    return worst


def _names(pairs: Pairs) -> Levels:
    spaced = pairs.spaced()
    close = (pairs.likeness >= 0.93) | ((pairs.slips <= 1) & pairs.long(4))
    words = pairs.sharing(spaced & ~close)
    nicks = pairs.where(pairs.both(_may_be_short) & ~close & ~words, _short_for_one)
    part = (pairs.likeness >= 0.85) | pairs.cut(_bones) | words
    initial = pairs.where(~close & ~part & (pairs.cut(lambda it: it[:1]) | spaced), _abbreviates)
    return _graded(close, nicks, part, initial)


def _may_be_short(name: str) -> bool:
    return any(full_names(it) for it in name.split())


def _short_for_one(left: str, right: str) -> bool:
    """One is short for the other, or both for the same name."""
    mine = (full_names(it) for it in left.split())
    theirs = [full_names(it) for it in right.split()]
    return any(not one.isdisjoint(other) for one in mine for other in theirs)


def _bones(name: str) -> str:
    """The consonants of a name, where there are enough to tell: scripts without vowels have no more."""
    found = consonants_of(name)
    return found if len(found) > 2 else ""


def _abbreviates(left: str, right: str) -> bool:
    """One word is an initial or the beginning of one of the other."""
    return any(
        one.startswith(other) or other.startswith(one) for one in left.split() for other in right.split()
    )


def _dates(pairs: Pairs) -> Levels:
    swapped = pairs.cut(lambda it: it if len(it) == 8 else "", lambda it: it[:4] + it[6:] + it[4:6])
    near = (pairs.slips == 2) | pairs.cut(lambda it: it[:4])
    return _graded((pairs.slips <= 1) | swapped, near, pairs.cut(lambda it: it[4:]))


def _postcodes(pairs: Pairs) -> Levels:
    return _graded(pairs.slips <= 1, pairs.cut(area))


def _texts(pairs: Pairs) -> Levels:
    close = (pairs.likeness >= 0.92) | ((pairs.slips <= 1) & pairs.long(4))
    return _graded(close, pairs.sharing(pairs.spaced() & ~close))


def _emails(pairs: Pairs) -> Levels:
    local = pairs.cut(lambda it: it.partition("@")[0])
    return _graded(local | (pairs.slips <= 1), pairs.slips == 2)


def _numbers(pairs: Pairs) -> Levels:
    tail = pairs.cut(lambda it: it[-7:])
    return _graded((pairs.slips <= 1) | (tail & pairs.long(7)), pairs.slips == 2)


def _streets(pairs: Pairs) -> Levels:
    named = pairs.of(lambda it: " ".join(word for word in it.split() if not word[0].isdigit()))
    like = named.ratio(fuzz.token_sort_ratio) >= 85
    sorted_, shared = pairs.ratio(fuzz.token_sort_ratio), pairs.ratio(fuzz.token_set_ratio)
    close = like & pairs.cut(_numbered)
    return _graded(close, (sorted_ >= 85) | (shared >= 90), like | (sorted_ >= 65))


def _numbered(street: str) -> str:
    return " ".join(it for it in street.split() if it[0].isdigit())


def _firms(pairs: Pairs) -> Levels:
    sorted_, shared = pairs.ratio(fuzz.token_sort_ratio), pairs.ratio(fuzz.token_set_ratio)
    return _graded(sorted_ >= 85, (sorted_ >= 65) | (shared >= 90))


def _plain(pairs: Pairs) -> Levels:
    return np.full(len(pairs.low), 2, dtype=np.uint8)


SCALES: dict[str, Scale] = {
    "name": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "different"),
        (0.7, 0.05, 0.08, 0.02, 0.04, 0.04, 0.07), _names, 0.33,
    ),
    "given": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "different"),
        (0.7, 0.05, 0.08, 0.05, 0.04, 0.05, 0.03), _names, 0.1,
    ),
    "middle": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "different"),
        (0.48, 0.02, 0.06, 0.01, 0.13, 0.1, 0.2), _names,
    ),
    "birth_date": Scale(
        ("exact", "shared", "slip", "near", "day", "different"), (0.83, 0.02, 0.08, 0.03, 0.01, 0.03),
        _dates, 0.15,
    ),
    "postcode": Scale(
        ("exact", "shared", "slip", "area", "different"), (0.65, 0.05, 0.08, 0.07, 0.15), _postcodes
    ),
    "email": Scale(
        ("exact", "shared", "slip", "close", "different"), (0.65, 0.05, 0.08, 0.04, 0.18), _emails
    ),
    "phone": Scale(
        ("exact", "shared", "slip", "near", "different"), (0.65, 0.05, 0.06, 0.02, 0.22), _numbers
    ),
    "identifier": Scale(
        ("exact", "shared", "slip", "near", "different"), (0.89, 0.01, 0.05, 0.01, 0.04), _numbers, 0.1
    ),
    "street": Scale(
        ("exact", "shared", "close", "part", "street", "different"), (0.58, 0.02, 0.12, 0.06, 0.05, 0.17),
        _streets,
    ),
    "organisation": Scale(
        ("exact", "shared", "close", "part", "different"), (0.65, 0.05, 0.15, 0.07, 0.08), _firms
    ),
    "text": Scale(("exact", "shared", "close", "part", "different"), (0.68, 0.02, 0.1, 0.05, 0.15), _texts),
    "name_order": Scale(("straight", "exchanged", "turned"), (0.94, 0.05, 0.01), _plain),
    "plain": Scale(("exact", "different"), (0.9, 0.1), _plain),
    "nature": Scale(("exact", "different"), (0.999, 0.001), _plain, 1e-9),
}  # fmt: skip
"""How each kind is compared."""

_OF_KIND = {"city": "text", "region": "text", "country": "text", "category": "text", "gender": "plain"}

_OF_NAME = {"given_name": "given", "middle_name": "middle"}


def scale_of(name: str, kind: str) -> Scale:
    """The scale on which a field is compared."""
    return SCALES[_OF_NAME.get(name) or _OF_KIND.get(kind, kind)]
