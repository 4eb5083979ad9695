"""Processes that make cuts: each question gets its own answer, whatever becomes of the process."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from onefold.customer.profile.groups import Ages
from onefold.gate.cutting import Cut, OneCustomer, Question, Search
from onefold.gate.model import FoundPage, Withheld
from onefold.gate.portfolios import Relation
from onefold.gate.shields import Shield
from onefold.kernel.errors import CallerError, NotFound, Unavailable
from onefold.record.canon.groups import Group
from onefold.runtimes.embedded import child, cutters, frames
from onefold.runtimes.embedded.cutters import CutterPool
from tests.unit.gate.bank import permit

ROOT = Path(__file__).parents[4]
CHILD = f"""
import os, sys, time
sys.path.insert(0, {str(ROOT)!r})
from tests.unit.runtimes.embedded.test_cutters import serve_as
serve_as(sys.argv[1])
"""


class Echo:
    """Answers a search with what was searched for and who answered; some texts are orders."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def cut(self, question: Question) -> Cut:
        asked = question.asked
        if isinstance(asked, OneCustomer):
            if asked.customer.startswith(b"who"):
                return Cut((asked.customer,), (), {"answered by": os.getpid()}, None)
            return Cut((asked.customer,), (), {}, None, shielded=next(iter(question.permit.shields), None))
        assert isinstance(asked, Search)
        match asked.text.partition(" ")[0]:
            case "die":
                os._exit(3)
            case "die-once" if not (self.folder / "died").exists():
                (self.folder / "died").touch()
                os._exit(3)
            case "hang":
                time.sleep(60)
            case "unknown":
                raise NotFound("There is no such customer.", hint="Search.")
            case "cursor":
                raise OddCursor("That is not a cursor.")
        said = (Withheld(asked.text, str(os.getpid())),)
        return Cut((b"c" * 16,), (b"f" * 16,), {"found": 1}, FoundPage((), False, said))


class OddCursor(CallerError):
    """An error that the parent knows only by its parent."""

    code = "odd"


def serve_as(folder: str) -> None:
    """The child."""
    with open(0, "rb", buffering=0) as source, open(1, "wb", buffering=0) as sink:
        cutters.answer_questions(source, sink, Echo(folder).cut, len)


def pool_of(count: int, folder: Path) -> closing[CutterPool]:
    return closing(CutterPool([sys.executable, "-c", CHILD, str(folder)], count))


def search(text: str) -> Question:
    return Question(permit(), Search(text), 0, {"core": ("servicing",)}, ())


def who(number: int) -> Question:
    """Which process answers about the customer of that number."""
    return Question(permit(), OneCustomer(b"who" + bytes(12) + bytes([number])), 0, {}, ())


def answered_by(cut: Cut) -> int:
    return cut.counts["answered by"]


def said(cut: Cut) -> tuple[str, int]:
    what = cut.made.withheld[0]
    return what.what, int(what.reason)


def test_an_answer_comes_back_as_it_was_made(tmp_path):
    with pool_of(1, tmp_path) as pool:
        cut = pool.cut(search("Karimova"))
    assert (cut.customers, cut.fragments, cut.counts) == ((b"c" * 16,), (b"f" * 16,), {"found": 1})
    assert said(cut)[0] == "Karimova"
    assert said(cut)[1] != os.getpid()


def test_what_nothing_permits_is_told_apart_from_an_empty_answer(tmp_path):
    question = Question(permit(), OneCustomer(b"a" * 16), 0, {}, ())
    with pool_of(1, tmp_path) as pool:
        assert pool.cut(question) == Cut((b"a" * 16,), (), {}, None)


def test_the_shields_of_a_permit_go_there_and_the_one_that_held_comes_back(tmp_path):
    shield = Shield(Relation.NOBODY, frozenset({Group.MINOR, Group.VULNERABLE}))
    given = msgspec.structs.replace(permit(), shields=frozenset({shield}))
    with pool_of(1, tmp_path) as pool:
        cut = pool.cut(Question(given, OneCustomer(b"a" * 16), 0, {}, (), ages=Ages(21, 60)))
    assert cut.shielded == shield


def test_a_customer_is_cut_by_the_same_process_while_that_is_idle(tmp_path):
    with pool_of(2, tmp_path) as pool:
        first = [answered_by(pool.cut(who(it))) for it in range(8)]
        again = [answered_by(pool.cut(who(it))) for it in reversed(range(8))]
    assert first == again[::-1]
    assert len(set(first)) == 2


