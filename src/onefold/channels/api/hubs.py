"""What too many share over HTTP: keys that bring nobody together for it, and devices of many people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from onefold.channels.api.endpoint import Call, endpoint
from onefold.channels.api.parameters import Cursor, Query
from onefold.usecases.list_hubs import (
    LIMIT_MAX,
    HubList,
    SharedDevices,
    list_hubs,
    list_shared_devices,
)

_TAG = "stewardship"


class HubsQuery(Query, frozen=True):
    """Why, how many at most, and from where on."""

    purpose: Literal["stewardship", "compliance"] = "stewardship"
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 20
    cursor: Cursor = ""


@endpoint(
    "GET",
    "/api/hubs",
    "Lists the keys that so many records share that they bring nobody together, most records first",
    tag=_TAG,
    action="list_hubs",
    query=HubsQuery,
    result=HubList,
)
def hubs(call: Call) -> HubList:
    """Each call moves the search on by a window of bounded work; `covered_percent` says how far it is."""
    asked = call.query
    return list_hubs(call.permitted, call.rooms, cursor=asked.cursor, limit=asked.limit)


@endpoint(
    "GET",
    "/api/shared-devices",
    "Lists the devices of more people than one may be of, most people first",
    tag=_TAG,
    action="list_hubs",
    query=HubsQuery,
    result=SharedDevices,
    named="list_shared_devices",
)
def shared_devices(call: Call) -> SharedDevices:
    """Each call moves the search on by a window; `is_whole` once it has been over all devices."""
    asked = call.query
    return list_shared_devices(call.permitted, call.rooms, cursor=asked.cursor, limit=asked.limit)


ENDPOINTS = (hubs, shared_devices)
