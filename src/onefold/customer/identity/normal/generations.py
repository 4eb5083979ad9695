"""Which of several of one name in one family a name is of: senior or junior, the second, the third.

Father and son share a name, a home and a phone, and it is this word that says that they are two. It is no
part of the name itself: most systems leave it out, and then nothing follows. `Sr` and `I` are the first of a
name, `Jr` and `II` the second. Words that are names, too (Sen, Jun), say nothing here, and an `I` does only
where it ends a name of other words; it may still be an initial.
"""

from __future__ import annotations

import re

from onefold.kernel.memory import remembered

_WORDS = {
    "1": "sr senior ст старший père",
    "2": "jr junior ii 2nd мл младший fils filho hijo",
    "3": "iii 3rd neto",
    "4": "iv 4th",
}
_GENERATION_OF = {word: number for number, words in _WORDS.items() for word in words.split()}
_SAYS_ONE = re.compile(rf"(?<!\w)(?:{'|'.join(_GENERATION_OF)})(?!\w)")
_THE_FIRST = re.compile(r"\w\W+I\W*$")


@remembered(65_536)
def generation(text: str) -> str:
    """`1` to `4`; nothing where a name says none, more than one, or nothing else. Raises nothing."""
    plain = text.casefold()
    said = _SAYS_ONE.findall(plain)
    if not said:
        return "1" if _THE_FIRST.search(text) else ""
    found = {_GENERATION_OF[it] for it in said}
    beside = any(map(str.isalpha, _SAYS_ONE.sub("", plain)))
    return found.pop() if len(found) == 1 and beside else ""
