"""What an envelope adds to an object: names it is called by, and what the envelope itself says.

A CloudEvent says when it happened; a change of Debezium says that and whether the row is gone. A contract
that names the envelope need not repeat it, and may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onefold.record.contracts.model import (
    ANY,
    Contract,
    Deletion,
    Delivers,
    Envelope,
    Property,
    Rate,
    Rule,
    Signature,
    Webhook,
)
from onefold.record.contracts.reading import Faults, Reader

CHANGE_OP = "__op"
CHANGE_MS = "__ts_ms"
"""Columns beside those of the table, called as Debezium's own flattening of changes calls them."""

TOLERANCE_SECONDS_MAX = 3600
RATE_MAX = 100_000
_WORDS = ("as", "names")
_EPOCH_MS = {"format": "epoch_ms"}


class Wrapping(msgspec.Struct, frozen=True):
    """The envelope of an object, if any, and the defaults that come with it."""

    envelope: Envelope | None = None
    called: tuple[str, ...] = ()
    added: tuple[Property, ...] = ()
    occurred: Rule | None = None
    deleted: Deletion | None = None

    def properties(self, declared: Iterable[str]) -> tuple[Property, ...]:
        """Those the envelope adds and the contract does not declare itself."""
        known = set(declared)
        return tuple(it for it in self.added if it.path not in known)


def read_wrapping(ours: Reader, name: str) -> Wrapping:
    """`envelope: debezium`, or `envelope: {as: debezium, names: [public.customers]}`."""
    if "envelope" not in ours:
        return Wrapping()
    value = ours.raw("envelope")
    reader = Reader({"as": value} if isinstance(value, str) else value, ours.at("envelope"), ours.faults)
    reader.only(_WORDS)
    envelope = reader.word("as", Envelope)
    called = reader.texts("names") or (name,)
    if envelope is Envelope.CLOUDEVENTS:
        return Wrapping(
            envelope, called, (Property("time", about="When it happened."),), Rule("instant", ("time",))
        )
    if envelope is Envelope.DEBEZIUM:
        return Wrapping(
            envelope,
            called,
            (
                Property(CHANGE_OP, required=True, about="c, r, u or d."),
                Property(CHANGE_MS, "integer", required=True, about="When the database committed it."),
            ),
            Rule("instant", (CHANGE_MS,), _EPOCH_MS),
            Deletion(CHANGE_OP, ("d",)),
        )
    return Wrapping(envelope, called)


def read_webhook(ours: Reader) -> Webhook | None:
    """`webhook: {signature: stripe, object: type, id: id}`."""
    if "webhook" not in ours:
        return None
    reader = ours.reader("webhook")
    reader.only(("signature", "object", "id", "header", "toleranceSeconds"))
    signature = reader.word("signature", Signature)
    path, tolerance = reader.text("object"), reader.integer("toleranceSeconds", 300)
    if not path:
        reader.faults.add(
            reader.at("object"), "is missing; say where in the body its kind stands, such as type"
        )
    if not 1 <= tolerance <= TOLERANCE_SECONDS_MAX:
        reader.faults.add(reader.at("toleranceSeconds"), f"must be 1 to {TOLERANCE_SECONDS_MAX}")
    if signature is None:
        return None
    return Webhook(signature, path, reader.text("id"), reader.text("header"), tolerance)


def read_rate(ours: Reader) -> Rate | None:
    """`rateLimit: {eventsPerSecond: 50, burst: 200}`; the burst is one second's worth by default.

    `requestsPerSecond`, the word of contracts that were published before, means the same.
    """
    if "rateLimit" not in ours:
        return None
    reader = ours.reader("rateLimit")
    reader.only(("eventsPerSecond", "requestsPerSecond", "burst"))
    word = "requestsPerSecond" if "requestsPerSecond" in reader else "eventsPerSecond"
    rate = reader.raw(word)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate <= RATE_MAX:
        reader.faults.add(reader.at(word), f"must be a number above 0, at most {RATE_MAX}")
        return None
    burst = reader.integer("burst", max(1, round(rate)))
    if burst < 1:
        reader.faults.add(reader.at("burst"), "must be at least 1")
    return Rate(float(rate), burst)


def lint_wrapping(contract: Contract, faults: Faults) -> None:
    """Adds a fault where two objects would take the same messages, or an envelope means nothing."""
    taken: dict[str, str] = {}
    for item in contract.objects.values():
        place = f"contract.schema.{item.name}.envelope"
        for call in item.calls:
            other = taken.setdefault(call, item.name)
            if other != item.name:
                faults.add(place, f"takes the messages of {other}; give each its own names")
        if item.envelope is None:
            continue
        if item.envelope is Envelope.WEBHOOK and contract.webhook is None:
            faults.add(
                place, "needs the contract to say how webhooks are signed; set its custom property webhook"
            )
        if item.envelope is Envelope.DEBEZIUM and item.delivers is not Delivers.EVENT:
            faults.add(place, "holds changes, each with its own time; write delivers: event")
        if item.envelope is Envelope.DEBEZIUM and ANY in item.called:
            faults.add(place, "holds rows of one table; name the table")
        if item.file is not None and item.file.format != "jsonl":
            faults.add(place, "comes in files as JSON Lines only; write format: jsonl")
