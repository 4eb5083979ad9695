"""A contract as read: what one source delivers, how each row is kept, and how it maps to the canon.

Frozen and without behaviour; `parse.py` makes it from ODCS YAML, `compile.py` makes it fast.
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from onefold.record.canon.entities import FieldClass
from onefold.record.contracts.documents import DocumentShape
from onefold.record.log.model import EventKind


class Store(StrEnum):
    """What is kept of a property.

    `KEEP` as offered; `REFERENCE` only a keyed digest (equal values stay equal, nothing is readable), and in
    an object with `fetch` not even that; `DROP` nothing; `REFUSE` nothing, and a row that holds a value there
    is refused whole.
    """

    KEEP = "keep"
    REFERENCE = "reference"
    DROP = "drop"
    REFUSE = "refuse"


CALLS = ("identify", "track", "page", "screen", "group", "alias")
"""What the calls of the Segment tracking API are called, and so the objects for them."""

ANY = "*"
"""In `called`: messages of every name that no other object has."""


class Delivers(StrEnum):
    """`RECORD`: rows that state what is so now (snapshots, changes). `EVENT`: rows that happened once."""

    RECORD = "record"
    EVENT = "event"


class Compatibility(StrEnum):
    """Which changes a new version may bring; compatibility.py has the theory.

    The transitive modes look at every version in force, the others at the newest.
    """

    BACKWARD = "backward"
    BACKWARD_TRANSITIVE = "backward_transitive"
    FORWARD = "forward"
    FORWARD_TRANSITIVE = "forward_transitive"
    FULL = "full"
    FULL_TRANSITIVE = "full_transitive"
    NONE = "none"

    @property
    def is_transitive(self) -> bool:
        """Whether every version in force counts."""
        return self.value.endswith("_transitive")


class Severity(StrEnum):
    """What follows from a quality rule that does not hold: `ERROR` keeps the data out, others are told."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class QualityRule(msgspec.Struct, frozen=True):
    """A library rule of ODCS: the metric of some properties held against limits.

    `paths` is empty for rowCount. `valid` and `pattern` belong to invalidValues, `missing` to missingValues.
    """

    name: str
    metric: str
    paths: tuple[str, ...]
    operator: str
    limits: tuple[float, ...]
    percent: bool = False
    severity: Severity = Severity.WARNING
    valid: tuple[str, ...] = ()
    pattern: str = ""
    missing: tuple[str | None, ...] = ()
    about: str = ""


class Consumer(msgspec.Struct, frozen=True):
    """Who reads what a source says: `object.property`, `entity.field`, or a whole object or entity."""

    name: str
    reads: tuple[str, ...]


class Envelope(StrEnum):
    """What messages of an object come wrapped in; without one a row stands alone, or is a Segment call."""

    CLOUDEVENTS = "cloudevents"
    DEBEZIUM = "debezium"
    WEBHOOK = "webhook"


class Signature(StrEnum):
    """How a sender signs its webhooks; `signatures.py` of intake reads each."""

    STRIPE = "stripe"
    GITHUB = "github"
    STANDARD = "standard"


class Webhook(msgspec.Struct, frozen=True):
    """How webhooks of the source come. `object` and `id` are paths in the body; `header` if it is another."""

    signature: Signature
    object: str
    id: str = ""
    header: str = ""
    tolerance_seconds: int = 300


class Rate(msgspec.Struct, frozen=True):
    """How much of the source is taken over HTTP: events a second, and how many at once after a pause."""

    events_per_second: float
    burst: int


class Stamped(msgspec.Struct, frozen=True):
    """What is made of the consent that every Segment call carries, and the calls that may grant by it."""

    objects: tuple[str, ...]
    granted_by: tuple[str, ...]

    def grants(self, call: str, event: str) -> bool:
        """Whether a call is one that somebody sends by choosing."""
        return call in self.granted_by or f"{call}:{event}" in self.granted_by


class Property(msgspec.Struct, frozen=True):
    """One column or field. `path` is dotted where the row is nested; `allowed` closes the list of values.

    `purposes` narrows what it may serve; where the contract permits none of them, nothing of it is kept.
    `limits` are the standard's options of its type, as `limits.py` reads them. `cleared` are kinds that its
    values may look like and are not, in the words of `sensitive.py`.
    """

    path: str
    logical_type: str = "string"
    required: bool = False
    field_class: FieldClass = FieldClass.INTERNAL
    store: Store = Store.KEEP
    about: str = ""
    allowed: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    limits: dict[str, Any] = {}
    cleared: tuple[str, ...] = ()


class FileShape(msgspec.Struct, frozen=True):
    """How a file of the object is written; `name` is a glob over file names.

    Without a `quote` quotes are letters like others. `sheet` is that of a workbook, empty for its only one.
    With `documents` a file is one document and not a table of rows.
    """

    name: str
    format: str
    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'
    header: bool = True
    line_limit_bytes: int = 1 << 20
    sheet: str = ""
    documents: DocumentShape | None = None

    @property
    def is_delimited(self) -> bool:
        """Whether it is text in columns, so that every value is text."""
        return self.format in {"csv", "tsv"}

    @property
    def is_nested(self) -> bool:
        """Whether its rows are JSON, in which objects stand within objects."""
        return self.format in {"jsonl", "json"}


class Query(msgspec.Struct, frozen=True):
    """What is asked of a database: SQL over a connection that the data folder knows by its name.

    `cursor` is a column that grows with every change, so that only what is new is asked for; what changed up
    to `overlap_seconds` before the last value is asked for again.
    """

    connection: str
    sql: str
    cursor: str = ""
    overlap_seconds: int = 0


