"""Names in one form whatever the script and the romanisation, and how far two names agree.

A name becomes a set of tokens, so that order does not matter ("Karimov Aziz" and "Aziz Karimov" are one).
A token becomes a *skeleton*: Cyrillic is written in Latin (Russian, Ukrainian, Kazakh, and Uzbek by its own
letters), then spellings of one sound are folded into one ("Raximov", "Rakhimov", "Рахимов" → rahimov;
"Yuliya", "Юлия" → iulia; "Dmitrii", "Dmitriy" → dmitri). Folding loses a little on purpose: two names with
one skeleton are the same name nearly always, and a name alone never joins two people.

A patronymic is not a given name, though it is made of one: the son of Jasur is "Komil Jasur o'g'li" or "Komil
Jasurovich", and Jasur himself must not be found in that. It becomes a token of its own kind (`jasur#`), the
same for both ways of saying it.

Agreement is exact on skeletons. One wrong letter is told apart from none (`CLOSE`), because twins are often
called by names one letter apart (Hasan and Husan): only identifiers that cannot be shared may lean on it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum

from rapidfuzz.distance import OSA

from onefold.kernel.memory import remembered

_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z", "и": "i",
        "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "",
        "э": "e", "ю": "yu", "я": "ya", "ў": "o", "қ": "k", "ғ": "g", "ҳ": "h", "і": "i", "ї": "yi",
        "є": "ye", "ґ": "g", "ә": "a", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ң": "n",
    }
)  # fmt: skip
_APOSTROPHES = re.compile("['`´ʻʼʹʿ‘’′]")
_NOT_LETTERS = re.compile(r"[^\w]+|[\d_]+")

# Each rule folds spellings of one sound; they run in this order on lower-case Latin.
_FOLDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^alex", "aleks"), (r"^max", "maks"), (r"^felix", "feliks"), (r"^xeni", "kseni"),
        (r"laxm", "laksm"), (r"ander$", "andr"),
        (r"shch|sch", "sh"), (r"dzh|dj|zh", "j"), (r"kh|x", "h"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"),
        (r"ck|q", "k"), (r"tch", "ch"), (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"), (r"tz", "ts"), (r"w", "v"),
        (r"y", "i"), (r"^ie", "e"), (r"(?<=[aeiou])i(?=[aeou])", ""), (r"(?<=i)i+", ""),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_TITLES = frozenset("mr mrs ms miss dr prof sir jr sr".split())
_CHILD_OF = frozenset(
    "ogli ugli ogly uglu oglu ovli kizi qizi kyzy qyzy ўғли угли оглы қизи кизи кызы".split()
)
_PATRONYMIC = re.compile(r"(?<=\w\w)(?:ovich|evich|ovna|evna|ivna|ichna)$")
_SHORTEST_TO_MISTYPE = 5


class Agreement(IntEnum):
    """How far two names agree, from worst to best; `UNKNOWN` where one says too little."""

    DIFFERENT = 0
    UNKNOWN = 1
    INITIALS = 2
    CLOSE = 3
    SAME = 4


@remembered(262_144)
def skeleton(token: str) -> str:
    """One spelling for the spellings of a token; lower-case ASCII where the script is Latin or Cyrillic."""
    text = _APOSTROPHES.sub("", token.casefold()).translate(_CYRILLIC)
    if not text.isascii():
        text = "".join(it for it in unicodedata.normalize("NFKD", text) if not unicodedata.combining(it))
    for pattern, to in _FOLDS:
        text = pattern.sub(to, text)
    return text


def words(text: str) -> list[str]:
    """The words of a name as written, in lower case: split at everything that is no letter."""
    # Composed first: a decomposed й must not fall apart into и and a breve that is then no letter.
    composed = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    return [it for it in _NOT_LETTERS.split(_APOSTROPHES.sub("", composed.casefold())) if it]


@remembered(65_536)
def name_tokens(text: str) -> tuple[str, ...]:
    """The skeletons of a name, sorted, without titles; an initial is one letter, a patronymic ends in #."""
    tokens: list[str] = []
    for word in words(text):
        if word in _CHILD_OF and tokens:
            tokens[-1] = tokens[-1].removesuffix("#") + "#"
        elif word not in _TITLES and word not in _CHILD_OF:
            tokens.append(_PATRONYMIC.sub("#", skeleton(word)))
    return tuple(sorted(token for token in tokens if token))


def compare(left: tuple[str, ...], right: tuple[str, ...]) -> Agreement:
    """How far two sorted sets of tokens agree; symmetric.

    The shorter name must be found whole in the longer one, with two full tokens at least: a patronymic that
    one side leaves out is no difference, and one shared surname is no agreement.
    """
    shorter, longer = sorted((left, right), key=lambda tokens: (len(tokens), tokens))
    if not shorter or max(map(len, shorter)) == 1:
        return Agreement.UNKNOWN
    rest = list(longer)
    unmatched = [token for token in shorter if not _take(rest, [token])]
    full = sum(len(token) > 1 for token in shorter) - sum(len(token) > 1 for token in unmatched)
    if not unmatched:
        return Agreement.SAME if full >= 2 else Agreement.UNKNOWN
    slips = [token for token in unmatched if not _take(rest, _initials_of(token, rest))]
    if not slips:
        return Agreement.INITIALS if full else Agreement.UNKNOWN
    if len(slips) == len(unmatched) == 1 and full and any(_one_slip(slips[0], other) for other in rest):
        return Agreement.CLOSE
    return Agreement.DIFFERENT


def _take(rest: list[str], wanted: list[str]) -> bool:
    """Removes the first wanted token that is there; each token of one side answers for one of the other."""
    found = next((token for token in wanted if token in rest), None)
    if found is not None:
        rest.remove(found)
    return found is not None


def _initials_of(token: str, rest: list[str]) -> list[str]:
    """What a token may abbreviate, or be abbreviated by."""
    return [it for it in rest if min(len(it), len(token)) == 1 and it[0] == token[0]]


def _one_slip(left: str, right: str) -> bool:
    """One letter added, lost, changed or exchanged with its neighbour, in a token long enough to mistype."""
    return (
        left.endswith("#") == right.endswith("#")
        and min(len(left), len(right)) >= _SHORTEST_TO_MISTYPE
        and OSA.distance(left, right, score_cutoff=1) <= 1
    )
