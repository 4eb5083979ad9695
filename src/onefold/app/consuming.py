"""Reading the topics of a folder: while it is served, each feed on a thread of its own; or by a command.

The threads share the door with everybody who sends over HTTP: the log has one writer, and rows of both are
settled in one group. What is heavy on the way (fetching, unpacking) is the client's own code, outside the
interpreter's lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

import structlog

from onefold.app.folder import CONFIG, DataFolder
from onefold.app.loading import reasons_of
from onefold.app.rooms import open_rooms
from onefold.app.topics import TopicEntry, read_topics
from onefold.channels.cli.house import ObjectLoaded, TopicsRead, Watch
from onefold.kernel.errors import CallerError, OnefoldError
from onefold.kernel.hosts import is_this_machine
from onefold.record.contracts.schemas.errors import SchemaUnknown
from onefold.record.contracts.schemas.model import SchemaKind
from onefold.record.contracts.schemas.service import SchemaRegistry
from onefold.record.intake.envelopes.messages import ReadAvro
from onefold.record.intake.topics import Feed, Message
from onefold.runtimes.embedded.consuming import Consumer
from onefold.usecases.consume_messages import Consumed, consume_messages, plan_topics
from onefold.usecases.list_sources import accounting
from onefold.usecases.rooms import Rooms

PATIENCE_SECONDS = 30.0
CAUGHT_UP_SECONDS = 600.0


class _Client(NamedTuple):
    """What the adapter has to offer; imported when there are topics to read, since it is an extra."""

    open_feed: Callable[[TopicEntry, Rooms], Feed]
    read_avro: Callable[[TopicEntry, Rooms, ExitStack], ReadAvro]


class _Reading:
    """Reads the messages of one entry into the rooms, and counts what became of them."""

    def __init__(
        self, rooms: Rooms, entry: TopicEntry, read_avro: ReadAvro, account: Consumed, watch: Watch
    ) -> None:
        self._rooms = rooms
        self._entry = entry
        self._read_avro = read_avro
        self._account = account
        self._watch = watch

    def __call__(self, messages: Sequence[Message]) -> str:
        rooms, entry = self._rooms, self._entry
        permit = rooms.gate.admit(entry.source, "kafka")
        done = consume_messages(permit, rooms, entry.readings, self._read_avro, messages)
        if done.unheard:
            structlog.get_logger("onefold.topics").warning("unheard", source=entry.source, rows=done.unheard)
        self._account.add(done)
        self._watch(entry.source, self._account.messages, None)
        return rooms.witness.statement()


@contextmanager
def consuming(folder: DataFolder, rooms: Rooms) -> Iterator[None]:
    """Reads every topic of a folder until the block ends."""
    entries = read_topics(folder)
    if not entries:
        yield
        return
    client = _client()
    consumers: list[Consumer] = []
    with ExitStack() as stack:
        for entry in entries:
            _check(entry, rooms)
            for number in range(entry.consumers):
                read_avro = client.read_avro(entry, rooms, stack)
                reading = _Reading(rooms, entry, read_avro, Consumed(), _nobody)
                consumer = _consumer(client, entry, rooms, reading, number)
                stack.enter_context(rooms.feeds.listed(entry.source, partial(getattr, consumer, "status")))
                consumers.append(consumer)
        for consumer in consumers:
            consumer.start()
        try:
            yield
        finally:
            for consumer in consumers:
                consumer.ask_to_stop()
            for consumer in consumers:
                consumer.stop()


def consume(folder: DataFolder, source: str, *, until_end: bool, watch: Watch) -> TopicsRead:
    """Reads the topics of one source, until their end or until Ctrl-C; what is in the account is durable."""
    started = time.monotonic()
    wanted = [it for it in read_topics(folder) if it.source == source]
    if not wanted:
        raise CallerError(
            f"No topics are set for {source}.", hint=f'Put [[kafka]] with source = "{source}" into {CONFIG}.'
        )
    client = _client()
    total = Consumed()
    with open_rooms(folder) as opened, ExitStack() as stack:
        rooms = opened.rooms
        for entry in wanted:
            _check(entry, rooms)
        permit = rooms.gate.admit(source, "cli")
        try:
            for entry in wanted:
                reading = _Reading(rooms, entry, client.read_avro(entry, rooms, stack), total, watch)
                consumer = Consumer(partial(client.open_feed, entry, rooms), reading, _quietly)
                consumer.read(time.monotonic, PATIENCE_SECONDS, until_end=until_end)
        except KeyboardInterrupt:
            # That is how it ends without --until-end; what was read is in the account.
            watch(source, total.messages, total.messages)
        rooms.barrier.wait_for(rooms.log.last_sequence, CAUGHT_UP_SECONDS)
        rooms.gate.released(
            permit,
            "load",
            details={"source": source, "object": "*", "mode": "topics"},
            counts={it: getattr(total.tally, it) for it in ("offered", "accepted", "quarantined", "refused")},
        )
    loaded = ObjectLoaded(source, (), accounting(total.tally), reasons_of(total.tally))
    return TopicsRead(loaded, dict(total.ignored), total.messages, time.monotonic() - started)


def _quietly(_: OnefoldError | None) -> None:
    """A command says what went wrong when it ends."""


def _nobody(task: str, done: int, total: int | None) -> None:
    """Nobody watches a server."""


def _check(entry: TopicEntry, rooms: Rooms) -> None:
    """What can be known to be wrong is told before anything begins."""
    from onefold.adapters.kafka.feed import own_settings

    plan_topics(rooms.contracts, entry.source, list(entry.readings.values()))
    ours = own_settings(entry.broker())
    if ours:
        raise CallerError(
            f"The settings of the topics of {entry.source} set what is not theirs: {', '.join(ours)}.",
            hint="Leave them out; the group is set in the folder's own settings.",
        )
    _check_the_way(entry)


def _check_the_way(entry: TopicEntry) -> None:
    """Refuses what would go over a network in clear unless the house says outright that it may."""
    broker, registry = entry.broker(), entry.registry()
    servers = broker.get("bootstrap.servers", broker.get("metadata.broker.list", "")).split(",")
    if "security.protocol" not in broker and not all(map(is_this_machine, map(_host, servers))):
        raise CallerError(
            f"The settings of the topics of {entry.source} do not say how they are protected on the way.",
            hint="Add security.protocol=SASL_SSL or SSL; PLAINTEXT only on a network of yours.",
        )
    for url in filter(None, registry.get("url", "").split(",")):
        found = urlsplit(url.strip())
        if found.scheme != "https" and not is_this_machine(found.hostname or ""):
            raise CallerError(
                f"The schema registry of the topics of {entry.source} is not asked over https.",
                hint="Write url=https://…; http is for this machine alone.",
            )


def _host(server: str) -> str:
    """The host of `host`, `host:port`, `[::1]:port` or `PROTOCOL://host:port`; empty where it is none."""
    try:
        return urlsplit("//" + server.strip().rpartition("://")[2]).hostname or ""
    except ValueError:
        return ""


def _consumer(client: _Client, entry: TopicEntry, rooms: Rooms, reading: _Reading, number: int) -> Consumer:
    log = structlog.get_logger("onefold.topics")

    def told(error: OnefoldError | None) -> None:
        if error is None:
            log.info("going on", source=entry.source, consumer=number)
        else:
            log.warning("not reading", source=entry.source, consumer=number, error=str(error))

    return Consumer(partial(client.open_feed, entry, rooms), reading, told, f"topics-{entry.source}-{number}")


def _client() -> _Client:
    try:
        from onefold.adapters.kafka.avro import AvroReader
        from onefold.adapters.kafka.feed import KafkaFeed
        from onefold.adapters.kafka.schemas import RemoteSchemas
    except ImportError:
        raise CallerError(
            "Kafka's client is not installed.", hint='Install it beside Onefold: pip install "onefold[kafka]"'
        ) from None

    def open_feed(entry: TopicEntry, rooms: Rooms) -> Feed:
        return KafkaFeed(entry.broker(), entry.group, list(entry.readings), rooms.witness.bears_out)

    def read_avro(entry: TopicEntry, rooms: Rooms, stack: ExitStack) -> ReadAvro:
        elsewhere = entry.registry()
        if not elsewhere:
            return AvroReader(_our_schemas(rooms.schemas))
        return AvroReader(stack.enter_context(closing(RemoteSchemas(elsewhere))))

    return _Client(open_feed, read_avro)


def _our_schemas(registry: SchemaRegistry) -> Callable[[int], list[str]]:
    """Our own registry, asked without a network; its schemas refer to no others."""

    def schemas(number: int) -> list[str]:
        try:
            schema = registry.schema(number)
        except SchemaUnknown:
            return []
        return [schema.text] if schema.kind is SchemaKind.AVRO else []

    return schemas
