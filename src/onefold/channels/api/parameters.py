"""What requests may carry: query strings and bodies, each field with its limits.

Unknown fields are refused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from onefold.usecases.erase_customer import Because as ErasedBecause
from onefold.usecases.settle_quarantine import Because

Purpose = Literal["servicing", "marketing", "fraud", "stewardship", "analytics", "compliance"]
Channel = Literal["email", "sms", "call", "push", "app", "web", "branch", "post", "partner"]
ConsentPurpose = Annotated[str, Meta(min_length=1, max_length=60, pattern="^[a-z][a-z_]*$")]
Id = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", description="32 hexadecimal digits")]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Filter = Annotated[str, Meta(max_length=100)]
Property = Annotated[str, Meta(max_length=500, description="of the contract; empty: the row as a whole")]
Cursor = Annotated[str, Meta(max_length=200, description="`next` of the page before")]
Day = Annotated[str, Meta(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description="YYYY-MM-DD, or empty")]
When = Annotated[str, Meta(max_length=40, description="a day or an instant, ISO 8601; or empty")]
Known = Annotated[
    str, Meta(max_length=40, description="now, then (at that time), a day or an instant; or empty")
]
Size = Annotated[
    str, Meta(pattern="^([0-9]{1,15}([.][0-9]{1,4})?)?$", description="decimal without a sign, or empty")
]
Limit = Annotated[int, Meta(ge=1, le=500)]


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of every query string."""


class PurposeQuery(Query, frozen=True):
    """Why the data is asked for."""

    purpose: Purpose = "servicing"


class SearchQuery(PurposeQuery, frozen=True, kw_only=True):
    """What to find: a name, phone, e-mail, account number or any source's key."""

    q: Annotated[str, Meta(min_length=2, max_length=100)]


class TransactionsQuery(PurposeQuery, frozen=True):
    """Which transactions.

    Of one account, with a text, of a direction, from a day to a day and between two amounts (all included).
    """

    account: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    q: Filter = ""
    direction: Literal["", "credit", "debit"] = ""
    first: Day = msgspec.field(name="from", default="")
    last: Day = msgspec.field(name="to", default="")
    least: Size = ""
    most: Size = ""
    cursor: Cursor = ""
    limit: Limit = 100


class TimelineQuery(PurposeQuery, frozen=True):
    """Which moments: of one kind, or all; with `q`, conversations with words that begin so."""

    kind: Annotated[str, Meta(max_length=30)] = ""
    q: Filter = ""
    cursor: Cursor = ""
    limit: Limit = 50


class ConsentsQuery(PurposeQuery, frozen=True):
    """What stood when, as known now, then or at another instant, and which page of what was said."""

    at: When = ""
    known: Known = "now"
    cursor: Cursor = ""
    limit: Limit = 50


class ConversationQuery(PurposeQuery, frozen=True):
    """Which words to mark in it."""

    q: Filter = ""


class ConversationsQuery(PurposeQuery, frozen=True, kw_only=True):
    """Which words to look for in what was said: a conversation has, for each, one that begins so."""

    q: Annotated[str, Meta(min_length=2, max_length=100)]
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class QuarantineQuery(Query, frozen=True):
    """Which quarantined rows."""

    source: Filter = ""
    object: Filter = ""
    version: Filter = ""
    reason: Filter = ""
    field: Property | None = None
    standing: Literal["", "open", "settled", "resubmitted", "discarded"] = ""
    cursor: Cursor = ""
    limit: Limit = 50


class SourceQuery(Query, frozen=True):
    """Which version of the contract; without one, that in force."""

    version: Filter = ""


class ChosenRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which open rows of the quarantine: those named, or all of a source, and of a kind as far as said.

    `below` is the `next` of a call that did not come to the end.
    """

    ids: Annotated[tuple[Annotated[str, Meta(pattern="^[0-9]{1,18}$")], ...], Meta(max_length=5000)] = ()
    source: Filter = ""
    object: Filter = ""
    version: Filter = ""
    reason: Filter = ""
    field: Property | None = None
    below: Annotated[str, Meta(pattern="^([0-9]{1,18})?$")] = ""


class ResubmitBody(ChosenRows, frozen=True, forbid_unknown_fields=True):
    """Rows to hand in again, and what to put into each of them first, by property."""

    corrections: dict[Annotated[str, Meta(max_length=200)], str | int | float | bool | None] = {}


class DiscardBody(ChosenRows, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows to give up, and why."""

    because: Because


