"""From an offered row to the events it states, or to the reason why it states none.

Everything here depends on the row, its contract, the cell key and the stated moment alone, so that a
retry of the same delivery comes to the same ids. Nothing is looked up and nothing is written.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from onefold.kernel.ids import ID_BYTES, CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.record.contracts.access import getter
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import REFUSALS, Reason, RowFault
from onefold.record.contracts.model import Delivers
from onefold.record.intake.model import MESSAGE_ID_CHARACTERS_MAX, UNDATED, Fault, Offered, Prepared, Row
from onefold.record.log.model import EventKind

BODY_BYTES_MAX = 1 << 20
_JSON = msgspec.json.Encoder()

# When these lie in the future the row is wrong; other dates (a term, an expiry) may.
_PAST_DAYS = ("birth_date", "day")
_PAST_INSTANTS = ("booked_at", "happened_at", "given_at", "raised_at")
_RESTRICTIONS = frozenset({"withdrawn", "objected"})


class Moment(NamedTuple):
    """When a delivery comes (`now`), of when it speaks (`as_of`, 0: nobody said), whether it is history."""

    now: int
    as_of: int = 0
    backfill: bool = False


class Preparer:
    """Prepares rows of one compiled object."""

    def __init__(self, found: CompiledObject, cell_key: CellKey) -> None:
        source, name = found.source.encode(), found.name.encode()
        self.object = found
        self._is_record = found.item.delivers is Delivers.RECORD
        self._tolerance_ms = found.contract.future_tolerance_days * MS_PER_DAY
        self._row_digest = cell_key.digester(b"row", source)
        self._by_message = cell_key.digester(b"event", source, b"message")
        self._by_message_also = cell_key.digester(b"event", source, b"message", name)
        self._by_row = cell_key.digester(b"event", source, b"row", name)
        self._by_record = cell_key.digester(b"event", source, b"record", name)
        self._held_digest = cell_key.digester(b"held", source, name)
        rules = found.item.rules
        self._past_days = tuple(field for field in _PAST_DAYS if field in rules)
        self._past_instants = tuple(field for field in _PAST_INSTANTS if field in rules)
        says = any(it.path == "messageId" for it in found.item.properties)
        self._message_id = getter("messageId", flat=True) if says else None
        self._also = tuple(Preparer(it, cell_key) for it in found.also)

    def prepare(self, offered: Offered, moment: Moment) -> Row:
        """The events of a row, or its fault; never an exception for what a source may send."""
        row = offered.row
        if row is None or offered.fault is not None:
            return Row(self.object.name, (), self._unread(offered), offered.line)
        events, fault = self._judge(row, offered, moment)
        return Row(self.object.name, events, fault, offered.line)

    def fault_of(self, event: Prepared, reason: Reason, line: int) -> Fault:
        """The fault of a prepared event that turned out to contradict what came before."""
        body = b"" if reason in REFUSALS else event.body
        held = self._held_digest(reason.encode() + event.digest)
        field = ", ".join(self.object.item.key)
        return Fault(self.object.name, self.object.contract.version, reason, field, line, held, body)

    def _judge(
        self, row: dict[str, Any], offered: Offered, moment: Moment
    ) -> tuple[tuple[Prepared, ...], Fault | None]:
        """The events of a row and its first fault: a slip in one object keeps no other from being heard."""
        speaking = [it for it in (self, *self._also) if not self._also or it._speaks(row)]
        if not speaking:
            missing = RowFault(Reason.KEY_MISSING, ", ".join(self.object.item.key))
            return (), self._faulty(row, offered, missing)
        events: list[Prepared] = []
        first: Fault | None = None
        for it in speaking:
            try:
                events.append(it._event(row, offered, moment, also=it is not self))
            except RowFault as fault:
                first = first or it._faulty(row, offered, fault)
        return tuple(events), first

    def _speaks(self, row: dict[str, Any]) -> bool:
        """Whether the row has the key of this object; a key of a wrong type counts, and is found faulty."""
        try:
            return self.object.key(row) is not None
        except RowFault:
            return True

    def _event(self, row: dict[str, Any], offered: Offered, moment: Moment, *, also: bool) -> Prepared:
        found = self.object
        # A row that is gone has but its key left in many sources, so nothing else is asked of it.
        gone = found.is_deleted(row)
        kept = found.redact(row) if gone else found.check(row)
        key = found.key(kept)
        if key is None:
            raise RowFault(Reason.KEY_MISSING, ", ".join(found.item.key))
        body = _JSON.encode(kept)
        if len(body) > BODY_BYTES_MAX:
            raise RowFault(Reason.TOO_LONG)
        latest = moment.now + self._tolerance_ms
        occurred = self._occurred_at(kept, moment.now, latest)
        dated = occurred is not None
        as_of = (moment.as_of or moment.now) if self._is_record or not dated else 0
        occurred_at = occurred if occurred is not None else as_of
        if occurred_at > latest:
            raise RowFault(Reason.FUTURE_DATE, "occurredAt")
        if gone:
            kind = EventKind.DELETE
        else:
            kind = found.kind
            self._refuse_future(found.values(kept, occurred_at), moment.now, latest)
        digest = self._row_digest(body)
        return Prepared(
            found,
            self._event_id(offered, kept, digest, as_of, also=also),
            occurred_at // MS_PER_DAY if dated or self._is_record else UNDATED,
            found.fragment_id(key),
            kind,
            occurred_at,
            digest,
            found.subject_id(kept),
            body,
            as_of,
            self._is_record,
            self._is_record and moment.as_of != 0,
            moment.backfill,
        )

    def _occurred_at(self, kept: dict[str, Any], now: int, latest: int) -> int | None:
        """When it happened; None where the row does not say, which means now.

        A consent is never said ahead of its arrival: a clock that runs fast must not let a grant come into
        force after a later withdrawal, by the mere passing of time. So one dated ahead, within what the
        contract tolerates, was said now; and a restriction was, whatever its date.
        """
        try:
            occurred = self.object.occurred_at(kept)
            if occurred is not None and occurred > latest:
                raise RowFault(Reason.FUTURE_DATE, "occurredAt")
        except RowFault:
            if self.object.entity == "consent" and _restricts(self.object.values(kept, 0)):
                return None
            raise
        if self.object.entity == "consent" and occurred is not None and occurred > now:
            return None
        return occurred

    def _message_of(self, kept: dict[str, Any]) -> str:
        """The id of the delivery where the row has it: a call in a file and over HTTP is one event."""
        raw = self._message_id(kept) if self._message_id else None
        return raw if isinstance(raw, str) and len(raw) <= MESSAGE_ID_CHARACTERS_MAX else ""

    def _event_id(
        self, offered: Offered, kept: dict[str, Any], digest: bytes, as_of: int, *, also: bool
    ) -> bytes:
        message_id = offered.message_id or self._message_of(kept)
        if message_id:
            made = (self._by_message_also if also else self._by_message)(message_id.encode())
        elif self._is_record:
            made = self._by_record(as_of.to_bytes(8, "big", signed=True) + digest)
        else:
            made = self._by_row(digest)
        # Where the source says its order, that comes first: stamps of one instant compare by id (ADR 0010).
        return offered.order + made[: ID_BYTES - len(offered.order)] if offered.order else made

    def _refuse_future(self, values: dict[str, Any], now: int, latest: int) -> None:
        if _restricts(values):
            return
        if self.object.entity == "consent":
            latest = now
        for field in self._past_instants:
            if values.get(field, 0) > latest:
                raise RowFault(Reason.FUTURE_DATE, field)
        for field in self._past_days:
            if values.get(field, 0) > latest // MS_PER_DAY:
                raise RowFault(Reason.FUTURE_DATE, field)

    def _unread(self, offered: Offered) -> Fault:
        """A line that could not be read is kept whole only where the contract would have kept all of it."""
        reason = offered.fault or Reason.BAD_TEXT
        raw = offered.raw if self.object.keeps_lines else b""
        held = self._held_digest(reason.encode() + (offered.digest or offered.raw))
        return Fault(self.object.name, self._version, reason, "", offered.line, held, raw)

    def _faulty(self, row: dict[str, Any], offered: Offered, fault: RowFault) -> Fault:
        body = _JSON.encode(self.object.redact(row))
        held = self._held_digest(fault.reason.encode() + body)
        kept = b"" if fault.reason in REFUSALS or len(body) > BODY_BYTES_MAX else body
        return Fault(self.object.name, self._version, fault.reason, fault.field, offered.line, held, kept)

    @property
    def _version(self) -> str:
        return self.object.contract.version


def _restricts(values: dict[str, Any]) -> bool:
    """Whether it is a consent taken back or refused: no date may keep that from being heard."""
    return values.get("fact") in _RESTRICTIONS
