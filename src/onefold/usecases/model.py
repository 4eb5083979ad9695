"""What use cases answer beyond the gate's views. All frozen; the API and its client are made from these.

Instants and days are ISO 8601 text, ids 32 hexadecimal digits. Nothing here holds a customer's personal data.
"""

from __future__ import annotations

import msgspec


class Accounting(msgspec.Struct, frozen=True):
    """The identity every door keeps: offered = accepted + duplicate + unchanged + quarantined + refused."""

    offered: int
    accepted: int
    duplicate: int
    unchanged: int
    quarantined: int
    refused: int


class Session(msgspec.Struct, frozen=True):
    """Who is signed in. `may` maps each permitted action to the purposes it is permitted for."""

    login: str
    roles: tuple[str, ...]
    cell: str
    purposes: tuple[str, ...]
    may: dict[str, tuple[str, ...]]
    csrf: str
    """To be sent as X-CSRF with every write."""
    until: str
    """When this session ends unless it is used."""


class SourceObject(msgspec.Struct, frozen=True):
    """One table, topic or call of a source."""

    name: str
    entity: str
    delivers: str
    counts: Accounting


class SourceView(msgspec.Struct, frozen=True):
    """One source, what its contract promises and what came through its doors."""

    name: str
    owner: str
    about: str
    version: str
    status: str
    purposes: tuple[str, ...]
    freshness: str
    counts: Accounting
    last_event_at: str | None
    last_arrival_at: str | None
    """When its doors were last offered something, whatever became of it."""
    overdue: bool
    """The last arrival is longer ago than the contract's freshness allows."""
    objects: tuple[SourceObject, ...]


class SourceList(msgspec.Struct, frozen=True):
    """Every source with a published contract, by name."""

    items: tuple[SourceView, ...]


class QuarantinedRow(msgspec.Struct, frozen=True):
    """One row that was not let in: where it came from and why, never what it says."""

    id: str
    at: str
    source: str
    object: str
    reason: str
    """The stable code of the error."""
    field: str
    message: str
    place: str
    """Where it stood in its file, as far as known."""
    refused: bool
    """It must not be stored at all: only a digest is kept."""
    outcome: str
    """Empty while it is open; else `resubmitted` or `discarded`."""


class QuarantineCount(msgspec.Struct, frozen=True):
    """How often rows of one object were held for one reason; a row that is offered again counts again.

    `resubmitted` and `discarded` of them are settled.
    """

    source: str
    object: str
    reason: str
    rows: int
    resubmitted: int
    discarded: int


class StillFaulty(msgspec.Struct, frozen=True):
    """How many rows that were handed in again are still held, for a reason as it is today."""

    reason: str
    rows: int


class ResubmittedRows(msgspec.Struct, frozen=True):
    """What came of handing rows in again. `more` rows match and were not tried yet; ask again."""

    taken: int
    still_held: tuple[StillFaulty, ...]
    more: bool


class DiscardedRows(msgspec.Struct, frozen=True):
    """How many open rows were given up. `more` match; ask again."""

    rows: int
    more: bool


class QuarantinePage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues. `counts` are over everything, not this page."""

    items: tuple[QuarantinedRow, ...]
    counts: tuple[QuarantineCount, ...]
    next: str | None


class AuditEntry(msgspec.Struct, frozen=True):
    """One access, decision or change. Customers are ids; people are logins; no text that a person wrote."""

    id: str
    at: str
    kind: str
    actor: str
    role: str
    action: str
    purpose: str
    channel: str
    outcome: str
    customers: tuple[str, ...]
    reasons: tuple[str, ...]
    counts: dict[str, int]
    details: dict[str, str]
    policy_version: str


class AuditPage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues."""

    items: tuple[AuditEntry, ...]
    next: str | None


class SegmentView(msgspec.Struct, frozen=True):
    """A segment: its one definition, and how many it holds where the asker may count them.

    `bulk` is the set evaluated at once. `live` is how many the same definition calls members when it is asked
    of one customer after another: of all in the set and of an even draw of the others (`asked` in all). They
    agree.
    """

    id: str
    name: str
    about: str
    owner: str
    version: str
    definition: tuple[str, ...]
    """The conditions as sentences; all must hold."""
    of_customers: int | None
    bulk: int | None
    live: int | None
    asked: int | None
    as_of: str | None
    """The day the windows end: that of the newest event."""
    evaluated_at: str | None


class SegmentList(msgspec.Struct, frozen=True):
    """Every published segment, by id; without counts."""

    items: tuple[SegmentView, ...]


class LeftOut(msgspec.Struct, frozen=True):
    """How many members were not released for one reason."""

    reason: str
    customers: int


class Activation(msgspec.Struct, frozen=True):
    """What was sent where: members = released + the sum of left out."""

    id: str
    at: str
    segment: str
    version: str
    purpose: str
    channel: str
    members: int
    released: int
    left_out: tuple[LeftOut, ...]
    file: str
    """Name under the exports folder of the data folder."""
    decision: str


class RecordedConsent(msgspec.Struct, frozen=True):
    """A consent fact that the gate's state already holds."""

    event: str
    customer: str
    purpose: str
    channel: str
    fact: str
    reaches: int
    """Fragments of the customer the fact counts for."""


class RecordedJudgement(msgspec.Struct, frozen=True):
    """A steward's word, in force. `left` and `right` are the customers the two fragments belong to now."""

    event: str
    verdict: str
    left: str
    right: str


class TurnedAway(msgspec.Struct, frozen=True):
    """A call that was not let in: its place in the request (from 1), why, and the field if it is one.

    `unheard`: it may have withdrawn or blocked something, and nothing of that is in force.
    """

    item: int
    object: str
    reason: str
    about: str
    field: str
    unheard: bool


class Ingested(msgspec.Struct, frozen=True):
    """The answer to a tracking call; extra to Segment's `success`, which its clients read.

    `success` is false where a call may have taken something away that could not be read. `faults` are the
    calls that were not let in, up to 1,000.
    """

    success: bool
    counts: Accounting
    faults: tuple[TurnedAway, ...]


class TrackingSettings(msgspec.Struct, frozen=True):
    """What the library in a page is told: where its calls go. No other integration is ever named."""

    integrations: dict[str, dict[str, str]]


class IngestedChanges(msgspec.Struct, frozen=True):
    """The answer to changes of tables. `ignored` counts messages that hold no row, by what they are."""

    success: bool
    counts: Accounting
    ignored: dict[str, int]


class Health(msgspec.Struct, frozen=True):
    """Whether the server can take and serve data; `behind` counts acknowledged events not yet in profiles.

    `status` is `ok`, `failing` where profiles no longer follow the log, or `degraded` where everything goes
    on, but what was written since the last checkpoint could not be proved: `checkpoint_fault` says why.
    """

    status: str
    version: str
    cell: str
    log: int
    state: int
    behind: int
    checkpoint_fault: str
