"""Rows that say what was said already, told before anybody looks at them any closer.

Most rows of a daily snapshot are those of yesterday. A row whose digest is the one last stated of its key was
judged when it came, and by the same version of the contract and of Onefold there is nothing to judge again:
its columns need not be read, its mapping need not be tried, no event needs an id. What is told of it is what
the committer would tell (`rules.py`): a duplicate as of the same instant, unchanged as of a later one. Every
other row goes the whole way: one of an older instant, one judged by another version, one of somebody who was
erased, one whose key is said twice, or differently by a row that waits for the committer.

It is looked for block by block, and given up for a while where most rows turn out to be new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from onefold.record.contracts.errors import RowFault
from onefold.record.erasure.ports import ErasedIds
from onefold.record.intake.blocks import BlockPreparer
from onefold.record.intake.model import EVENT_IDS_MAX, Offered, Outcome, Row, Stated
from onefold.record.intake.prepare import Moment
from onefold.record.intake.rules import judged_by

BEHIND_ROWS = EVENT_IDS_MAX
"""Of a delivery so small every id is told, so in it no row is let pass without one."""
PATIENCE_BLOCKS = 16
"""So many blocks are taken the whole way after one that was mostly new."""

LastStated = Callable[[Sequence[bytes]], dict[bytes, Stated]]


class Unchanged:
    """A preparer of blocks in front of which familiar rows are told; for one delivery."""

    def __init__(self, preparer: BlockPreparer, last_stated: LastStated, erased: ErasedIds) -> None:
        self._preparer = preparer
        self._object = preparer.object
        self._last_stated = last_stated
        self._erased = erased
        self._waits = 0
        self._waiting: set[bytes] = set()

    def prepare(self, block: Sequence[Offered], moment: Moment) -> list[Row]:
        """As `BlockPreparer.prepare`; what is familiar comes back told, without events."""
        told = self._tried(block, moment) if self._preparer.tells_by_row else {}
        rest = [it for number, it in enumerate(block) if number not in told] if told else block
        rows = self.prepare_all(rest, moment)
        if not told:
            return rows
        name, closer = self._object.name, iter(rows)
        return [
            Row(name, (), None, offered.line, told[number]) if number in told else next(closer)
            for number, offered in enumerate(block)
        ]

    def prepare_all(self, block: Sequence[Offered], moment: Moment) -> list[Row]:
        """As `BlockPreparer.prepare`, the whole way for every row."""
        rows = self._preparer.prepare(block, moment)
        if self._preparer.tells_by_row:
            self._waiting.update(event.fragment_id for row in rows for event in row.events)
        return rows

    def settled(self) -> None:
        """Says that the committer has had what was prepared until now."""
        self._waiting.clear()

    def _tried(self, block: Sequence[Offered], moment: Moment) -> dict[int, Outcome]:
        if self._waits:
            self._waits -= 1
            return {}
        try:
            told = self._told(block, moment.as_of or moment.now)
        except (UnicodeEncodeError, msgspec.MsgspecError, TypeError):
            # A value that no JSON can say: what is wrong with it is found the whole way.
            return {}
        if len(told) * 2 < len(block):
            self._waits = PATIENCE_BLOCKS
        return told

    def _told(self, block: Sequence[Offered], as_of: int) -> dict[int, Outcome]:
        """Number within the block → what is told of a familiar row."""
        numbers, keys = self._keys(block)
        fragments = self._object.fragment_ids(keys)
        last = self._last_stated(fragments)
        if not last:
            return {}
        digests = self._preparer.row_digests([block[number].row or {} for number in numbers])
        judge = judged_by(self._object.contract.version)
        repeated = {it for it, count in Counter(fragments).items() if count > 1}
        told: dict[int, Outcome] = {}
        for number, fragment_id, digest in zip(numbers, fragments, digests, strict=True):
            said, offered = last.get(fragment_id), block[number]
            if said is None or said[0] != digest or said[1] > as_of or said[2] != judge:
                continue
            if fragment_id in self._waiting or fragment_id in repeated:
                continue
            if offered.message_id or offered.order:
                continue
            told[number] = Outcome.DUPLICATE if said[1] == as_of else Outcome.UNCHANGED
        return self._without_erased(told, block, dict(zip(numbers, fragments, strict=True)))

    def _keys(self, block: Sequence[Offered]) -> tuple[list[int], list[str]]:
        """The numbers and keys of rows that have one."""
        numbers, keys, key_of = [], [], self._object.key
        for number, it in enumerate(block):
            if not it.row or it.fault:
                continue
            try:
                key = key_of(it.row)
            except RowFault:
                continue
            if key is not None:
                numbers.append(number)
                keys.append(key)
        return numbers, keys

    def _without_erased(
        self, told: dict[int, Outcome], block: Sequence[Offered], fragments: dict[int, bytes]
    ) -> dict[int, Outcome]:
        refused = self._erased.refused
        if not refused:
            return told
        subject_of = self._object.subject_id
        return {
            number: outcome
            for number, outcome in told.items()
            if fragments[number] not in refused and subject_of(block[number].row or {}) not in refused
        }
