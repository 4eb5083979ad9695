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
from onefold.customer.identity.linking.levels import EXACT, MISSING, SHARED, Compare, level_of, scale_of
from onefold.customer.identity.linking.model import SHARE, FieldModel, Model, digest_of, information
from onefold.customer.identity.linking.persons import GUESSED
from onefold.customer.identity.linking.scoring import any_home
from onefold.kernel.memory import remembered

Texts = Sequence[str]
"""What a record says in the fields of a model, in their order; empty where nothing is said."""


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
        names = [it.name for it in model.fields]
        self._compares = [
            None if it.kind == ORDER else scale_of(it.name, it.kind).compare for it in model.fields
        ]
        ordered = {GIVEN, FAMILY, ORDER}.issubset(names)
        self._order = names.index(ORDER) if ordered else -1
        self._names = [names.index(it) for it in (GIVEN, FAMILY, MIDDLE) if it in names] if ordered else []
        self._of_names = [scale_of(names[at], "name").compare for at in self._names]
        self._worst = len(scale_of(GIVEN, "name").names)

    def weight(self, left: Texts, right: Texts) -> int:
        """log2 odds of the pair in units: what `weigh` gives it."""
        levels = self.levels(left, right)
        total, relatives = self._prior, self._relatives_prior
        for at, (parent, weights, shared, shares, of_relatives, unlisted, listed) in enumerate(self._fields):
            level = levels[at]
            above = levels[parent] if parent >= 0 else MISSING
            total += weights[above][level]
            relatives += shared[above][level]
            if level == EXACT and shares:
                surplus = listed.get(digest_of(left[at]), unlisted) if listed else unlisted
                counted = (surplus * shares[above]) // SHARE
                total += counted
                if of_relatives:
                    relatives += counted
        return total - max(relatives, 0) if self._homes else total

    def levels(self, left: Texts, right: Texts) -> list[int]:
        """The level of each field: what `compare` gives the pair."""
        found = [
            MISSING if how is None else _level(how, one, other)
            for how, one, other in zip(self._compares, left, right, strict=True)
        ]
        if self._names:
            self._put_in_order(found, left, right)
        return found

    def _put_in_order(self, found: list[int], left: Texts, right: Texts) -> None:
        """The levels of names in the best order, and which it was."""
        names = self._names
        straight = [found[at] for at in names]
        levels, order = self._ordered(straight, [left[at] for at in names], [right[at] for at in names])
        if GUESSED in (left[self._order], right[self._order]):
            given, family = levels[:2]
            if MISSING < given < self._worst == family:
                levels[:2] = [self._worst, max(given, SHARED)]
        for at, level in zip(names, levels, strict=True):
            found[at] = level
        found[self._order] = order

    def _ordered(self, straight: list[int], left: Texts, right: Texts) -> tuple[list[int], int]:
        found = straight
        order = STRAIGHT if any(MISSING < it < self._worst for it in straight) else MISSING
        if all(MISSING < it <= SHARED + 1 for it in straight[:2]) or not _crosswise(left, right):
            return found, order
        best = sum(map(self._strength, straight)) + MARGIN
        for kind, turned in ORDERS[len(straight)]:
            levels = [
                straight[mine] if mine == theirs else _level(self._of_names[mine], left[mine], right[theirs])
                for mine, theirs in enumerate(turned)
            ]
            if (strength := sum(map(self._strength, levels))) > best:
                found, order, best = levels, kind, strength
        return found, order

    def _strength(self, level: int) -> int:
        return 0 if level == MISSING else self._worst - level


def _weighed(it: FieldModel) -> _Weighed:
    shared = any(map(any, it.relatives))
    surpluses = {key: information(count, it.said) + it.surprise for key, count in it.frequencies.items()}
    shares = it.shares if any(it.shares) else ()
    return _Weighed(it.parent, it.weights, it.relatives, shares, shared, it.unlisted + it.surprise, surpluses)


def _level(how: Compare, left: str, right: str) -> int:
    if not left or not right:
        return MISSING
    if left == right:
        return EXACT
    return _differing(how, left, right) if left < right else _differing(how, right, left)


_differing = remembered(131_072)(level_of)


def _crosswise(left: Texts, right: Texts) -> bool:
    """Whether a part of one name sounds like another part of the other."""
    theirs = [sound_of_name(it) for it in right]
    return any(
        sound and any(sound == it for at, it in enumerate(theirs) if at != mine)
        for mine, sound in enumerate(map(sound_of_name, left))
    )
