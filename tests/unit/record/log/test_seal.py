"""Sealing under a subject's key, and what opens afterwards."""

from __future__ import annotations

import os

import msgspec
import pytest

from onefold.kernel.errors import Damaged, Refused
from onefold.record.log.frames import decode_header, encode_header
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from onefold.record.log.seal import Sealer
from onefold.testing.segments import MemorySegments, MemorySubjectKeys

EVENT = EventHeader(b"e" * 16, b"f" * 16, EventKind.UPSERT, 1_700_000_000_000, b"d" * 16, 12)
ALICE, BOB = b"a" * 16, b"b" * 16
BODY = b'{"name":"Dilnoza Karimova"}'


class CountingKeys(MemorySubjectKeys):
    """Counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def obtain(self, subject_ids):
        self.calls += 1
        return super().obtain(subject_ids)

    def find(self, subject_ids):
        self.calls += 1
        return super().find(subject_ids)


def header(subject: bytes, events: int = 1, nonce: bytes = b"") -> FrameHeader:
    """A frame's header before sealing."""
    return FrameHeader(
        "demo/uz", "core", "customers", "1.0.0", "party", subject, 1_700_000_000_001, nonce, (EVENT,) * events
    )


@pytest.fixture
def keys():
    return CountingKeys()


@pytest.fixture
def sealer(keys):
    return Sealer(keys, os.urandom)


def logged(*sealed: tuple[bytes, bytes]) -> MemorySegments:
    """A log that holds the sealed frames."""
    log = MemorySegments()
    log.append(sealed)
    return log


def test_frames_open_to_what_was_sealed_in_order(sealer):
    frames = [(header(ALICE, 2), [BODY, b"{}"]), (header(BOB), [b"[]"]), (header(ALICE), [b""])]
    opened = sealer.open(logged(*sealer.seal(frames)).read(0, 10))
    assert [sequence for sequence, _, _ in opened] == [1, 2, 3]
    assert [bodies for _, _, bodies in opened] == [bodies for _, bodies in frames]
    assert [msgspec.structs.replace(it, nonce=b"") for _, it, _ in opened] == [it for it, _ in frames]


def test_nothing_of_a_body_can_be_read_in_what_is_stored(sealer):
    stored = b"".join(b"".join(pair) for pair in sealer.seal([(header(ALICE), [BODY])]))
    assert b"Dilnoza" not in stored
    assert b"name" not in stored


def test_equal_bodies_never_look_equal(sealer):
    sealed = sealer.seal([(header(ALICE), [BODY])] * 200)
    assert len({payload for _, payload in sealed}) == 200
    assert len({decode_header(plain).nonce for plain, _ in sealed}) == 200


def test_a_nonce_that_a_caller_gives_is_not_used(sealer):
    given = b"\x01" * 12
    ((plain, _),) = sealer.seal([(header(ALICE, nonce=given), [BODY])])
    assert decode_header(plain).nonce not in (given, b"")


def test_keys_are_asked_for_once_a_batch(sealer, keys):
    sealed = sealer.seal([(header(bytes([number]) * 16), [BODY]) for number in range(50)] * 2)
    assert keys.calls == 2  # obtain, which finds
    keys.calls = 0
    sealer.open(logged(*sealed).read(0, 100))
    assert keys.calls == 1


def test_a_frame_of_an_erased_subject_opens_to_nothing_and_the_others_stay(sealer, keys):
    log = logged(*sealer.seal([(header(ALICE), [BODY]), (header(BOB), [b"{}"])]))
    keys.destroy([ALICE])
    assert [bodies for _, _, bodies in sealer.open(log.read(0, 10))] == [None, [b"{}"]]


def test_a_frame_whose_payload_was_compacted_opens_to_nothing(sealer):
    log = logged(*sealer.seal([(header(ALICE), [BODY])]))
    log.compact(1)
    assert sealer.open(log.read(0, 10))[0][2] is None


def test_nothing_is_sealed_for_an_erased_subject(sealer, keys):
    keys.obtain([ALICE])
    keys.destroy([ALICE])
    with pytest.raises(Refused):
        sealer.seal([(header(BOB), [BODY]), (header(ALICE), [BODY])])


def test_a_payload_opens_under_no_header_but_its_own(sealer):
    (plain, payload), (other, _) = sealer.seal([(header(ALICE), [BODY]), (header(ALICE), [BODY])])
    changed = encode_header(msgspec.structs.replace(decode_header(plain), recorded_at=0))
    for wrong in (other, changed):
        with pytest.raises(Damaged):
            sealer.open(logged((wrong, payload)).read(0, 1))


def test_a_changed_payload_is_damage(sealer):
    ((plain, payload),) = sealer.seal([(header(ALICE), [BODY])])
    for at in (0, len(payload) // 2, len(payload) - 1):
        changed = bytes([*payload[:at], payload[at] ^ 1, *payload[at + 1 :]])
        with pytest.raises(Damaged, match="Sequence 1"):
            sealer.open(logged((plain, changed)).read(0, 1))


def test_a_frame_under_other_keys_is_told_to_look_at_the_bytes_and_at_the_keys(sealer):
    log = logged(*sealer.seal([(header(ALICE), [BODY])]))
    others = CountingKeys()
    others.obtain([ALICE])
    with pytest.raises(Damaged) as caught:
        Sealer(others, os.urandom).open(log.read(0, 1))
    assert "`onefold verify`" in caught.value.hint
    assert "data keys" in caught.value.hint


def test_a_frame_has_a_body_for_every_event(sealer):
    with pytest.raises(AssertionError):
        sealer.seal([(header(ALICE, events=2), [BODY])])


def test_sealing_and_opening_nothing_is_no_error(sealer):
    assert sealer.seal([]) == []
    assert sealer.open([]) == []
