"""How far two values of a field agree: a few levels a kind, from the best to the worst.

Level 0 is reserved for `missing`: nothing was said on one side, and nothing follows. Level 1 is always
equality. Level 2 of most kinds is `shared`: of the alternatives that records have, one at least is equal. It
is as good as equality, but what it says does not hang on how rare the value is. Other levels are those of
the best two alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import APART, Ints, Levels
from onefold.customer.identity.linking.pairs import Compared, OnePair, Pairs
from onefold.customer.identity.normal.name_genders import gender_of_name
from onefold.customer.identity.normal.nicknames import full_names, may_begin
from onefold.customer.identity.normal.sounds import consonants_of

MISSING, EXACT, SHARED = 0, 1, 2
CROSSED = 7
"""Of names: from this level on they are not one."""

COMPARED_AT_ONCE = 4_000_000
"""How many pairs are held as text at once: memory does not grow with what is compared."""


Compare = Callable[[Compared], Any]
"""The level of one pair of values that differ, or of each of many."""


class Scale(NamedTuple):
    """The levels of a kind: their names after `missing`, and what is expected of them before data speak.

    `expected` is the share of each level among records of one person, `chance` among records of two.

    `different_most`: how often records of one person can disagree at most. A birth date and a number of the
    state stay with a person, a home and a phone do not.
    """

    names: tuple[str, ...]
    expected: tuple[float, ...]
    chance: tuple[float, ...]
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


def level_of(compare: Compare, left: str, right: str) -> int:
    """The level of two distinct values that both say something: what `levels_of` gives the pair."""
    if APART not in left and APART not in right:
        return int(compare(OnePair(left, right)))
    others = right.split(APART)
    found = [
        SHARED if one == other else int(compare(OnePair(one, other)))
        for one in left.split(APART)
        for other in others
    ]
    return min((it for it in found if it != MISSING), default=MISSING)


def levels_of(compare: Compare, values: Sequence[str], low: Ints, high: Ints) -> Levels:
    """The levels of pairs of distinct values, of the best two where values have alternatives."""
    taken = np.zeros(len(values), dtype=np.bool_)
    taken[low] = taken[high] = True
    places = np.cumsum(taken) - 1
    one, other = places[low], places[high]
    said = [values[it] for it in np.flatnonzero(taken).tolist()]
    if APART not in "".join(said):
        plain: Levels = compare(Pairs(said, one, other))
        return plain
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
        # Nothing told turns round to the worst of all, and back.
        found[part] = np.minimum.reduceat(_of_single(compare, single, lefts, rights) - np.uint8(1), starts)
    return found + np.uint8(1)


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
    if len(differ):
        found[differ] = compare(Pairs(values, low[differ], high[differ]))
    return found


def _names(pairs: Compared) -> Any:
    close, nicks, part, initial = _grades_of_names(pairs)
    return _told(pairs, pairs.graded(close, nicks, part, initial, np.False_))


def _given_names(pairs: Compared) -> Any:
    """A letter apart, and of a woman and a man: mostly two people, and a level of its own."""
    close, nicks, part, initial = _grades_of_names(pairs)
    two = pairs.where(close | part, _of_two_genders)
    return _told(pairs, pairs.graded(close & ~two, nicks, part & ~two, initial & ~two, two))


def _grades_of_names(pairs: Compared) -> tuple[Any, Any, Any, Any]:
    spaced, lone = pairs.either(_has_words), pairs.either(_is_initial)
    close = (pairs.likeness >= 0.93) | ((pairs.slips <= 1) & pairs.long(4))
    words = pairs.sharing(spaced & ~close)
    nicks = pairs.where(pairs.both(_may_be_short) & ~close & ~words, _short_for_one)
    part = (pairs.likeness >= 0.85) | pairs.cut(_bones) | words
    initial = pairs.where(~close & ~part & (pairs.cut(lambda it: it[:1]) | spaced | lone), _abbreviates)
    return close, nicks, part, initial


def _of_two_genders(left: str, right: str) -> bool:
    """Whether the first words are names of a woman and of a man."""
    one, other = (gender_of_name(it.partition(" ")[0]) for it in (left, right))
    return bool(one and other and one != other)


def _has_words(text: str) -> bool:
    return " " in text


def _told(pairs: Compared, levels: Any) -> Any:
    """The levels, but that between letters that are read here and such that are not nothing can be told."""
    return pairs.untold(pairs.each(_unread, str.isascii), levels)


def _unread(text: str) -> bool:
    """Whether a text is in letters that have no table: such are left when all others are Latin ones."""
    return not text.isascii() and not any(map(str.isascii, filter(str.isalpha, text)))


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
        _shortens(one, other) or _shortens(other, one) for one in left.split() for other in right.split()
    )


def _shortens(short: str, word: str) -> bool:
    return may_begin(short, word) if len(short) == 1 else word.startswith(short)


def _is_initial(name: str) -> bool:
    return len(name) == 1


def _dates(pairs: Compared) -> Any:
    swapped = pairs.cut(lambda it: it if len(it) == 8 else "", lambda it: it[:4] + it[6:] + it[4:6])
    near = (pairs.slips == 2) | pairs.cut(lambda it: it[:4])
    return pairs.graded((pairs.slips <= 1) | swapped, near, pairs.cut(lambda it: it[4:]))


def _postcodes(pairs: Compared) -> Any:
    return pairs.graded(pairs.slips <= 1, pairs.cut(area))


def _texts(pairs: Compared) -> Any:
    close = (pairs.likeness >= 0.92) | ((pairs.slips <= 1) & pairs.long(4))
    return _told(pairs, pairs.graded(close, pairs.sharing(pairs.either(_has_words) & ~close)))


def _emails(pairs: Compared) -> Any:
    local = pairs.cut(lambda it: it.partition("@")[0])
    return pairs.graded(local | (pairs.slips <= 1), pairs.slips == 2)


def _numbers(pairs: Compared) -> Any:
    tail = pairs.cut(lambda it: it[-7:])
    return pairs.graded((pairs.slips <= 1) | (tail & pairs.long(7)), pairs.slips == 2)


def _streets(pairs: Compared) -> Any:
    like = pairs.of(lambda text: _sorted(it for it in text.split() if not it[0].isdigit())).ratio(85) >= 85
    whole, shared = pairs.of(lambda it: _sorted(it.split())).ratio(65), pairs.ratio_of_words(90)
    close = like & pairs.cut(_numbered)
    return pairs.graded(close, (whole >= 85) | (shared >= 90), like | (whole >= 65))


def _sorted(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _numbered(street: str) -> str:
    return " ".join(it for it in street.split() if it[0].isdigit())


def _firms(pairs: Compared) -> Any:
    whole, shared = pairs.of(lambda it: _sorted(it.split())).ratio(65), pairs.ratio_of_words(90)
    return _told(pairs, pairs.graded(whole >= 85, (whole >= 65) | (shared >= 90)))


def _plain(pairs: Compared) -> Any:
    return pairs.all_at(EXACT + 1)


SCALES: dict[str, Scale] = {
    "name": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "crossed", "different"),
        (0.7, 0.05, 0.08, 0.02, 0.04, 0.04, 0.001, 0.069),
        (0.002, 0.0002, 0.003, 0.0002, 0.006, 0.006, 0.001, 0.9816), _names, 0.33,
    ),
    "given": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "crossed", "different"),
        (0.7, 0.05, 0.08, 0.05, 0.04, 0.05, 0.002, 0.028),
        (0.004, 0.0004, 0.004, 0.003, 0.012, 0.01, 0.006, 0.9606), _given_names, 0.1,
    ),
    "middle": Scale(
        ("exact", "shared", "close", "nickname", "part", "initial", "crossed", "different"),
        (0.48, 0.02, 0.06, 0.01, 0.13, 0.1, 0.001, 0.199),
        (0.01, 0.0005, 0.004, 0.0015, 0.012, 0.05, 0.001, 0.921), _names,
    ),
    "birth_date": Scale(
        ("exact", "shared", "slip", "near", "day", "different"),
        (0.83, 0.02, 0.08, 0.03, 0.01, 0.03),
        (0.00005, 0.00001, 0.0015, 0.02, 0.0027, 0.97574), _dates, 0.15,
    ),
    "postcode": Scale(
        ("exact", "shared", "slip", "area", "different"),
        (0.65, 0.05, 0.08, 0.07, 0.15),
        (0.002, 0.0002, 0.004, 0.05, 0.9438), _postcodes,
    ),
    "email": Scale(
        ("exact", "shared", "slip", "close", "different"),
        (0.65, 0.05, 0.08, 0.04, 0.18),
        (0.00002, 0.00001, 0.0001, 0.0002, 0.99967), _emails,
    ),
    "phone": Scale(
        ("exact", "shared", "slip", "near", "different"),
        (0.65, 0.05, 0.06, 0.02, 0.22),
        (0.0001, 0.00005, 0.0002, 0.001, 0.99865), _numbers,
    ),
    "identifier": Scale(
        ("exact", "shared", "slip", "near", "different"),
        (0.89, 0.01, 0.05, 0.01, 0.04),
        (0.0001, 0.00005, 0.0005, 0.002, 0.99735), _numbers, 0.1,
    ),
    "street": Scale(
        ("exact", "shared", "close", "part", "street", "different"),
        (0.58, 0.02, 0.12, 0.06, 0.05, 0.17),
        (0.0005, 0.00005, 0.0002, 0.002, 0.01, 0.98725), _streets,
    ),
    "organisation": Scale(
        ("exact", "shared", "close", "part", "different"),
        (0.65, 0.05, 0.15, 0.07, 0.08),
        (0.001, 0.0001, 0.003, 0.02, 0.9759), _firms,
    ),
    "text": Scale(
        ("exact", "shared", "close", "part", "different"),
        (0.68, 0.02, 0.1, 0.05, 0.15),
        (0.05, 0.002, 0.01, 0.02, 0.918), _texts,
    ),
    "name_order": Scale(("straight", "exchanged", "turned"), (0.94, 0.05, 0.01), (0.94, 0.04, 0.02), _plain),
    "plain": Scale(("exact", "different"), (0.9, 0.1), (0.5, 0.5), _plain),
    "nature": Scale(("exact", "different"), (0.999, 0.001), (0.7, 0.3), _plain, 1e-9),
    "generation": Scale(("exact", "different"), (0.9999, 0.0001), (0.5, 0.5), _plain, 0.0002),
}  # fmt: skip
"""How each kind is compared."""

_OF_KIND = {"city": "text", "region": "text", "country": "text", "category": "text", "gender": "plain"}

_OF_NAME = {"given_name": "given", "middle_name": "middle"}


def scale_of(name: str, kind: str) -> Scale:
    """The scale on which a field is compared."""
    return SCALES[_OF_NAME.get(name) or _OF_KIND.get(kind, kind)]
