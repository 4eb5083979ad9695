"""How far a worker is, and waiting for it."""

from __future__ import annotations

from threading import Thread

import pytest

from onefold.kernel.errors import Damaged, Unavailable
from onefold.runtimes.embedded.progress import Progress


def test_who_waits_is_woken_when_it_is_reached():
    progress = Progress(3)
    waiting = Thread(target=progress.wait_for, args=(5, 20))
    waiting.start()
    progress.reached(4)
    assert waiting.is_alive()
    progress.reached(5)
    waiting.join(20)
    assert not waiting.is_alive()


def test_what_was_reached_is_not_lost_by_news_that_come_late():
    progress = Progress(3)
    progress.reached(7)
    progress.reached(5)
    progress.wait_for(7, 0)
    assert progress.applied == 7


def test_reaching_ends_a_failure():
    progress = Progress(0)
    progress.failed(Damaged("A page is torn."))
    assert progress.failure
    progress.reached(1)
    assert progress.failure is None


def test_after_the_end_nobody_waits_and_everybody_is_told_why():
    progress = Progress(0)
    progress.failed(Damaged("A page is torn."))
    progress.ended()
    with pytest.raises(Unavailable, match="A page is torn"):
        progress.wait_for(1, 20)
    progress.wait_for(0, 0)


def test_a_worker_that_ended_for_no_known_reason_has_failed():
    progress = Progress(0)
    progress.ended()
    assert progress.failure is not None
    assert progress.failure.message == "The worker has ended."
