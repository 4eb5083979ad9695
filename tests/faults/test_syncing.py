"""Law L6, seen from the kernel: what is acknowledged was synced before; the check sees when it was not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.system_calls import (
    SYNCS,
    WRITES,
    Call,
    acknowledgements,
    parse,
    trace,
    unsynced_acknowledgements,
)

PROGRAM = str(Path(__file__).with_name("appending.py"))


def run(what: str, mode: str, folder: Path) -> list[Call]:
    """The calls of the appending program."""
    return trace([PROGRAM, what, str(folder), mode], folder)


@pytest.mark.parametrize(("what", "count"), [("one", 40), ("many", 100)])
def test_every_acknowledged_record_was_synced_before(what, count, tmp_path):
    calls = run(what, "synced", tmp_path)
    assert len(acknowledgements(calls)) == count
    assert unsynced_acknowledgements(calls, ".seg") == []


@pytest.mark.parametrize(("what", "count"), [("one", 40), ("many", 100)])
def test_with_syncing_turned_off_the_same_check_fails_for_every_record(what, count, tmp_path):
    calls = run(what, "unsynced", tmp_path)
    assert len(acknowledgements(calls)) == count
    assert len(unsynced_acknowledgements(calls, ".seg")) == count


def test_threads_share_syncs(tmp_path):
    calls = run("many", "synced", tmp_path)
    syncs = [call for call in calls if call.name in SYNCS and call.path.endswith(".seg")]
    writes = [call for call in calls if call.name in WRITES and call.path.endswith(".seg")]
    assert len(writes) < 100
    assert len(syncs) < 100


def test_a_new_segment_is_synced_renamed_and_its_folder_synced_before_a_record_is_in_it(tmp_path):
    calls = run("one", "synced", tmp_path)
    renames = [call for call in calls if call.name.startswith("rename")]
    assert len(renames) > 2
    for rename in renames:
        fresh, final = re.findall(r'"([^"]*)"', rename.text)
        made = [call for call in calls if call.name in SYNCS and call.path == fresh and call.result == 0]
        assert any(call.ended < rename.began for call in made), f"{final} was renamed before it was synced"
        folder = [
            call
            for call in calls
            if call.name in SYNCS and call.path == str(Path(final).parent) and call.began > rename.ended
        ]
        first = min((call.began for call in calls if call.name in WRITES and call.path == final), default=1e9)
        assert any(call.ended < first for call in folder), f"{final} was written before its name was durable"


def keys_unsynced_at_an_acknowledgement(calls: list[Call]) -> int:
    """Acknowledgements before which the database's log was written and not synced since."""
    count, dirty = 0, False
    for call in calls:
        if call.name in WRITES and call.path.endswith("-wal"):
            dirty = True
        elif call.name in SYNCS and call.path.endswith("-wal") and call.result == 0:
            dirty = False
        elif call in acknowledgements([call]):
            count += dirty
    return count


def test_every_subject_key_was_synced_before_it_was_handed_out(tmp_path):
    calls = run("keys", "synced", tmp_path)
    assert len(acknowledgements(calls)) == 10
    assert keys_unsynced_at_an_acknowledgement(calls) == 0


def test_with_syncing_turned_off_the_check_of_the_keys_fails(tmp_path):
    calls = run("keys", "unsynced", tmp_path)
    assert len(acknowledgements(calls)) == 10
    assert keys_unsynced_at_an_acknowledgement(calls) == 10


GOOD = """\
7 pwrite64(5</log/1.seg>, "..#1#..", 7, 84) = 7
7 fdatasync(5</log/1.seg>) = 0
7 write(1<pipe:[1]>, "ack #1#\\n", 8) = 8
""".splitlines()


@pytest.mark.parametrize(
    "lines",
    [
        [GOOD[0], GOOD[2]],
        [GOOD[0], GOOD[2], GOOD[1]],
        [GOOD[1], GOOD[0], GOOD[2]],
        [GOOD[2]],
        [GOOD[0], GOOD[1].replace("= 0", "= -1 EIO (Input/output error)"), GOOD[2]],
        [GOOD[0], GOOD[1].replace("1.seg", "2.seg"), GOOD[2]],
        [GOOD[0], "8 fdatasync(5</log/1.seg> <unfinished ...>", GOOD[2], "8 <... fdatasync resumed>) = 0"],
        ["8 fdatasync(5</log/1.seg> <unfinished ...>", GOOD[0], "8 <... fdatasync resumed>) = 0", GOOD[2]],
    ],
    ids=["none", "late", "early", "never written", "failed", "of another file", "unfinished", "begun before"],
)
def test_the_check_knows_a_sync_that_does_not_count(lines):
    assert unsynced_acknowledgements(list(parse(lines)), ".seg") == ["#1#"]


def test_the_check_knows_a_sync_that_counts_in_another_thread_too():
    interleaved = [
        GOOD[0],
        "8 fdatasync(5</log/1.seg> <unfinished ...>",
        "8 <... fdatasync resumed>) = 0",
        GOOD[2],
    ]
    for lines in (GOOD, interleaved):
        assert unsynced_acknowledgements(list(parse(lines)), ".seg") == []
