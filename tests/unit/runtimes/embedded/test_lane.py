"""Asking processes from an event loop: each question gets its own answer, whatever becomes of the process."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import threading

import msgspec
import pytest

from onefold.kernel.errors import NotFound, Unavailable
from onefold.runtimes.embedded import child, frames, lane
from onefold.runtimes.embedded.turns import Turns
from tests.unit.runtimes.embedded.test_cutters import answered_by, pool_of, said, search, who


def test_each_of_many_who_await_gets_the_answer_to_its_own_question_threads_among_them(tmp_path):
    texts = [f"name {number}" for number in range(300)]

    async def run(pool):
        in_threads = [asyncio.to_thread(pool.cut, search(f"thread {it}")) for it in range(50)]
        found = await asyncio.gather(*(pool.cut_soon(search(it)) for it in texts), *in_threads)
        return [said(it) for it in found]

    with pool_of(2, tmp_path) as pool:
        answers = asyncio.run(run(pool))
    assert [text for text, _ in answers] == texts + [f"thread {it}" for it in range(50)]
    assert len({pid for _, pid in answers}) == 2


def test_a_customer_is_cut_by_the_same_process_while_that_is_idle(tmp_path):
    async def run(pool):
        return [answered_by(await pool.cut_soon(who(it % 4))) for it in range(12)]

    with pool_of(2, tmp_path) as pool:
        answered = asyncio.run(run(pool))
    assert answered[:4] * 3 == answered
    assert len(set(answered)) == 2


def test_an_error_goes_to_its_own_question_and_a_process_that_died_is_replaced(tmp_path):
    async def run(pool):
        async def unknown():
            with pytest.raises(NotFound):
                await pool.cut_soon(search("unknown"))

        asked = (pool.cut_soon(search(it)) for it in ("a", "die-once x", "b"))
        _, *found = await asyncio.gather(unknown(), *asked)
        assert [said(it)[0] for it in found] == ["a", "die-once x", "b"]
        os.kill(said(found[2])[1], signal.SIGKILL)
        assert said(await pool.cut_soon(search("c")))[0] == "c"
        assert said(await asyncio.to_thread(pool.cut, search("d")))[0] == "d"

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))


def test_a_question_that_kills_its_process_is_given_up_and_the_next_is_answered(tmp_path):
    async def run(pool):
        with pytest.raises(Unavailable):
            await pool.cut_soon(search("die"))
        assert said(await pool.cut_soon(search("next")))[0] == "next"

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))


def test_a_question_that_kills_its_process_takes_no_other_with_it(tmp_path):
    texts = [f"name {number}" for number in range(8)]

    async def run(pool):
        asked = (pool.cut_soon(search(it)) for it in ["die", *texts])
        return await asyncio.gather(*asked, return_exceptions=True)

    with pool_of(1, tmp_path) as pool:
        died, *found = asyncio.run(run(pool))
    assert isinstance(died, Unavailable)
    assert [said(it)[0] for it in found] == texts


def test_a_question_whose_turn_does_not_come_is_given_up():
    async def run():
        await lane.Lane(Turns(), 1, itertools.count(), turn_seconds=0.01).ask(b"anybody?")

    with pytest.raises(Unavailable):
        asyncio.run(run())


def test_no_more_questions_gather_than_may():
    async def run():
        asking = lane.Lane(Turns(), 1, itertools.count(), waiting_max=2)
        two = [asyncio.create_task(asking.ask(b"early")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await asking.ask(b"late")
        assert not any(it.done() for it in two)
        for it in two:
            it.cancel()
        await asyncio.gather(*two, return_exceptions=True)

    asyncio.run(run())


def test_a_question_that_nobody_waits_for_any_more_does_not_hold_up_the_end(tmp_path):
    async def run(pool):
        hung = asyncio.create_task(pool.cut_soon(search("hang")))
        pid = said(await pool.cut_soon(search("other")))[1]
        hung.cancel()
        return pid

    with pool_of(2, tmp_path) as pool:
        asyncio.run(run(pool))
        started = [it._process for it in pool._all]
    assert all(it.poll() is not None for it in started)


def test_a_question_that_is_long_for_a_pipe_is_asked_in_a_thread(tmp_path):
    text = "x" * 100_000

    async def run(pool):
        return said(await pool.cut_soon(search(text)))[0]

    with pool_of(1, tmp_path) as pool:
        assert asyncio.run(run(pool)) == text


def test_a_process_that_does_not_answer_is_ended_and_its_question_given_up(tmp_path, monkeypatch):
    async def run(pool):
        await pool.cut_soon(search("warm"))
        monkeypatch.setattr(child.Child, "patience_seconds", lambda it: 1.0)
        with pytest.raises(Unavailable):
            await pool.cut_soon(search("hang"))
        monkeypatch.undo()
        assert said(await pool.cut_soon(search("next")))[0] == "next"

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))


def test_an_answer_to_another_question_is_no_answer(tmp_path, monkeypatch):
    async def run(pool):
        await pool.cut_soon(search("warm"))
        wrong = iter([bytes(8)])
        monkeypatch.setattr(lane, "framed", lambda it: frames.framed(next(wrong, it[:8]) + it[8:]))
        assert said(await pool.cut_soon(search("mine")))[0] == "mine"

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))


def test_threads_have_their_turn_while_a_loop_asks_without_end(tmp_path):
    answered = threading.Event()

    async def ask(pool):
        while not answered.is_set():
            await pool.cut_soon(search("again"))

    async def one(pool):
        text, _ = said(await asyncio.to_thread(pool.cut, search("thread")))
        answered.set()
        return text

    async def run(pool):
        *_, text = await asyncio.gather(*(ask(pool) for _ in range(50)), one(pool))
        return text

    with pool_of(1, tmp_path) as pool:
        assert asyncio.run(run(pool)) == "thread"


def test_a_process_that_died_while_nobody_asked_it_loses_no_question(tmp_path):
    with pool_of(1, tmp_path) as pool:
        os.kill(said(pool.cut(search("a")))[1], signal.SIGKILL)
        idle = pool._all[0]
        idle._process.wait()
        assert idle.ask(7, msgspec.msgpack.encode(search("b")))


def test_a_loop_stops_listening_to_a_process_that_ends_while_it_asks_nothing(tmp_path, monkeypatch):
    async def run(pool):
        _, pid = said(await pool.cut_soon(search("a")))
        line = pool._of_this_loop()._lines[pool._all[0]]
        assert line._heard is not None
        left, leave = asyncio.Event(), line._leave
        monkeypatch.setattr(line, "_leave", lambda: (leave(), left.set()))
        os.kill(pid, signal.SIGKILL)
        await asyncio.wait_for(left.wait(), 10)  # Else it would be told again and again, for ever.
        assert line._heard is None
        assert said(await pool.cut_soon(search("b")))[0] == "b"

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))


def test_a_loop_takes_no_answer_that_a_thread_waits_for(tmp_path):
    async def run(pool):
        for number in range(30):
            own = said(await pool.cut_soon(search(f"loop {number}")))[0]
            other = said(await asyncio.to_thread(pool.cut, search(f"thread {number}")))[0]
            assert (own, other) == (f"loop {number}", f"thread {number}")

    with pool_of(1, tmp_path) as pool:
        asyncio.run(run(pool))
