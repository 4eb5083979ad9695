"""How often memory is searched for cycles in processes that make many objects and hardly a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 100)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Until the block ends. Rows live as long as their batch, so a search finds nothing, over and over.

    Measured: an eighth of the time of a load. What is made between two searches stays some megabytes.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle_down() -> None:
    """For a process that has opened all it needs: what is there now lives as long as it does.

    Without this each full search walks through all of it again, and every request waits for that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
