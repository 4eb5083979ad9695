"""The Segment tracking API: existing SDKs work unchanged.

A 200 means every call was accounted for, durably.
"""

from __future__ import annotations

from onefold.channels.api.endpoint import Access, Call, Endpoint, endpoint
from onefold.channels.api.parameters import BatchBody, TrackingBody
from onefold.usecases.ingest import admit, ingest_batch, ingest_call
from onefold.usecases.model import Ingested

CALLS = ("identify", "track", "page", "screen", "group", "alias")


@endpoint(
    "POST",
    "/v1/batch",
    "Takes many tracking calls at once",
    tag="tracking",
    access=Access.WRITE_KEY,
    body=BatchBody,
    result=Ingested,
)
def batch(call: Call) -> Ingested:
    """Each call is accounted for by itself: a bad one goes to quarantine and does not hold up the others."""
    return ingest_batch(admit(call.rooms, call.write_key), call.rooms, call.raw, call.encoding)


def _single(kind: str) -> Endpoint:
    def handler(call: Call) -> Ingested:
        """One call; the body is the call without its `type`."""
        return ingest_call(admit(call.rooms, call.write_key), call.rooms, kind, call.raw, call.encoding)

    handler.__name__ = kind
    return endpoint(
        "POST",
        f"/v1/{kind}",
        f"Takes one {kind} call",
        tag="tracking",
        access=Access.WRITE_KEY,
        body=TrackingBody,
        result=Ingested,
    )(handler)


ENDPOINTS = (batch, *map(_single, CALLS))
