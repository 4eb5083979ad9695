"""What a moment or a conversation may be about, so that it is one customer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onefold.gate.attributing import Attributed, attributed_to, reason_of
from onefold.gate.products import Holding
from onefold.gate.scope import Scope, Standing


@dataclass(frozen=True, slots=True)
class Owned:
    """The records of one customer, the products they hold, and when they were on which device."""

    parties: Sequence[bytes]
    holdings: Mapping[bytes, Holding]
    attributed: Attributed

    def named(self) -> list[bytes]:
        """Whom a conversation of theirs names: them, a product, or a device, which may be others', too."""
        return [*self.parties, *self.holdings, *self.attributed.stretches]

    def has(self, scope: Scope, it: Standing) -> bool:
        """Whether something that was said or done is theirs."""
        values = it.values
        if values.get("party") in self.parties or values.get("account") in self.holdings:
            return True
        return self.attributed.has(scope, it)

    def reason(self, it: Standing) -> str:
        """Why something of theirs that names nobody is held to be theirs; empty where it names somebody."""
        stretch = self.attributed.stretch_of(it)
        return reason_of(stretch) if stretch is not None else ""


def owned_by(scope: Scope, parties: Sequence[bytes], holdings: Mapping[bytes, Holding]) -> Owned:
    """What is theirs in a scope."""
    return Owned(parties, holdings, attributed_to(scope, parties))
