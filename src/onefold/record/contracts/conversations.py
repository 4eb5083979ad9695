"""Transforms of what was said or written: texts with their lines, conversations, lists of names.

A text of a document keeps its lines, because people read it whole. A conversation, a list of messages each
with an author, a time and a text, becomes text of one form (`canon/talk.py`), so that whoever shows it can
tell who said what, and whoever searches it finds words and not the names of fields.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from onefold.record.canon.talk import Turn, written
from onefold.record.contracts.access import MISSING, getter
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.moments import instant
from onefold.record.contracts.texts import Transform, plain, tidy

PASSAGE_LIMIT = 262_144
ITEMS_MAX = 100_000
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and those that change the order in which a line is read."""
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def passage(options: dict[str, Any]) -> Transform:
    """Text in NFC with its line breaks; spaces folded, at most one empty line between two others."""
    limit = options.get("limit", PASSAGE_LIMIT)

    def apply(raw: Any) -> str | None:
        text = _readable(raw if isinstance(raw, str) else plain(raw))
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
        text = _EMPTY_LINES.sub("\n\n", text).strip("\n")
        if len(text) > limit:
            raise RowFault(Reason.TOO_LONG)
        return text or None

    return apply


def talk(options: dict[str, Any]) -> Transform:
    """A list of messages as a conversation. `author`, `at` and `text` name their entries, dots going deeper.

    Times are instants, read as the transform `instant` does, or seconds from the beginning
    (`clock: seconds`).
    A message without one was said when the one before it was.
    """
    limit = options.get("limit", PASSAGE_LIMIT)
    get_author, get_at, get_text = (
        getter(options.get(name, name), flat=False) for name in ("author", "at", "text")
    )
    by_seconds = options.get("clock") == "seconds"
    instant_of = instant({name: options[name] for name in ("format", "zone") if name in options})

    def apply(raw: Any) -> str | None:
        turns: list[Turn] = []
        first: int | None = None
        second = 0
        for message in _items(raw):
            if not isinstance(message, dict):
                raise RowFault(Reason.BAD_TYPE)
            at = get_at(message)
            if at not in (None, "", MISSING):
                ms = _milliseconds(at) if by_seconds else instant_of(at)
                if ms is not None:
                    first = (0 if by_seconds else ms) if first is None else first
                    second = max(0, (ms - first) // 1000)
            words = _readable(_text(get_text(message))).replace("\n", " ")
            turns.append(Turn(second, _readable(_text(get_author(message))), words))
        text = written(turns)
        if len(text) > limit:
            raise RowFault(Reason.TOO_LONG)
        return text or None

    return apply


def listed(options: dict[str, Any]) -> Transform:
    """The different items of a list, or what `each` of them says, with `separator` between them."""
    separator = options.get("separator", ", ")
    each = options.get("each", "")
    get = getter(each, flat=False)
    limit = options.get("limit", 4096)

    def apply(raw: Any) -> str | None:
        found: dict[str, None] = {}
        for item in _items(raw):
            if each and not isinstance(item, dict):
                raise RowFault(Reason.BAD_TYPE)
            said = tidy(_readable(_text(get(item) if each else item)))
            if said:
                found[said] = None
        text = separator.join(found)
        if len(text) > limit:
            raise RowFault(Reason.TOO_LONG)
        return text or None

    return apply


def _items(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise RowFault(Reason.BAD_TYPE)
    if len(raw) > ITEMS_MAX:
        raise RowFault(Reason.TOO_LONG)
    return raw


def _text(raw: Any) -> str:
    return "" if raw is None or raw is MISSING else plain(raw)


def _readable(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _milliseconds(seconds: Any) -> int:
    """Seconds, also as text, as whole milliseconds."""
    try:
        value = float(seconds) if not isinstance(seconds, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not 0 <= value < 1e8:
        raise RowFault(Reason.BAD_INSTANT)
    return int(value * 1000)
