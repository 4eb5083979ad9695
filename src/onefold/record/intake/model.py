"""What a door is offered, what it makes of a row, and its account of all of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.log.model import EventKind

UNDATED = -(1 << 40)
"""The day under which events are remembered that do not say when they happened: a retry must find them."""

HELD = UNDATED - 1
"""The day under which rows in quarantine are remembered, so that a second load does not pile them up."""

EVENT_IDS_MAX = 1000
MESSAGE_ID_CHARACTERS_MAX = 200
ORDER_BYTES = 8


Stated = tuple[bytes, int, str]
"""What an object last said of a fragment: row digest, as_of, and who judged it (`rules.judged_by`).

Made again from the log it says the contract's version alone: then every row is judged once more.
"""


class Mode(StrEnum):
    """`CURRENT`: what is so now, newer than what came before. `BACKFILL`: history, may be older."""

    CURRENT = "current"
    BACKFILL = "backfill"


class Outcome(StrEnum):
    """What became of one row; `FAULT` is decided into quarantined or refused by its reason."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    FAULT = "fault"


class Offered(msgspec.Struct, gc=False):
    """One row as it came. Without `row` it could not be read: `fault` says why, `raw` is its bytes.

    `raw` is empty and `digest` set where it was too long to hold. `message_id` is the source's id of
    the delivery, `line` where it stood in a file (from 1, the header counted). `order`, where there is one,
    is `ORDER_BYTES` that sort rows of one millisecond as the source made them.
    """

    row: dict[str, Any] | None
    line: int = 0
    message_id: str = ""
    fault: Reason | None = None
    raw: bytes = b""
    digest: bytes = b""
    order: bytes = b""


class Prepared(msgspec.Struct, gc=False):
    """One event ready to be logged. `day` is what it is remembered under, `as_of` as in the frame.

    `is_record`: it states what is so; `is_snapshot`: as of an instant that the delivery stated;
    `is_backfill`: and that may lie before what is known. `restricts`: it takes something away from the gate.
    `is_told_by_row`: its id is made of its row and `as_of`, as that of a record is which brings none.
    """

    object: CompiledObject
    event_id: bytes
    day: int
    fragment_id: bytes
    kind: EventKind
    occurred_at: int
    digest: bytes
    subject_id: bytes
    body: bytes
    as_of: int
    is_record: bool
    is_snapshot: bool
    is_backfill: bool
    restricts: bool = False
    is_told_by_row: bool = False


class Fault(msgspec.Struct, gc=False):
    """A row that is not let in. `body` is what may be kept of it, empty for a refusal.

    `unheard`: it may have taken something away, and no more could be read of it.
    """

    object: str
    contract: str
    reason: Reason
    field: str
    line: int
    digest: bytes
    body: bytes
    unheard: bool = False


class Row(msgspec.Struct, gc=False):
    """One offered row after preparation: its events, and the fault for which it counts if it has one.

    Both where the row states several things of which some are faulty: the others are events. Neither where
    it says what was said already, which is `told` of it.
    """

    object: str
    events: tuple[Prepared, ...]
    fault: Fault | None
    line: int = 0
    told: Outcome | None = None


class Tally(msgspec.Struct):
    """The account of a door: offered = accepted + duplicate + unchanged + quarantined + refused."""

    offered: int = 0
    accepted: int = 0
    duplicate: int = 0
    unchanged: int = 0
    quarantined: int = 0
    refused: int = 0
    reasons: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Counts another account in."""
        self.offered += other.offered
        self.accepted += other.accepted
        self.duplicate += other.duplicate
        self.unchanged += other.unchanged
        self.quarantined += other.quarantined
        self.refused += other.refused
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count

    def check(self) -> None:
        """A door that loses count of a row has a bug."""
        told = self.accepted + self.duplicate + self.unchanged + self.quarantined + self.refused
        if told != self.offered:
            raise AssertionError(f"offered {self.offered} rows and accounted for {told}")


class Turned(msgspec.Struct, frozen=True):
    """One row that was not let in, by its line, and why; `unheard` as in `Fault`."""

    line: int
    object: str
    reason: Reason
    field: str
    unheard: bool


class Receipt(msgspec.Struct):
    """What an offer came to. All of it is durable.

    `sequence` is the log's sequence that holds the last of it: a state whose offset is there has seen it.
    `event_ids` are those of the events logged or found again, for offers of up to 1,000 of them. `turned` are
    the first 1,000 rows that were not let in; `unheard` counts those that may have taken something away.
    """

    tally: Tally
    sequence: int = 0
    event_ids: tuple[bytes, ...] = ()
    turned: list[Turned] = msgspec.field(default_factory=list)
    unheard: int = 0


class SourceCount(msgspec.Struct, frozen=True):
    """The account of one object of one source since the beginning; `last_at` is the newest event's time."""

    source: str
    object: str
    tally: Tally
    last_offered_at: int
    last_event_at: int
