"""What the use cases of one cell work with, put together once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.gate.service import Gate
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.audit.service import AuditLog
from onefold.usecases.attempts import Attempts
from onefold.usecases.ports import Desk, Exports, Quarantine, Segments, Sources, Users, Vitals


@dataclass(frozen=True, slots=True)
class Rooms:
    """One cell's rooms. Use cases take them as they are and reach nothing else."""

    cell: Cell
    clock: Clock
    gate: Gate
    users: Users
    attempts: Attempts
    desk: Desk
    sources: Sources
    quarantine: Quarantine
    audit: AuditLog
    segments: Segments
    exports: Exports
    vitals: Vitals
