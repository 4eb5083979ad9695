"""What use cases answer beyond the gate's views. All frozen; the API and its client are made from these.

Instants and days are ISO 8601 text, ids 32 hexadecimal digits. Nothing here holds a customer's personal data.
"""

from __future__ import annotations

import msgspec

from onefold.gate.held import HeldValue
from onefold.gate.ledger import SuppressionView


class Accounting(msgspec.Struct, frozen=True):
    """The identity every door keeps: offered = accepted + duplicate + unchanged + quarantined + refused."""

    offered: int
    accepted: int
    duplicate: int
    unchanged: int
    quarantined: int
    refused: int


TOKEN, CLIENT = "token", "client"
"""Kinds of programs: one shows its secret with every request, the other is given access for it."""
SERVICE_TOKEN = "oft_"
"""What a service token begins with, so that one that got out is found."""


class Machine(msgspec.Struct, frozen=True):
    """A program that calls the API, and all it may. Instants are seconds; `epoch` changes with all of it.

    `controller` is the firm that uses what it is given; empty: we ourselves.
    """

    id: str
    kind: str
    name: str
    role: str
    purpose: str
    actions: tuple[str, ...]
    expires_at: int
    revoked_at: int
    epoch: str
    controller: str = ""


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


class SignInWays(msgspec.Struct, frozen=True):
    """How people can sign in. `provider` is what the company calls its own; empty where there is none."""

    password: bool
    provider: str


class SourceObject(msgspec.Struct, frozen=True):
    """One table, topic or call of a source."""

    name: str
    entity: str
    delivers: str
    counts: Accounting


class StreamView(msgspec.Struct, frozen=True):
    """One topic that the house reads for a source."""

    topic: str
    partitions: int
    """How many of them are read here; others of the group read the rest."""
    lag: int | None
    """Messages that are not taken yet; null where the broker has not said."""
    missed: int
    """Messages that the broker deleted before they were read, since the server started."""
    fault: str
    """What keeps it from being read; empty when nothing does."""


class ClockView(msgspec.Struct, frozen=True):
    """How far the clock of a source is ahead of ours; behind is negative.

    It is the median of its last deliveries since `since`, by when they say they were sent (`sent`), or by
    when the newest event of each happened (`event`): then only a clock that is ahead can be told. `beyond`:
    more than is tolerated. No event is ever dated by it.
    """

    ahead_ms: int
    basis: str
    deliveries: int
    since: str
    beyond: bool


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
    streams: tuple[StreamView, ...]
    clock: ClockView | None
    """None where no delivery said a time since the server started."""


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
    version: str
    """The version of the contract that it broke."""
    place: str
    """Where it stood in its file, as far as known."""
    refused: bool
    """It must not be stored at all: only a digest is kept."""
    mendable: bool
    """Whether there is a row that can be handed in again."""
    outcome: str
    """Empty while it is open; else `resubmitted` or `discarded`."""


class HeldGroup(msgspec.Struct, frozen=True):
    """Rows of one object that broke one version of its contract in one way at one property.

    `rows` = `open` + `resubmitted` + `discarded`; each row counts once however often it was offered.
    """

    source: str
    object: str
    version: str
    reason: str
    field: str
    message: str
    advice: str
    """What to do next."""
    mendable: bool
    """Whether there are rows that can be handed in again, or none could be made out."""
    rows: int
    open: int
    resubmitted: int
    discarded: int
    first_at: str
    last_at: str


class StillFaulty(msgspec.Struct, frozen=True):
    """How many rows that were handed in again are still held, for a reason as it is today."""

    reason: str
    field: str
    message: str
    rows: int


class ResubmittedRows(msgspec.Struct, frozen=True):
    """What came of handing rows in again. With a `next` there are more: ask again from there."""

    taken: int
    still_held: tuple[StillFaulty, ...]
    next: str | None


