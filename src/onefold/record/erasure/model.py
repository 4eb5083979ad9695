"""What the erasure ledger holds: keyed digests and words of ours, so that it outlives whom it is about."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Phase(StrEnum):
    """`BEGUN`: there is no way back; several of one erasure add up. `DONE`: every room has forgotten."""

    BEGUN = "begun"
    DONE = "done"


class Because(StrEnum):
    """Why something is erased."""

    REQUEST = "request"
    """The person asked for it."""
    RETENTION = "retention"
    """It was kept for as long as it may be."""
    ORDER = "order"
    """An authority or the firm itself says so."""


class Erasure(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record of the ledger. All ids are birth ids: digests of source keys under the cell's key.

    `parties` are the party fragments of the people, which their customer ids are among. `subjects` are those
    whose data keys are destroyed, `covered` the fragments that are sealed under nothing else, `alone` those
    that are sealed under keys which others still need: the door has to know them one by one.
    """

    cell: str
    id: str
    phase: Phase
    at: int
    because: Because
    actor: str
    parties: tuple[bytes, ...] = ()
    subjects: tuple[bytes, ...] = ()
    covered: tuple[bytes, ...] = ()
    alone: tuple[bytes, ...] = ()
    never: tuple[bytes, ...] = ()
    """Digests of the addresses, each with its channel, at which they were not to be contacted."""

    @property
    def fragments(self) -> frozenset[bytes]:
        """All fragments of which nothing may be known."""
        return frozenset((*self.covered, *self.alone))


class Erased(msgspec.Struct, frozen=True):
    """What a room is asked to forget.

    `words` are texts by which a row that belongs to nobody yet is known to be about these people (their keys,
    numbers and addresses); they are held in memory for the length of the erasure alone.
    """

    parties: frozenset[bytes]
    subjects: frozenset[bytes]
    fragments: frozenset[bytes]
    words: frozenset[str] = frozenset()
