"""Writing the audit, durable before anything leaves; and reading it back, newest first."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from onefold.kernel.errors import CallerError, Damaged, Unavailable
from onefold.kernel.ids import Cell, CellKey, id_text
from onefold.kernel.time import Clock
from onefold.record.audit.model import AuditFilter, AuditFound, AuditHeader, AuditRecord, Rests, Said
from onefold.record.audit.ports import AuditIndex, Reach
from onefold.record.log.model import Record
from onefold.record.log.ports import SegmentReader
from onefold.record.log.scribe import Scribe
from onefold.record.log.service import GroupCommit

TEXT_CHARACTERS_MAX = 500
PAGE_MAX = 500
_WINDOW = 500
_READ_A_PAGE = 100_000
INDEX_AT_ONCE = 20_000
_INDEX_FOR_A_PAGE = 4_000
_INDEX_WINDOW = 2_000

_EVERYTHING = AuditFilter()

_HEADERS = msgspec.msgpack.Encoder()
_RECORDS = msgspec.json.Encoder()
_HEADER = msgspec.msgpack.Decoder(AuditHeader)
_RECORD = msgspec.json.Decoder(AuditRecord)


class AuditLog:
    """The audit of one cell. `record` returns when the disk has it; then, and only then, show the answer.

    `cell_key` digests texts that people gave, so that equal ones can be told without keeping them. `index` is
    brought up to the log when somebody searches and when nothing else is to be done (`catch_up`), never while
    a record is written: whoever waits for that waits for the disk alone.
    """

    def __init__(
        self,
        commit: GroupCommit,
        reader: SegmentReader,
        cell: Cell,
        cell_key: CellKey,
        clock: Clock,
        index: AuditIndex,
    ) -> None:
        self._commit = commit
        self._scribe = Scribe(commit)
        self._reader = reader
        self._cell = str(cell)
        self._cell_key = cell_key
        self._clock = clock
        self._index = index
        self._catching = threading.Lock()
        self._checked = False

    def record(self, kind: str, **words: Any) -> str:
        """Keeps one record and returns its id; `Unavailable` when it could not be made durable.

        The words are those of `AuditTrail`. `said` is what a person wrote: only its digest and length are
        kept. The other texts must be words of ours: a value of a customer's data would stay for ever.
        """
        return str(self._commit.append([self._entry(kind, **words)]))

    async def record_soon(self, kind: str, **words: Any) -> str:
        """`record`, awaited: no thread waits for the disk, and all that await it share one write."""
        return str(await self._scribe.append(self._entry(kind, **words)))

    def _entry(
        self,
        kind: str,
        *,
        actor: str,
        role: str = "",
        action: str = "",
        purpose: str = "",
        channel: str = "",
        controller: str = "",
        outcome: str = "",
        customer: bytes | None = None,
        customers: Sequence[bytes] = (),
        fragments: Sequence[bytes] = (),
        reasons: Sequence[str] = (),
        policy_version: str = "",
        consent_basis: str = "",
        counts: dict[str, int] | None = None,
        details: dict[str, str] | None = None,
        said: str = "",
        rests: Rests | None = None,
        obligations: Sequence[str] = (),
    ) -> tuple[bytes, bytes]:
        everyone = customers if customer is None else (customer, *customers)
        record = AuditRecord(
            at=self._clock.now_ms(),
            cell=self._cell,
            kind=kind,
            actor=actor,
            role=role,
            action=action,
            purpose=purpose,
            channel=channel,
            controller=controller,
            outcome=outcome,
            customers=tuple(id_text(it) for it in everyone),
            fragments=tuple(id_text(it) for it in fragments),
            reasons=tuple(reasons),
            policy_version=policy_version,
            consent_basis=consent_basis,
            counts=counts or {},
            details=details or {},
            said=self._digest(said) if said else None,
            rests=rests,
            obligations=tuple(obligations),
        )
        for text in (kind, actor, *record.reasons, *record.details.values()):
            if len(text) > TEXT_CHARACTERS_MAX:
                raise AssertionError("the audit keeps words of ours, not documents")
        return _encode(record)

    def said_was(self, record: AuditRecord, text: str) -> bool:
        """Whether a text shown now is the one that was given then."""
        return record.said is not None and record.said == self._digest(text)

    def find(self, audit_id: str) -> AuditRecord | None:
        """One record by its id; None when there is none."""
        sequence = _sequence(audit_id)
        found = self._reader.read(sequence - 1, 1) if sequence else []
        return decode_record(found[0]) if found else None

    def page(self, wanted: AuditFilter, *, cursor: str = "", limit: int = 50) -> AuditFound:
        """Up to `limit` records below `cursor` (the `next` of the page before), newest first.

        What the index does not know yet is read from the log, so that it is never missed.
        """
        limit = max(1, min(limit, PAGE_MAX))
        newest = self._commit.last_sequence
        below = min(_sequence(cursor), newest + 1) if cursor else newest + 1
        known = 0
        if wanted != _EVERYTHING:
            # An index that cannot grow now is one that is behind.
            with contextlib.suppress(Unavailable):
                self.catch_up(_INDEX_FOR_A_PAGE)
            known = self._index.reach.sequence if self._checked else 0
        items: list[AuditRecord] = []
        for record in self._backwards(below, known):
            below = record.sequence
            if wanted.takes(_header(record)):
                items.append(decode_record(record))
                if len(items) == limit:
                    break
        if len(items) == limit or below > known + 1:
            return AuditFound(tuple(items), str(below) if below > 1 else None)
        found = self._index.find(wanted, below, limit - len(items) + 1) if known else []
        more = len(found) > limit - len(items)
        items += [decode_record(self._reader.read(it - 1, 1)[0]) for it in found[: limit - len(items)]]
        return AuditFound(tuple(items), items[-1].id if more else None)

    def catch_up(self, most: int = INDEX_AT_ONCE) -> bool:
        """Takes up to `most` records into the index that it does not know; whether it lacks more."""
        with self._catching:
            self._check_index()
            after = self._index.reach.sequence
            until = min(self._commit.last_sequence, after + most)
            while after < until and (batch := self._reader.read(after, min(_INDEX_WINDOW, until - after))):
                after = batch[-1].sequence
                headers = [(record.sequence, _header(record)) for record in batch]
                self._index.add(headers, Reach(after, sha256(batch[-1].header).digest()))
            return after < self._commit.last_sequence

    def _check_index(self) -> None:
        """Empties, once, an index that is not of this log: of one that was since restored, or another's."""
        if self._checked:
            return
        reach = self._index.reach
        if reach.sequence:
            there = reach.sequence <= self._commit.last_sequence
            last = self._reader.read(reach.sequence - 1, 1) if there else []
            if not last or sha256(last[0].header).digest() != reach.digest:
                self._index.clear()
        self._checked = True

    def _backwards(self, below: int, known: int) -> Iterator[Record]:
        """Records below a sequence and above one, newest first, as many as one page may read."""
        for top in range(below, max(known + 1, below - _READ_A_PAGE), -_WINDOW):
            after = max(known, top - 1 - _WINDOW)
            yield from reversed(self._reader.read(after, top - 1 - after))

    def _digest(self, text: str) -> Said:
        return Said(id_text(self._cell_key.digest(b"said", text.encode())), len(text))


def _encode(record: AuditRecord) -> tuple[bytes, bytes]:
    header = AuditHeader(
        record.at, record.kind, record.actor, record.action, record.outcome, record.customers
    )
    return _HEADERS.encode(header), _RECORDS.encode(record)


def _header(record: Record) -> AuditHeader:
    try:
        return _HEADER.decode(record.header)
    except msgspec.MsgspecError as error:
        raise Damaged("An audit record cannot be read.", detail=f"Record {record.sequence}.") from error


def decode_record(record: Record) -> AuditRecord:
    """The audit record that stands in its log; `Damaged` where it is none."""
    try:
        found = _RECORD.decode(record.payload or b"")
    except msgspec.MsgspecError as error:
        raise Damaged("An audit record cannot be read.", detail=f"Record {record.sequence}.") from error
    return msgspec.structs.replace(found, id=str(record.sequence))


def _sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CallerError("That is not the id of an audit record.", hint="It is a number.")
    return int(text)
