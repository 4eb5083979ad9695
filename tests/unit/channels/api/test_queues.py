"""Places at the entrance: bounded in number, in bytes and for one sender, and given back whatever happens."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from onefold.channels.api.queues import (
    WAITING_BYTES_MAX,
    WAITING_MAX,
    WAITING_OF_ONE_MAX,
    Crowded,
    Queues,
)
from onefold.kernel.errors import Unavailable


def hold_and_fail(queues: Queues) -> None:
    with queues.place("a") as place:
        place.hold(WAITING_BYTES_MAX)
        raise ValueError("failed")


def test_one_sender_cannot_take_every_place():
    queues = Queues()
    with ExitStack() as under_way:
        for _ in range(WAITING_OF_ONE_MAX):
            under_way.enter_context(queues.place("flood"))
        with pytest.raises(Crowded) as told, queues.place("flood"):
            pass
        assert (told.value.status, told.value.retry_after_seconds) == (429, 1)
        with queues.place("other"), queues.place(""):
            pass
    with queues.place("flood"):
        pass


def test_all_places_together_are_bounded():
    queues = Queues()
    with ExitStack() as under_way:
        for number in range(WAITING_MAX):
            under_way.enter_context(queues.place(str(number)))
        with pytest.raises(Unavailable) as told, queues.place("late"):
            pass
        assert told.value.status == 503


def test_bytes_are_bounded_and_given_back_after_a_failure_too():
    queues = Queues()
    with queues.place("a") as first, queues.place("b") as second:
        first.hold(WAITING_BYTES_MAX - 10)
        second.hold(10)
        with pytest.raises(Unavailable):
            second.hold(1)
    with pytest.raises(ValueError, match="failed"):
        hold_and_fail(queues)
    with queues.place("a") as place:
        place.hold(WAITING_BYTES_MAX)
