"""Turns: one asker a thing, the one who waits longest first, and nothing lost when somebody gives up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from onefold.runtimes.embedded.turns import Turns


def test_what_was_given_back_last_is_lent_first():
    turns: Turns[str] = Turns()
    turns.give("cold")
    turns.give("warm")
    assert [turns.take(0), turns.take(0), turns.take(0)] == ["warm", "cold", None]


def test_the_one_that_is_wished_for_is_lent_if_it_is_idle_else_any_other():
    turns: Turns[str] = Turns()
    for it in ("cold", "mine", "warm"):
        turns.give(it)
    assert [turns.take(0, "mine"), turns.take(0, "mine"), turns.take(0, "cold")] == ["mine", "warm", "cold"]


def test_whoever_waits_takes_what_comes_whatever_was_wished_for():
    turns: Turns[str] = Turns()
    given: list[str] = []
    assert turns.take_or_wait(given.append, "mine") is None
    turns.give("other")
    assert given == ["other"]


def test_whoever_waits_longest_is_next_thread_or_not():
    turns: Turns[str] = Turns()
    given: list[str] = []
    turns.take_or_wait(lambda it: given.append(f"first {it}"))
    turns.take_or_wait(lambda it: given.append(f"second {it}"))
    assert turns.anybody_waits()
    turns.give("a")
    turns.give("b")
    assert given == ["first a", "second b"]
    assert not turns.anybody_waits()


def test_who_gave_up_is_given_nothing():
    turns: Turns[str] = Turns()
    assert turns.take(0.01) is None
    assert not turns.anybody_waits()
    turns.give("a")
    assert turns.take(0) == "a"


def test_nothing_is_lost_however_many_come_and_go():
    turns: Turns[int] = Turns()
    for it in range(3):
        turns.give(it)
    used = [threading.Lock() for _ in range(3)]

    def use(number: int) -> bool:
        found = turns.take(0.0001 if number % 3 else 5.0)
        if found is None:
            return False
        assert used[found].acquire(blocking=False), "one asker at a time"
        used[found].release()
        turns.give(found)
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(use, range(3000))) >= 1000
    assert sorted(it for it in (turns.take(0) for _ in range(4)) if it is not None) == [0, 1, 2]


def test_who_cannot_be_told_any_more_is_passed_over():
    turns: Turns[str] = Turns()
    given: list[str] = []

    def gone(thing: str) -> None:
        raise RuntimeError("Event loop is closed")

    turns.take_or_wait(gone)
    turns.take_or_wait(given.append)
    turns.give("a")
    assert given == ["a"]
