"""One token in forms of rising coarseness, so that a comparison can have levels.

- `folded`: plain lower-case Latin letters; what a careful clerk without diacritics would type.
- `skeleton`: spellings of one sound folded into one. Raximov, Rakhimov and Рахимов are `rahimov`.
- `consonants`: the skeleton without vowels, except that it began with one. Muhammad, Mohamed and محمد are
  `mhmd`. The form in which scripts without vowels can be compared exactly.
- `classes`: consonants that are heard for one another are one; for blocking, never for deciding.

Each form is a function of the one before, so tokens that agree in one agree in all that follow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

from onefold.customer.identity.normal.scripts import APOSTROPHES, Script, romanised, script_of

_NO_MARK = re.compile(r"[^\w\u0300-\u036f\u064b-\u0652\u0900-\u0dff]+|_")
_NO_LETTER = re.compile(r"[\W_]+")
# Each rule folds spellings of one sound; they run in this order.
_FOLDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^(?:mac|mc)(?=[bcdfghjklmnpqrstvwxz])", "mak"), (r"^wr", "r"), (r"^kn(?=[aeiouy])", "n"),
        (r"^xeni", "kseni"), (r"(?<=e)x|(?<=i)x$|(?<=^ma)x", "ks"), (r"laxm", "laksm"), (r"ander$", "andr"),
        (r"shch|sch|szcz|sz(?=[aeiou])", "sh"), (r"tsch|tch|cz", "ch"), (r"dzh|dj|zh", "j"), (r"kh|x", "h"),
        (r"ph", "f"), (r"th", "t"), (r"gh", "g"), (r"bh", "b"), (r"dh", "d"), (r"ck|q", "k"),
        (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"), (r"tz", "ts"), (r"w", "v"), (r"oo|ou", "u"),
        (r"y|j(?![aeiouy])", "i"), (r"^ie", "e"), (r"(?<=[aeiou])i(?=[aeou])", ""), (r"ai", "ei"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_VOWELS = re.compile(r"[aeiou]+")
_AGAIN = re.compile(r"(.)\1+")
_HISSES = re.compile("[sc]h|ts")
_CLASSES = str.maketrans("pfvgqcjzxd", "bbbkksssst", "h")


class Sound(msgspec.Struct, frozen=True, gc=False):
    """The forms of one token; all of them empty where it had no letter and no digit.

    `text` is the token as it was written, in lower case and its own script, without apostrophes and the like.
    """

    text: str
    folded: str
    skeleton: str
    consonants: str
    classes: str
    script: Script


@lru_cache(maxsize=262_144)
def sound(token: str) -> Sound:
    """The forms of one token: a word without blanks; apostrophes and other marks in it are dropped."""
    text = APOSTROPHES.sub("", token)
    text = _NO_MARK.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    script = script_of(text)
    folded = _NO_LETTER.sub("", romanised(text))
    skeleton = skeleton_of(folded)
    consonants = consonants_of(skeleton)
    return Sound(text, folded, skeleton, consonants, classes_of(consonants), script)


def skeleton_of(folded: str) -> str:
    """One spelling for the spellings of a sound."""
    for pattern, to in _FOLDS:
        folded = pattern.sub(to, folded)
    return folded


def consonants_of(skeleton: str) -> str:
    """Without vowels but for an `a` where it began with one; letters in a row are one."""
    begins = "a" if _VOWELS.match(skeleton) else ""
    return begins + _AGAIN.sub(r"\1", _VOWELS.sub("", skeleton))


def classes_of(consonants: str) -> str:
    """Consonants by where they are spoken: b p f v, k g, s z j ch sh, d t; h is not heard."""
    return _AGAIN.sub(r"\1", _HISSES.sub("s", consonants).translate(_CLASSES))
