"""The bytes of a segment, and that no changed bit of one goes unseen."""

from __future__ import annotations

from hashlib import sha256

import pytest

from onefold.adapters.files import layout
from onefold.adapters.files.layout import (
    COMPACTED,
    HEAD_BYTES,
    LAST_OF_GROUP,
    PREFIX_BYTES,
    Head,
    decode_head,
    encode_group,
    encode_head,
    encode_record,
    group_of,
    parse,
    segment_name,
    skip,
)
from onefold.kernel.errors import CallerError
from onefold.record.log.merkle import leaf_hash
from tests.logs import entries

HEAD = Head(b"l" * 32, 41, b"c" * 32)


def test_a_header_comes_back_as_it_was():
    data = encode_head(HEAD)
    assert len(data) == HEAD_BYTES
    assert decode_head(data + b"more") == HEAD


def test_every_changed_bit_of_a_header_is_seen():
    data = encode_head(HEAD)
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert decode_head(bytes(changed)) is None


def test_a_cut_header_is_none():
    data = encode_head(HEAD)
    assert all(decode_head(data[:size]) is None for size in range(len(data)))


def test_file_names_sort_as_their_sequences_do():
    assert segment_name(1) < segment_name(2) < segment_name(10**15)
    assert segment_name(7) == "0000000000000007.seg"


def test_a_group_is_parsed_to_what_was_encoded():
    given = entries(5)
    data, leaves = encode_group(11, given)
    found, fault = parse(data, 0, 11, 100)
    assert fault is None
    assert [(record.sequence, place) for record, place, _, _ in found] == [
        (11 + place, place) for place in range(5)
    ]
    assert [(record.header, record.payload) for record, *_ in found] == given
    assert [flags for _, _, flags, _ in found] == [0, 0, 0, 0, LAST_OF_GROUP]
    assert found[-1][3] == len(data)
    assert leaves == [leaf_hash(header, sha256(payload).digest()) for header, payload in given]


def test_a_compacted_record_keeps_its_header_and_digest():
    digest = sha256(b"gone").digest()
    data = encode_record(3, 0, COMPACTED | LAST_OF_GROUP, b"header", digest)
    ((record, _, _, _),), fault = parse(data, 0, 3, 1)
    assert fault is None
    assert (record.header, record.payload, record.payload_digest) == (b"header", None, digest)


def test_every_changed_bit_of_a_record_is_seen():
    data, _ = encode_group(3, entries(1, size=20))
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        found, fault = parse(bytes(changed), 0, 3, 1)
        assert not found
        assert fault is not None


def test_every_cut_is_called_short():
    data, _ = encode_group(3, entries(1))
    for size in range(1, len(data)):
        found, fault = parse(data[:size], 0, 3, 1)
        assert not found
        assert fault is not None
        assert fault.kind == "short"


def test_a_record_out_of_its_place_is_called_so():
    data, _ = encode_group(3, entries(2))
    _, fault = parse(data, 0, 4, 2)
    assert fault is not None
    assert (fault.kind, fault.sequence, fault.offset) == ("order", 4, 0)


@pytest.mark.parametrize(
    ("flags", "header", "rest"),
    [(4, b"h", b"p"), (1 << 31, b"h", b"p"), (COMPACTED, b"h", b"not a digest")],
)
def test_a_record_that_no_writer_makes_is_a_fault_though_its_checksums_are_right(flags, header, rest):
    _, fault = parse(encode_record(1, 0, flags, header, rest), 0, 1, 1)
    assert fault is not None
    assert fault.kind == "body"


def test_hopping_comes_to_the_same_place_as_parsing():
    data, _ = encode_group(1, entries(9))
    offset, sequence, fault = skip(data, 0, 1, 6)
    assert (sequence, fault) == (6, None)
    assert parse(data, offset, 6, 1)[0][0][0].header == entries(9)[5][0]


@pytest.mark.parametrize("kind", ["short", "prefix", "order"])
def test_hopping_stops_at_a_fault(kind):
    data, _ = encode_group(1, entries(9))
    second = len(encode_group(1, entries(1))[0])
    if kind == "short":
        data = data[: second + 5]
    elif kind == "prefix":
        data = data[:second] + bytes(PREFIX_BYTES) + data[second + PREFIX_BYTES :]
    else:
        data = data[:second] + data[2 * second :]
    offset, sequence, fault = skip(data, 0, 1, 9)
    assert fault is not None
    assert (offset, sequence, fault.kind) == (second, 2, kind)


def test_a_whole_record_tells_its_group_and_a_broken_one_nothing():
    data, _ = encode_group(5, entries(3))
    second = len(encode_group(5, entries(1))[0])
    assert group_of(data, 0) == (5, 5)
    assert group_of(data, second) == (6, 5)
    assert group_of(data, 1) is None
    assert group_of(data[:-1], 2 * second) is None
    assert group_of(data, len(data) - 3) is None


def test_a_record_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(layout, "RECORD_BYTES_MAX", 100)
    encode_group(1, [(bytes(50), bytes(50))])
    with pytest.raises(CallerError):
        encode_group(1, [(bytes(50), bytes(51))])