class AuditQuery(Query, frozen=True):
    """Which audit records."""

    customer: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    actor: Filter = ""
    kind: Filter = ""
    cursor: Cursor = ""
    limit: Limit = 50


class SignOutQuery(Query, frozen=True):
    """Which sessions: this one, or all of whoever asks."""

    everywhere: bool = False


class BackQuery(Query, frozen=True):
    """Where in the console to go afterwards: a path of it; anything else leads to its first page."""

    back: Annotated[str, Meta(max_length=2000)] = "/"


class CallbackQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider sends the browser back with; whatever else it says is not looked at."""

    code: Annotated[str, Meta(max_length=4000)] = ""
    state: Annotated[str, Meta(max_length=200)] = ""
    iss: Annotated[str, Meta(max_length=500)] = ""
    error: Annotated[str, Meta(max_length=500)] = ""


class SignInBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A login and its password."""

    login: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class PasswordBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password that somebody has, and the one to have instead."""

    present: Annotated[str, Meta(min_length=1, max_length=1000)]
    wanted: Annotated[str, Meta(min_length=1, max_length=1000)]


class ConsentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the customer said, about which purpose and channel, and how we know."""

    purpose: ConsentPurpose
    channel: Literal[Channel, "any"]
    fact: Literal["granted", "withdrawn", "objected"]
    evidence: Annotated[str, Meta(min_length=3, max_length=500)]
    data_class: Annotated[str, Meta(max_length=30, description="empty: all of it")] = ""
    controller: Annotated[str, Meta(max_length=100, description="empty: we ourselves")] = ""
    includes_parts: bool = False
    from_at: When = ""
    until_at: When = ""
    basis: Annotated[str, Meta(max_length=30, description="empty: consent")] = ""
    jurisdiction: Annotated[str, Meta(pattern="^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")] = ""
    notice: Filter = ""
    notice_version: Filter = ""
    language: Annotated[str, Meta(pattern="^([A-Za-z0-9-]{2,35})?$", description="BCP 47")] = ""
    mechanism: Annotated[str, Meta(max_length=30)] = ""


class SuppressionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Over which channel the customer is not to be contacted, and why."""

    channel: Literal[Channel, "any"]
    reason: Literal["wish", "deceased", "litigation", "fraud", "bounce", "complaint", "vulnerable"]


class GlassBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it cannot wait for the customer's manager."""

    because: Literal["customer_asks", "covering", "complaint", "urgent"]


class RevealBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tokens to turn back, and why."""

    tokens: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(min_length=1, max_length=20)]
    because: Literal["investigation", "complaint", "request", "authority", "mistake"]


class RevealQuery(Query, frozen=True):
    """What they are turned back for."""

    purpose: Purpose = "compliance"


class ErasureBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the customer is erased."""

    because: ErasedBecause


class JudgementBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A steward's word on two fragments."""

    left: Id
    right: Id
    verdict: Literal["same", "different", "unsure"]
    reason: Annotated[str, Meta(min_length=3, max_length=500)]


class AudienceQuery(Query, frozen=True, kw_only=True):
    """Why, and through which channel, the members would be contacted."""

    purpose: Purpose
    channel: Channel


class ActivationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and through which channel, the members are to be contacted."""

    purpose: Purpose
    channel: Channel


class TrackingBody(msgspec.Struct, frozen=True):
    """A call of the Segment tracking API; fields as in its specification, kept as they come."""

    type: str = ""
    messageId: str = ""  # noqa: N815 - the wire's own name
    userId: str = ""  # noqa: N815
    anonymousId: str = ""  # noqa: N815
    timestamp: str = ""
    traits: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}


class BatchBody(msgspec.Struct, frozen=True):
    """Up to 500 KB of calls; each item has a `type`."""

    batch: list[TrackingBody]


class CloudEventBody(msgspec.Struct, frozen=True):
    """A CloudEvent in the JSON format. Batches are arrays of these; in binary mode the body is `data`."""

    id: str
    source: str
    type: str
    specversion: str = "1.0"
    subject: str = ""
    time: str = ""
    datacontenttype: str = "application/json"
    data: Any = None


class ChangeBody(msgspec.Struct, frozen=True):
    """A change as Debezium writes it; with its schema it stands under `payload`."""

    op: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    source: dict[str, Any] = {}
    ts_ms: int = 0


class WebhookBody(msgspec.Struct, frozen=True):
    """Whatever the source sends: one JSON object. The contract says where its kind stands."""
