"""How long one thread of a process that answers may keep the interpreter from another that wants it."""

from __future__ import annotations

import sys

SWITCH_SECONDS = 0.0005
"""A tenth of what Python does by itself."""


def switch_often() -> None:
    """For a process that answers on one thread and waits for the disk on another.

    Whoever comes back from the disk asks for the interpreter, and the event loop gives it up when it next
    waits, or after this. A busy loop hardly waits: each sync, and with it every view whose record it wrote,
    was late by up to five milliseconds, again and again. Measured on two busy cores: beside a thread that
    always computes, 500 to 2,000 syncs in 2.5 seconds where there were 170 to 220; the computing lost a
    twentieth.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
