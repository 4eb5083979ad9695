"""One pair of records: its levels and its weight, as `comparing.py` and `scoring.py` give them for many.

A record that comes meets a few others, and the making of arrays for each of a dozen fields costs more than
all that is compared. So one pair goes through here, number by number. What a level is (`levels.py`) and what
it weighs (the tables of the model) is the same; what is said twice is the order of names. That both say the
same of every pair is a property test (tests/properties/test_one_pair.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from onefold.customer.identity.linking.comparing import (
    FAMILY,
    GIVEN,
    MARGIN,
    MIDDLE,
    ORDERS,
    STRAIGHT,
    sound_of_name,
)
from onefold.customer.identity.linking.fields import ORDER
from onefold.customer.identity.linking.levels import CROSSED, EXACT, MISSING, SHARED, level_of, scale_of
from onefold.customer.identity.linking.model import SHARE, FieldModel, Model, digest_of, information
from onefold.customer.identity.linking.persons import GUESSED
from onefold.customer.identity.linking.scoring import any_home
from onefold.kernel.memory import remembered


class Row(NamedTuple):
    """What a record says in the fields of a model: the text of each, and what is made of them once."""

    texts: Sequence[str]
    said: Sequence[int]
    """Which fields are not empty."""
    sounds: Sequence[str]
    """How its names begin to sound, in the order in which they are compared."""


class _Weighed(NamedTuple):
    """A field of a model, ready to be looked up."""

    parent: int
    weights: Sequence[Sequence[int]]
    relatives: Sequence[Sequence[int]]
    shares: Sequence[int]
    """Empty where rarity does not count."""
    of_relatives: bool
    unlisted: int
    listed: Mapping[str, int]
    """What equality in a value says beyond the average: in most values, and by digest in those many share."""


class OneByOne:
    """Levels and weights of single pairs under a model. Pure, and may be asked by many threads."""

    def __init__(self, model: Model) -> None:
        self._prior = model.prior
        self._relatives_prior = model.relatives_prior
        self._homes = any_home(model)
        self._fields = [_weighed(it) for it in model.fields]
        self._silent = [not any(row[MISSING] for row in (*it.weights, *it.relatives)) for it in model.fields]
        names = [it.name for it in model.fields]
        self._compares = [scale_of(it.name, it.kind).compare for it in model.fields]
        self._ordering = names.index(ORDER) if ORDER in names else -1
        is_ordered = {GIVEN, FAMILY, ORDER}.issubset(names)
        self._names = [names.index(it) for it in (GIVEN, FAMILY, MIDDLE) if it in names] if is_ordered else []
        self._worst = len(scale_of(GIVEN, "name").names)
        self._strengths = [0, *(self._worst - level for level in range(1, self._worst + 1))]

    def row(self, texts: Sequence[str]) -> Row:
        """A record whose texts stand in the order of the model's fields; empty where nothing is said."""
        said = [at for at, text in enumerate(texts) if text and at != self._ordering]
        return Row(texts, said, [sound_of_name(texts[at]) for at in self._names])

    def weight(self, left: Row, right: Row) -> int:
        """log2 odds of the pair in units: what `weigh` gives it."""
        levels = self.levels(left, right)
        total, relatives = self._prior, self._relatives_prior
        for at, level in enumerate(levels):
            if level == MISSING and self._silent[at]:
                continue
            parent, weights, shared, shares, of_relatives, unlisted, listed = self._fields[at]
            above = levels[parent] if parent >= 0 else MISSING
            total += weights[above][level]
            relatives += shared[above][level]
            if level == EXACT and shares:
                surplus = listed.get(_digest(left.texts[at]), unlisted) if listed else unlisted
                counted = (surplus * shares[above]) // SHARE
                total += counted
                if of_relatives:
                    relatives += counted
        return total - max(relatives, 0) if self._homes else total

    def levels(self, left: Row, right: Row) -> list[int]:
        """The level of each field: what `compare` gives the pair."""
        mine, theirs = left.texts, right.texts
        found = [MISSING] * len(mine)
        for at in left.said:
            other = theirs[at]
            if other:
                one = mine[at]
                found[at] = EXACT if one == other else self._differing(at, one, other)
        if self._names:
            self._put_in_order(found, left, right)
        return found

    def _put_in_order(self, found: list[int], left: Row, right: Row) -> None:
        """The levels of names in the best order, and which it was."""
        levels, found[self._ordering] = self._ordered([found[at] for at in self._names], left, right)
        if GUESSED in (left.texts[self._ordering], right.texts[self._ordering]):
            given, family = levels[:2]
            if MISSING < given < CROSSED and family == self._worst:
                levels[:2] = [self._worst, max(given, SHARED)]
        for at, level in zip(self._names, levels, strict=True):
            found[at] = level

    def _ordered(self, straight: list[int], left: Row, right: Row) -> tuple[list[int], int]:
        found, order = straight, MISSING
        for level in straight:
            if MISSING < level < CROSSED:
                order = STRAIGHT
        agree = MISSING < straight[0] <= SHARED + 1 and MISSING < straight[1] <= SHARED + 1
        if agree or not _crosswise(left.sounds, right.sounds):
            return found, order
        best = self._strength(straight) + MARGIN
        for kind, turned in ORDERS[len(straight)]:
            levels = [
                straight[mine] if mine == theirs else self._across(mine, theirs, left, right)
                for mine, theirs in enumerate(turned)
            ]
            if (strength := self._strength(levels)) > best:
                found, order, best = levels, kind, strength
        return found, order

    def _across(self, mine: int, theirs: int, left: Row, right: Row) -> int:
        """The level of one name of the left against another of the right."""
        one, other = left.texts[self._names[mine]], right.texts[self._names[theirs]]
        if not one or not other:
            return MISSING
        return EXACT if one == other else self._differing(self._names[mine], one, other)

    def _strength(self, levels: Sequence[int]) -> int:
        return sum([self._strengths[it] for it in levels])

    def _differing(self, at: int, one: str, other: str) -> int:
        how = self._compares[at]
        return _level_of(how, one, other) if one < other else _level_of(how, other, one)


_level_of = remembered(131_072)(level_of)
_digest = remembered(65_536)(digest_of)


def _weighed(it: FieldModel) -> _Weighed:
    surpluses = {key: information(count, it.said) + it.surprise for key, count in it.frequencies.items()}
    shares = it.shares if any(it.shares) else ()
    shared = any(map(any, it.relatives))
    return _Weighed(it.parent, it.weights, it.relatives, shares, shared, it.unlisted + it.surprise, surpluses)


def _crosswise(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a part of one name sounds like another part of the other."""
    for mine, sound in enumerate(left):
        if sound:
            for theirs, other in enumerate(right):
                if sound == other and mine != theirs:
                    return True
    return False
