"""A fragment: everything one source has said about one thing, folded order-free.

Theory. Each event carries a stamp (occurred_at, event_id). The whole row is one last-writer register;
every patched field is one more. A delete is a row that says "nothing". Registers are maxima, and
maxima commute, associate and are idempotent: any order, batching and re-delivery of the same events
gives the same fragment (law L1). A field's value is its patch if that is newer than the row, else the
row's; a patch older than the newest delete or row is void only where the row is newer.
"""

from __future__ import annotations

from typing import Any

import msgspec

Stamp = tuple[int, bytes]
"""(occurred_at in ms, event id): orders the events of a fragment the same everywhere."""

Values = dict[str, Any]
"""Canonical field → value: str, int, bool, or for a REF the 16-byte id of the fragment it points at."""


class Fragment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fold of one fragment. `key` is the source's own key and is personal; `row` None is deleted.

    `row_stamp` is None while only patches have been seen. `patches` maps a field to its newest
    (stamp, value). Purposes come from the contract that mapped the newest row.
    """

    fragment_id: bytes
    entity: str
    source: str
    key: str
    subject_id: bytes
    row_stamp: Stamp | None
    row: Values | None
    patches: dict[str, tuple[Stamp, Any]]

    @property
    def values(self) -> Values | None:
        """The canonical values that stand now; None when deleted or never stated."""
        if self.row is None and self.row_stamp is not None:
            alive = {k: v for k, (stamp, v) in self.patches.items() if stamp > self.row_stamp}
            return alive or None
        merged = dict(self.row or {})
        for name, (stamp, value) in self.patches.items():
            if self.row_stamp is None or stamp > self.row_stamp:
                merged[name] = value
        return {k: v for k, v in merged.items() if v is not None}

    @property
    def stamp(self) -> Stamp:
        """The newest stamp of any register: how recent this fragment is."""
        stamps = [stamp for stamp, _ in self.patches.values()]
        if self.row_stamp is not None:
            stamps.append(self.row_stamp)
        return max(stamps, default=(0, b""))


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One event after mapping: what the fold takes. `values` None is a delete."""

    fragment_id: bytes
    entity: str
    source: str
    key: str
    subject_id: bytes
    stamp: Stamp
    values: Values | None
    partial: bool
