"""How a conversation is written as text: a line for each thing said, `[0:01:05] Anna: words`.

The time counts from the beginning, `?` stands for somebody unknown. A text is a conversation if every line of
it reads so; any other text is one thing, said by nobody in particular. Nothing here acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

NOBODY = "?"
WHO_CHARACTERS_MAX = 120
_LINE = re.compile(r"\[(\d{1,6}):([0-5]\d):([0-5]\d)\] ([^:\n]+): (.+)")


class Turn(NamedTuple):
    """One thing said: how many seconds after the beginning, by whom (empty where nobody knows), and what."""

    second: int
    who: str
    words: str


def written(turns: Iterable[Turn]) -> str:
    """The text of a conversation, without those who said nothing."""
    return "\n".join(_written(it) for it in turns if it.words.strip())


def turns_of(text: str) -> tuple[Turn, ...] | None:
    """The conversation that a text is; None where it is none."""
    turns = []
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        hours, minutes, seconds, who, words = found.groups()
        second = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
        turns.append(Turn(second, "" if who == NOBODY else who, words))
    return tuple(turns)


def spoken(text: str) -> str:
    """The words of a text alone, whoever said them and when."""
    turns = turns_of(text)
    return text if turns is None else "\n".join(it.words for it in turns)


def clock(second: int) -> str:
    """Seconds after the beginning as people read them."""
    return f"{second // 3600}:{second // 60 % 60:02}:{second % 60:02}"


def _written(turn: Turn) -> str:
    # A colon ends the name, so none may stand in it; a line break would begin another turn.
    who = " ".join(turn.who.replace(":", " ").split())[:WHO_CHARACTERS_MAX].strip() or NOBODY
    return f"[{clock(max(0, turn.second))}] {who}: {' '.join(turn.words.split())}"
