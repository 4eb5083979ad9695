"""A consumer of Kafka's as a `Feed`: one member of a group, whose offsets carry a statement about our log.

**Offsets** are the group's own, in Kafka, where its tools show them. The client never commits by itself. What
we commit is what was acknowledged, and beside each offset stands the statement that came with it. A member
that is given a partition believes a statement that its log bears out, and reads from the beginning where it
does not (`record/intake/witness.py`). An offset without a statement was set by a person with Kafka's tools,
and is taken as it is.

**Commits** are sent and not waited for, so that a broker that is away for a while costs nothing: what it has
not confirmed is said again. Before a partition goes to another member they are waited for.

**Memory** is bounded by what the client may fetch ahead; while messages are given back, nothing is fetched.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import confluent_kafka as ck
import msgspec

from onefold.adapters.kafka.standing import Standing
from onefold.kernel.errors import CallerError, Unavailable
from onefold.record.intake.topics import FeedStatus, Message

AHEAD_KILOBYTES = 16 << 10
TAKE_BYTES = 8 << 20
STATISTICS_MS = 1_000
METADATA_MS = 30_000
ANSWER_SECONDS = 10.0
_CHUNK = 500
_OURS: dict[str, Any] = {
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "enable.partition.eof": True,
    # What the broker has deleted before it was read must be told, not passed over.
    "auto.offset.reset": "error",
    "isolation.level": "read_committed",
    "partition.assignment.strategy": "range,roundrobin",
    "allow.auto.create.topics": False,
    "statistics.interval.ms": STATISTICS_MS,
    "topic.metadata.refresh.interval.ms": METADATA_MS,
    "queued.max.messages.kbytes": AHEAD_KILOBYTES,
}
_GONE = {
    ck.KafkaError.ILLEGAL_GENERATION,
    ck.KafkaError.UNKNOWN_MEMBER_ID,
    ck.KafkaError.REBALANCE_IN_PROGRESS,
    ck.KafkaError.FENCED_INSTANCE_ID,
    ck.KafkaError._STATE,
    ck.KafkaError._NO_OFFSET,
}
"""Errors of a commit that mean: the partition is another member's now, and its messages come again there."""

Place = tuple[str, int]
"""Topic and partition."""

_unheard = logging.getLogger("onefold.kafka.client")
_unheard.addHandler(logging.NullHandler())
_unheard.propagate = False


