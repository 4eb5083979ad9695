"""Patterns of contracts, matched in time that grows with the length of a value and not faster.

A pattern comes from a file and a value from outside, and engines that try one way after the other can be made
to try for years: `(a+)+b` against forty letters. So a pattern has to be one that RE2 reads, an engine
without backtracking, which knows no look-around and no references to groups. It is slow to call for one
value, so what is plainly harmless, no more than one repetition of varying length and one choice, goes to
Python's own: it has at most one try a letter for each of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from onefold.record.contracts.errors import BadOption

PATTERN_CHARACTERS_MAX = 1_000
REPEATED_MAX = 2_000
"""Letters that the counts of a plain pattern come to; beyond that RE2 says whether it is too large."""

Matches = Callable[[str], bool]

_CLASS = re.compile(r"\[\^?\]?(?:\\[dwsDWS\\\-\]\[.^]|[^\\\[\]&|~])*\]")
_ITEM = re.compile(r"\\[dwsDWS.\\/+*?()\[\]{}|^$\-]|[^\\\[\](){}|*+?^$]")
_COUNT = re.compile(r"[0-9]{1,3}(?=[,}])")
_FIXED = re.compile(r"\{[0-9]{1,3}\}")
_VARYING = re.compile(r"[*+?]|\{[0-9]{1,3},(?:[0-9]{1,3})?\}")


def matcher(pattern: str) -> Matches:
    """Whether a whole value fits; `BadOption` for a pattern that is none, or is not read here."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise BadOption(f"is longer than {PATTERN_CHARACTERS_MAX} characters")
    if not _is_plain(pattern):
        return _linear(pattern)
    try:
        fits = re.compile(pattern, re.ASCII).fullmatch
    except re.error as error:
        raise BadOption(error.msg) from None
    return lambda text: fits(text) is not None


def _linear(pattern: str) -> Matches:
    # Only contracts with such patterns pay for loading it.
    import pyarrow as pa
    import pyarrow.compute as pc

    matches = pc.get_function("match_substring_regex")
    options = pc.MatchSubstringOptions(rf"\A(?:{pattern})\z")

    def whole(text: str) -> bool:
        try:
            found: Any = matches.call([pa.scalar(text)], options).as_py()
        except UnicodeEncodeError:  # Half a surrogate pair is no letter.
            return False
        return bool(found)

    try:
        # On its own first: what closes the group that it is put into would be another pattern.
        matches.call([pa.scalar("")], pc.MatchSubstringOptions(pattern))
        whole("")
    except pa.ArrowInvalid as error:
        raise BadOption(str(error).partition(": ")[2][:200] or "is not a regular expression") from None
    return whole


def _is_plain(pattern: str) -> bool:
    """Whether it has no more than one repetition of varying length, of one letter, and one choice.

    Groups may not be repeated at all, and nothing may stand in it whose meaning engines differ in.
    """
    at = varying = depth = 0
    repeated = sum(int(it) for it in _COUNT.findall(pattern))
    if pattern.count("|") > 1 or repeated > REPEATED_MAX:
        return False
    while at < len(pattern):
        if pattern.startswith("(?:", at) or (pattern[at] == "(" and not pattern.startswith("(?", at)):
            at, depth = at + (3 if pattern.startswith("(?:", at) else 1), depth + 1
            continue
        if pattern[at] == "|":
            at += 1
            continue
        if pattern[at] == ")":
            at, depth = at + 1, depth - 1
            if depth < 0 or pattern[at : at + 1] in {"*", "+", "?", "{"}:
                return False
            continue
        item = _CLASS.match(pattern, at) or _ITEM.match(pattern, at)
        if item is None:
            return False
        at = item.end()
        if times := _FIXED.match(pattern, at):
            at = times.end()
        elif times := _VARYING.match(pattern, at):
            at, varying = times.end(), varying + 1
        if pattern[at : at + 1] in {"*", "+", "?", "{"}:
            return False
    return varying <= 1 and depth == 0
