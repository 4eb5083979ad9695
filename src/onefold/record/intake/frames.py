"""Accepted events grouped into frames: what one delivery said about one subject through one object."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.record.contracts.compile import CompiledObject
from onefold.record.intake.model import Prepared
from onefold.record.log.model import EventHeader, FrameHeader

FRAME_EVENTS_MAX = 1000
FRAME_BYTES_MAX = 1 << 20

_Group = tuple[list[EventHeader], list[bytes]]
_Key = tuple[CompiledObject, bytes, int]


def to_frames(
    events: Sequence[Prepared], cell: str, recorded_at: int
) -> list[tuple[FrameHeader, list[bytes]]]:
    """Frames in the order their first event came; a long one is cut. Nonces are the sealer's."""
    open_groups: dict[_Key, _Group] = {}
    sizes: dict[_Key, int] = {}
    groups: list[tuple[_Key, _Group]] = []
    for event in events:
        key = (event.object, event.subject_id, event.as_of)
        size = len(event.body)
        group = open_groups.get(key)
        if group is None or len(group[0]) >= FRAME_EVENTS_MAX or sizes[key] + size > FRAME_BYTES_MAX:
            group = open_groups[key] = ([], [])
            sizes[key] = 0
            groups.append((key, group))
        group[0].append(
            EventHeader(event.event_id, event.fragment_id, event.kind, event.occurred_at, event.digest, size)
        )
        group[1].append(event.body)
        sizes[key] += size
    return [(_header(key, headers, cell, recorded_at), bodies) for key, (headers, bodies) in groups]


def _header(key: _Key, headers: list[EventHeader], cell: str, recorded_at: int) -> FrameHeader:
    found, subject_id, as_of = key
    return FrameHeader(
        cell,
        found.source,
        found.name,
        found.contract.version,
        found.entity,
        subject_id,
        recorded_at,
        b"",
        tuple(headers),
        as_of,
    )