class DiscardedRows(msgspec.Struct, frozen=True):
    """How many open rows were given up. With a `next` there are more: ask again from there."""

    rows: int
    next: str | None


class QuarantinePage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues. `groups` are over everything that was asked for, not this page."""

    items: tuple[QuarantinedRow, ...]
    groups: tuple[HeldGroup, ...]
    next: str | None


class RunView(msgspec.Struct, frozen=True):
    """One delivery of a source, and what became of each of its rows.

    `way` says how it came, `by` who began it, `mark` tells its `files` from others without naming them.
    `state` is `ended`, `going_on`, or `stopped` where it came to no end of its own.
    """

    way: str
    began_at: str
    last_at: str
    ended_at: str | None
    state: str
    by: str
    files: int
    mark: str
    counts: Accounting
    reasons: dict[str, int]


class HeldRow(msgspec.Struct, frozen=True):
    """One row in quarantine as the asker may see it."""

    row: QuarantinedRow
    advice: str
    run: RunView | None
    """The delivery that brought it, as far as it is known."""
    values: tuple[HeldValue, ...]
    line: str
    """The line as it came, where it could not be taken apart and may be shown."""
    withheld: str
    """Why no value is shown, or the line is not; empty where nothing is kept back as a whole."""
    decision: str
    """Id of the audit record of this look."""


class DayAccount(msgspec.Struct, frozen=True):
    """What a source was offered on one day (UTC), over all of its doors."""

    day: str
    counts: Accounting


class ContractProperty(msgspec.Struct, frozen=True):
    """One property as a contract promises it."""

    path: str
    type: str
    required: bool
    field_class: str
    store: str
    about: str
    allowed: tuple[str, ...]


class ContractObject(msgspec.Struct, frozen=True):
    """One table, topic or call as a contract promises it. `called` is what its messages are called."""

    name: str
    about: str
    entity: str
    owner: str
    version: str
    called: tuple[str, ...]
    properties: tuple[ContractProperty, ...]


class ContractVersion(msgspec.Struct, frozen=True):
    """One version of a contract, and where in its life it is."""

    version: str
    status: str


class SourceDetail(msgspec.Struct, frozen=True):
    """One source: its account by day and by run, and one version of its contract."""

    source: SourceView
    days: tuple[DayAccount, ...]
    """The last of them, oldest first; days without any are absent."""
    runs: tuple[RunView, ...]
    """The last of them, newest first."""
    versions: tuple[ContractVersion, ...]
    contract: str
    """The version that `objects` are of."""
    objects: tuple[ContractObject, ...]


class AuditEntry(msgspec.Struct, frozen=True):
    """One access, decision or change. Customers are ids; people are logins; no text that a person wrote.

    `controller` is the firm that it was for; empty: we ourselves. `data_classes` are those that were asked
    for where not all data was asked for at once.
    """

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
    controller: str
    data_classes: tuple[str, ...]
    obligations: tuple[str, ...] = ()
    """What had to be done as well, and was."""


class AuditPage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues."""

    items: tuple[AuditEntry, ...]
    next: str | None


