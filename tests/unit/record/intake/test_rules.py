"""What becomes of prepared rows: dedup within a batch and against what is known, snapshots, erasure."""

from __future__ import annotations

import pytest

from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Outcome, Prepared
from onefold.record.intake.rules import judged_by, settle, snapshot_key
from onefold.record.log.model import EventKind
from tests.unit.record.contracts.sample import compiled, customers, movements

RECORD, EVENT = compiled(customers()), compiled(movements())
V = judged_by(RECORD.contract.version)
A, U, D, F = Outcome.ACCEPTED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.FAULT


def record(event_id: bytes, digest: bytes, as_of: int, *, backfill=False, snapshot=True) -> Prepared:
    """A customer row as of an instant."""
    shared = (0, b"k", EventKind.UPSERT, as_of, digest, b"s", b"{}", as_of)
    return Prepared(RECORD, event_id, *shared, True, snapshot, backfill)


def event(event_id: bytes, *, subject=b"s") -> Prepared:
    """A movement."""
    kind = EventKind.UPSERT
    return Prepared(EVENT, event_id, 0, b"f", kind, 1, event_id, subject, b"{}", 0, False, False, False)


def outcomes(*rows, known=None, seen=(), erased=()):
    """Outcomes in order; a row is an event or a tuple of events."""
    groups = [row if isinstance(row, tuple) else (row,) for row in rows]
    fresh = {it.event_id for group in groups for it in group} - set(seen)
    settled = settle(groups, fresh, known or {}, frozenset(erased))
    return settled.outcomes, settled


def test_an_event_counts_once_within_a_batch_and_for_ever():
    told, settled = outcomes(event(b"1"), event(b"1"), event(b"2"), event(b"3"), seen=[b"3"])
    assert told == [A, D, A, D]
    assert [it.event_id for it in settled.accepted] == [b"1", b"2"]
    assert settled.released == []


def test_an_equal_row_of_a_later_snapshot_is_unchanged():
    told, settled = outcomes(
        record(b"2", b"same", 2), known={snapshot_key(record(b"", b"", 0)): (b"same", 1, V)}
    )
    assert told == [U]
    assert settled.released == [(0, b"2")]
    assert settled.remembered == {}


def test_a_changed_row_of_a_later_snapshot_is_accepted_and_remembered():
    key = snapshot_key(record(b"", b"", 0))
    told, settled = outcomes(record(b"2", b"new", 2), known={key: (b"old", 1, V)})
    assert told == [A]
    assert settled.remembered == {key: (b"new", 2, V)}


def test_the_same_key_twice_in_one_snapshot_contradicts_itself():
    told, settled = outcomes(record(b"1", b"x", 5), record(b"2", b"y", 5), record(b"3", b"x", 5))
    assert told == [A, F, U]
    assert settled.faults[1][1] is Reason.KEY_REPEATED
    assert (0, b"2") in settled.released


@pytest.mark.parametrize("digest", [b"same", b"other"])
def test_an_older_snapshot_is_refused(digest):
    key = snapshot_key(record(b"", b"", 0))
    told, settled = outcomes(record(b"1", digest, 3), known={key: (b"same", 9, V)})
    assert told == [F]
    assert settled.faults[0][1] is Reason.SNAPSHOT_OLDER


def test_history_is_accepted_and_never_moves_what_is_newest():
    key = snapshot_key(record(b"", b"", 0))
    told, settled = outcomes(record(b"1", b"old", 3, backfill=True), known={key: (b"now", 9, V)})
    assert told == [A]
    assert settled.remembered == {}


def test_rows_as_of_their_arrival_cannot_contradict():
    key = snapshot_key(record(b"", b"", 0))
    late = record(b"1", b"x", 3, snapshot=False)
    told, _ = outcomes(late, record(b"2", b"y", 9, snapshot=False), known={key: (b"now", 9, V)})
    assert told == [A, A]


def test_an_erased_subject_is_refused_but_a_duplicate_of_it_is_a_duplicate():
    rows = event(b"1", subject=b"gone"), event(b"2", subject=b"gone")
    told, settled = outcomes(*rows, seen=[b"2"], erased=[b"gone"])
    assert told == [F, D]
    assert settled.faults[0][1] is Reason.SUBJECT_ERASED


def test_a_row_of_two_events_is_let_in_whole_or_not_at_all():
    told, settled = outcomes((event(b"1"), event(b"2", subject=b"gone")), event(b"3"), erased=[b"gone"])
    assert told == [F, A]
    assert [it.event_id for it in settled.accepted] == [b"3"]
    assert set(settled.released) == {(0, b"1"), (0, b"2")}


def test_a_row_half_of_which_was_lost_is_made_whole():
    told, settled = outcomes((event(b"1"), event(b"2")), seen=[b"1"])
    assert told == [A]
    assert [it.event_id for it in settled.accepted] == [b"2"]


def restriction(event_id: bytes, *, subject=b"s") -> Prepared:
    """A withdrawal that comes along in a row."""
    found = event(event_id, subject=subject)
    found.restricts = True
    return found


@pytest.mark.parametrize(
    ("as_of", "reason"), [(9, Reason.KEY_REPEATED), (3, Reason.SNAPSHOT_OLDER)], ids=["repeated", "older"]
)
def test_what_a_contradicting_row_takes_away_is_let_in_and_nothing_else_of_it(as_of, reason):
    key = snapshot_key(record(b"", b"", 0))
    row = (event(b"1"), record(b"2", b"other", as_of), restriction(b"3"))
    told, settled = outcomes(row, row, known={key: (b"now", 9, V)})
    assert told == [F, F]
    assert settled.faults[0][1] is reason
    assert [it.event_id for it in settled.accepted] == [b"3"]
    assert settled.remembered == {}
    assert set(settled.released) == {(0, b"1"), (0, b"2")}


def test_a_contradiction_that_itself_restricts_is_let_in_and_is_the_last_word():
    key = snapshot_key(record(b"", b"", 0))
    second = record(b"2", b"on", 9)
    second.restricts = True
    told, settled = outcomes(second, known={key: (b"off", 9, V)})
    assert told == [F]
    assert settled.accepted == [second]
    assert settled.remembered == {key: (b"on", 9, V)}


def test_of_an_erased_person_not_even_a_restriction_is_let_in():
    told, settled = outcomes((event(b"1"), restriction(b"2", subject=b"gone")), erased=[b"gone"])
    assert told == [F]
    assert settled.faults[0][1] is Reason.SUBJECT_ERASED
    assert settled.accepted == []


def test_an_unchanged_row_is_remembered_as_judged_by_the_version_of_today():
    key = snapshot_key(record(b"", b"", 0))
    told, settled = outcomes(record(b"2", b"same", 2), known={key: (b"same", 1, "0.9.0")})
    assert told == [U]
    assert settled.remembered == {key: (b"same", 1, V)}
