"""A statement about logs: borne out by the logs it was made of, and by no others."""

from __future__ import annotations

import pytest

from onefold.record.intake.witness import Witness, WitnessedLog
from onefold.testing.segments import MemorySegments


def logs(*words: str) -> tuple[MemorySegments, MemorySegments]:
    """A log with a record for each word, and an empty quarantine."""
    log, held = MemorySegments(), MemorySegments()
    for it in words:
        log.append([(it.encode(), b"body")])
    return log, held


def witness(pair: tuple[MemorySegments, MemorySegments]) -> Witness:
    return Witness([WitnessedLog(it, it) for it in pair])


def test_a_log_bears_out_what_was_said_of_it_however_long_it_becomes():
    pair = logs("a", "b")
    said = witness(pair).statement()
    assert witness(pair).bears_out(said)
    pair[0].append([(b"c", b"")])
    pair[1].append([(b"poison", b"")])
    assert witness(pair).bears_out(said)
    assert witness(pair).statement() != said


def test_empty_logs_are_a_beginning_of_every_log():
    said = witness(logs()).statement()
    assert witness(logs()).bears_out(said)
    assert witness(logs("a")).bears_out(said)


def test_a_log_that_went_another_way_does_not_bear_it_out():
    said = witness(logs("a", "b")).statement()
    assert not witness(logs("a")).bears_out(said), "restored from before"
    assert not witness(logs("a", "x")).bears_out(said), "restored, and something else was said since"
    assert not witness(logs("a", "x", "b")).bears_out(said)


def test_a_quarantine_that_was_lost_alone_is_noticed():
    pair = logs("a")
    pair[1].append([(b"poison", b"")])
    said = witness(pair).statement()
    assert not witness((pair[0], MemorySegments())).bears_out(said)


def test_an_erasure_takes_nothing_from_it():
    pair = logs("a", "b")
    said = witness(pair).statement()
    pair[0].compact(2)
    assert witness(pair).bears_out(said)


NO_STATEMENTS = ["", "onefold", "onefold 0:", "onefold 1 0:", "other 0: 0:", "onefold -1:x 0:"]
NO_STATEMENTS += ["onefold 99999999999999999999:x 0:", "onefold \u0661:x 0:", "onefold 0: 0: 0:"]


@pytest.mark.parametrize("said", NO_STATEMENTS)
def test_what_is_no_statement_of_ours_is_not_borne_out(said):
    assert not witness(logs("a")).bears_out(said)