class Using(StrEnum):
    """Over what a source is asked for one thing."""

    SQL = "sql"
    REST = "rest"


class Fetch(msgspec.Struct, frozen=True):
    """How what is only referenced is asked for: one thing at a time, by its key, while somebody waits.

    Over SQL the columns of the `statement` are the properties; over REST `fields` says at which JSON pointer
    of the answer at `path` each stands. A value is given out again without asking for `cache_seconds`.
    """

    using: Using
    connection: str
    statement: str = ""
    path: str = ""
    fields: dict[str, str] = {}
    timeout_ms: int = 1000
    cache_seconds: int = 0


class Rule(msgspec.Struct, frozen=True):
    """How one canonical field is made: from properties by a transform, a constant, or the event's time.

    `otherwise` is tried when this gives nothing.
    """

    transform: str = ""
    sources: tuple[str, ...] = ()
    options: dict[str, Any] = {}
    const: Any = None
    event_time: bool = False
    otherwise: Rule | None = None

    @property
    def reads(self) -> frozenset[str]:
        """Every property it may be made from."""
        return frozenset(self.sources) | (self.otherwise.reads if self.otherwise else frozenset())


class Withheld(msgspec.Struct, frozen=True):
    """A field that a property feeds whose class is shown to fewer people; withheld.py has the theory.

    It is left out of the map, unless it `decides` something: then it does, and is shown to those fewer.
    """

    field: str
    path: str
    field_class: FieldClass
    decides: bool = False


class Subject(msgspec.Struct, frozen=True):
    """Whose data key encrypts the row: a thing of this or another source, by its key there.

    `object` names an object of this contract whose key prefix applies; `prefix` says it outright.
    With `by_id` the one property holds the id of a fragment itself.
    """

    entity: str
    sources: tuple[str, ...]
    source: str = ""
    object: str = ""
    prefix: str = ""
    by_id: bool = False


class Deletion(msgspec.Struct, frozen=True):
    """The row says that the thing is gone when `path` holds one of `values`."""

    path: str
    values: tuple[str, ...]


class ObjectContract(msgspec.Struct, frozen=True):
    """One table, topic or call of a source. `also` names objects made from the same row.

    With a `snapshot_stop` each delivery is whole: what it lacks is gone, unless that is more than this share.
    `owner` and `version` are those of an event of a tracking plan, where they are not the contract's.
    `called` is what its messages are called within their envelope: event types, tables, kinds of a webhook.
    `withheld` are fields of a published version that its `rules` do not make any more, or not for everybody.
    """

    name: str
    about: str
    entity: str
    delivers: Delivers
    kind: EventKind
    key: tuple[str, ...]
    key_prefix: str
    subjects: tuple[Subject, ...]
    properties: tuple[Property, ...]
    rules: dict[str, Rule]
    occurred: Rule | None = None
    deleted: Deletion | None = None
    file: FileShape | None = None
    also: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    query: Query | None = None
    snapshot_stop: float | None = None
    quality: tuple[QualityRule, ...] = ()
    owner: str = ""
    version: str = ""
    envelope: Envelope | None = None
    called: tuple[str, ...] = ()
    fetch: Fetch | None = None
    withheld: tuple[Withheld, ...] = ()

    @property
    def is_call(self) -> bool:
        """Whether its rows are Segment calls."""
        return self.envelope is None and self.name.partition(":")[0] in CALLS

    @property
    def fetched(self) -> frozenset[str]:
        """The properties that are never taken in: they are asked for when somebody needs them."""
        if self.fetch is None:
            return frozenset()
        return frozenset(it.path for it in self.properties if it.store is Store.REFERENCE)

    @property
    def fetched_fields(self) -> tuple[str, ...]:
        """The canonical fields made of them."""
        fetched = self.fetched
        return tuple(name for name, rule in self.rules.items() if rule.reads & fetched)

    @property
    def stored(self) -> tuple[Property, ...]:
        """The properties of which something is kept."""
        fetched = self.fetched
        kept = (Store.KEEP, Store.REFERENCE)
        return tuple(it for it in self.properties if it.store in kept and it.path not in fetched)

    @property
    def calls(self) -> tuple[str, ...]:
        """The keys under which its messages find it: its name, or what the envelope calls it."""
        if self.envelope is None:
            return (self.name,)
        return tuple(self.envelope if it == ANY else f"{self.envelope}:{it}" for it in self.called)

    def fits(self, name: str) -> bool:
        """Whether a file of that name holds rows of this object."""
        return self.file is not None and fnmatchcase(name.lower(), self.file.name.lower())

    @property
    def flat(self) -> bool:
        """Whether a row is columns, so that a dot in a name is just a dot; JSON rows are nested.

        JSON rows of which nothing nested is declared are columns too, and faster as such.
        """
        nested = self.query is None and (self.file is None or self.file.is_nested)
        return not (nested and any("." in it.path for it in self.properties))


class Contract(msgspec.Struct, frozen=True):
    """What one source promises, in one version. `digest` is the SHA-256 of the file, in hex."""

    source: str
    version: str
    status: str
    name: str
    domain: str
    about: str
    owner: str
    purposes: tuple[str, ...]
    objects: dict[str, ObjectContract]
    digest: str
    trusted: bool = False
    freshness_hours: float | None = None
    future_tolerance_days: int = 1
    compatibility: Compatibility = Compatibility.BACKWARD
    consumers: tuple[Consumer, ...] = ()
    webhook: Webhook | None = None
    rate: Rate | None = None
    stamped: Stamped | None = None
