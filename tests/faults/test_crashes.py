"""A killed process, a power failure: acknowledged records stay, a group is there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.adapters.files.layout import encode_group
from tests.logs import LogOnDisk, entries

LONG = os.environ.get("ONEFOLD_FAULTS") == "long"
SECTOR_BYTES = 512
PROGRAM = str(Path(__file__).with_name("appending.py"))


@st.composite
def power_failures(draw):
    """Groups that were acknowledged, one that was not, and what of it reached the disk."""
    groups = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 700)), max_size=4))
    last = draw(st.tuples(st.integers(1, 6), st.integers(0, 900)))
    return groups, last, draw(st.randoms(use_true_random=False)), draw(st.booleans())


@settings(max_examples=300 if LONG else 100)
@given(failure=power_failures())
def test_after_a_power_failure_every_acknowledged_group_is_there_and_the_last_one_whole_or_not(
    failure, tmp_path_factory
):
    groups, (count, size), chance, mark_kept = failure
    log = LogOnDisk(tmp_path_factory.mktemp("log"))
    kept: list[list[tuple[bytes, bytes]]] = []
    for records, length in groups:
        kept.append(entries(records, size=length, start=sum(len(it) for it in kept)))
    log.write(*kept)
    expected = [entry for group in kept for entry in group]
    durable = log.segment().read_bytes()
    group = entries(count, size=size, start=len(expected))
    image = durable + encode_group(len(expected) + 1, group)[0]

    reached = bytearray(image[: chance.randint(len(durable), len(image))])
    for start in range(len(durable) // SECTOR_BYTES * SECTOR_BYTES, len(reached), SECTOR_BYTES):
        if chance.random() < 0.3:
            lost = slice(max(start, len(durable)), min(start + SECTOR_BYTES, len(reached)))
            reached[lost] = bytes(lost.stop - lost.start)
    log.segment().write_bytes(reached)
    if not mark_kept:
        log.lose_mark()

    writer = log.open()
    found = log.read()
    assert found == (expected + group if bytes(reached) == image else expected)
    writer.append([(b"after", b"the failure")])
    writer.close()
    assert log.read() == [*found, (b"after", b"the failure")]
    assert log.verify().sound


def kill_while_it_appends(folder: Path, after_seconds: float) -> set[bytes]:
    """Kills the program in its work; what it had acknowledged."""
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "endless", str(folder), "synced"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return {line.split()[1] for line in (first + rest).split(b"\n")[:-1]}


@pytest.mark.parametrize("seed", range(100 if LONG else 6))
def test_a_killed_process_leaves_every_acknowledged_record_once(seed, tmp_path):
    chance = random.Random(seed)
    log = LogOnDisk(tmp_path)
    acknowledged = kill_while_it_appends(tmp_path, chance.uniform(0, 0.2))
    written = [header for header, _ in log.read()]
    assert acknowledged <= set(written)
    assert len(set(written)) == len(written)
    writer = log.open()
    assert [header for header, _ in log.read()] == written
    assert writer.append(entries(1)) == len(written) + 1
    writer.close()
