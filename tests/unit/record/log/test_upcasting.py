"""Events of an older version read as those of the present one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import Damaged
from onefold.record.log.frames import decode_header, encode_header
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from onefold.record.log.upcasting import BodyLift, Upcasters, header_fields

EVENT = EventHeader(b"e" * 16, b"f" * 16, EventKind.UPSERT, 1_700_000_000_000, b"d" * 16, 12)
HEADER = FrameHeader(
    "demo/uz", "core", "client", "1.0.0", "party", b"s" * 16, 1_700_000_000_001, b"n" * 12, (EVENT,), 5
)
ROWS = st.dictionaries(st.sampled_from(("name", "born", "city")), st.text(max_size=9) | st.integers(0, 99))


def renamed(old: str, new: str):
    """A lift that gives a field its new name."""
    return lambda row: {new if field == old else field: value for field, value in row.items()}


@given(ROWS)
def test_a_body_of_the_version_before_reads_as_one_of_the_present(now):
    lifts = [
        BodyLift("onefold", "note", "1.0.0", "2.0.0", renamed("called", "named")),
        BodyLift("onefold", "note", "2.0.0", "3.0.0", renamed("named", "name")),
    ]
    upcasters = Upcasters(lifts)
    for version, name in (("1.0.0", "called"), ("2.0.0", "named")):
        then = msgspec.json.encode(renamed("name", name)(now))
        reads_as, lift = upcasters.body("onefold", "note", version)
        assert reads_as == "3.0.0"
        assert lift is not None
        assert msgspec.json.decode(lift(then)) == now
    assert upcasters.body("onefold", "note", "3.0.0") == ("3.0.0", None)
    assert upcasters.body("onefold", "other", "1.0.0") == ("1.0.0", None)


def test_two_lifts_from_one_version_and_a_circle_are_bugs():
    there, back = (BodyLift("a", "b", *pair, dict) for pair in (("1", "2"), ("2", "1")))
    with pytest.raises(AssertionError, match="two lifts"):
        Upcasters([there, there])
    with pytest.raises(AssertionError, match="circle"):
        Upcasters([there, back]).body("a", "b", "1")


def test_a_header_without_the_fields_that_came_later_is_read():
    fields = msgspec.msgpack.decode(encode_header(HEADER))
    assert decode_header(msgspec.msgpack.encode(fields[:9])) == msgspec.structs.replace(HEADER, as_of=0)


def test_a_header_of_the_version_before_reads_as_one_of_the_present():
    """As it would be with a version 2 that had put the object before the source, and a version 3."""
    now = msgspec.msgpack.decode(encode_header(HEADER))
    then = [now[0], now[2], now[1], *now[3:]]
    lifts = {1: lambda it: [it[0], it[2], it[1], *it[3:]], 2: lambda it: it}
    assert header_fields(msgspec.msgpack.encode(then), lifts, 3) == now
    assert header_fields(msgspec.msgpack.encode([2, *now]), lifts, 3) == now
    assert header_fields(msgspec.msgpack.encode([3, *now]), lifts, 3) == now


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (msgspec.msgpack.encode([2, "demo/uz"]), "later version"),
        (msgspec.msgpack.encode(["demo/uz"]), "cannot be read"),
        (msgspec.msgpack.encode([]), "cannot be read"),
        (msgspec.msgpack.encode([0, *msgspec.msgpack.decode(encode_header(HEADER))]), "cannot be read"),
        (b"\xc1", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_a_header_that_nobody_can_tell_is_damaged(data, words):
    with pytest.raises(Damaged, match=words):
        decode_header(data)
