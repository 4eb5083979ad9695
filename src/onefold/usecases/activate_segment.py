"""Release a segment's members who may be contacted, and count the rest by reason."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import Activation
from onefold.usecases.rooms import Rooms


def activate_segment(permit: Permit, rooms: Rooms, segment: str, *, channel: str) -> Activation:
    """Consent and suppression are asked again for each member at this moment."""
    permit.needs("activate_segment")
    raise NotImplementedError
