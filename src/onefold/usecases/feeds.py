"""The feeds of a house: who reads which topics now, and how far. Health and sources show it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from onefold.record.intake.topics import FeedStatus

AskStatus = Callable[[], FeedStatus]


class Feeds:
    """Feeds by source; several may read the same source. Safe to share by threads."""

    def __init__(self) -> None:
        self._open: list[tuple[str, AskStatus]] = []
        self._guard = threading.Lock()

    @contextmanager
    def listed(self, source: str, status: AskStatus) -> Iterator[None]:
        """Lists a feed for the length of a block."""
        entry = (source, status)
        with self._guard:
            self._open.append(entry)
        try:
            yield
        finally:
            with self._guard:
                self._open.remove(entry)

    def all(self) -> list[tuple[str, FeedStatus]]:
        """Every feed as it stands now, with its source."""
        with self._guard:
            entries = list(self._open)
        return [(source, status()) for source, status in entries]
