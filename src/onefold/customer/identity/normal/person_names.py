"""Names of people as tokens with kinds, whatever the script, the order and the habits of who wrote them.

Which token is the given name and which the family name is known only where the source says so, with a
comma or with columns of their own; else it is `NAME`, and comparing does not depend on order. Kinds come
from what a token is, not from where it stands:

- a *patronymic* is made of the father's name and is not a given name. The son of Jasur is `Jasur o'g'li`
  or `Jasurovich`; both give the stem `jasur`, of its own kind, so that the father is not found in the son.
  Where nothing but a suffix says so and only one other name is there, it is a family name (Roman
  Abramovich).
- *particles* (van, de, bin, al-) and *titles* tell nothing about who it is, and come and go between
  systems. They are left where too little else would remain: in `Le Van Duc` they are the name.
- an *initial* agrees with every name that starts so.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import msgspec

from onefold.customer.identity.normal.scripts import APOSTROPHES, romanised
from onefold.customer.identity.normal.sounds import Sound, sound
from onefold.kernel.memory import remembered

TOKENS_MOST = 8
"""Longer names are cut: nobody is told apart by a ninth word, and comparing grows with the square."""


class Part(StrEnum):
    """What a token of a name is."""

    NAME = "name"
    GIVEN = "given"
    FAMILY = "family"
    INITIAL = "initial"
    PATRONYMIC = "patronymic"
    PARTICLE = "particle"
    TITLE = "title"
    SUFFIX = "suffix"


NAMING = frozenset({Part.NAME, Part.GIVEN, Part.FAMILY})
"""The kinds of tokens that say who it is."""

_MAY_BE_A_FATHERS = frozenset({Part.NAME, Part.GIVEN})


class NameToken(msgspec.Struct, frozen=True, gc=False):
    """One token. `sound` is of the stem: of a patronymic, of the father's name."""

    written: str
    part: Part
    sound: Sound


class PersonName(msgspec.Struct, frozen=True):
    """A name as its tokens, in the order in which they were written; none where nothing was said."""

    tokens: tuple[NameToken, ...]

    def of(self, *parts: Part) -> tuple[NameToken, ...]:
        """The tokens of some kinds."""
        return tuple(it for it in self.tokens if it.part in parts)

    @property
    def key(self) -> tuple[str, ...]:
        """The skeletons that say who it is, sorted: equal for every order, script and romanisation."""
        return tuple(sorted(it.sound.skeleton for it in self.tokens if it.part in NAMING))


_NOT_LETTERS = re.compile(r"[^\w\u0300-\u036f\u064b-\u0652\u0900-\u0dff]+|[\d_]+")
_GENTLE = re.compile(r"\bг-(?=(?:н|жа)\b)", re.IGNORECASE)
_INITIALS_TOGETHER = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{2,3}\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(romanised(it) for it in text.split())


_TITLES = _words(
    """
    mr mrs ms miss mx dr prof professor sir dame lady rev reverend fr hon capt col gen lt maj sgt messrs
    master
    mister esquire hrh sri shri shree smt shrimati kumari km adv er ca herr frau hr fr mme mlle monsieur
    madame
    mademoiselle sra srta señor señora dona dott dottssa sig sigra signor signora ing dipl mag dhr mevr mw
    haji
    hajji alhaji hajj г-н г-жа гн гжа господин госпожа гр гражданин гражданка доктор проф профессор тов
    товарищ
    janob xonim пан пані श्री श्रीमती डॉ السيد السيدة الدكتور دكتور الحاج κος κα κύριος κυρία
    """
)
_SUFFIXES = _words(
    "jr sr junior senior ii iii iv phd md esq cpa mba bsc msc obe mbe dds rn мл ст младший старший filho neto"
)
_PARTICLES = _words(
    """
    van von der den de del della dello di da do dos das du des la las los le les ter ten te zu zum zur vom
    af av
    bin ibn bint binti binte ben bar al el ul ur as ad an ar ash az и y e i st fitz ap mac mc o nee née ال
    بن ابن بنت
    """
) - {"i", "e", "o"}  # fmt: skip
_CHILD_OF = _words(
    """
    ogli ugli ogly uglu oglu oğlu ovli kizi qizi kyzy qyzy kyzi qızı gizi uly ulı kызы ўғли угли оглы оглу
    қизи кизи
    кызы гызы улы ұлы қызы uulu уулу kızı son daughter
    """
) - {"son", "daughter"}  # fmt: skip
_TELLING_LITTLE = _TITLES | _SUFFIXES | _PARTICLES
_SAYS_SO = re.compile(
    r"(?<=\w\w)(?:(?:ov|ev|yev)(?:na|ich|ych|yč|ic)|iyivna|yivna|ivna|inichna|ichna|iyovych|(?<=[iy])ch|uly|ulı|kyzy|qyzy|qizi|ogly|ogli|oglu)$"
)
_SURELY = re.compile(r"(?:ovna|evna|ivna|ichna)$")