class KafkaFeed:
    """Implements `Feed`. `believes` says whether a statement is borne out by our log."""

    def __init__(
        self, settings: Mapping[str, str], group: str, topics: Sequence[str], believes: Callable[[str], bool]
    ) -> None:
        self._believes = believes
        self._standing = Standing(topics)
        self._statement = ""
        self._first: dict[Place, int] = {}
        self._next: dict[Place, int] = {}
        self._unsaid: dict[Place, int] = {}
        self._is_resting = False
        self._consumer = self._open({**settings, **_OURS, "group.id": group})
        try:
            self._consumer.subscribe(
                list(topics), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
            )
        except ck.KafkaException as error:
            raise _down(error) from None

    def take(self, most: int, wait_seconds: float) -> list[Message]:
        """Up to `most` messages, or some megabytes of them; none when none came in time."""
        found: list[Message] = []
        size, count, wait = 0, 1, wait_seconds
        try:
            self._wake_up()
            while len(found) < most and size < TAKE_BYTES:
                batch = self._consumer.consume(min(count, most - len(found)), timeout=wait)
                if not batch:
                    break
                size += sum(self._hear(it, found) for it in batch)
                count, wait = _CHUNK, 0.0
            if not found:
                self._say()
        except ck.KafkaException as error:
            raise _down(error) from None
        return found

    def acknowledge(self, statement: str) -> None:
        """Commits what was taken; a commit that does not arrive is sent again with the next."""
        self._statement = statement
        self._unsaid |= self._next
        for place, offset in self._next.items():
            self._standing.acknowledged(place, offset)
        self._first.clear()
        self._next.clear()
        self._say()

    def give_back(self) -> None:
        """Goes back to the first message that was not acknowledged, and rests until the next `take`."""
        try:
            mine = self._consumer.assignment()
            self._consumer.pause(mine)
            self._is_resting = True
            held = {(it.topic, it.partition) for it in mine}
            for (topic, partition), offset in self._first.items():
                if (topic, partition) in held:
                    self._consumer.seek(ck.TopicPartition(topic, partition, offset))
        except ck.KafkaException as error:
            raise _down(error) from None
        self._first.clear()
        self._next.clear()

    @property
    def has_ended(self) -> bool:
        """Whether every partition of this member was read to its end once, and all of it acknowledged."""
        return self._standing.has_ended and not self._first

    @property
    def status(self) -> FeedStatus:
        """How it stands."""
        return self._standing.status

    def close(self) -> None:
        """Says what is still to be said, if anybody hears it, and leaves the group."""
        if not self._standing.is_down:
            self._say_and_wait(list(self._unsaid))
        self._consumer.close()

    # ------------------------------------------------------------------ messages

    def _hear(self, raw: ck.Message, found: list[Message]) -> int:
        """Takes one message, or what the client says in its place; how many bytes it holds."""
        error = raw.error()
        topic, partition, offset = raw.topic() or "", raw.partition(), raw.offset()
        if error is not None or partition is None or offset is None:
            self._told(error, (topic, partition or 0), offset or 0)
            return 0
        self._first.setdefault((topic, partition), offset)
        self._next[topic, partition] = offset + 1
        headers = tuple((str(it[0]), _bytes(it[1]) or b"") for it in raw.headers() or ())
        value, key = raw.value(), raw.key()
        found.append(
            Message(topic, partition, offset, max(0, raw.timestamp()[1]), _bytes(key), _bytes(value), headers)
        )
        return len(value or b"") + len(key or b"")

    def _told(self, error: ck.KafkaError | None, place: Place, offset: int) -> None:
        code = error.code() if error else None
        if code == ck.KafkaError._PARTITION_EOF:
            self._standing.reached_end(place, offset)
        elif code == ck.KafkaError._AUTO_OFFSET_RESET:
            self._pick_up(place)
        elif error is not None and error.fatal():
            raise _unavailable(error)
        elif error is not None:
            self._standing.failed(place[0], error.name())

    def _pick_up(self, place: Place) -> None:
        """What should come next is not there any more: goes on with the oldest that is; counts the gap."""
        low, high = self._consumer.get_watermark_offsets(ck.TopicPartition(*place), timeout=ANSWER_SECONDS)
        self._standing.restarted(place, low, high)
        # The client has let go of the partition, and takes hold of it again only with all of them.
        held = [(it.topic, it.partition) for it in self._consumer.assignment()]
        places = [(it, self._next.get(it, self._standing.next_of(it))) for it in held]
        self._consumer.assign([ck.TopicPartition(*it, offset) for it, offset in places])

    def _wake_up(self) -> None:
        if self._is_resting:
            self._consumer.resume(self._consumer.assignment())
            self._is_resting = False

    # ------------------------------------------------------------------ offsets

    def _say(self) -> None:
        if self._unsaid:
            self._consumer.commit(offsets=self._offsets(list(self._unsaid)), asynchronous=True)

    def _say_and_wait(self, places: Sequence[Place]) -> None:
        wanted = [it for it in places if it in self._unsaid]
        if not wanted:
            return
        try:
            self._consumer.commit(offsets=self._offsets(wanted), asynchronous=False)
        except ck.KafkaException as error:
            self._standing.said(_error_of(error).name())
        for place in wanted:
            del self._unsaid[place]

    def _offsets(self, places: Sequence[Place]) -> list[ck.TopicPartition]:
        return [ck.TopicPartition(*it, self._unsaid[it], self._statement) for it in places]

    def _committed(self, error: ck.KafkaError | None, offsets: Sequence[ck.TopicPartition]) -> None:
        for it in offsets:
            place = it.topic, it.partition
            fault = it.error or error
            is_settled = fault is None or fault.code() in _GONE
            if is_settled and self._unsaid.get(place) == it.offset:
                del self._unsaid[place]

    # ------------------------------------------------------------------ the group

    def _assigned(self, consumer: ck.Consumer, partitions: Sequence[ck.TopicPartition]) -> None:
        known = consumer.committed(list(partitions), timeout=ANSWER_SECONDS) if partitions else []
        starts = []
        for it in known:
            if it.error is not None:
                raise _unavailable(it.error)
            is_believed = it.offset >= 0 and (not it.metadata or self._believes(it.metadata))
            starts.append(
                ck.TopicPartition(it.topic, it.partition, it.offset if is_believed else ck.OFFSET_BEGINNING)
            )
        self._standing.assigned({(it.topic, it.partition): it.offset for it in starts})
        consumer.assign(starts)

    def _revoked(self, consumer: ck.Consumer, partitions: Sequence[ck.TopicPartition]) -> None:
        self._say_and_wait([(it.topic, it.partition) for it in partitions])
        self._lost(consumer, partitions)

    def _lost(self, _: ck.Consumer, partitions: Sequence[ck.TopicPartition]) -> None:
        for it in partitions:
            place = it.topic, it.partition
            self._standing.revoked(place)
            for places in (self._first, self._next, self._unsaid):
                places.pop(place, None)

    # ------------------------------------------------------------------ the client

    def _open(self, settings: dict[str, Any]) -> ck.Consumer:
        theirs = dict(settings)
        theirs |= {
            "error_cb": lambda error: self._standing.said(error.name()),
            "stats_cb": lambda text: self._standing.measured(msgspec.json.decode(text)),
            "on_commit": self._committed,
        }
        try:
            return ck.Consumer(theirs, logger=_unheard)
        except (ck.KafkaException, ValueError, TypeError) as error:
            raise CallerError(
                "The settings of the broker cannot be used.",
                detail=_setting_in(str(error), settings),
                hint="Names and values are those of librdkafka, such as bootstrap.servers.",
            ) from None


def own_settings(settings: Mapping[str, str]) -> list[str]:
    """The settings that a house may not set, since its promises rest on them."""
    return sorted(set(settings) & {*_OURS, "group.id"})


def _setting_in(said: str, settings: Mapping[str, Any]) -> str:
    """Which setting the client complains of; its words may hold a value."""
    names = Counter({name: len(name) for name in settings if name in said})
    return f"It does not take {names.most_common(1)[0][0]}." if names else ""


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


def _error_of(error: ck.KafkaException) -> ck.KafkaError:
    found: ck.KafkaError = error.args[0]
    return found


def _down(error: ck.KafkaException) -> Unavailable:
    return _unavailable(_error_of(error))


def _unavailable(error: ck.KafkaError) -> Unavailable:
    return Unavailable("The broker cannot serve.", detail=f"It says {error.name()}.")
