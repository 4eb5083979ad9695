"""Reading a feed into the door: take, make durable, acknowledge, in this order and nothing else.

What goes wrong goes wrong before the acknowledgement, so it is tried again after a pause that doubles: with
the same feed where our side could not take the messages, with a new one where the feed itself broke.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from threading import Event, Thread

import msgspec

from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.record.intake.topics import Feed, FeedStatus, Message

BATCH_MESSAGES = 2_000
WAIT_SECONDS = 0.25
PAUSE_SECONDS = 0.5
PAUSE_MAX_SECONDS = 30.0

OpenFeed = Callable[[], Feed]
Take = Callable[[Sequence[Message]], str]
"""Makes messages durable, and answers the statement to acknowledge them with."""
Told = Callable[[OnefoldError | None], None]
"""Told what keeps a feed from being read, once, and None when it goes on."""


class Consumer:
    """Reads one feed, on a thread of its own or until its end. `status` may be asked by any thread."""

    def __init__(self, open_feed: OpenFeed, take: Take, told: Told, name: str = "feed") -> None:
        self._open_feed = open_feed
        self._take = take
        self._told = told
        self._stopping = Event()
        self._failure = ""
        self._pause_seconds = PAUSE_SECONDS
        self._last = FeedStatus()
        self._feed: Feed | None = None
        self._thread = Thread(target=self._run, name=f"onefold-{name}", daemon=True)

    def start(self) -> None:
        """Begins to read; once."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Asks for the end, so that several can come to theirs together."""
        self._stopping.set()

    def stop(self) -> None:
        """Lets the messages at hand become durable, and ends."""
        self._stopping.set()
        self._thread.join()

    @property
    def status(self) -> FeedStatus:
        """How the feed stands, and what keeps us from reading it."""
        feed = self._feed
        found = feed.status if feed is not None else self._last
        return msgspec.structs.replace(found, fault=self._failure or found.fault)

    def read(self, clock: Callable[[], float], patience_seconds: float, *, until_end: bool) -> None:
        """Reads on this thread, until the feed has ended or for ever; raises what keeps it from that.

        `Unavailable` when the feed is at fault for as long as patience lasts; `clock` counts seconds.
        """
        with closing(self._open_feed()) as feed:
            since = clock()
            while not (until_end and feed.has_ended):
                messages = feed.take(BATCH_MESSAGES, WAIT_SECONDS)
                if messages:
                    feed.acknowledge(self._take(messages))
                fault = feed.status.fault
                if messages or not fault:
                    since = clock()
                elif clock() - since > patience_seconds:
                    raise Unavailable(fault, hint="What was read is safe; the next run goes on from there.")

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._read()
                except OnefoldError as error:
                    self._failed(error)
        finally:
            if not self._stopping.is_set():
                self._failure = "Reading was ended by a fault of ours; start the server again."

    def _read(self) -> None:
        """One feed, from its opening until it breaks or we are to end."""
        with closing(self._open_feed()) as feed:
            self._feed = feed
            try:
                while not self._stopping.is_set():
                    self._turn(feed)
            finally:
                self._last, self._feed = feed.status, None

    def _turn(self, feed: Feed) -> None:
        messages = feed.take(BATCH_MESSAGES, WAIT_SECONDS)
        if messages:
            try:
                statement = self._take(messages)
            except OnefoldError as error:
                feed.give_back()
                self._failed(error)
                return
            feed.acknowledge(statement)
        if self._failure and (messages or not feed.status.fault):
            self._failure = ""
            self._told(None)
        self._pause_seconds = PAUSE_SECONDS

    def _failed(self, error: OnefoldError) -> None:
        said = error.message
        if said != self._failure:
            self._failure = said
            self._told(error)
        self._stopping.wait(self._pause_seconds)
        self._pause_seconds = min(2 * self._pause_seconds, PAUSE_MAX_SECONDS)
