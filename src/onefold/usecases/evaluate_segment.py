"""List the segments, and count one in bulk and customer by customer."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import SegmentList, SegmentView
from onefold.usecases.rooms import Rooms


def list_segments(permit: Permit, rooms: Rooms) -> SegmentList:
    """By id, without counts."""
    permit.needs("list_segments")
    raise NotImplementedError


def evaluate_segment(permit: Permit, rooms: Rooms, segment: str) -> SegmentView:
    """The definition and how many it holds now."""
    permit.needs("evaluate_segment")
    raise NotImplementedError
