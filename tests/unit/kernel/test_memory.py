"""What is remembered of pure functions: worked out once, and gone when somebody is forgotten."""

from __future__ import annotations

import gc

from onefold.kernel.memory import MEMORIES, forget, remembered


def test_what_was_told_is_told_again_until_it_is_forgotten():
    asked = []

    @remembered(2)
    def doubled(text: str) -> str:
        asked.append(text)
        return text * 2

    assert [doubled(it) for it in ("a", "a", "b")] == ["aa", "aa", "bb"]
    assert asked == ["a", "b"]
    forget()
    assert doubled("a") == "aa"
    assert asked == ["a", "b", "a"]


def test_no_more_is_remembered_than_was_said():
    asked = []

    @remembered(2)
    def same(text: str) -> str:
        asked.append(text)
        return text

    for it in ("a", "b", "c", "a"):
        same(it)
    assert asked == ["a", "b", "c", "a"]


def test_a_memory_goes_with_its_function():
    before = len(MEMORIES)
    kept = [remembered(2)(str.upper) for _ in range(3)]
    assert len(MEMORIES) == before + 3
    del kept
    gc.collect()
    assert len(MEMORIES) == before
