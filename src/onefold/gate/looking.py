"""One committed state, held for a release that needs more of it than the dossier of one customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.consented import uses_of
from onefold.gate.dossier import Dossier
from onefold.gate.records import rests_on
from onefold.gate.scope import Scope
from onefold.record.audit.model import Rests


@dataclass(frozen=True, slots=True)
class Looking:
    """A snapshot, and `at`: the scope and dossier of the customer behind an id, refused as a view is."""

    reader: CustomerReader
    provider: EvidenceProvider
    now_ms: int
    at: Callable[[bytes], tuple[Scope, Dossier]]
    offset: int

    def rests_on(self, dossiers: Sequence[Dossier]) -> Rests:
        """What a release made of these dossiers rests on, for its record."""
        members = [tuple(it.members) for it in dossiers]
        return rests_on(self.offset, self.now_ms, members, uses_of([it.serving for it in dossiers]))
