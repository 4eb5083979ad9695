"""Whether this server should be sent anything now: for a load balancer, which asks often and reads a status.

Needs no permit: it tells nothing of the house but what is wrong with it, in words of our own. What it does
not look at, since requests are served all the same, is on the page of health: checkpoints, topics, clocks.
"""

from __future__ import annotations

import msgspec

from onefold.kernel.errors import Unavailable
from onefold.usecases.pulse import LATE_SECONDS
from onefold.usecases.rooms import Rooms

ASK_AGAIN_SECONDS = 5


class Ready(msgspec.Struct, frozen=True):
    """That it takes and serves data; where it does not, that is a problem and no answer."""

    status: str = "ok"


def check_ready(rooms: Rooms) -> Ready:
    """`Unavailable` where log or audit cannot be written, or profiles do not follow the log, or too late."""
    wrong = [fault] if (fault := rooms.writing.fault()) else []
    late = rooms.pulse.is_late(rooms.log.last_sequence, rooms.reader.offset, rooms.clock.now_ms())
    if rooms.barrier.failure is not None:
        wrong.append("Profiles do not follow the log.")
    elif late:
        wrong.append(f"Profiles are more than {LATE_SECONDS} seconds behind the log.")
    if wrong:
        raise Unavailable(
            "This server is not well.",
            retry_after_seconds=ASK_AGAIN_SECONDS,
            detail=" ".join(wrong),
            hint="What was acknowledged is safe. The server's own log and /api/health say more.",
        )
    return Ready()
