"""Preparing many rows of a table together. What comes out equals `Preparer.prepare` of each row alone.

Only plain rows are taken this way: columns of text and numbers, no fault, no id or order of the source's own.
Every other row, and every row of an object that may take something away, is prepared alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from onefold.kernel.time import MS_PER_DAY
from onefold.record.contracts.access import MISSING
from onefold.record.contracts.columns import Columns, Turned
from onefold.record.intake.model import UNDATED, Offered, Prepared, Row
from onefold.record.intake.prepare import BODY_BYTES_MAX, Moment, Preparer

BLOCK_ROWS = 500
BLOCK_CHARACTERS = 4 << 20
_JSON = msgspec.json.Encoder()
_SMALL: dict[type, int] = {int: 8, float: 8, bool: 8, type(None): 0}


class BlockPreparer:
    """Prepares blocks of rows of one compiled object; `is_able` where that is more than one row at a time."""

    def __init__(self, preparer: Preparer) -> None:
        self._alone = preparer
        found = self.object = preparer.object
        # Rows of JSON may hold anything beside what is declared: each is made small before the next is read.
        is_table = found.item.file is not None and not found.item.file.is_nested
        self.is_able = is_table and found.takes_columns and not preparer.reads_message_ids
        self.tells_by_row = self.is_able and preparer.is_record
        """Whether the id of each event is made of its row and the instant that it speaks of."""
        self._columns = Columns(found) if self.is_able else None
        self._names = tuple(it.path for it in found.item.stored)

    def blocks(self, rows: Iterable[Offered], most: int = BLOCK_ROWS) -> Iterator[list[Offered]]:
        """Rows as blocks of bounded size; of one each where they are prepared alone."""
        if self._columns is None:
            yield from ([it] for it in rows)
            return
        block: list[Offered] = []
        characters = 0
        for offered in rows:
            block.append(offered)
            characters += _characters(offered.row)
            if len(block) >= most or characters >= BLOCK_CHARACTERS:
                yield block
                block, characters = [], 0
        if block:
            yield block

    def row_digests(self, rows: Sequence[dict[str, Any]]) -> list[bytes]:
        """What tells what is kept of each row from others, were it let in."""
        return self._alone.row_digests(self._bodies(list(rows), set()))

    def prepare(self, block: Sequence[Offered], moment: Moment) -> list[Row]:
        """The events of each row, or its fault."""
        alone = self._alone
        if self._columns is None or len(block) < 2:
            return [alone.prepare(offered, moment) for offered in block]
        odd = {
            number for number, it in enumerate(block) if it.fault or it.message_id or it.order or not it.row
        }
        together = self._together(self._columns, block, moment, odd)
        name = alone.object.name
        return [
            alone.prepare(offered, moment) if event is None else Row(name, (event,), None, offered.line)
            for offered, event in zip(block, together, strict=True)
        ]

    def _together(
        self, columns: Columns, block: Sequence[Offered], moment: Moment, odd: set[int]
    ) -> list[Prepared | None]:
        """The event of each row, None of odd ones."""
        alone, found, size = self._alone, self._alone.object, len(block)
        rows: list[dict[str, Any]] = [it.row or {} for it in block]
        table = columns.split(rows, odd)
        odd |= found.odd_in(table)
        keys = columns.keys(table, odd, size)
        owners = columns.owners(table, odd, size)
        said = columns.occurred(table, odd, size)
        latest = moment.now + alone.tolerance_ms
        as_of = moment.as_of or moment.now
        stated_at = [as_of if it is None else it for it in said]
        late = [number for number, at in enumerate(stated_at) if number not in odd and at > latest]
        odd.update(late)
        for number in odd:
            stated_at[number] = as_of
        self._refuse(columns.turned(table, stated_at, odd), latest, odd)
        bodies = self._bodies(rows, odd)
        for number in odd:
            keys[number] = ""
        digests = alone.row_digests(bodies)
        fragments = found.fragment_ids(keys)
        is_record, backfill = alone.is_record, moment.backfill
        events = alone.event_ids(digests, as_of)
        kind, snapshot = found.kind, is_record and moment.as_of != 0
        out: list[Prepared | None] = [
            Prepared(
                found,
                event_id,
                at // MS_PER_DAY if is_record or stated is not None else UNDATED,
                fragment_id,
                kind,
                at,
                digest,
                owner,
                body,
                as_of if is_record or stated is None else 0,
                is_record,
                snapshot,
                backfill,
                False,
                is_record,
            )
            for event_id, stated, at, fragment_id, digest, owner, body in zip(
                events, said, stated_at, fragments, digests, owners, bodies, strict=True
            )
        ]
        for number in odd:
            out[number] = None
        return out

    def _refuse(self, turned: Turned, latest: int, odd: set[int]) -> None:
        """Marks rows that are dated ahead."""
        for field, most in self._alone.latest_of(latest).items():
            column = turned.get(field, ())
            odd.update(it for it, value in enumerate(column) if value is not MISSING and value > most)

    def _bodies(self, rows: list[dict[str, Any]], odd: set[int]) -> list[bytes]:
        """The bytes of what is kept of each row; those of odd ones are empty."""
        encode, redact, names = _JSON.encode, self._alone.object.redact, self._names
        bodies = []
        for number, row in enumerate(rows):
            if number in odd:
                bodies.append(b"")
                continue
            bodies.append(encode(row if tuple(row) == names else redact(row)))
            if len(bodies[-1]) > BODY_BYTES_MAX:
                odd.add(number)
        return bodies


def _characters(row: dict[str, Any] | None) -> int:
    """About how much a row holds; what is not text counts as much as a block may have, but for numbers."""
    if not row:
        return 0
    try:
        return sum(map(len, filter(None, row.values())))
    except TypeError:
        sizes = (
            len(it) if isinstance(it, str) else _SMALL.get(type(it), BLOCK_CHARACTERS) for it in row.values()
        )
        return sum(sizes)
