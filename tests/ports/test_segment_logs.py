"""The logs keep the promises of their ports."""

from __future__ import annotations

import pytest

from onefold.testing.segments import MemorySegments
from tests.logs import LogOnDisk
from tests.ports.segment_log import SegmentLogSuite


def log_on_disk(tmp_path, **settings):
    """A writer and a reader that knows it through the folder only."""
    disk = LogOnDisk(tmp_path)
    writer = disk.open(**settings)
    reader = disk.reader()
    yield writer, reader
    writer.close()
    reader.close()


class TestMemorySegments(SegmentLogSuite):
    """A list."""

    @pytest.fixture
    def log(self):
        memory = MemorySegments()
        return memory, memory


class TestFileSegments(SegmentLogSuite):
    """One segment."""

    @pytest.fixture
    def log(self, tmp_path):
        yield from log_on_disk(tmp_path)


class TestFileSegmentsThatRoll(SegmentLogSuite):
    """Segments of a few records each, so that every promise crosses files."""

    @pytest.fixture
    def log(self, tmp_path):
        yield from log_on_disk(tmp_path, segment_bytes=1000, checkpoint_records=10)


class TestFileSegmentsFoundLater(SegmentLogSuite):
    """A reader that was made before the log was."""

    @pytest.fixture
    def log(self, tmp_path):
        disk = LogOnDisk(tmp_path)
        reader = disk.reader()
        assert reader.read(0, 1) == []
        writer = disk.open()
        yield writer, reader
        writer.close()
        reader.close()