@remembered(65_536)
def person_name(text: str) -> PersonName:
    """The tokens of a full name as one text; `Family, Given` says which is which. Raises nothing."""
    composed = _composed(text)
    before, comma, after = composed.partition(",")
    after = after.replace(",", " ")
    if comma and _told(before) and _told(after):
        found = [*_split(before, Part.FAMILY), *_split(after, Part.GIVEN)]
    else:
        found = _split(composed.replace(",", " "), Part.NAME)
    return PersonName(_with_kinds(found))


@remembered(65_536)
def person_name_of(given: str, family: str, middle: str = "") -> PersonName:
    """The tokens of a name whose parts have columns of their own; any of them may be empty."""
    if not (given.strip() and family.strip()):
        return person_name(" ".join(it for it in (given, middle, family) if it.strip()))
    parts = ((given, Part.GIVEN), (middle, Part.GIVEN), (family, Part.FAMILY))
    found = [it for text, part in parts for it in _split(_composed(text).replace(",", " "), part)]
    return PersonName(_with_kinds(found))


def _composed(text: str) -> str:
    """One way to write each character, so that й does not fall apart."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _told(side: str) -> bool:
    """Whether one side of a comma holds a name, not only a title or a `Jr`."""
    words = [romanised(it) for it in _NOT_LETTERS.split(APOSTROPHES.sub("", side)) if it]
    return any(it not in _TITLES and it not in _SUFFIXES for it in words)


def _split(text: str, part: Part) -> list[tuple[str, Part]]:
    """Words as written with the kind that the source says; `JK` beside `Rowling` is two initials."""
    text = _GENTLE.sub("г", APOSTROPHES.sub("", text))
    if not text.isupper():
        text = _INITIALS_TOGETHER.sub(_apart, text)
    return [(it, part) for it in _NOT_LETTERS.split(text) if it]


def _apart(found: re.Match[str]) -> str:
    word = found[0]
    return word if romanised(word) in _TITLES | _SUFFIXES or word == "NG" else " ".join(word)


def _with_kinds(found: list[tuple[str, Part]]) -> tuple[NameToken, ...]:
    """Decides what each word is, from the word and from how many others there are."""
    tokens = [token for word, part in found if (token := _token(word, part)).sound.folded]
    folded = {it.sound.folded for it in tokens}
    if not folded.isdisjoint(_CHILD_OF):
        tokens = _fathers(tokens)
    tokens = tokens[:TOKENS_MOST]
    if not folded.isdisjoint(_TELLING_LITTLE):
        tokens = _marked(tokens)
    named = sum(it.part in NAMING for it in tokens)
    return tuple(_patronymic(it, named) for it in tokens)


def _marked(tokens: list[NameToken]) -> list[NameToken]:
    """Marks titles, suffixes and particles, each kind only where enough of a name is left."""
    for part, words in ((Part.TITLE, _TITLES), (Part.SUFFIX, _SUFFIXES), (Part.PARTICLE, _PARTICLES)):
        named = sum(it.part in NAMING for it in tokens)
        marked = [it.part in NAMING and it.sound.folded in words for it in tokens]
        least = 2 if part is Part.PARTICLE else 1
        if named - sum(marked) >= least:
            tokens = [
                NameToken(it.written, part, it.sound) if mark else it
                for it, mark in zip(tokens, marked, strict=True)
            ]
    return tokens


@remembered(131_072)
def _token(word: str, part: Part) -> NameToken:
    heard = sound(word)
    return NameToken(heard.folded, Part.INITIAL if len(word) == 1 and heard.folded.isascii() else part, heard)


def _fathers(tokens: list[NameToken]) -> list[NameToken]:
    """`Jasur o'g'li`: the word that says child-of goes, and makes a patronymic of the one before it."""
    kept: list[NameToken] = []
    for token in tokens:
        if token.sound.folded in _CHILD_OF and kept and kept[-1].part in NAMING | {Part.PATRONYMIC}:
            father = kept[-1].written
            stem = _SAYS_SO.sub("", father) if _SAYS_SO.search(father) else father
            kept[-1] = NameToken(father, Part.PATRONYMIC, sound(stem))
        else:
            kept.append(token)
    return kept


def _patronymic(token: NameToken, named: int) -> NameToken:
    """A patronymic by its suffix; one that a family name may have too needs two other names beside it."""
    if named < 2 or token.part not in _MAY_BE_A_FATHERS or not _SAYS_SO.search(token.written):
        return token
    sure = token.part is Part.GIVEN or bool(_SURELY.search(token.written))
    if named < 3 and not sure:
        return token
    return NameToken(token.written, Part.PATRONYMIC, sound(_SAYS_SO.sub("", token.written)))


class NameWord(msgspec.Struct, frozen=True, gc=False):
    """A word of a name by itself; `stem` is the father's name where it ends like a patronymic."""

    skeleton: str
    stem: str
    part: Part
    child_of: bool


