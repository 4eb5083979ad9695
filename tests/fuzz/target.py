"""What a fuzz target is, and the bounds that each execution keeps: processor time and memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.hostile import CANARY

CPU_SECONDS_MAX = 3.0
"""Of one execution, instrumented, whatever else the machine does. Most take a thousandth of it."""
GROWTH_BYTES_MAX = 192 << 20
"""By which one execution may raise the peak memory of its process."""

Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """One parser with its oracle: `run` raises for whatever it should not have done.

    `share` says how many executions it gets beside the others: fewer where each costs more. `seeds` are
    inputs that get far in, `words` pieces that the fuzzer puts into others.
    """

    name: str
    run: Run
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    share: int = 10
    length_max: int = 4096


class Overrun(AssertionError):
    """One execution took more time or memory than its input is worth."""


def bounded(target: Target, data: bytes) -> None:
    """One execution within its bounds."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    target.run(data)
    spent = time.process_time() - started
    if spent > CPU_SECONDS_MAX:
        raise Overrun(f"{target.name} took {spent:.1f} s for {len(data)} bytes")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
    if grown > GROWTH_BYTES_MAX:
        raise Overrun(f"{target.name} took {grown >> 20} MiB for {len(data)} bytes")


def says_nothing_personal(error: Exception) -> None:
    """An error says something, and repeats nothing that was sent."""
    assert str(error), "an error without a word"
    assert CANARY not in str(error), f"{type(error).__name__} repeats what was sent"
