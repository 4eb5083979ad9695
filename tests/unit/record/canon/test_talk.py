"""Conversations as text: what is written is read back, and no other text is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.canon.talk import Turn, spoken, turns_of, written


def test_a_conversation_reads_as_people_write_it():
    turns = [Turn(65, "Anna", "Good day"), Turn(3700, "", "noise")]
    assert written(turns) == "[0:01:05] Anna: Good day\n[1:01:40] ?: noise"
    assert turns_of(written(turns)) == tuple(turns)


@pytest.mark.parametrize(
    "text", ["", "Anna: hello", "[0:01:05] hello", "[0:01:05] Anna: a\nsee above", "[9:99:99] A: b"]
)
def test_other_texts_are_no_conversations(text):
    assert turns_of(text) is None
    assert spoken(text) == text


def test_only_words_are_spoken():
    assert spoken("[0:01:05] Anna: Good day\n[0:02:00] Bo: a [0:03:00] b: c") == "Good day\na [0:03:00] b: c"


WORDS = st.text(max_size=30)


@given(st.lists(st.builds(Turn, st.integers(-9, 10**6), WORDS, WORDS), max_size=8))
def test_whatever_is_said_is_read_back_as_the_same_turns(turns):
    said = [it for it in turns if it.words.strip()]
    read = turns_of(written(turns))
    assert len(read or ()) == len(said)
    for it, back in zip(said, read or (), strict=True):
        assert back.words == " ".join(it.words.split())
        assert back.second == max(0, it.second)
