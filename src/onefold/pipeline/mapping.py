"""The mapping of the step over a cell's contracts: a logged body becomes a statement in canonical words."""

from __future__ import annotations

from typing import Any

import msgspec

from onefold.customer.fragments.model import Statement
from onefold.pipeline.history import HISTORY
from onefold.record.canon.restrictions import RESTRICTING, not_ahead
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.corrections import Corrections, first_of
from onefold.record.contracts.registry import Contracts
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from onefold.record.log.upcasting import Lifted, Upcasters

_ROW = msgspec.json.Decoder(dict[str, Any])


class ContractMapping:
    """Maps each event by the version of the contract under which it was logged, as it is corrected.

    `corrections` are those of the state that is being made: all its events are read by the same ones. A
    version that is missing is no fault of one event: `UnknownSource` stops the work until it is put back.
    """

    def __init__(
        self, contracts: Contracts, corrections: Corrections | None = None, upcasters: Upcasters = HISTORY
    ) -> None:
        self._contracts = contracts
        self._corrections = corrections or {}
        self._upcasters = upcasters
        self._objects: dict[tuple[str, str, str], tuple[CompiledObject, Lifted | None]] = {}

    def statement(self, frame: FrameHeader, event: EventHeader, body: bytes) -> Statement:
        """What one event states; `SourceError` where it cannot be mapped."""
        item, lift = self._object(frame)
        values = None
        if lift is not None:
            body = lift(body)
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

    def _object(self, frame: FrameHeader) -> tuple[CompiledObject, Lifted | None]:
        named = (frame.source, frame.contract, frame.object)
        found = self._objects.get(named)
        if found is None:
            first, lift = self._upcasters.body(frame.source, frame.object, first_of(frame.contract))
            version = self._corrections.get((frame.source, first), first)
            found = self._objects[named] = self._contracts.object(frame.source, version, frame.object), lift
        return found
