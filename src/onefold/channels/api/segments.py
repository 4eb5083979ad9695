"""Endpoints of segments and their activation."""

from __future__ import annotations

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import ActivationBody
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.evaluate_segment import evaluate_segment, list_segments
from onefold.usecases.model import Activation, SegmentList, SegmentView

_TAG = "segments"


@endpoint(
    "GET",
    "/api/segments",
    "Lists the published segments",
    tag=_TAG,
    action="list_segments",
    purpose="analytics",
    result=SegmentList,
)
def segments(call: Call) -> SegmentList:
    """By id, without counts."""
    return list_segments(call.permitted, call.rooms)


@endpoint(
    "GET",
    "/api/segments/{segment}",
    "Counts one segment, in bulk and customer by customer",
    tag=_TAG,
    action="evaluate_segment",
    purpose="analytics",
    result=SegmentView,
)
def segment(call: Call) -> SegmentView:
    """The definition, and how many it holds now."""
    return evaluate_segment(call.permitted, call.rooms, call.path["segment"])


@endpoint(
    "POST",
    "/api/segments/{segment}/activations",
    "Releases the members who may be contacted to a file, and counts the rest by reason",
    tag=_TAG,
    action="activate_segment",
    body=ActivationBody,
    result=Activation,
)
def activate(call: Call) -> Activation:
    """Consent and suppression are asked again for each member at this moment."""
    return activate_segment(call.permitted, call.rooms, call.path["segment"])


ENDPOINTS = (segments, segment, activate)
