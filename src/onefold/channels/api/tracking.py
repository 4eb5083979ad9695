"""The Segment tracking API: existing SDKs work unchanged.

A 200 means every call was accounted for, durably.
"""

from __future__ import annotations

from onefold.channels.api.endpoint import Access, Call, Endpoint, endpoint
from onefold.channels.api.parameters import BatchBody, TrackingBody
from onefold.usecases.ingest import admit, ingest_batch, ingest_call, source_settings, tracking_settings
from onefold.usecases.model import Ingested, SourceSettings, TrackingSettings

CALLS = ("identify", "track", "page", "screen", "group", "alias")


def _batch(path: str, name: str) -> Endpoint:
    def handler(call: Call) -> Ingested:
        """Each call is accounted for by itself: a bad one goes to quarantine and holds up no other."""
        return ingest_batch(admit(call.rooms, call.write_key), call.rooms, call.raw, call.encoding)

    handler.__name__ = name
    return endpoint(
        "POST",
        path,
        "Takes many tracking calls at once",
        tag="tracking",
        access=Access.WRITE_KEY,
        body=BatchBody,
        result=Ingested,
    )(handler)


def _single(kind: str, path: str, name: str) -> Endpoint:
    def handler(call: Call) -> Ingested:
        """One call; the body is the call without its `type`."""
        return ingest_call(admit(call.rooms, call.write_key), call.rooms, kind, call.raw, call.encoding)

    handler.__name__ = name
    return endpoint(
        "POST",
        path,
        f"Takes one {kind} call",
        tag="tracking",
        access=Access.WRITE_KEY,
        body=TrackingBody,
        result=Ingested,
    )(handler)


@endpoint(
    "GET",
    "/v1/projects/{key}/settings",
    "Tells the library in a page where to send",
    tag="tracking",
    access=Access.WRITE_KEY,
    result=TrackingSettings,
)
def tracking_settings_of(call: Call) -> TrackingSettings:
    """For analytics.js with this server as its `cdnURL`; the write key stands in the address."""
    permit, host = admit(call.rooms, call.write_key), call.headers.get("host", "")
    return tracking_settings(permit, call.write_key, host, secure=call.secure)


@endpoint(
    "GET",
    "/sourceConfig/",
    "Tells RudderStack's library in a page about its source",
    tag="tracking",
    access=Access.WRITE_KEY,
    result=SourceSettings,
)
def source_settings_of(call: Call) -> SourceSettings:
    """For rudderanalytics with this server as its `configUrl`, so that it asks nobody else."""
    return source_settings(admit(call.rooms, call.write_key), call.write_key)


ENDPOINTS = (
    _batch("/v1/batch", "batch"),
    *(_single(kind, f"/v1/{kind}", kind) for kind in CALLS),
    # Addresses of one letter are those that analytics.js sends to.
    _batch("/v1/b", "short_batch"),
    *(_single(kind, f"/v1/{kind[0]}", f"short_{kind}") for kind in CALLS),
    tracking_settings_of,
    source_settings_of,
)
