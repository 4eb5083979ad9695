"""What was said about consent, and what stands now. All frozen."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from onefold.record.canon.data_classes import ANY_DATA

ANY_CHANNEL = "any"
ANY_PURPOSE = "any"
"""What a restriction covers that never named a purpose; no grant does."""

OURSELVES = ""
"""The controller of a fact that names none."""


class FactKind(StrEnum):
    """What a party said."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class Notice(msgspec.Struct, frozen=True):
    """How we know: what was shown, in which version and language, how it was answered, under which law."""

    id: str = ""
    version: str = ""
    language: str = ""
    mechanism: str = ""
    jurisdiction: str = ""


class ConsentFact(msgspec.Struct, frozen=True):
    """One thing one party fragment said, for a purpose and a channel (or `any`), at an instant.

    `fact_id` is the fragment that holds it. A grant holds from `from_at` (None: at once) to `until_at` (None:
    without an end), for one class of data (or `any`) and one controller (empty: ourselves); for the parts of
    its purpose only where it `includes_parts`. `basis` other than empty or `consent` is no grant at all.
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
    from_at: int | None = None
    data_class: str = ANY_DATA
    controller: str = OURSELVES
    includes_parts: bool = False
    basis: str = ""
    notice: Notice = Notice()


class Use(msgspec.Struct, frozen=True):
    """A use somebody wants to make of data: why, over which channel, of which data, by whom."""

    purpose: str
    channel: str
    data_class: str = ANY_DATA
    controller: str = OURSELVES


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
