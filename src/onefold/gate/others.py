"""Other people in the records of a customer: who they are, and the words that would name them. Pure.

A joint account is everything of each of its holders, and none of them may be told about the others by asking
for what is theirs (GDPR article 15(4)). A text is held back whole where it names another holder: what is left
of a sentence would often say who it was. A word that the customer bears, too, names nobody: couples share
surnames.

Theory. Names come in any script, and a note of a branch in another: `Ли` is there for Li, `Каримова` for
Karimova, محمد for Muhammad. So words are compared as identity compares tokens of names
(customer/identity/normal): two that are spellings of one name are that name, and no more than that, since
what is merely alike would be other people, and ordinary words. Only tokens that sound nearly alike are
compared at all (`Sound.classes`). Scripts that put no blanks between words are looked through for the whole
name.

A name of two letters is a word of some language nearly always (Do, An, Ли). Where it is one of the words that
stand in many texts, it names somebody only as names are written: with a capital letter inside a sentence, or
beside another word of a name. Else two letters name somebody as more do. A single letter names nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.naming import name_words, words_in
from onefold.customer.identity.normal.agreement import Level, sounds_agree
from onefold.customer.identity.normal.person_names import NAMING, Part, person_name
from onefold.customer.identity.normal.scripts import Script
from onefold.customer.identity.normal.sounds import Sound, sound

_MARKS = ("email", "phone", "national_id", "tax_id", "customer_number", "address")
_MARK_LEAST = 6
"""A shorter key or number stands in too many texts to name anybody."""
_RESPELT_LEAST = 5
"""Shorter names are not told from ordinary words by their sound: Kal is no call."""
_SPOKEN_LEAST = 3
"""Consonants from which on a short name is told by them in a script that says no vowels."""
_PERSON = ("full_name", "given_name", "middle_name", "family_name")
_TELLING = NAMING | {Part.PATRONYMIC}
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['`´ʻʼʹʽʾʿˈ‘’‛′＇\u0300-\u036f\u064b-\u0652\u0900-\u0dff])*")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:;…]|\n)[\s\"'«“(-]*$")
_ORDINARY = frozenset(
    """
    ad ah al am an as at au aw ay be bu by ce co da de di do du ed eh ei el em en er es et ex fa go
    ha he hi ho id if il im in io is it je la le lo ma me mi mu my na ne no ob of oh ok on or os ou
    ox pa pe po qu re sa se si so su ta te ti to tu uh um un up us va ve vi vs we wo ya ye yo za zu
    бы во вы да до ее её ей же за из им их ко ли мы на не ни но ну об он от по со та те то ту ты уж
    ва ўз шу бу би бі ба де ми ма ті ці це що як
    """.split()
)
"""Words of two letters that stand in many texts, of the languages that our texts are mostly in."""


class Others:
    """What names the others: words of their names in whatever script, and numbers, keys and addresses."""

    def __init__(self, customer: Iterable[Fragment], others: Iterable[Fragment]) -> None:
        others = list(others)
        own = list(customer)
        self._words = name_words(others) - name_words(own)
        self._own = _Names(own)
        self._names = _Names(others)
        self._marks = tuple(sorted(set(_marks(others)) - set(_marks(own))))

    def marked_in(self, key: str) -> bool:
        """Whether a key, which is no sentence, holds a number or a whole word of one of them."""
        folded = key.casefold()
        if any(mark in folded for mark in self._marks):
            return True
        return bool(self._words) and not self._words.isdisjoint(words_in(folded))

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        return self.marked_in(text) or self._is_sounded(text)

    def _is_sounded(self, text: str) -> bool:
        return self._names.is_any and self._by_sound(unicodedata.normalize("NFKC", text))

    def _by_sound(self, text: str) -> bool:
        """Whether a word is the spelling of a name that the customer does not bear."""
        if self._names.stands_in(text) and not self._own.stands_in(text):
            return True
        found = [(it, sound(it.group())) for it in _WORD.finditer(text)]
        named = [self._names.has(it) and not self._own.has(it) for _, it in found]

        def is_beside(at: int) -> bool:
            """Whether the word before or behind is of a name, too, and not two small words of a sentence."""
            near = [it for it in (at - 1, at + 1) if 0 <= it < len(found) and named[it]]
            both = (found[at][0].group()[0].isupper() and found[it][0].group()[0].isupper() for it in near)
            return any(both) or any(not _is_ordinary(found[it][1]) for it in near)

        return any(
            named[at] and (not _is_ordinary(it) or _is_written_as_a_name(text, word) or is_beside(at))
            for at, (word, it) in enumerate(found)
        )


class _Names:
    """The names of some people: their tokens by what they sound like, and whole names without blanks."""

    def __init__(self, parties: Iterable[Fragment]) -> None:
        self._tokens: dict[str, set[Sound]] = {}
        self._whole: set[str] = set()
        for it in parties:
            values = it.values or {}
            texts = [str(values[name]) for name in _PERSON if values.get(name)]
            family, given = str(values.get("family_name") or ""), str(values.get("given_name") or "")
            for text in (*texts, family + given):
                self._add_whole(text)
            for text in texts:
                self._add_tokens(text)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._tokens or self._whole)

    def has(self, word: Sound) -> bool:
        """Whether a word is a spelling of one of their tokens."""
        return any(_is_one_name(word, it) for it in self._tokens.get(word.classes, ()))

    def stands_in(self, text: str) -> bool:
        """Whether a whole name stands in a text of a script that puts no blanks between words."""
        return bool(self._whole) and any(it in "".join(text.split()) for it in self._whole)

    def _add_whole(self, text: str) -> None:
        letters = "".join(it for it in unicodedata.normalize("NFKC", text) if it.isalpha())
        if len(letters) >= 2 and sound(letters).script is Script.OTHER:
            self._whole.add(letters)

    def _add_tokens(self, text: str) -> None:
        for token in person_name(text).tokens:
            # What may be a title or a particle is a name in other countries: Do, Le, Da.
            if token.part not in _TELLING and token.written not in _ORDINARY:
                continue
            said = sound(token.written)
            if len(said.text) >= 2 and said.script is not Script.OTHER:
                self._tokens.setdefault(said.classes, set()).add(said)


def _is_one_name(one: Sound, other: Sound) -> bool:
    """Whether two tokens are spellings of one name; short ones only by the letters they are written with."""
    if min(len(one.skeleton), len(other.skeleton)) < _RESPELT_LEAST:
        if one.script is other.script:
            return one.folded == other.folded
        if len(one.consonants) < _SPOKEN_LEAST:
            return one.skeleton == other.skeleton
    return sounds_agree(one, other).level >= Level.SPELLING


def _is_ordinary(word: Sound) -> bool:
    return word.text in _ORDINARY


def _is_written_as_a_name(text: str, word: re.Match[str]) -> bool:
    """Whether a word has a capital letter that neither its sentence nor the whole text gives it."""
    written = word.group()
    if not written[0].isupper() or written.isupper():
        return False
    return _SENTENCE_ENDS.search(text, 0, word.start()) is None


def _marks(parties: Iterable[Fragment]) -> Iterator[str]:
    for it in parties:
        values = it.values or {}
        for text in (it.key, *(str(values.get(name, "")) for name in _MARKS)):
            if len(text) >= _MARK_LEAST:
                yield text.casefold()
