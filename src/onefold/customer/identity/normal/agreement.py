"""How far two tokens of names agree, in whatever scripts they are: a level to reason with, a score to rank.

The levels rise in what they are worth as evidence. How a pair is compared depends on its scripts:

- Two tokens with one skeleton are spellings of one name.
- Cyrillic beside Latin: the learned alignment (`alignment.py`), whose cost a letter is the score. A slip
  that no language makes is `ALIKE` by its letters.
- A script without short vowels beside another: the consonants must agree, and the long vowels that it does
  write must be found in the other, in order; else it is `CLOSE`, as Hasan is to حسين.
- All else, on skeletons: one slip of a typist, or two in a long token, is `CLOSE`; the same consonants
  with other vowels, or nearly the same letters, are `ALIKE`.

Symmetric; tokens without a letter agree with nothing, numbers only with themselves.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise

import msgspec
from rapidfuzz.distance import OSA, JaroWinkler

from onefold.customer.identity.normal.alignment import STRANGEST, strangeness
from onefold.customer.identity.normal.nicknames import short_for_one_name
from onefold.customer.identity.normal.scripts import ABJADS, Script
from onefold.customer.identity.normal.sounds import Sound, sound
from onefold.kernel.memory import remembered


class Level(IntEnum):
    """How far two tokens agree, from worst to best."""

    DIFFERENT = 0
    INITIAL = 1
    ALIKE = 2
    CLOSE = 3
    NICKNAME = 4
    SPELLING = 5
    SAME = 6


class Agreed(msgspec.Struct, frozen=True, gc=False):
    """`score` is between 0 and 1 and rises with likeness, within a level too."""

    level: Level
    score: float


_DIFFERENT = Agreed(Level.DIFFERENT, 0.0)
_SAME = Agreed(Level.SAME, 1.0)
_STEPS = ((0.0, 0.99), (0.5, 0.92), (1.0, 0.86), (1.5, 0.78), (STRANGEST, 0.0))
"""Strangeness in nats a letter, and the score there; between them it falls evenly."""

_SPELLING_MOST, _CLOSE_MOST, _ALIKE_MOST = 0.5, 1.0, 1.5
_SHORTEST_TO_MISTYPE, _LONG = 5, 9
_ALIKE_LEAST = 0.9
"""Jaro-Winkler of two skeletons from which on they are alike."""

_VOWELS = str.maketrans("eoyw", "iuiu")


def agreement(one: str, other: str) -> Agreed:
    """How far two tokens agree, each a word in any script."""
    return _agreed(one, other) if one <= other else _agreed(other, one)


@remembered(262_144)
def _agreed(one: str, other: str) -> Agreed:
    return sounds_agree(sound(one), sound(other))


def sounds_agree(one: Sound, other: Sound) -> Agreed:
    """How far two tokens agree, for a caller that has their forms at hand; not cached."""
    if not one.folded or not other.folded:
        return _DIFFERENT
    if one.folded == other.folded:
        return _SAME
    if one.folded.isdecimal() or other.folded.isdecimal():
        return _DIFFERENT
    if len(one.folded) == 1 or len(other.folded) == 1:
        return _initials(one, other)
    scripts = {one.script, other.script}
    if scripts == {Script.CYRILLIC, Script.LATIN}:
        found = _aligned(one, other)
    elif one.skeleton == other.skeleton:
        found = Agreed(Level.SPELLING, 0.97)
    elif len(scripts & ABJADS) == 1:
        found = _without_vowels(one, other)
    else:
        found = _by_letters(one.skeleton, other.skeleton)
        if found.level < Level.ALIKE and one.consonants == other.consonants and len(one.consonants) > 2:
            found = Agreed(Level.ALIKE, max(found.score, 0.75))
    if found.level < Level.NICKNAME and short_for_one_name(one.skeleton, other.skeleton):
        return Agreed(Level.NICKNAME, max(found.score, 0.9))
    return found


def _initials(one: Sound, other: Sound) -> Agreed:
    """A single letter agrees with what starts with it, in Latin letters or as it sounds."""
    starts = one.folded[0] == other.folded[0] or one.skeleton[:1] == other.skeleton[:1]
    return Agreed(Level.INITIAL, 0.6) if starts else _DIFFERENT


def _aligned(one: Sound, other: Sound) -> Agreed:
    cyrillic, latin = (one, other) if one.script is Script.CYRILLIC else (other, one)
    odd = strangeness(cyrillic.text, latin.folded)
    score = _scored(odd)
    if odd <= _SPELLING_MOST or one.skeleton == other.skeleton:
        return Agreed(Level.SPELLING, max(score, _scored(_SPELLING_MOST)))
    if odd <= _ALIKE_MOST:
        return Agreed(Level.CLOSE if odd <= _CLOSE_MOST else Level.ALIKE, score)
    # A slip may be one that no language makes; the letters tell.
    slipped = _by_letters(one.skeleton, other.skeleton).level is Level.CLOSE
    return Agreed(Level.ALIKE, _scored(_ALIKE_MOST)) if slipped else Agreed(Level.DIFFERENT, score)


def _scored(odd: float) -> float:
    for (start, high), (end, low) in pairwise(_STEPS):
        if odd <= end:
            return high - (high - low) * (odd - start) / (end - start)
    return 0.0


def _without_vowels(one: Sound, other: Sound) -> Agreed:
    bare, full = (one, other) if one.script in ABJADS else (other, one)
    if bare.consonants == full.consonants:
        letters = iter(full.skeleton.translate(_VOWELS))
        written = all(it in letters for it in bare.skeleton.translate(_VOWELS))
        return Agreed(Level.SPELLING, 0.93) if written else Agreed(Level.CLOSE, 0.84)
    found = _by_letters(bare.consonants, full.consonants)
    return Agreed(min(found.level, Level.ALIKE), found.score * 0.9)


def _by_letters(one: str, other: str) -> Agreed:
    """Likeness of two skeletons that are not equal."""
    likeness = JaroWinkler.similarity(one, other)
    shorter = min(len(one), len(other))
    slips = 0 if shorter < _SHORTEST_TO_MISTYPE else 1 if shorter < _LONG else 2
    if slips and OSA.distance(one, other, score_cutoff=slips) <= slips:
        return Agreed(Level.CLOSE, max(0.86, 0.92 * likeness))
    if likeness >= _ALIKE_LEAST:
        return Agreed(Level.ALIKE, 0.85 * likeness)
    return Agreed(Level.DIFFERENT, 0.75 * likeness)
