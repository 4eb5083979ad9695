"""Values with what names a person taken out of them: initials, last digits, the year of a birth.

A mask keeps what helps to see a problem (two years of birth, another ending of a number) and never the value:
what is too short to be cut is hidden whole.
"""

from __future__ import annotations

import re

from onefold.customer.identity.normal.genders import gender

HIDDEN = "•••"
_YEAR = re.compile(r"(?<!\d)(1\d\d\d|20\d\d)(?!\d)")
_RUN = re.compile(r"(1\d|20)\d{6}")
_SHORT = 6
_TAIL = 2


def masked(kind: str, value: str) -> str:
    """What may be seen of a value of a kind; empty for an empty one."""
    text = " ".join(value.split())
    if not text:
        return ""
    if kind == "birth_date":
        return _year(text)
    if kind in {"phone", "identifier"}:
        return _last(text)
    if kind == "email":
        return f"{text[0]}{HIDDEN}@{HIDDEN}" if "@" in text else HIDDEN
    if kind == "gender":
        return gender(text)[:1] or HIDDEN
    if kind == "postcode":
        return f"{text[0]}{HIDDEN}" if len(text) > 3 else HIDDEN
    return _initials(text)


def _year(text: str) -> str:
    """The year that a date says, where its four digits stand by themselves or at the front of eight."""
    found = _YEAR.search(text)
    if found:
        return f"{found[1]}-{HIDDEN}"
    return f"{text[:4]}-{HIDDEN}" if _RUN.fullmatch(text) else HIDDEN


def _last(text: str) -> str:
    kept = [it for it in text if it.isalnum()]
    return f"{HIDDEN}{''.join(kept[-_TAIL:])}" if len(kept) >= _SHORT else HIDDEN


def _initials(text: str) -> str:
    """The first letter of each of the first words, none of a word that is a letter or a number by itself."""
    words = text.split()[:4]
    return " ".join(f"{it[0]}{HIDDEN}" if len(it) > 1 and it[0].isalpha() else HIDDEN for it in words)
