"""What the use cases of one cell work with, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onefold.customer.erasure.service import Eraser
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.obligations import LEAST_GROUP
from onefold.gate.service import Gate
from onefold.insight.segments.model import Segment
from onefold.insight.segments.ports import SegmentReader
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.audit.service import AuditLog
from onefold.record.biometrics.service import BiometricReferences
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.service import SchemaRegistry
from onefold.record.intake.door import Door
from onefold.record.intake.held import HeldRows
from onefold.record.intake.ports import DurableAppend
from onefold.record.intake.settlement import Settlements
from onefold.record.intake.skew import Skews
from onefold.record.intake.witness import Witness
from onefold.record.requests.deadlines import Laws
from onefold.record.requests.register import RequestRegister
from onefold.record.requests.telling import TellingLedger
from onefold.record.tokens.service import TokenVault
from onefold.usecases.attempts import Attempts
from onefold.usecases.begun import BegunSignIns
from onefold.usecases.contacts import Contacts
from onefold.usecases.device_sweep import DeviceSweep
from onefold.usecases.feeds import Feeds
from onefold.usecases.limits import Limits
from onefold.usecases.ports import (
    AuditProofs,
    Barrier,
    Destination,
    Machines,
    Packages,
    Papers,
    Proofs,
    Secrets,
    Users,
    Writing,
)
from onefold.usecases.processor import Processor
from onefold.usecases.pulse import Pulse
from onefold.usecases.reveals import Reveals
from onefold.usecases.review_sweep import ReviewSweep
from onefold.usecases.tries import Tries
from onefold.usecases.turned_away import TurnedAway
from onefold.usecases.ways import Ways


@dataclass(frozen=True, slots=True)
class Rooms:
    """One cell's rooms. Use cases take them as they are and reach nothing else.

    What a use case shows of a customer comes from the gate; `reader` and `bulk` are for ids and counts.
    """

    cell: Cell
    clock: Clock
    gate: Gate
    users: Users
    machines: Machines
    secrets: Secrets
    attempts: Attempts
    contracts: Contracts
    door: Door
    settlements: Settlements
    requests: RequestRegister
    laws: Laws
    held: HeldRows
    log: DurableAppend
    proofs: Proofs
    writing: Writing
    barrier: Barrier
    reader: CustomerReader
    bulk: SegmentReader
    segments: Mapping[str, Segment]
    audit: AuditLog
    audit_proofs: AuditProofs
    papers: Papers
    destination: Destination
    packages: Packages
    schemas: SchemaRegistry
    witness: Witness
    eraser: Eraser
    begun: BegunSignIns
    contacts: Contacts
    tellings: TellingLedger
    tokens: TokenVault
    biometrics: BiometricReferences
    processor: Processor = field(default_factory=Processor)
    least_group: int = LEAST_GROUP
    """The least size of a group whose count is told to who may only aggregate."""
    reveals: Reveals = field(default_factory=Reveals)
    tries: Tries = field(default_factory=Tries)
    ways: Ways = field(default_factory=Ways)
    limits: Limits = field(default_factory=Limits)
    feeds: Feeds = field(default_factory=Feeds)
    skews: Skews = field(default_factory=Skews)
    reviews: ReviewSweep = field(default_factory=ReviewSweep)
    devices_seen: DeviceSweep = field(default_factory=DeviceSweep)
    pulse: Pulse = field(default_factory=Pulse)
    turned_away: TurnedAway = field(default_factory=TurnedAway)
