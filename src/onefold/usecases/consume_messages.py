"""Take what the topics of a source hold; the house's configuration says which, and is their authority.

Every message becomes a row of an object, is passed over for what it is, or is held with its reason, so none
stands in the way of those behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.model import Envelope
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.envelopes.messages import Form, ReadAvro, read_enveloped, read_row
from onefold.record.intake.model import Receipt, Tally
from onefold.record.intake.segment import Call
from onefold.record.intake.topics import Message
from onefold.usecases.ingest import take_calls
from onefold.usecases.rooms import Rooms

_ENVELOPES = {Form.CLOUDEVENTS: Envelope.CLOUDEVENTS, Form.DEBEZIUM: Envelope.DEBEZIUM}


class TopicReading(msgspec.Struct, frozen=True):
    """How one topic is read: `object` where messages do not say it; `key` is the property that keys are."""

    topic: str
    form: Form
    object: str = ""
    key: str = ""


class Consumed(msgspec.Struct):
    """What became of messages: those that hold no row are `ignored`, by what they are; the others offered.

    `unheard` counts rows that are held and may have taken something away.
    """

    tally: Tally = msgspec.field(default_factory=Tally)
    ignored: Counter[str] = msgspec.field(default_factory=Counter)
    unheard: int = 0

    @property
    def messages(self) -> int:
        """How many there were."""
        return self.tally.offered + self.ignored.total()

    def add(self, other: Consumed) -> None:
        """Counts another account in."""
        self.tally.add(other.tally)
        self.ignored.update(other.ignored)
        self.unheard += other.unheard


def plan_topics(contracts: Contracts, source: str, readings: Sequence[TopicReading]) -> None:
    """Checks that the contract of a source knows what its topics hold; `CallerError` says what not."""
    contract = contracts.latest(source)
    for it in readings:
        if it.form.is_enveloped:
            envelope = _ENVELOPES[it.form]
            if not any(found.item.envelope is envelope for found in contract.objects.values()):
                raise CallerError(
                    f"No object of {source} comes in the envelope {envelope}, as the topic {it.topic} does.",
                    hint="Give the object the custom property envelope in its contract.",
                )
        elif contract.object(it.object).item.envelope is not None:
            raise CallerError(
                f"{source}/{it.object} comes in an envelope, and the topic {it.topic} holds bare rows.",
                hint="Set the format of the topic to that envelope, or name another object.",
            )


def consume_messages(
    permit: Permit,
    rooms: Rooms,
    readings: Mapping[str, TopicReading],
    read_avro: ReadAvro,
    messages: Sequence[Message],
) -> Consumed:
    """Takes messages through the door, in their order; when it returns, all of them are durable.

    What they take away is in force, too. `Unavailable`: offer them again; what was taken is then a duplicate.
    """
    permit.needs("ingest")
    contract = rooms.contracts.latest(permit.actor.id)
    calls: list[Call] = []
    ignored: Counter[str] = Counter()
    for message in messages:
        reading = readings[message.topic]
        if not reading.form.is_enveloped:
            item = contract.object(reading.object).item
            offered = read_row(message, reading.form, item, reading.key, read_avro)
            calls.append((reading.object, "", offered))
            continue
        found = read_enveloped(message, reading.form, read_avro)
        if found.offered is None:
            ignored[found.ignored] += 1
            continue
        envelope = _ENVELOPES[reading.form]
        known = (name for name in found.names if contract.call(envelope, name) is not None)
        calls.append((envelope.value, next(known, ""), found.offered))
    receipt = take_calls(permit, rooms, calls) if calls else Receipt(Tally())
    return Consumed(receipt.tally, ignored, receipt.unheard)
