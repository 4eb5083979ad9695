"""What can be fetched, what is wanted of it, and what came of asking. All frozen."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Fetchable(msgspec.Struct, frozen=True):
    """The fields that an object of a source gives only on demand, of things whose keys begin with `prefix`.

    Each field has the purposes it may serve. Objects that give nothing on demand are listed too, since a key
    belongs to the object with the longest prefix.
    """

    object: str
    entity: str
    prefix: str
    fields: dict[str, tuple[str, ...]]


class Wanted(msgspec.Struct, frozen=True):
    """Fields of one record that a permit grants and that its source has. `key` is the source's, personal.

    `currency` is that of the record, for its amounts.
    """

    fragment: bytes
    entity: str
    source: str
    object: str
    key: str
    fields: tuple[str, ...]
    currency: str = ""


class Outcome(StrEnum):
    """How asking for one record ended; nothing in it comes from the source."""

    ANSWERED = "answered"
    ABSENT = "absent"
    TIMEOUT = "timeout"
    DOWN = "down"
    DENIED = "denied"
    THROTTLED = "throttled"
    MISASKED = "misasked"
    GARBLED = "garbled"
    TOO_LARGE = "too_large"
    REDIRECTED = "redirected"
    ANOTHER = "another"
    FAULTY = "faulty"
    RESTING = "resting"
    BUSY = "busy"
    UNASKABLE = "unaskable"
    UNSET = "unset"

    @property
    def about(self) -> str:
        """As people read it behind the name of the source."""
        return _ABOUT[self]

    @property
    def blames(self) -> bool:
        """Whether it says that the source is not well, so that it should be left alone for a while."""
        return self in _BLAMING


_ABOUT = {
    Outcome.ANSWERED: "answered",
    Outcome.ABSENT: "has no such record",
    Outcome.TIMEOUT: "did not answer in time",
    Outcome.DOWN: "is down or cannot be reached",
    Outcome.DENIED: "does not let us ask",
    Outcome.THROTTLED: "wants to be asked less often",
    Outcome.MISASKED: "does not understand the question of its contract",
    Outcome.GARBLED: "answered something that cannot be read",
    Outcome.TOO_LARGE: "answered more than is taken",
    Outcome.REDIRECTED: "pointed elsewhere, which is not followed",
    Outcome.ANOTHER: "did not say that the answer is about this record",
    Outcome.FAULTY: "answered something that breaks its contract",
    Outcome.RESTING: "failed several times and is left alone for a while",
    Outcome.BUSY: "is being asked too much at once",
    Outcome.UNASKABLE: "cannot be asked by such a key",
    Outcome.UNSET: "is not set up to be asked",
}
_BLAMING = {
    Outcome.TIMEOUT,
    Outcome.DOWN,
    Outcome.DENIED,
    Outcome.THROTTLED,
    Outcome.MISASKED,
    Outcome.GARBLED,
    Outcome.TOO_LARGE,
    Outcome.REDIRECTED,
    Outcome.ANOTHER,
}


class Fetched(msgspec.Struct, frozen=True):
    """What came of asking for one record. `asked_at` in ms; `values` are canonical, as the contract says.

    With `is_recent` it was asked before, no longer ago than its contract allows.
    """

    wanted: Wanted
    outcome: Outcome
    values: dict[str, Any]
    asked_at: int
    latency_ms: int
    is_recent: bool = False
