"""Addresses that outlive who had them: do-not-contact survives an erasure, as keyed digests and nothing else.

Who was erased with a suppression in force, and comes back as a stranger with the same address, is not
contacted there. Nobody can read the list; it only says yes to an address that one already has.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from onefold.customer.consent.model import ANY_CHANNEL, Suppression
from onefold.customer.fragments.model import Fragment, Values
from onefold.gate.audience import ADDRESS_FIELD, Audience
from onefold.kernel.ids import CellKey

REASON = "suppressed before an erasure"


class Digests(Protocol):
    """Where the digests are kept."""

    @property
    def never(self) -> AbstractSet[bytes]:
        """All of them; empty in most cells."""
        ...


@dataclass(frozen=True, slots=True)
class NeverContact:
    """The list of one cell."""

    cell_key: CellKey
    kept: Digests

    @property
    def is_empty(self) -> bool:
        """Whether nobody was ever put on it."""
        return not self.kept.never

    def digests_of(self, suppressions: Iterable[Suppression], members: Iterable[Fragment]) -> set[bytes]:
        """What stays of the suppressions of a customer who goes: each address on each channel they cover."""
        records = [it.values or {} for it in members]
        return {
            self._digest(channel, str(record[field]))
            for suppression in suppressions
            for channel, field in ADDRESS_FIELD.items()
            if suppression.channel in (channel, ANY_CHANNEL)
            for record in records
            if record.get(field)
        }

    def has_any(self, channel: str, records: Iterable[Values]) -> bool:
        """Whether the address that any of the records knows for the channel is on the list."""
        field = ADDRESS_FIELD.get(channel)
        known = {str(it[field]) for it in records if it.get(field)} if field and not self.is_empty else ()
        return any(self._digest(channel, it) in self.kept.never for it in known)

    def without(self, audience: Audience, channel: str) -> Audience:
        """The audience without those whose address is on the list."""
        kept = [it for it in audience.released if self._digest(channel, it.address) not in self.kept.never]
        left_out = dict(audience.left_out)
        if gone := len(audience.released) - len(kept):
            left_out[REASON] = gone
        return audience._replace(released=tuple(kept), left_out=dict(sorted(left_out.items())))

    def _digest(self, channel: str, address: str) -> bytes:
        return self.cell_key.digest(b"never", channel.encode(), address.casefold().encode())