class SegmentView(msgspec.Struct, frozen=True):
    """A segment: its one definition, and how many it holds where the asker may count them.

    `bulk` is the set evaluated at once. Of an even draw of customers in it and outside (`asked` in all) the
    same definition is asked one by one as well: `agreed` of them are where it says, and that should be all.
    Where `least` is not 0, counts are told in steps of it, rounded down (0 is fewer than that), and nobody is
    asked one by one.
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
    asked: int | None
    agreed: int | None
    as_of: str | None
    """The day the windows end: that of the newest event."""
    evaluated_at: str | None
    least: int = 0
    obligations: tuple[str, ...] = ()


class SegmentList(msgspec.Struct, frozen=True):
    """Every published segment, by id; without counts."""

    items: tuple[SegmentView, ...]


class LeftOut(msgspec.Struct, frozen=True):
    """How many members are not released for one reason."""

    reason: str
    customers: int


class CountedAudience(msgspec.Struct, frozen=True):
    """Whom a segment could be sent to at one moment: members = reachable + the sum of left out.

    Where `least` is not 0, counts are told in steps of it, rounded down: 0 is fewer than that, and they do
    not add up.
    """

    at: str
    segment: str
    version: str
    as_of: str
    """The day the windows of the segment end."""
    purpose: str
    channel: str
    members: int
    reachable: int
    left_out: tuple[LeftOut, ...]
    decision: str
    """Id of the audit record of this count."""
    least: int = 0
    obligations: tuple[str, ...] = ()


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
    mark: str = ""
    """What each row of the file says of where it comes from."""
    obligations: tuple[str, ...] = ()


class RevealedToken(msgspec.Struct, frozen=True):
    """What a token stood for, and whose it is; `value` None where nothing may be told, for any reason."""

    token: str
    kind: str
    value: str | None
    customer: str
    field: str
    decision: str
    """Id of the audit record of this token."""


class RevealedTokens(msgspec.Struct, frozen=True):
    """Tokens in the order they were asked for, each once."""

    because: str
    items: tuple[RevealedToken, ...]


class RecordedConsent(msgspec.Struct, frozen=True):
    """A consent fact that the gate's state already holds."""

    event: str
    customer: str
    purpose: str
    channel: str
    fact: str
    reaches: int
    """Fragments of the customer the fact counts for."""


class ChangedSuppression(msgspec.Struct, frozen=True):
    """A do-not-contact that was set (`on`) or lifted (`off`) at a desk, in force.

    `reaches` are the records it was written for; `stands` is all that keeps the customer from being contacted
    now, whoever said it.
    """

    customer: str
    channel: str
    reason: str
    state: str
    reaches: int
    stands: tuple[SuppressionView, ...]
    decision: str


class Retained(msgspec.Struct, frozen=True):
    """What is over by the rules of retention, by kind; `held` stays for a legal hold.

    `erasure` is empty where it was only counted.
    """

    over: dict[str, int]
    held: int
    erasure: str


class ErasedCustomer(msgspec.Struct, frozen=True):
    """A customer of whom nothing is known any more.

    `records` of sources that were erased, data `keys` destroyed, and how many records were `shared`: sealed
    under the key of something that others still need, so taken out one by one. `decision` is the audit
    record.
    """

    customer: str
    erasure: str
    records: int
    keys: int
    shared: int
    decision: str


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


class SourceConfig(msgspec.Struct, frozen=True, rename="camel"):
    """What RudderStack's library in a page is told of its source, which has no other destination."""

    id: str
    name: str
    write_key: str
    enabled: bool = True
    config: dict[str, str] = {}
    destinations: tuple[str, ...] = ()


class SourceSettings(msgspec.Struct, frozen=True):
    """The same, in the envelope of RudderStack's control plane."""

    source: SourceConfig


class IngestedChanges(msgspec.Struct, frozen=True):
    """The answer to changes of tables. `ignored` counts messages that hold no row, by what they are."""

    success: bool
    counts: Accounting
    ignored: dict[str, int]


class StreamsHealth(msgspec.Struct, frozen=True):
    """The topics of a broker that the server reads, counted; `failing` of `feeds` cannot be read now."""

    feeds: int
    failing: int
    lag: int
    missed: int


class Health(msgspec.Struct, frozen=True):
    """Whether the server can take and serve data; `behind` counts acknowledged events not yet in profiles.

    `status` is `ok`, `failing` where profiles no longer follow the log, or `degraded` where everything else
    goes on, but what was written since the last checkpoint could not be proved (`checkpoint_fault` says why),
    or topics cannot be read. `skewed` counts sources whose clocks are off by more than is tolerated.
    """

    status: str
    version: str
    cell: str
    log: int
    state: int
    behind: int
    checkpoint_fault: str
    streams: StreamsHealth
    skewed: int
