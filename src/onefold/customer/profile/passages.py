"""What was said in a conversation, as words to be found by, and the way from a question to the words.

A passage is the text of an interaction or a case as a set of folded words: lower case, without accents and
apostrophes, so that `Её` is found by `ее` and `O‘zbek` by `ozbek`. A question finds a passage that has, for
each of its words, one that begins with it; the order of words is not asked for. Beside the words stand the
ids of whom the passage is about, each behind a sign that no word can hold, so that one customer's
conversations are found as quickly as everybody's.

Words are not cut to stems: a beginning finds every ending, in any language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.kernel.ids import id_text
from onefold.kernel.memory import remembered
from onefold.record.canon.talk import spoken

WORD_CHARACTERS_MAX = 32
WORDS_ASKED_MAX = 8
WORD_ASKED_LEAST = 2
OWNER = "\u00a7"
"""Goes before the id of whom a passage is about; no word holds it."""

_TEXTS = {"interaction": ("text", "topic", "attachments"), "case": ("text", "topic")}
_SAID = {"interaction": ("text", "attachments"), "case": ("text",)}
"""Without one of these nothing was said: a page that somebody looked at has a topic too."""
_OWNERS = {"interaction": ("party",), "case": ("party", "account")}

_MARKS = "".join(it for it in map(chr, range(0x300, 0x12000)) if unicodedata.category(it)[0] == "M")
"""Vowel signs and accents that stand as signs of their own; they do not end a word."""
_APOSTROPHES = "'`´ʻʼʹʿ‘’′"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|[{_APOSTROPHES}](?=[^\W_]))*")
_DROPPED = re.compile(f"[{_APOSTROPHES}\u0300-\u036f]")


class Passage(NamedTuple):
    """One row of the index: the words, sorted, once each, spaces between them, owners among them."""

    fragment_id: bytes
    at: int
    words: str


class Piece(NamedTuple):
    """A part of a text, and whether it was asked for."""

    text: str
    found: bool


def passage_of(fragment: Fragment, values: Values | None) -> Passage | None:
    """The passage of a fragment that stands with these values; None where nothing was said."""
    names = _TEXTS.get(fragment.entity)
    if names is None or values is None or not any(values.get(it) for it in _SAID[fragment.entity]):
        return None
    words = {word for name in names for _, _, word in _words(spoken(str(values.get(name, ""))))}
    words |= {owner_word(it) for it in _owners(fragment, values)}
    return Passage(fragment.fragment_id, at_of(fragment, values), " ".join(sorted(words)))


def _owners(fragment: Fragment, values: Values) -> list[bytes]:
    """Whom a passage is about; the device it was said on where it names nobody."""
    owners = [values[it] for it in _OWNERS[fragment.entity] if values.get(it) is not None]
    if fragment.entity == "interaction" and not owners and values.get("device") is not None:
        owners = [values["device"]]
    return owners


def owner_word(id_bytes: bytes) -> str:
    """The word by which passages about somebody are found."""
    return OWNER + id_text(id_bytes)


def question(text: str) -> tuple[str, ...]:
    """The words that somebody asks for: beginnings of two letters or more, the first few of them.

    One sign of a script without capitals may be a whole word.
    """
    asked = dict.fromkeys(
        word
        for _, _, word in _words(text)
        if len(word) >= WORD_ASKED_LEAST or (word.isalpha() and word.upper() == word.lower())
    )
    return tuple(asked)[:WORDS_ASKED_MAX]


def holds(passage: Passage, words: Sequence[str], owners: Sequence[str]) -> bool:
    """Whether a passage has a word that begins with each of these, and is about one of the owners, if any."""
    held = passage.words.split(" ")
    about = not owners or any(it in held for it in owners)
    return about and all(any(one.startswith(word) for one in held) for word in words)


def pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The text in parts, those marked whose word was asked for; without a question one part."""
    found: list[Piece] = []
    at = 0
    for start, end, word in _words(text) if words else ():
        if word.startswith(tuple(words)):
            if start > at:
                found.append(Piece(text[at:start], False))
            found.append(Piece(text[start:end], True))
            at = end
    if at < len(text):
        found.append(Piece(text[at:], False))
    return tuple(found)


def excerpt(text: str, words: Sequence[str], most: int) -> str:
    """The part of a long text around the first word that was asked for, or its beginning; … for the rest."""
    if len(text) <= most:
        return text
    first = next((start for start, _, word in _words(text) if words and word.startswith(tuple(words))), 0)
    begin = max(0, first - most // 3)
    if begin:
        # Not in the middle of a word: behind the next space, if there is one before what was found.
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else first
    end = begin + most
    if end < len(text):
        space = text.rfind(" ", begin, end)
        end = space if space > begin else end
    return f"{'…' if begin else ''}{text[begin:end].strip()}{'…' if end < len(text) else ''}"


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, folded word) of each word of a text."""
    for it in _WORD.finditer(text):
        word = _folded(it[0])
        if word:
            yield it.start(), it.end(), word


@remembered(65_536)
def _folded(word: str) -> str:
    word = word.casefold()
    if not (word.isascii() and word.isalnum()):
        word = unicodedata.normalize("NFKD", word)
        word = unicodedata.normalize("NFC", _DROPPED.sub("", word))
        # What compatibility forms stand for may hold a space or a sign.
        word = "".join(sign for sign in word if sign.isalnum() or unicodedata.category(sign)[0] == "M")
    return word[:WORD_CHARACTERS_MAX]
