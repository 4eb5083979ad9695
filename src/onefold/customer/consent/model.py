"""What was said about consent, and what stands now. All frozen."""

from __future__ import annotations

from enum import StrEnum

import msgspec

ANY_CHANNEL = "any"
ANY_PURPOSE = "any"
"""What a restriction covers that never named a purpose; no grant does."""


class FactKind(StrEnum):
    """What a party said."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class ConsentFact(msgspec.Struct, frozen=True):
    """One thing one party fragment said, for a purpose and a channel (or `any`), at an instant.

    `fact_id` is the fragment that holds it, `until_at` None when a grant has no end.
    """

    fact_id: bytes
    party: bytes
    purpose: str
    channel: str
    kind: FactKind
    at: int
    until_at: int | None
    source: str
    evidence: str


class Suppression(msgspec.Struct, frozen=True):
    """A do-not-contact that is in force for a party fragment, on a channel or `any`."""

    suppression_id: bytes
    party: bytes
    channel: str
    reason: str
    at: int
    source: str


class State(StrEnum):
    """What stands for a fragment, purpose and channel; only `GRANTED` is a yes where consent is needed."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Standing(msgspec.Struct, frozen=True):
    """The state and the fact that decided it; None where nothing was ever said."""

    state: State
    fact: ConsentFact | None
