"""Fetch the package that answers a request for access or portability, to hand it over."""

from __future__ import annotations

from hashlib import sha256

from onefold.gate.model import Permit
from onefold.kernel.errors import NotFound
from onefold.record.requests.model import Status
from onefold.usecases.rooms import Rooms
from onefold.usecases.subject_package import PACKED


def fetch_package(permit: Permit, rooms: Rooms, request_id: str) -> bytes:
    """The zip; that it was fetched is in the audit before it is given out. `NotFound` where there is none."""
    permit.needs("fetch_package")
    found = rooms.requests.find(request_id)
    if found.status is not Status.COMPLETED or found.kind not in PACKED:
        raise NotFound("The request has no package.", hint="Complete a request for access or portability.")
    data = rooms.packages.read(found.outcome)
    rooms.gate.released(
        permit,
        "package_fetched",
        customer=found.customer,
        counts={"bytes": len(data)},
        details={"request": found.id, "sha256": sha256(data).hexdigest()},
    )
    return data
