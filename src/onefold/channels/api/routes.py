"""Every endpoint of the API, in one list.

What is not here is not served, and what is here is tested for its permit.
"""

from __future__ import annotations

from onefold.channels.api import (
    biometrics,
    customers,
    holds,
    hubs,
    matching,
    opendsr,
    provider,
    requests,
    reviews,
    segments,
    session,
    stewardship,
    streams,
    tracking,
)
from onefold.channels.api.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *session.ENDPOINTS,
    *provider.ENDPOINTS,
    *customers.ENDPOINTS,
    *biometrics.ENDPOINTS,
    *stewardship.ENDPOINTS,
    *matching.ENDPOINTS,
    *reviews.ENDPOINTS,
    *hubs.ENDPOINTS,
    *requests.ENDPOINTS,
    *holds.ENDPOINTS,
    *opendsr.ENDPOINTS,
    *segments.ENDPOINTS,
    *tracking.ENDPOINTS,
    *streams.ENDPOINTS,
)
