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

import msgspec

from onefold.customer.identity.normal.scripts import APOSTROPHES, Script, romanised, script_of
from onefold.kernel.memory import remembered

_NO_MARK = re.compile(r"[^\w\u0300-\u036f\u064b-\u0652\u0900-\u0dff]+|_")
_NO_LETTER = re.compile(r"[\W_]+")
# Each rule folds spellings of one sound; they run in this order, each only where the letters before it occur.
_FOLDS = tuple(
    (needs, re.compile(pattern), to)
    for needs, pattern, to in (
        ("c", r"^(?:mac|mc)(?=[bcdfghjklmnpqrstvwxz])", "mak"), ("wr", r"^wr", "r"),
        ("kn", r"^kn(?=[aeiouy])", "n"), ("x", r"^xeni", "kseni"), ("x", r"(?<=e)x|(?<=i)x$|(?<=^ma)x", "ks"),
        ("x", r"laxm", "laksm"), ("ander", r"ander$", "andr"), ("s", r"shch|sch|szcz|sz(?=[aeiou])", "sh"),
        ("c", r"tsch|tch|cz", "ch"), ("zh", r"d?zh", "j"), ("dj", r"dj", "j"), ("kh", r"kh", "h"),
        ("x", r"x", "h"), ("ph", r"ph", "f"), ("th", r"th", "t"), ("gh", r"gh", "g"), ("bh", r"bh", "b"),
        ("dh", r"dh", "d"), ("ck", r"ck", "k"), ("q", r"q", "k"), ("c", r"c(?=[eiy])", "s"),
        ("c", r"c(?!h)", "k"), ("tz", r"tz", "ts"), ("w", r"w", "v"), ("o", r"oo|ou", "u"), ("y", r"y", "i"),
        ("j", r"(?<=[ei])j$", "i"), ("ie", r"^ie", "e"), ("i", r"(?<=[aeiou])i(?=[aeou])", ""),
        ("ai", r"ai", "ei"), ("", r"(.)\1+", r"\1"),
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


@remembered(131_072)
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
    for needs, pattern, to in _FOLDS:
        if needs in folded:
            folded = pattern.sub(to, folded)
    return folded


@remembered(131_072)
def consonants_of(skeleton: str) -> str:
    """Without vowels but for an `a` where it began with one; letters in a row are one."""
    begins = "a" if _VOWELS.match(skeleton) else ""
    return begins + _AGAIN.sub(r"\1", _VOWELS.sub("", skeleton))


def classes_of(consonants: str) -> str:
    """Consonants by where they are spoken: b p f v, k g, s z j ch sh, d t; h is not heard."""
    return _AGAIN.sub(r"\1", _HISSES.sub("s", consonants).translate(_CLASSES))
