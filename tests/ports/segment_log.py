"""What every log must keep, whatever it is made of: the suite of SegmentWriter and SegmentReader.

A log's test subclasses `SegmentLogSuite` and says in `log` how one is made; the rest is inherited.
"""

from __future__ import annotations

import threading
from hashlib import sha256

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.log.model import Record
from tests.logs import contents, entries


class SegmentLogSuite:
    """The promises of the ports; `log` gives (writer, reader) over one empty log."""

    @pytest.fixture
    def log(self):
        """Overridden by each log."""
        raise NotImplementedError

    @pytest.fixture
    def writer(self, log):
        """The side that appends."""
        return log[0]

    @pytest.fixture
    def reader(self, log):
        """The side that reads."""
        return log[1]

    def test_an_empty_log_is_at_zero_and_gives_nothing(self, writer, reader):
        assert writer.last_sequence == 0
        assert list(reader.read(0, 10)) == []
        assert list(reader.scan()) == []

    def test_sequences_count_records_from_one_without_a_gap(self, writer, reader):
        assert writer.append(entries(3)) == 3
        assert writer.append(entries(1, start=3)) == 4
        assert writer.last_sequence == 4
        assert [record.sequence for record in reader.read(0, 10)] == [1, 2, 3, 4]

    def test_what_was_appended_is_read_back_byte_by_byte(self, writer, reader):
        given = [(b"", b""), (b"h", b""), (b"", b"p"), (bytes(300), bytes(range(256)) * 40), *entries(50)]
        writer.append(given)
        assert contents(reader) == given

    def test_a_record_carries_the_digest_of_its_payload(self, writer, reader):
        writer.append([(b"header", b"payload")])
        assert reader.read(0, 1)[0].payload_digest == sha256(b"payload").digest()

    def test_a_record_is_readable_as_soon_as_its_append_returns(self, writer, reader):
        for number in range(30):
            last = writer.append(entries(1, start=number))
            assert [record.sequence for record in reader.read(last - 1, 10)] == [last]
            assert list(reader.read(last, 10)) == []

    def test_reading_gives_no_more_than_asked_for(self, writer, reader):
        writer.append(entries(10))
        assert [record.sequence for record in reader.read(4, 3)] == [5, 6, 7]

    def test_reading_starts_at_any_place_in_any_order(self, writer, reader):
        for number in range(40):
            writer.append(entries(5, start=5 * number))
        for after in (199, 0, 150, 151, 3, 198, 77):
            assert [record.sequence for record in reader.read(after, 2)] == [
                sequence for sequence in (after + 1, after + 2) if sequence <= 200
            ]

    def test_reading_beyond_the_end_gives_nothing(self, writer, reader):
        writer.append(entries(2))
        assert list(reader.read(2, 5)) == []
        assert list(reader.read(1000, 5)) == []

    def test_tailing_in_small_steps_sees_what_a_scan_sees(self, writer, reader):
        for number in range(20):
            writer.append(entries(7, start=7 * number))
        seen: list[Record] = []
        while batch := reader.read(len(seen), 3):
            seen += batch
        assert seen == list(reader.scan())

    def test_appending_nothing_changes_nothing(self, writer, reader):
        writer.append(entries(2))
        assert writer.append([]) == 2
        assert len(reader.read(0, 10)) == 2

    def test_a_closed_log_takes_nothing(self, writer, reader):
        writer.append(entries(2))
        writer.close()
        with pytest.raises(Unavailable):
            writer.append(entries(1, start=2))
        assert len(reader.read(0, 10)) == 2

    def test_a_thread_that_tails_a_growing_log_sees_every_record_once_and_in_order(self, writer, reader):
        total = 300
        seen: list[int] = []

        def tail():
            while len(seen) < total:
                seen.extend(record.sequence for record in reader.read(len(seen), 17))

        thread = threading.Thread(target=tail)
        thread.start()
        for number in range(100):
            writer.append(entries(3, start=3 * number))
        thread.join(timeout=30)
        assert seen == list(range(1, total + 1))
