"""Patterns: what they mean, which are not taken, and that none of them hangs."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefold.record.contracts.errors import BadOption
from onefold.record.contracts.patterns import _is_plain, _linear, matcher

PLAIN = [r"[A-Z]{2}\d{8}", r"\+998\d{9}", "[A-Za-z0-9_-]{4,10}", r"(?:AA|BB)\d+", "a.c", r"x\.y*", ""]
NOT_PLAIN = [
    "(a+)+b",
    "(?:a|a)*b",
    "a*a*a*b",
    "(a?){30}a{30}",
    "(a|b)(c|d)",
    "a{2}{3}",
    "^a$",
    r"\bx",
    "[[:alpha:]]+",
    "a**",
]


@pytest.mark.parametrize("pattern", PLAIN)
def test_plain_patterns_are_told_and_mean_the_whole_value(pattern):
    assert _is_plain(pattern)
    assert matcher("[A-Z]{2}[0-9]{2}")("AB12")
    assert not matcher("[A-Z]{2}[0-9]{2}")("xAB12")
    assert not matcher("[A-Z]{2}[0-9]{2}")("AB12\n")


@pytest.mark.parametrize("pattern", NOT_PLAIN)
def test_what_could_be_tried_in_many_ways_is_not_plain(pattern):
    assert not _is_plain(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(?:a|aa)+b", "(.*)*x", "(a|a)*b", "a*a*a*a*a*a*b", "([a-z]+)*[A-Z]"]
)
def test_no_value_hangs_the_door(pattern):
    assert not matcher(pattern)("a" * 200_000 + "!")


@pytest.mark.parametrize(
    "pattern", ["(", r"(a)\1", "(?=a)b", "(?<!a)b", "a)(b", "x{1001}", "(a{900}){900}", "a" * 1001]
)
def test_a_pattern_that_is_none_or_needs_trying_is_told(pattern):
    with pytest.raises(BadOption, match=r"."):
        matcher(pattern)


@given(st.sampled_from([it for it in PLAIN if it]), st.text("ABab019+.xyc-_\n٣", max_size=12))
def test_both_engines_say_the_same_of_what_is_plain(pattern, text):
    linear = matcher(f"(?:{pattern}|{pattern}|{pattern})")
    assert not _is_plain(f"(?:{pattern}|{pattern}|{pattern})")
    assert matcher(pattern)(text) == linear(text) == bool(re.fullmatch(pattern, text, re.ASCII))


_PARTS = [
    *"abz09-^]\\[(){}|*+?.$ ,:",
    "[a-z]",
    r"\d",
    "{2}",
    "{1,3}",
    "[^a]",
    "(?:",
    "{999}",
    "[]a]",
    "[z-a]",
]


@given(st.lists(st.sampled_from(_PARTS), max_size=7).map("".join))
def test_what_is_plain_is_read_by_both_engines_or_by_neither(pattern):
    """So only one has to be asked."""
    assume(_is_plain(pattern))
    try:
        _linear(pattern)
    except BadOption:
        with pytest.raises(BadOption):
            matcher(pattern)
    else:
        matcher(pattern)


def test_counts_that_come_to_much_are_not_plain():
    assert _is_plain("x{999}")
    assert not _is_plain("x{999}" * 3)


def test_half_a_letter_fits_nothing():
    assert not matcher("(?:a|.|b)+")("\ud800")
