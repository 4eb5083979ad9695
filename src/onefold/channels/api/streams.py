"""Events in the envelopes of other systems, over HTTP.

A 200 means every message was accounted for, durably.
"""

from __future__ import annotations

from onefold.channels.api.endpoint import Access, Call, endpoint
from onefold.channels.api.parameters import ChangeBody, CloudEventBody, WebhookBody
from onefold.usecases.ingest import admit
from onefold.usecases.ingest_events import ingest_changes, ingest_events
from onefold.usecases.ingest_webhook import admit_webhook, ingest_webhook
from onefold.usecases.model import Ingested, IngestedChanges


@endpoint(
    "POST",
    "/v1/events",
    "Takes CloudEvents 1.0",
    tag="streams",
    access=Access.WRITE_KEY,
    body=CloudEventBody,
    kinds=("application/cloudevents+json", "application/cloudevents-batch+json", "application/json"),
    result=Ingested,
)
def events(call: Call) -> Ingested:
    """Binary mode (attributes in `ce-` headers, the body is `data`), structured mode, or batched mode.

    `source` and `id` make a redelivery the same event. In a batch each event is accounted for by itself.
    """
    return ingest_events(admit(call.rooms, call.write_key), call.rooms, call.headers, call.raw)


@endpoint(
    "POST",
    "/v1/changes",
    "Takes changes of database tables from Debezium",
    tag="streams",
    access=Access.WRITE_KEY,
    body=ChangeBody,
    result=IngestedChanges,
)
def changes(call: Call) -> IngestedChanges:
    """One envelope, an array of them, or one a line, with or without the schema around the payload.

    Tombstones, changes of schemas, heartbeats and transaction marks hold no row: `ignored` counts them.
    """
    return ingest_changes(admit(call.rooms, call.write_key), call.rooms, call.headers, call.raw)


@endpoint(
    "POST",
    "/v1/webhooks/{source}",
    "Takes a webhook that the source has signed",
    tag="streams",
    access=Access.SIGNATURE,
    body=WebhookBody,
    result=Ingested,
)
def webhook(call: Call) -> Ingested:
    """The signature is checked over the raw body, as Stripe, GitHub or Standard Webhooks write it.

    The contract says which, and at which path of the body the kind of the webhook stands.
    """
    proven = admit_webhook(call.rooms, call.path["source"], call.headers, call.raw)
    return ingest_webhook(proven.permit, call.rooms, proven, call.headers, call.raw)


ENDPOINTS = (events, changes, webhook)
