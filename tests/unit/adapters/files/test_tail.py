"""A torn write and damage are told apart."""

from __future__ import annotations

import pytest

from onefold.adapters.files.layout import HEAD_BYTES, Head, encode_group, encode_head
from onefold.adapters.files.tail import SECTOR_BYTES, read_tail
from tests.logs import entries

FIRST = 101
HEAD = encode_head(Head(b"l" * 32, FIRST, b"c" * 32))


def group(sequence: int, count: int, size: int = 40) -> bytes:
    """The bytes of one append."""
    return encode_group(sequence, entries(count, size, start=sequence))[0]


def zeroed(data: bytes, start: int, end: int) -> bytes:
    """Data with a range that never reached the disk."""
    return data[:start] + bytes(end - start) + data[end:]


def sector(offset: int) -> int:
    """Where the sector that an offset lies in starts."""
    return offset // SECTOR_BYTES * SECTOR_BYTES


# Three groups: the last is long enough to have whole sectors of its own.
SAFE = HEAD + group(101, 3) + group(104, 1)
LAST = group(105, 6, size=700)
WHOLE = SAFE + LAST


def test_an_empty_segment_ends_after_its_header():
    assert read_tail(HEAD, FIRST) == ([], HEAD_BYTES, 0, None)


def test_a_whole_segment_ends_at_its_end():
    tail = read_tail(WHOLE, FIRST)
    assert (len(tail.leaves), tail.end, tail.torn, tail.damage) == (10, len(WHOLE), 0, None)


def test_wherever_the_file_ends_in_the_last_group_the_group_is_cut_whole():
    for size in range(len(SAFE) + 1, len(WHOLE)):
        tail = read_tail(WHOLE[:size], FIRST)
        assert (len(tail.leaves), tail.end, tail.torn) == (4, len(SAFE), size - len(SAFE))
        assert tail.damage is None


def test_a_group_whose_sectors_are_missing_is_torn_whichever_they_are():
    for start in range(sector(len(SAFE)), len(WHOLE), SECTOR_BYTES):
        start = max(start, len(SAFE))
        tail = read_tail(zeroed(WHOLE, start, min(sector(start) + SECTOR_BYTES, len(WHOLE))), FIRST)
        assert (len(tail.leaves), tail.end, tail.damage) == (4, len(SAFE), None)
        assert tail.torn == len(LAST)


def test_a_group_that_is_missing_altogether_but_for_its_length_is_torn():
    tail = read_tail(zeroed(WHOLE, len(SAFE), len(WHOLE)), FIRST)
    assert (tail.end, tail.torn, tail.damage) == (len(SAFE), len(LAST), None)


def test_every_changed_byte_of_the_last_group_is_damage_and_never_cut():
    for at in range(len(SAFE), len(WHOLE)):
        changed = bytearray(WHOLE)
        changed[at] ^= 0xFF
        tail = read_tail(bytes(changed), FIRST)
        assert tail.damage is not None
        assert tail.torn == 0


def test_every_changed_byte_before_the_last_group_is_damage():
    for at in range(HEAD_BYTES, len(SAFE)):
        changed = bytearray(WHOLE)
        changed[at] ^= 0x01
        tail = read_tail(bytes(changed), FIRST)
        assert tail.damage is not None
        assert tail.torn == 0


def test_missing_sectors_of_a_group_with_another_group_behind_it_are_damage():
    data = WHOLE + group(111, 1)
    for start in range(sector(len(SAFE)) + SECTOR_BYTES, sector(len(WHOLE)), SECTOR_BYTES):
        tail = read_tail(zeroed(data, start, start + SECTOR_BYTES), FIRST)
        assert tail.damage is not None
        assert tail.torn == 0


@pytest.mark.parametrize("cut", [True, False])
def test_a_group_that_a_checkpoint_vouches_for_is_never_taken_for_torn(cut):
    data = WHOLE[:-10] if cut else zeroed(WHOLE, sector(len(WHOLE)) - SECTOR_BYTES, sector(len(WHOLE)))
    assert read_tail(data, FIRST, vouched=104).torn > 0
    tail = read_tail(data, FIRST, vouched=105)
    assert tail.torn == 0
    assert tail.damage is not None


def test_a_removed_record_in_the_middle_of_the_last_group_is_damage():
    one = len(group(105, 1, size=700))
    tail = read_tail(SAFE + LAST[:one] + LAST[2 * one :], FIRST)
    assert tail.damage is not None
    assert tail.damage.kind == "order"


def test_a_group_without_its_beginning_is_damage():
    one = len(group(105, 1, size=700))
    renumbered = HEAD + LAST[one:]
    tail = read_tail(renumbered, 106)
    assert tail.damage is not None
    assert tail.damage.kind == "order"


@pytest.mark.parametrize("first", [1, 255, 256, 65_535, 65_536, 65_537, 1 << 24])
def test_a_later_group_is_found_whatever_the_bytes_of_its_sequence(first):
    head = encode_head(Head(b"l" * 32, first, b"c" * 32))
    long = encode_group(first, entries(3, 2000))[0]
    start = sector(len(head) + 600)
    torn = zeroed(head + long, start, start + SECTOR_BYTES)
    assert read_tail(torn, first).torn == len(long)
    later = encode_group(first + 3, entries(1))[0]
    assert read_tail(torn + later, first).torn == 0
    assert read_tail(torn + later, first).damage is not None
