"""A thread for the length of a block."""

from __future__ import annotations

import threading

import pytest

from onefold.app.beside import beside


def test_work_begins_with_the_block_and_has_ended_when_the_block_has():
    seen: list[str] = []
    begun = threading.Event()

    def work(stopping: threading.Event) -> None:
        seen.append(threading.current_thread().name)
        begun.set()
        assert stopping.wait(30)
        seen.append("ended")

    with beside("a-name", work):
        assert begun.wait(30)
        assert seen == ["a-name"]
    assert seen == ["a-name", "ended"]


def test_it_ends_with_a_block_that_fails():
    ended = threading.Event()
    with (
        pytest.raises(KeyError),
        beside("a-name", lambda stopping: ended.set() if stopping.wait(30) else None),
    ):
        raise KeyError
    assert ended.is_set()
