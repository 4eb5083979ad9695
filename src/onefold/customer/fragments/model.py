"""A fragment: everything one source has said about one thing, folded order-free.

Theory. Each event carries a stamp (occurred_at, event_id), and no two events share one. The whole row is one
last-writer register; every patched field is one more; a delete is a row that says "nothing". Registers are
maxima, and maxima commute, associate and are idempotent: any order, batching and re-delivery of the same
events gives the same fragment (law L1).

A row states all fields at once, so it overrules every patch older than itself: such a patch can never count
again (`row_stamp` only grows) and is not kept. What is kept is therefore a normal form: two fragments that
fold the same events are equal, not merely equivalent. A patch that states no field still says that the thing
exists; it sits in the register of the field "".

An erasure takes every register away and leaves one mark, that there is none: it is the greatest element, so
it stands whatever else is said before or after.

Some statements cannot be unsaid: a withdrawal of consent stays said when its row is corrected or deleted
(law L5). For these entities `ever` keeps what was ever restricted (`enduring.py`): sets that only grow and
instants that only move on, which commute as registers do.
"""

from __future__ import annotations

from typing import Any

import msgspec

Stamp = tuple[int, bytes]
"""(occurred_at in ms, event id): orders the events of a fragment the same everywhere."""

NEVER: Stamp = (0, b"")
"""The stamp of what nothing is known of."""

Values = dict[str, Any]
"""Canonical field → value: str, int, bool, or for a REF the 16-byte id of the fragment it points at."""


class Fragment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fold of one fragment. `key` is the source's own key and is personal; `row` None is deleted.

    `row_stamp` is None while only patches have been seen; with neither a row nor a patch it was erased.
    `patches` maps a field to its newest
    (stamp, value), each newer than `row_stamp`. `subject_id` is the one of the newest event.
    """

    fragment_id: bytes
    entity: str
    source: str
    key: str
    subject_id: bytes
    row_stamp: Stamp | None
    row: Values | None
    patches: dict[str, tuple[Stamp, Any]]
    ever: dict[str, tuple[Any, ...]] = {}

    @property
    def values(self) -> Values | None:
        """The canonical values that stand now, none of them None; None when deleted. Not to be changed."""
        if not self.patches:
            return self.row
        merged = dict(self.row or {})
        merged.update((name, value) for name, (_, value) in self.patches.items())
        return {name: value for name, value in merged.items() if value is not None}

    @property
    def is_erased(self) -> bool:
        """Whether nothing may be known of it any more: what is left is its id, so that it stays so."""
        return self.row_stamp is None and not self.patches

    @property
    def stamp(self) -> Stamp:
        """The stamp of the newest event: how recent this fragment is."""
        if self.is_erased:
            return NEVER
        stamps = [stamp for stamp, _ in self.patches.values()]
        if self.row_stamp is not None:
            stamps.append(self.row_stamp)
        return max(stamps)

    def stamp_of(self, name: str) -> Stamp:
        """The stamp of the event that stated a field."""
        if name in self.patches:
            return self.patches[name][0]
        return self.row_stamp if self.row_stamp is not None else self.stamp


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One event after mapping: what the fold takes. `values` None is a delete; `partial` is a patch.

    In a patch a field that is None is cleared; in a row it is absent. `erases`: nothing is known of it from
    now on, whatever else is said.
    """

    fragment_id: bytes
    entity: str
    source: str
    key: str
    subject_id: bytes
    stamp: Stamp
    values: Values | None
    partial: bool
    erases: bool = False
