"""The golden record and where each of its values came from. All frozen."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Criterion(StrEnum):
    """What can make one value survive over another. Criteria are tried in the order a policy lists them.

    `VERIFIED`: the source has proof of it. `RANKED`: a source the policy names before the other. `COMPLETE`:
    more fields of the group are stated. `FREQUENT`: more fragments say the same. `RECENT`: said later.
    `LONGEST`: more characters. `CAREFUL`: a yes, of what somebody is protected for. `FIRST`: nothing
    told them apart, source and key decide.
    """

    VERIFIED = "verified"
    RANKED = "ranked"
    COMPLETE = "complete"
    FREQUENT = "frequent"
    RECENT = "recent"
    LONGEST = "longest"
    CAREFUL = "careful"
    FIRST = "first"


class Survivorship(msgspec.Struct, frozen=True):
    """How the values of a group of fields are chosen: together, from one fragment."""

    fields: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    sources: tuple[str, ...] = ()
    """Sources in order of trust, for `RANKED`; those not named come last."""


class Candidate(msgspec.Struct, frozen=True):
    """A value that a fragment states for a field, and when it was stated (ms)."""

    value: Any
    fragment_id: bytes
    source: str
    at: int


class Survivor(msgspec.Struct, frozen=True):
    """The value that stands for a field, why, and all that was offered, the winner first.

    `rule` is `only` for a single fragment, `agreed` where all say the same, else the criterion that decided.
    """

    winner: Candidate
    rule: str
    candidates: tuple[Candidate, ...]


class Golden(msgspec.Struct, frozen=True):
    """The combined record of one party: canonical field → survivor. Fields nobody states are absent."""

    fields: dict[str, Survivor]

    def value(self, name: str) -> Any:
        """The value of a field; None where nobody states it."""
        survivor = self.fields.get(name)
        return None if survivor is None else survivor.winner.value
