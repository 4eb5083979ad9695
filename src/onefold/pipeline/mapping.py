"""The mapping of the step over a cell's contracts: a logged body becomes a statement in canonical words."""

from __future__ import annotations

from typing import Any

import msgspec

from onefold.customer.fragments.model import Statement
from onefold.record.canon.restrictions import RESTRICTING, not_ahead
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.registry import Contracts
from onefold.record.log.model import EventHeader, EventKind, FrameHeader

_ROW = msgspec.json.Decoder(dict[str, Any])


class ContractMapping:
    """Maps each event by the version of the contract under which it was logged.

    A version that is missing is no fault of one event: `UnknownSource` stops the work until it is put back.
    """

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._objects: dict[tuple[str, str, str], CompiledObject] = {}

    def statement(self, frame: FrameHeader, event: EventHeader, body: bytes) -> Statement:
        """What one event states; `SourceError` where it cannot be mapped."""
        item = self._object(frame)
        values = None
        at = event.occurred_at
        dated = frame.entity in RESTRICTING
        if dated:
            at = min(at, frame.recorded_at)
        if event.kind is EventKind.DELETE:
            key = item.key(_ROW.decode(body)) or ""
        else:
            key, values = item.read(body, at)
        if dated and values is not None:
            not_ahead(frame.entity, values, frame.recorded_at)
        return Statement(
            event.fragment_id,
            frame.entity,
            frame.source,
            key,
            frame.subject_id,
            (at, event.event_id),
            values,
            event.kind is EventKind.PATCH,
        )

    def _object(self, frame: FrameHeader) -> CompiledObject:
        named = (frame.source, frame.contract, frame.object)
        item = self._objects.get(named)
        if item is None:
            item = self._objects[named] = self._contracts.object(*named)
        return item
