"""Endpoints of segments and their activation."""

from __future__ import annotations

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import ActivationBody, AudienceQuery
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.count_audience import count_audience
from onefold.usecases.evaluate_segment import evaluate_segment, list_segments
from onefold.usecases.model import Activation, CountedAudience, SegmentList, SegmentView

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
    "GET",
    "/api/segments/{segment}/audience",
    "Counts the members who may be contacted now over a channel, and the rest by reason",
    tag=_TAG,
    action="count_audience",
    query=AudienceQuery,
    result=CountedAudience,
)
def audience(call: Call) -> CountedAudience:
    """What an activation at this moment would come to; nothing is sent."""
    return count_audience(call.permitted, call.rooms, call.path["segment"])


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


ENDPOINTS = (segments, segment, audience, activate)
