"""What is still to be told follows from the register and the ledger, whatever died in between."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import Damaged
from onefold.record.log.model import Record
from onefold.record.requests.model import Asker, Happened, Kind, Proof, Received, Step
from onefold.record.requests.rules import after
from onefold.record.requests.telling import Pace, Result, TellingLedger, changes_of

URLS = ("https://a.example/", "https://b.example/")


class Log:
    """A log in memory, both ends of it."""

    def __init__(self) -> None:
        self.headers: list[bytes] = []

    def append(self, entries):
        self.headers += [header for header, _ in entries]
        return [len(self.headers)]

    def read(self, after, most):
        found = enumerate(self.headers[after : after + most], after + 1)
        return [Record(number, header, b"", bytes(32)) for number, header in found]


def request(*steps: Step, urls=URLS, name="r"):
    received = Received(Kind.ERASURE, b"c" * 16, Asker.CONTROLLER, "gdpr", 1, 30, (), urls)
    found = after(None, Happened("c", name, Step.RECEIVED, 1, "token:x", received, Proof.CONTROLLER))
    for at, step in enumerate(steps, 2):
        found = after(found, Happened("c", name, step, at, "officer"))
    return found


def ledger(log: Log) -> TellingLedger:
    return TellingLedger("c", log, log)  # type: ignore[arg-type]


def told(found) -> list[tuple[str, str]]:
    return [(it.address, it.status.value) for it in found]


def test_each_change_of_status_is_one_in_the_words_of_opendsr():
    steps = (Step.VERIFIED, Step.EXTENDED, Step.BEGUN, Step.EXTENDED, Step.COMPLETED)
    assert [it[1] for it in changes_of(request(*steps))] == ["pending", "in_progress", "completed"]
    assert [it[1] for it in changes_of(request(Step.REFUSED))] == ["pending", "cancelled"]
    assert [it[1] for it in changes_of(request(Step.CANCELLED))] == ["pending", "cancelled"]


def test_each_address_is_told_each_change_in_order_and_once():
    book, asked = ledger(Log()), request(Step.BEGUN)
    assert told(book.due([asked])) == [(URLS[0], "pending"), (URLS[1], "pending")]
    book.mark(book.due([asked])[0], Result.TOLD, 5)
    assert told(book.due([asked])) == [(URLS[1], "pending"), (URLS[0], "in_progress")]
    for _ in range(3):
        book.mark(book.due([asked])[0], Result.TOLD, 5)
    assert book.due([asked]) == []
    assert told(book.due([request(Step.BEGUN, Step.COMPLETED)])) == [
        (URLS[0], "completed"),
        (URLS[1], "completed"),
    ]


def test_what_was_written_down_is_known_after_a_restart_and_what_was_not_is_due_again():
    log, asked = Log(), request(Step.BEGUN)
    book = ledger(log)
    book.mark(book.due([asked])[0], Result.TOLD, 5)
    assert ledger(log).due([asked]) == book.due([asked])
    assert told(ledger(Log()).due([asked]))[0] == (URLS[0], "pending")


def test_what_was_given_up_is_not_due_and_what_comes_after_it_is():
    book, asked = ledger(Log()), request(Step.BEGUN, urls=URLS[:1])
    book.mark(book.due([asked])[0], Result.GIVEN_UP, 5)
    assert told(book.due([asked])) == [(URLS[0], "in_progress")]


def test_a_request_without_an_address_is_told_to_nobody():
    assert ledger(Log()).due([request(Step.BEGUN, urls=())]) == []


def test_a_ledger_that_cannot_be_read_is_damage():
    log = Log()
    log.headers.append(b"\xff")
    with pytest.raises(Damaged):
        ledger(log)


def test_it_is_known_since_when_something_fails_until_it_works():
    now = [100.0]
    pace = Pace(lambda: now[0], 10.0)
    assert pace.failing_ms("a", "b") == 0
    pace.failed("a")
    now[0] += 5.0
    pace.failed("a", "b")
    now[0] += 2.0
    assert [pace.failing_ms(*it) for it in ("a", "b", "ab", "c")] == [7000, 2000, 7000, 0]
    pace.worked("a")
    assert pace.failing_ms("a", "b") == 2000
    pace.failed("a")
    assert pace.failing_ms("a") == 0


def test_what_fails_waits_twice_as_long_each_time_up_to_a_limit():
    now = [0.0]
    pace = Pace(lambda: now[0], 10.0)
    assert pace.lets("a", "b")
    waited = []
    for _ in range(16):
        pace.failed("a")
        before = now[0]
        while not pace.lets("a"):
            now[0] += 1.0
        waited.append(now[0] - before)
        if len(waited) > 5:
            break
    assert waited == [10, 20, 40, 80, 160, 320]
    for _ in range(20):
        pace.failed("a")
    now[0] += 6 * 3600
    assert pace.lets("a", "b")
    pace.failed("a")
    assert not pace.lets("b", "a")
    pace.worked("a")
    assert pace.lets("a")
