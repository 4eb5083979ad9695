"""Settling waits for what began before, and for nothing else."""

from __future__ import annotations

import threading

import pytest

from onefold.gate.releases import Releases
from onefold.kernel.errors import Unavailable

SOON = 0.05


def test_nothing_under_way_settles_at_once():
    releases = Releases()
    releases.settle(0)
    with releases.under_way():
        pass
    releases.settle(0)
    assert releases._under_way == {0: 0}


def test_settling_waits_for_a_release_that_began_before():
    releases = Releases()
    with releases.under_way(), pytest.raises(Unavailable, match="under way"):
        releases.settle(SOON)


def test_settling_does_not_wait_for_a_release_that_began_after():
    releases = Releases()
    settled = threading.Event()
    first = releases.under_way()
    first.__enter__()
    waiting = threading.Thread(target=lambda: (releases.settle(5), settled.set()))
    waiting.start()
    while releases._generation == 0:
        pass
    with releases.under_way():
        assert not settled.wait(SOON)
        first.__exit__(None, None, None)
        assert settled.wait(5)
    waiting.join()


def test_a_settling_that_gave_up_leaves_the_next_one_to_wait_for_the_same_release():
    releases = Releases()
    with releases.under_way():
        for _ in range(3):
            with pytest.raises(Unavailable):
                releases.settle(SOON / 5)
    releases.settle(0)


def test_a_release_that_fails_is_over_too():
    releases = Releases()
    with pytest.raises(KeyError), releases.under_way():
        raise KeyError
    releases.settle(0)


def test_generations_do_not_pile_up():
    releases = Releases()
    for _ in range(50):
        with releases.under_way(), pytest.raises(Unavailable):
            releases.settle(0)
    assert len(releases._under_way) == 1