@remembered(262_144)
def _name_word(word: str) -> NameWord:
    token = _token(word, Part.NAME)
    folded = token.sound.folded
    part = token.part
    for kind, words in ((Part.TITLE, _TITLES), (Part.SUFFIX, _SUFFIXES), (Part.PARTICLE, _PARTICLES)):
        if part is Part.NAME and folded in words:
            part = kind
    stem = sound(_SAYS_SO.sub("", folded)).skeleton if _SAYS_SO.search(folded) else token.sound.skeleton
    if part is Part.NAME and stem != token.sound.skeleton:
        part = Part.PATRONYMIC
    return NameWord(token.sound.skeleton, stem, part, child_of=folded in _CHILD_OF)


def name_words(text: str, *, whole: bool) -> list[NameWord]:
    """The words that tell who it is, in order: `person_name` for millions, word by word from a cache.

    Titles, suffixes and particles go where enough is left. A word is marked as a patronymic where another
    says so, or by its ending where it is not the first and, of a `whole` name, two others stand beside it or
    its ending is of women. Raises nothing.
    """
    text = APOSTROPHES.sub("", _composed(text))
    if "-" in text:
        text = _GENTLE.sub("г", text)
    found: list[NameWord] = []
    for word in _NOT_LETTERS.split(text):
        if not word:
            continue
        it = _name_word(word)
        if it.child_of and found and found[-1].part in NAMING | {Part.PATRONYMIC}:
            found[-1] = _of_a_father(found[-1])
        elif it.skeleton:
            found.append(it)
    return _with_fathers(_telling(found)[:TOKENS_MOST], whole=whole)


def _of_a_father(word: NameWord) -> NameWord:
    return NameWord(word.skeleton, word.stem, Part.PATRONYMIC, child_of=True)


def _telling(words: list[NameWord]) -> list[NameWord]:
    """Without titles, suffixes and particles, each kind as long as a name is left without it."""
    for part in (Part.TITLE, Part.SUFFIX, Part.PARTICLE):
        kept = [it for it in words if it.part is not part]
        if len(kept) == len(words):
            continue
        if len(kept) >= (2 if part is Part.PARTICLE and len(words) > 2 else 1):
            words = kept
    return words


def _with_fathers(words: list[NameWord], *, whole: bool) -> list[NameWord]:
    """Leaves one word that only ends like a patronymic marked as one, and that where it can be one."""
    ends = [at for at, it in enumerate(words) if it.part is Part.PATRONYMIC and not it.child_of]
    if not ends:
        return words
    likely = [
        at for at in ends if at > 0 and (not whole or len(words) > 2 or _SURELY.search(words[at].skeleton))
    ]
    stays = likely[0] if likely else -1
    return [
        NameWord(it.skeleton, it.stem, Part.NAME, child_of=False) if at in ends and at != stays else it
        for at, it in enumerate(words)
    ]
