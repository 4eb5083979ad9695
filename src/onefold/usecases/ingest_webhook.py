"""Take the webhooks of a source: proven by a secret that the sender has, then accounted for like any row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from onefold.gate.model import Permit
from onefold.kernel.errors import Unauthenticated
from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.model import Envelope, Webhook
from onefold.record.intake.envelopes.signatures import read_signed, verify
from onefold.record.intake.envelopes.webhooks import parse_webhook
from onefold.record.intake.segment import inflate
from onefold.record.intake.skew import Basis, Told, sent_in_headers
from onefold.usecases.ingest import enter, take
from onefold.usecases.ingest_events import calls_of
from onefold.usecases.model import Ingested
from onefold.usecases.rooms import Rooms


class ProvenWebhook(NamedTuple):
    """The permit of the source whose secret signed a request, and the id that it signed."""

    permit: Permit
    webhook: Webhook
    signed_id: str
    signed_at: int | None = None
    """When it says it was signed, in ms."""


def admit_webhook(rooms: Rooms, source: str, headers: Mapping[str, str], body: bytes) -> ProvenWebhook:
    """Checks the signature over the bytes as they came.

    One answer for a source that is not there, one that takes no webhooks and a signature that is wrong or too
    old: who cannot sign learns nothing.
    """
    webhook = _webhook_of(rooms, source)
    signed = read_signed(webhook, headers, body) if webhook else None
    secrets = rooms.secrets.of(source) if webhook else ()
    if webhook is None or signed is None or not verify(webhook, signed, secrets, rooms.clock.now_ms()):
        raise Unauthenticated(
            "This webhook is not signed by a secret of that source.",
            hint="Check the secret (onefold secret), the contract's webhook, and the sender's clock.",
        )
    at = None if signed.at_seconds is None else signed.at_seconds * 1000
    return ProvenWebhook(enter(rooms, source), webhook, signed.message_id, at)


def ingest_webhook(
    permit: Permit, rooms: Rooms, proven: ProvenWebhook, headers: Mapping[str, str], body: bytes
) -> Ingested:
    """One webhook; what cannot be read goes to quarantine, since sending it again would not mend it."""
    permit.needs("ingest")
    plain = inflate(body, headers.get("content-encoding", "").strip().lower())
    told = sent_in_headers(headers) if proven.signed_at is None else Told(proven.signed_at, Basis.SENT)
    rooms.skews.heard(permit.actor.id, told, rooms.clock.now_ms())
    found = parse_webhook(proven.webhook, plain, proven.signed_id)
    return take(permit, rooms, calls_of(permit, rooms, Envelope.WEBHOOK, [found]))


def _webhook_of(rooms: Rooms, source: str) -> Webhook | None:
    try:
        return rooms.contracts.latest(source).contract.webhook
    except UnknownSource:
        return None
