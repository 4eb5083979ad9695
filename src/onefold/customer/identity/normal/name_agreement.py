"""How far two names of people agree, token by token, in the best pairing.

Every token of the shorter name is to find its like in the longer one, each at most once, the best pairs
first; two neighbours may be one token of the other side (Abdul Rahman, Abdurahman). Given names are not
compared with family names where both sides know which is which, unless that is the better reading: columns
are swapped often. A patronymic answers only to a patronymic, or to a plain token that starts so, and one
that only one side has is no difference. What a name says beyond the other lowers the score a little and no
level.
"""

from __future__ import annotations

import msgspec

from onefold.customer.identity.normal.agreement import Agreed, Level, agreement, sounds_agree
from onefold.customer.identity.normal.person_names import NAMING, NameToken, Part, PersonName
from onefold.customer.identity.normal.sounds import sound
from onefold.kernel.memory import remembered


class NamesAgreed(msgspec.Struct, frozen=True, gc=False):
    """How two names agree.

    `level` is the worst of the tokens of the shorter name, `pairs` how many found their like, `fathers`
    the level of
    the patronymics, None where a side has none. `score` is between 0 and 1.
    """

    level: Level
    score: float
    pairs: int
    fathers: Level | None


_NOTHING = NamesAgreed(Level.DIFFERENT, 0.0, 0, None)
_LEFT_OVER = 0.05
_FATHERS_DIFFER = 0.6
_PART_OF_A_NAME = 0.9
"""Of a score, where only one token of each name could be compared."""


@remembered(65_536)
def names_agree(one: PersonName, other: PersonName) -> NamesAgreed:
    """How far two names agree; symmetric. A name without a token agrees with nothing."""
    left, right = sorted(
        (_compared(one), _compared(other)), key=lambda it: (len(it), [t.written for t in it])
    )
    if not left:
        return _NOTHING
    pairs, rest = _paired(list(left), list(right))
    worst = min(it.level for it in pairs)
    full = [it for it in pairs if it.level is not Level.INITIAL]
    weights = [0.5 if it.level is Level.INITIAL else 1.0 for it in pairs]
    score = sum(it.score * weight for it, weight in zip(pairs, weights, strict=True)) / sum(weights)
    # One token that differs is not made up for by others that agree: the namesakes of a family are many.
    score = (score + min(it.score for it in pairs)) / 2 - _LEFT_OVER * min(rest, 2)
    if len(full) < 2:
        score *= _PART_OF_A_NAME
    fathers = _fathers(one, other)
    if fathers is Level.DIFFERENT:
        score *= _FATHERS_DIFFER
    found = sum(it.level is not Level.DIFFERENT for it in pairs)
    return NamesAgreed(worst, max(0.0, score), found, fathers)


def _compared(name: PersonName) -> tuple[NameToken, ...]:
    return tuple(it for it in name.tokens if it.part in NAMING or it.part is Part.INITIAL)


def _paired(left: list[NameToken], right: list[NameToken]) -> tuple[list[Agreed], int]:
    """The agreement of each token on the left, and how many on the right are left over."""
    left, right = _joined(left, right)
    if len(left) > len(right):
        left, right = right, left
    scored = sorted(
        ((_tokens_agree(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
        key=lambda it: (-it[0].score, it[1], it[2]),
    )
    taken: dict[int, Agreed] = {}
    used: set[int] = set()
    for agreed, i, j in scored:
        if i not in taken and j not in used:
            taken[i] = agreed
            used.add(j)
    return list(taken.values()), len(right) - len(used)


def _tokens_agree(one: NameToken, other: NameToken) -> Agreed:
    return agreement(one.sound.text, other.sound.text)


def _joined(left: list[NameToken], right: list[NameToken]) -> tuple[list[NameToken], list[NameToken]]:
    """Makes one token of two neighbours on either side where the other side has them as one."""
    for near, far in ((left, right), (right, left)):
        for at in range(len(near) - 1):
            one, two = near[at], near[at + 1]
            if Part.INITIAL in {one.part, two.part}:
                continue
            whole = sound(one.sound.text + two.sound.text)
            if any(
                _tokens_agree(one, it).level < Level.CLOSE
                and _tokens_agree(two, it).level < Level.CLOSE
                and sounds_agree(whole, it.sound).level >= Level.SPELLING
                for it in far
            ):
                near[at : at + 2] = [NameToken(whole.folded, one.part, whole)]
                break
    return left, right


def _fathers(one: PersonName, other: PersonName) -> Level | None:
    mine, theirs = one.of(Part.PATRONYMIC), other.of(Part.PATRONYMIC)
    if not mine or not theirs:
        return None
    return agreement(mine[0].sound.text, theirs[0].sound.text).level
