"""What stands on the disk: segments, frames, checkpoints. Changed bytes are found, or say what was there."""

from __future__ import annotations

from onefold.adapters.files.layout import (
    HEAD_BYTES,
    Head,
    decode_head,
    encode_group,
    encode_head,
    group_of,
    parse,
    skip,
)
from onefold.adapters.files.tail import read_tail
from onefold.kernel.errors import Damaged
from onefold.record.intake.quarantine import decode_held
from onefold.record.log.checkpoints import Checkpoint, Signed, from_line, to_line
from onefold.record.log.frames import decode_bodies, decode_header, encode_bodies, encode_header
from onefold.record.log.model import EventHeader, EventKind, FrameHeader, Record
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

_HEAD = Head(bytes(32), 1, bytes(32))


def _segment(draws: Draws) -> tuple[bytes, list[Record]]:
    """A segment of some groups, and the records that were written."""
    data, written, first = encode_head(_HEAD), [], 1
    for _ in range(draws.number(0, 3)):
        entries = [(draws.take(20), draws.take(600)) for _ in range(draws.number(1, 3))]
        group, leaves = encode_group(first, entries)
        data += group
        written += [Record(first + at, *entry, b"") for at, entry in enumerate(entries)]
        first += len(leaves)
    return data, written


def _changed(draws: Draws, data: bytes) -> bytes:
    body = bytearray(data)
    kind = draws.number(0, 3)
    if kind == 0 or not body:
        return bytes(body[: draws.number(0, len(body))])
    if kind == 1:
        at = draws.number(0, len(body))
        body[at:at] = draws.take(40)
    elif kind == 2:
        at = draws.number(0, len(body) - 1)
        body[at : at + draws.number(1, 600)] = bytes(min(600, len(body) - at))
    else:
        for _ in range(draws.number(1, 4)):
            body[draws.number(0, len(body) - 1)] ^= draws.number(1, 255)
    return bytes(body)


def run_segment(data: bytes) -> None:
    """What is read of a changed segment is what was written, in its order, up to where it was changed."""
    draws = Draws(data)
    whole, written = _segment(draws)
    body = draws.rest() if draws.number(0, 5) == 0 else _changed(draws, whole)
    head = decode_head(body)
    assert head is None or head == decode_head(encode_head(head))
    entries, fault = parse(body, HEAD_BYTES, 1, 1000)
    for (record, _, _, _), it in zip(entries, written, strict=False):
        assert (record.header, record.payload) == (it.header, it.payload), "a changed record was believed"
    assert len(entries) <= len(written)
    at, sequence, _ = skip(body, HEAD_BYTES, 1, 1 + len(entries))
    assert sequence == 1 + len(entries)
    assert at == (entries[-1][3] if entries else HEAD_BYTES)
    assert fault is None or fault.kind in {"short", "prefix", "body", "order"}
    tail = read_tail(body, 1)
    assert len(tail.leaves) <= len(written)
    assert HEAD_BYTES <= tail.end <= max(len(body), HEAD_BYTES)
    assert not (tail.torn and tail.damage)
    vouched = read_tail(body, 1, len(written))
    assert not vouched.torn or len(vouched.leaves) >= len(written), "what was vouched for was cut"
    group_of(body, draws.number(0, len(body)))


def run_frames(data: bytes) -> None:
    """Headers and bodies of anybody are read or damaged; ours come back as they were."""
    draws = Draws(data)
    event = EventHeader(
        draws.take(16), draws.take(16), draws.choice(tuple(EventKind)), draws.number(0, 1 << 50), b"d", 1
    )
    header = FrameHeader(
        "a/b", draws.text(), draws.text(), "1.0.0", "party", draws.take(16), 1, b"n", (event,), 0
    )
    stored = encode_header(header)
    assert decode_header(stored) == header
    bodies = [draws.take(30) for _ in range(draws.number(0, 3))]
    assert decode_bodies(encode_bodies(bodies)) == bodies
    line = to_line(Signed(Checkpoint("log", "a/b", 1, 1, draws.text(), "", 1), "k", "s"))
    assert to_line(from_line(line)) == line
    changed = draws.choice((stored, encode_bodies(bodies), line))
    raw = draws.rest() if draws.number(0, 2) == 0 else _changed(draws, changed)
    for read in (decode_header, decode_bodies, from_line, lambda it: decode_held(Record(1, it, b"", b""))):
        try:
            read(raw)
        except Damaged as error:
            says_nothing_personal(error)


_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 150)) for number in range(0, 100, 9))

TARGETS = (
    Target("stored-segment", run_segment, _SEEDS, (b"ONEFOLD1", bytes(32)), share=50),
    Target("stored-frames", run_frames, _SEEDS, (b"\xdd\xff\xff\xff\xff", b"\xc7"), share=50),
)
