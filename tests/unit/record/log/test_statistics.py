"""Counting a log by its headers."""

from __future__ import annotations

from onefold.kernel.time import MS_PER_DAY
from onefold.record.log.frames import encode_header
from onefold.record.log.model import EventHeader, EventKind, FrameHeader, Record
from onefold.record.log.statistics import Statistics


def frame(
    sequence: int, object_name: str, recorded_on: int, *occurred_on: int, erased: bool = False
) -> Record:
    events = tuple(
        EventHeader(b"e" * 16, b"f" * 16, EventKind.UPSERT, day * MS_PER_DAY, b"d" * 16, 9)
        for day in occurred_on
    )
    header = FrameHeader(
        "demo/uz", "core", object_name, "1.0.0", "party", b"s" * 16, recorded_on * MS_PER_DAY, b"n", events
    )
    return Record(sequence, encode_header(header), None if erased else b"p" * 50, b"h" * 32)


def test_events_bytes_and_days_of_each_object_are_counted():
    statistics = Statistics(overhead=32)
    records = [frame(1, "customers", 10, 3, 9), frame(2, "cards", 10, 4), frame(3, "customers", 12, 5)]
    statistics.add(records)
    cards, customers = statistics.objects()
    assert (cards.object, cards.frames, cards.events) == ("cards", 1, 1)
    assert (customers.frames, customers.events, customers.compacted) == (2, 3, 0)
    assert (customers.first_occurred_on, customers.last_occurred_on) == (3, 9)
    assert (customers.first_recorded_on, customers.last_recorded_on) == (10, 12)
    assert customers.bytes == sum(32 + len(it.header) + 50 for it in (records[0], records[2]))
    assert customers.bytes_per_event == customers.bytes / 3


def test_an_erased_frame_counts_with_what_is_left_of_it():
    statistics = Statistics(overhead=0)
    record = frame(1, "customers", 10, 3, erased=True)
    statistics.add([record])
    (customers,) = statistics.objects()
    assert (customers.compacted, customers.bytes) == (1, len(record.header) + 32)
