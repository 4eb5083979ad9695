"""What the use cases of one cell work with, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onefold.customer.profile.ports import CustomerReader
from onefold.gate.service import Gate
from onefold.insight.segments.model import Segment
from onefold.insight.segments.ports import SegmentReader
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.audit.service import AuditLog
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.service import SchemaRegistry
from onefold.record.intake.door import Door
from onefold.record.intake.ports import DurableAppend
from onefold.record.intake.settlement import Settlements
from onefold.usecases.attempts import Attempts
from onefold.usecases.limits import Limits
from onefold.usecases.ports import Barrier, Destination, Proofs, Secrets, Users


@dataclass(frozen=True, slots=True)
class Rooms:
    """One cell's rooms. Use cases take them as they are and reach nothing else.

    What a use case shows of a customer comes from the gate; `reader` and `bulk` are for ids and counts.
    """

    cell: Cell
    clock: Clock
    gate: Gate
    users: Users
    secrets: Secrets
    attempts: Attempts
    contracts: Contracts
    door: Door
    settlements: Settlements
    log: DurableAppend
    proofs: Proofs
    barrier: Barrier
    reader: CustomerReader
    bulk: SegmentReader
    segments: Mapping[str, Segment]
    audit: AuditLog
    destination: Destination
    schemas: SchemaRegistry
    limits: Limits = field(default_factory=Limits)
