"""From an offered row to the events it states, or to the reason why it states none.

Everything here depends on the row, its contract, the cell key and the stated moment alone, so that a
retry of the same delivery comes to the same ids. Nothing is looked up and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from onefold.kernel.ids import ID_BYTES, CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.restrictions import RESTRICTING, restricts
from onefold.record.contracts.access import getter
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import REFUSALS, Reason, RowFault
from onefold.record.contracts.model import Delivers
from onefold.record.intake.depth import within_depth
from onefold.record.intake.model import MESSAGE_ID_CHARACTERS_MAX, UNDATED, Fault, Offered, Prepared, Row
from onefold.record.intake.rescue import may_be_unheard, rescued
from onefold.record.log.model import EventKind

BODY_BYTES_MAX = 1 << 20
_JSON = msgspec.json.Encoder()

# When these lie in the future the row is wrong; other dates (a term, an expiry) may.
_PAST_DAYS = ("birth_date", "day")
_PAST_INSTANTS = ("booked_at", "happened_at", "given_at", "raised_at")


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
        self.is_record = found.item.delivers is Delivers.RECORD
        self.tolerance_ms = found.contract.future_tolerance_days * MS_PER_DAY
        self._row_digest = cell_key.digester(b"row", source)
        self._by_message = cell_key.digester(b"event", source, b"message")
        self._by_message_also = cell_key.digester(b"event", source, b"message", name)
        self._by_row = cell_key.digester(b"event", source, b"row", name)
        self._by_record = cell_key.digester(b"event", source, b"record", name)
        self._row_digests = cell_key.digester_of_many(b"row", source)
        self._by_rows = cell_key.digester_of_many(b"event", source, b"row", name)
        self._by_records = cell_key.digester_of_many(b"event", source, b"record", name)
        self._by_rescue = cell_key.digester(b"event", source, b"rescued", name)
        self._held_digest = cell_key.digester(b"held", source, name)
        self._may_restrict = found.entity in RESTRICTING
        rules = found.item.rules
        self._past_days = tuple(field for field in _PAST_DAYS if field in rules)
        self._past_instants = tuple(field for field in _PAST_INSTANTS if field in rules)
        says = any(it.path == "messageId" for it in found.item.properties)
        self._message_id = getter("messageId", flat=True) if says else None
        self._stamped = found.contract.stamped if found.item.is_call else None
        carried = self._stamped.objects if self._stamped else ()
        self._also = tuple(Preparer(it, cell_key) for it in found.also if it.name not in carried)
        self._stamps = tuple(Preparer(it, cell_key) for it in found.also if it.name in carried)

    def prepare(self, offered: Offered, moment: Moment) -> Row:
        """The events of a row, or its fault; never an exception for what a source may send."""
        offered = within_depth(offered)
        row = offered.row
        if row is None or offered.fault is not None:
            return Row(self.object.name, (), self._unread(offered), offered.line)
        events, fault = self._judge(row, offered, moment)
        return Row(self.object.name, events, fault, offered.line)

    @property
    def reads_message_ids(self) -> bool:
        """Whether rows may name the delivery they came with."""
        return self._message_id is not None

    def row_digests(self, bodies: Iterable[bytes]) -> list[bytes]:
        """What tells each body from others."""
        return self._row_digests(bodies)

    def event_ids(self, digests: Iterable[bytes], as_of: int) -> list[bytes]:
        """The ids of rows that bring none, by their digests."""
        if not self.is_record:
            return self._by_rows(digests)
        instant = as_of.to_bytes(8, "big", signed=True)
        return self._by_records(instant + digest for digest in digests)

    def latest_of(self, latest: int) -> dict[str, int]:
        """Field → the greatest value it may have, of those that cannot lie ahead."""
        instants = dict.fromkeys(self._past_instants, latest)
        return instants | dict.fromkeys(self._past_days, latest // MS_PER_DAY)

    def fault_of(self, event: Prepared, reason: Reason, line: int) -> Fault:
        """The fault of a prepared event that turned out to contradict what came before."""
        body = b"" if reason in REFUSALS else event.body
        held = self._held_digest(reason.encode() + event.digest)
        field = ", ".join(self.object.item.key)
        return Fault(self.object.name, self.object.contract.version, reason, field, line, held, body)

    def _judge(
        self, row: dict[str, Any], offered: Offered, moment: Moment
    ) -> tuple[tuple[Prepared, ...], Fault | None]:
        """The events of a row and its first fault: a slip in one object keeps no other from being heard.

        Nor does a slip in a restriction keep what it takes away from being heard, where that can be read.
        """
        speaking = [it for it in (self, *self._also) if not self._also or it._speaks(row)]
        told = [it._heard(row, offered, moment, also=it is not self) for it in speaking]
        if not speaking:
            missing = RowFault(Reason.KEY_MISSING, ", ".join(self.object.item.key))
            told.append((None, self._faulty(row, offered, missing)))
        if self._stamped is not None:
            event = row.get("event")
            grants = self._stamped.grants(self.object.name, event if isinstance(event, str) else "")
            told += [it.stamp(row, offered, moment, grants=grants) for it in self._stamps]
        faults = [fault for _, fault in told if fault is not None]
        first = next((it for it in faults if it.unheard), faults[0] if faults else None)
        return tuple(event for event, _ in told if event is not None), first

    def stamp(
        self, row: dict[str, Any], offered: Offered, moment: Moment, *, grants: bool
    ) -> tuple[Prepared | None, Fault | None]:
        """What the consent says that a call carries; nothing where it grants and the call may not."""
        if not self._speaks(row):
            return None, None
        event, fault = self._heard(row, offered, moment, also=True)
        takes = event is not None and (event.restricts or event.kind is EventKind.DELETE)
        if grants or takes or (fault is not None and fault.unheard):
            return event, fault
        return None, None

    def _heard(
        self, row: dict[str, Any], offered: Offered, moment: Moment, *, also: bool
    ) -> tuple[Prepared | None, Fault | None]:
        """The event of this object, or what can be heard of a faulty one, and its fault."""
        try:
            return self._event(row, offered, moment, also=also), None
        except RowFault as fault:
            event, unheard = self._rescue(row, offered, moment)
            told = self._faulty(row, offered, fault)
            told.unheard = unheard
            return event, told

    def _speaks(self, row: dict[str, Any]) -> bool:
        """Whether the row has the key of this object; a key of a wrong type counts, and is found faulty."""
        try:
            return self.object.key(row) is not None
        except RowFault:
            return True

    def _event(self, row: dict[str, Any], offered: Offered, moment: Moment, *, also: bool) -> Prepared:
        # A row that is gone has but its key left in many sources, so nothing else is asked of it.
        gone = self.object.is_deleted(row)
        kept = self.object.redact(row) if gone else self.object.check(row)
        return self._stated(kept, offered, moment, gone=gone, also=also)

    def _rescue(self, row: dict[str, Any], offered: Offered, moment: Moment) -> tuple[Prepared | None, bool]:
        """What is heard of a faulty row that restricts; else whether it may have.

        The same faulty row is one event however often it is sent, and it never stands in the way of the
        mended one, which has another id and comes after it.
        """
        kept, unheard = rescued(self.object, row, moment.now)
        if kept is None:
            return None, unheard
        try:
            event = self._stated(kept, offered, moment, whole=False)
        except RowFault:
            return None, True
        message = (offered.message_id or self._message_of(kept)).encode()
        if self.is_record and not message:
            message = event.as_of.to_bytes(8, "big", signed=True)
        event.event_id = _ordered(offered.order, self._by_rescue(message + event.digest))
        event.is_snapshot = event.is_told_by_row = False
        if self.is_record:
            undated = event.occurred_at == event.as_of
            event.as_of -= 1
            event.occurred_at -= undated
            event.day = event.day if event.day == UNDATED else event.occurred_at // MS_PER_DAY
        return event, False

    def _stated(
        self,
        kept: dict[str, Any],
        offered: Offered,
        moment: Moment,
        *,
        gone: bool = False,
        also: bool = False,
        whole: bool = True,
    ) -> Prepared:
        found = self.object
        key = found.key(kept)
        if key is None:
            raise RowFault(Reason.KEY_MISSING, ", ".join(found.item.key))
        body = _JSON.encode(kept)
        if len(body) > BODY_BYTES_MAX:
            raise RowFault(Reason.TOO_LONG)
        latest = moment.now + self.tolerance_ms
        occurred = self._occurred_at(kept, latest, whole=whole)
        dated = occurred is not None
        as_of = (moment.as_of or moment.now) if self.is_record or not dated else 0
        occurred_at = occurred if occurred is not None else as_of
        if not dated and occurred_at > latest:
            raise RowFault(Reason.FUTURE_DATE, "occurredAt")
        restricting = False
        if gone:
            kind = EventKind.DELETE
        else:
            kind = found.kind
            at = min(occurred_at, moment.now) if self._may_restrict else occurred_at
            values = found.values(kept, at, whole=whole)
            restricting = self._may_restrict and restricts(found.entity, values)
            if not restricting:
                self._refuse_future(values, moment.now, latest)
        digest = self._row_digest(body)
        message_id = offered.message_id or self._message_of(kept)
        lasting = dated or (self.is_record and not message_id)
        return Prepared(
            found,
            self._event_id(message_id, offered.order, digest, as_of, also=also),
            occurred_at // MS_PER_DAY if lasting else UNDATED,
            found.fragment_id(key),
            kind,
            occurred_at,
            digest,
            found.subject_id(kept),
            body,
            as_of,
            self.is_record,
            self.is_record and moment.as_of != 0,
            moment.backfill,
            restricting,
            self.is_record and not (self._may_restrict or message_id or offered.order),
        )

    def _occurred_at(self, kept: dict[str, Any], latest: int, *, whole: bool) -> int | None:
        """When it happened as the row says; None where it does not, which means now.

        A restriction is let in whatever its date, even one that cannot be read: it counts from its record at
        the latest (`canon/restrictions.py`). Its date is kept as it was stated, so that a retry is found
        again after the day has come.
        """
        occurred = None
        try:
            occurred = self.object.occurred_at(kept)
            if occurred is not None and occurred > latest:
                raise RowFault(Reason.FUTURE_DATE, "occurredAt")
        except RowFault:
            if not self._may_restrict:
                raise
            if not restricts(self.object.entity, self.object.values(kept, 0, whole=whole)):
                raise
        return occurred

    def _message_of(self, kept: dict[str, Any]) -> str:
        """The id of the delivery where the row has it: a call in a file and over HTTP is one event."""
        raw = self._message_id(kept) if self._message_id else None
        return raw if isinstance(raw, str) and len(raw) <= MESSAGE_ID_CHARACTERS_MAX else ""

    def _event_id(self, message_id: str, order: bytes, digest: bytes, as_of: int, *, also: bool) -> bytes:
        if message_id:
            made = (self._by_message_also if also else self._by_message)(message_id.encode())
        elif self.is_record:
            made = self._by_record(as_of.to_bytes(8, "big", signed=True) + digest)
        else:
            made = self._by_row(digest)
        return _ordered(order, made)

    def _refuse_future(self, values: dict[str, Any], now: int, latest: int) -> None:
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
        unheard = may_be_unheard(self.object)
        return Fault(self.object.name, self._version, reason, "", offered.line, held, raw, unheard)

    def _faulty(self, row: dict[str, Any], offered: Offered, fault: RowFault) -> Fault:
        body = _JSON.encode(self.object.redact(row))
        held = self._held_digest(fault.reason.encode() + body)
        kept = b"" if fault.reason in REFUSALS or len(body) > BODY_BYTES_MAX else body
        return Fault(self.object.name, self._version, fault.reason, fault.field, offered.line, held, kept)

    @property
    def _version(self) -> str:
        return self.object.contract.version


def _ordered(order: bytes, event_id: bytes) -> bytes:
    """Where the source says its order, that comes first: stamps of one instant compare by id (ADR 0010)."""
    return order + event_id[: ID_BYTES - len(order)] if order else event_id
