"""Grouping events into frames."""

from __future__ import annotations

import pytest

from onefold.record.intake import frames
from onefold.record.intake.frames import to_frames
from onefold.record.intake.model import Prepared
from onefold.record.log.model import EventKind
from tests.unit.record.contracts.sample import compiled, customers, movements

MOVEMENT, CUSTOMER = compiled(movements()), compiled(customers())


def event(number: int, subject: bytes, *, of=MOVEMENT, as_of=0, body=b"{}") -> Prepared:
    """One event of a subject."""
    key = number.to_bytes(16, "big")
    return Prepared(
        of, key, 0, key, EventKind.UPSERT, number, b"d", subject, body, as_of, False, False, False
    )


def shape(events) -> list[tuple[str, bytes, int, list[int]]]:
    """Object, subject, as_of and event numbers of each frame."""
    return [
        (header.object, header.subject_id, header.as_of, [it.occurred_at for it in header.events])
        for header, _ in to_frames(events, "demo/uz", 99)
    ]


def test_a_frame_is_what_one_object_says_of_one_subject():
    events = [
        event(1, b"a"),
        event(2, b"b"),
        event(3, b"a"),
        event(4, b"a", of=CUSTOMER),
        event(5, b"a", as_of=7),
    ]
    assert shape(events) == [
        ("movement", b"a", 0, [1, 3]),
        ("movement", b"b", 0, [2]),
        ("customer", b"a", 0, [4]),
        ("movement", b"a", 7, [5]),
    ]


def test_bodies_stand_in_the_order_of_their_headers():
    ((header, bodies),) = to_frames([event(1, b"a", body=b"1"), event(2, b"a", body=b"22")], "demo/uz", 99)
    assert bodies == [b"1", b"22"]
    assert [it.size for it in header.events] == [1, 2]
    assert (header.cell, header.source, header.contract, header.recorded_at) == (
        "demo/uz",
        "core",
        "1.0.0",
        99,
    )


@pytest.mark.parametrize(("name", "most"), [("FRAME_EVENTS_MAX", 2), ("FRAME_BYTES_MAX", 5)])
def test_a_long_frame_is_cut(monkeypatch, name, most):
    monkeypatch.setattr(frames, name, most)
    assert [numbers for *_, numbers in shape([event(number, b"a") for number in range(5)])] == [
        [0, 1],
        [2, 3],
        [4],
    ]
