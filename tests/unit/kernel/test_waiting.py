"""Waiting for another process to speak, however many files are open."""

from __future__ import annotations

import fcntl
import os
import resource

import pytest

from onefold.kernel.waiting import can_read


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_it_tells_silence_from_a_word_and_from_an_end(pipe: tuple[int, int]) -> None:
    heard, said = pipe
    assert not can_read(heard, 0.01)
    os.write(said, b"word")
    assert can_read(heard, 0)
    assert os.read(heard, 10) == b"word"
    assert not can_read(heard, 0)
    os.close(said)
    assert can_read(heard, 0)
    assert os.read(heard, 10) == b""


def test_a_file_of_a_high_number_is_heard_too(pipe: tuple[int, int]) -> None:
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, 1100), most))
    heard = fcntl.fcntl(pipe[0], fcntl.F_DUPFD, 1050)
    try:
        assert not can_read(heard, 0)
        os.write(pipe[1], b"word")
        assert can_read(heard, 0)
    finally:
        os.close(heard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