def test_each_of_many_callers_gets_the_answer_to_its_own_question(tmp_path):
    texts = [f"name {number}" for number in range(200)]
    with pool_of(2, tmp_path) as pool, ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda text: said(pool.cut(search(text))), texts))
    assert [text for text, _ in answers] == texts
    assert len({pid for _, pid in answers}) == 2


def test_an_error_of_ours_travels_as_the_nearest_one_that_is_known(tmp_path):
    with pool_of(1, tmp_path) as pool:
        with pytest.raises(NotFound, match="no such customer") as found:
            pool.cut(search("unknown"))
        assert found.value.hint == "Search."
        with pytest.raises(CallerError, match="not a cursor"):
            pool.cut(search("cursor"))
        assert said(pool.cut(search("after")))[0] == "after"


def test_a_process_that_died_is_replaced_and_asked_again(tmp_path):
    with pool_of(1, tmp_path) as pool:
        assert said(pool.cut(search("die-once x")))[0] == "die-once x"
        pid = said(pool.cut(search("a")))[1]
        os.kill(pid, signal.SIGKILL)
        text, later = said(pool.cut(search("b")))
    assert (text, later == pid) == ("b", False)


def test_a_question_that_kills_its_process_is_given_up_and_the_next_is_answered(tmp_path):
    with pool_of(1, tmp_path) as pool:
        with pytest.raises(Unavailable):
            pool.cut(search("die"))
        assert said(pool.cut(search("next")))[0] == "next"


def test_a_process_that_does_not_answer_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "WAIT_SECONDS", 3.0)
    monkeypatch.setattr(child, "START_SECONDS", 5.0)
    with pool_of(1, tmp_path) as pool:
        pool.cut(search("warm"))
        with pytest.raises(Unavailable):
            pool.cut(search("hang"))
        assert said(pool.cut(search("next")))[0] == "next"


def test_nobody_gets_the_answer_to_a_question_that_was_interrupted(tmp_path, monkeypatch):
    def interrupted(*asked):
        raise KeyboardInterrupt

    with pool_of(1, tmp_path) as pool:
        pool.cut(search("warm"))
        with monkeypatch.context() as patched:
            patched.setattr(child, "read_frame", interrupted)
            with pytest.raises(KeyboardInterrupt):
                pool.cut(search("secret"))
        assert said(pool.cut(search("mine")))[0] == "mine"


def test_an_answer_to_another_question_is_no_answer(tmp_path, monkeypatch):
    with pool_of(1, tmp_path) as pool:
        pool.cut(search("warm"))
        read = frames.read_frame
        stale = iter([b"\0" * 8 + b"stale"])
        monkeypatch.setattr(child, "read_frame", lambda *asked: next(stale, None) or read(*asked))
        assert said(pool.cut(search("mine")))[0] == "mine"


def test_a_frame_of_any_size_arrives_whole():
    for size in (0, 1, 70_000, 3_000_000):
        reading, writing = os.pipe()
        with open(reading, "rb", buffering=0) as source, open(writing, "wb", buffering=0) as sink:
            frame = bytes(size)
            writer = threading.Thread(target=frames.write_frame, args=(sink, frame))
            writer.start()
            assert frames.read_frame(source, 10.0) == frame
            writer.join()


def test_every_process_is_told_to_forget_and_says_how_much(tmp_path):
    with pool_of(2, tmp_path) as pool, ThreadPoolExecutor(8) as threads:
        assert pool.forget({b"a" * 16, b"b" * 16, b"c" * 16}) == 6
        pids = {said(it)[1] for it in threads.map(lambda _: pool.cut(search("a")), range(100))}
        assert len(pids) == 2
        os.kill(min(pids), signal.SIGKILL)
        assert pool.forget({b"a" * 16}) in (1, 2)
        assert said(pool.cut(search("next")))[0] == "next"


def test_who_cannot_be_told_to_forget_is_not_said_to_have_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(cutters, "TURN_SECONDS", 0.05)
    with pool_of(1, tmp_path) as pool:
        child_at_work = pool._children.take(1)
        assert child_at_work is not None
        with pytest.raises(Unavailable):
            pool.forget({b"a" * 16})
        pool._children.give(child_at_work)
        assert pool.forget({b"a" * 16}) == 1


def test_closing_ends_every_process(tmp_path):
    with pool_of(2, tmp_path) as pool, ThreadPoolExecutor(8) as threads:
        pids = {said(it)[1] for it in threads.map(lambda _: pool.cut(search("a")), range(100))}
    assert not [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
