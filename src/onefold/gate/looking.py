"""One committed state, held for a release that needs more of it than the dossier of one customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.consented import uses_of
from onefold.gate.dossier import Dossier, read_dossier
from onefold.gate.gathering import Gathered
from onefold.gate.model import Permit
from onefold.gate.portfolios import Barred
from onefold.gate.records import rests_on
from onefold.gate.scope import Scope
from onefold.gate.shields import Shielded
from onefold.kernel.errors import Forgotten, NotFound
from onefold.record.audit.model import Rests


@dataclass(frozen=True, slots=True)
class Looking:
    """A snapshot, and `at`: the scope and dossier of the customer behind an id, refused as a view is."""

    reader: CustomerReader
    provider: EvidenceProvider
    now_ms: int
    at: Callable[[bytes], tuple[Scope, Dossier]]
    offset: int
    many: Scope
    """What the permit may see of anybody, for those nobody asked for."""
    trusted: tuple[str, ...] = ()
    """The sources to be believed first."""

    def seen(self, id_bytes: bytes) -> Dossier | None:
        """As `at` where nobody asked for this customer: None where that refuses, and nothing written down.

        A broken glass is not looked through: it was broken for one customer, who can be asked for.
        """
        scope = replace(self.many, reader=Gathered(self.reader))
        try:
            dossier = read_dossier(scope, id_bytes, self.now_ms)
        except (NotFound, Forgotten, Barred, Shielded):
            return None
        return dossier if dossier.permitting else None

    def rests_on(self, dossiers: Sequence[Dossier]) -> Rests:
        """What a release made of these dossiers rests on, for its record."""
        members = [tuple(it.members) for it in dossiers]
        return rests_on(self.offset, self.now_ms, members, uses_of([it.serving for it in dossiers]))


def permit_for(dossiers: Sequence[Dossier]) -> Permit:
    """The permit to write a release of these customers down under: it names every glass it rests on."""
    permits = [it.permit for it in dossiers]
    broken = [it.glass for it in permits if it.glass]
    if not broken:
        return permits[0]
    records = ", ".join(dict.fromkeys(it.record for it in broken))
    through = next(it for it in permits if it.glass)
    return msgspec.structs.replace(through, glass=msgspec.structs.replace(broken[0], record=records))
