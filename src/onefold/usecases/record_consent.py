"""Record what a customer granted, withdrew or objected to, said to one of our people."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.gate.model import Permit
from onefold.usecases.model import RecordedConsent
from onefold.usecases.rooms import Rooms


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One fact: about which purpose and channel, and how we know."""

    purpose: str
    channel: str
    fact: str
    evidence: str


def record_consent(permit: Permit, rooms: Rooms, customer: str, fact: ConsentFact) -> RecordedConsent:
    """Returns once the gate's own state holds the fact (the withdrawal barrier)."""
    permit.needs("record_consent")
    raise NotImplementedError
