"""Waiting for another process to speak."""

from __future__ import annotations

import select


def can_read(descriptor: int, within_seconds: float) -> bool:
    """Whether something can be read before the time is over, or the other side has closed.

    `select` itself knows no file above its 1,024th, and a server has more open than that.
    """
    ready = select.poll()
    ready.register(descriptor, select.POLLIN)
    return bool(ready.poll(within_seconds * 1000))
