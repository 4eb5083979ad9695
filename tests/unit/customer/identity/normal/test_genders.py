"""Genders: words of many languages, and no guess where none is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.genders import gender, is_word_for_one


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("F", "female"), ("жен.", "female"), ("Ayol", "female"), ("महिला", "female"), ("weiblich", "female"),
        ("M", "male"), ("муж", "male"), ("Erkak", "male"), ("männlich", "male"), ("ذكر", "male"),
        ("unknown", ""), ("1", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_word_for_a_gender_is_understood(text, told):
    assert gender(text) == told


@given(st.text())
def test_any_text_says_a_gender_or_none(text):
    assert gender(text) in {"", "female", "male"}
    assert not gender(text) or is_word_for_one(text)
