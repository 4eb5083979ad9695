"""How many an activation would release at this moment, and why not the rest, without asking about everybody.

Theory. An activation takes whom the state lets through, decides each of them anew, then leaves out who is on
the list of addresses that outlive an erasure, and then whom the rules of contacting hold back. The state is
kept such that deciding anew changes nothing (law L7); so whoever it lets through and no later rule concerns
is counted by it alone. A rule concerns:

- a preference, whoever named another channel, which the state knows;
- a cap, whoever was reached lately, whom the audit names;
- quiet hours, whoever's clock shows one, which follows from the clues that the state keeps; the records of
  those are read whose clues leave it open;
- the list, whoever has an address that is on it: told from the records as well, and then decided anew.

Whom the state does not decide goes the whole way, as everybody does when an activation is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onefold.customer.fragments.model import Values
from onefold.customer.profile.model import Survivorship
from onefold.customer.profile.ports import ELSEWHERE, Reachable
from onefold.gate.audience import (
    ADDRESS_FIELD,
    Audience,
    AudienceCount,
    Released,
    decide,
    hides_addresses,
    no_address,
    sifted,
)
from onefold.gate.contacting.model import Contacting
from onefold.gate.contacting.rules import (
    PREFERS,
    caps_of,
    has_quiet_hours,
    is_preferring,
    is_quiet,
    reason_to_wait,
)
from onefold.gate.contacting.service import hold_back
from onefold.gate.contacting.zones import zones_of_clue
from onefold.gate.never import NeverContact
from onefold.gate.scope import Scope

CUSTOMERS_AT_ONCE = 1_000
_OPEN = "open"

Records = Mapping[bytes, Values]


@dataclass(frozen=True, slots=True)
class Counting:
    """One count, over one snapshot, for one instant."""

    scope: Scope
    policy: Sequence[Survivorship]
    contacting: Contacting
    now: int
    never: NeverContact | None = None

    def count(self, members: Iterable[bytes] | None) -> AudienceCount:
        """Of the members, or of all customers where there are none."""
        permit = self.scope.permit
        hidden = hides_addresses(self.scope)
        listed = self._may_be_listed
        # Somebody on the list is counted as such, whatever channel they prefer.
        preferring = is_preferring(self.contacting, permit.purpose) and not hidden and not listed
        quiet = has_quiet_hours(self.contacting, permit.channel) and not hidden and not listed
        found = sifted(self.scope, members, self.now, preferring=preferring, clocks=quiet)
        left_out = Counter(found.left_out)
        left_out[PREFERS] += left_out.pop(ELSEWHERE, 0)
        free = found.free
        if hidden:
            left_out[no_address(self.scope)] += len(free)
            free = []
        held_back: Counter[str | None] = Counter()
        open_clocks: list[bytes] = []
        if quiet:
            free, open_clocks = self._by_clocks(found, held_back)
        concerned = free if listed else [*open_clocks, *self._maybe_capped(free)]
        singly = list(found.undecided)
        for customer, records in self._records(concerned):
            if self.never is not None and self.never.has_any(permit.channel, records.values()):
                singly.append(customer)
            else:
                found_reason = reason_to_wait(
                    self.contacting, records, permit.purpose, permit.channel, self.now
                )
                held_back[found_reason] += 1
        whole = self._whole_way(singly)
        left = len(free) + len(open_clocks) - len(concerned)
        reachable = left + held_back.pop(None, 0) + len(whole.released)
        left_out += Counter({it: many for it, many in held_back.items() if it}) + Counter(whole.left_out)
        return AudienceCount(reachable, dict(sorted(left_out.items())))

    def _by_clocks(self, found: Reachable, held_back: Counter[str | None]) -> tuple[list[bytes], list[bytes]]:
        """Who has no quiet hour now, and whose clues leave it open; the rest are held back."""
        told = {it: self._told_by(it) for it in set(found.clocks)}
        held_back.update(
            reason for it in found.clocks if (reason := told[it]) is not None and reason != _OPEN
        )
        pairs = list(zip(found.free, found.clocks, strict=True))
        return [it for it, clocks in pairs if told[clocks] is None], [
            it for it, clocks in pairs if told[clocks] == _OPEN
        ]

    def _told_by(self, clocks: str) -> str | None:
        """Why not now, by the clues alone; `_OPEN` where these do not tell."""
        records = [zones_of_clue(it) for it in clocks.split(",")[1:-1]]
        told = [it for it in records if it is not None]
        if len(told) < len(records):
            return _OPEN
        return is_quiet(self.contacting, told, self.scope.permit.channel, self.now)

    @property
    def _may_be_listed(self) -> bool:
        listed = self.never is not None and not self.never.is_empty
        return listed and self.scope.permit.channel in ADDRESS_FIELD

    def _maybe_capped(self, free: list[bytes]) -> list[bytes]:
        """Those of the free whom a release of late reached; all where a cap leaves no room at all."""
        caps = caps_of(self.contacting, self.scope.permit.purpose, self.scope.permit.channel)
        if not caps:
            return []
        if any(it.most == 0 for it in caps):
            return free
        reached = set(self.scope.reader.customers_of(list(self.contacting.made)).values())
        return [it for it in free if it in reached]

    def _records(self, customers: Sequence[bytes]) -> Iterator[tuple[bytes, Records]]:
        """Each customer with the values of all its records, whatever their sources may serve."""
        for start in range(0, len(customers), CUSTOMERS_AT_ONCE):
            read = self.scope.reader.records_of(customers[start : start + CUSTOMERS_AT_ONCE])
            for customer, records in read.items():
                yield customer, {it.fragment_id: it.values or {} for it in records}

    def _whole_way(self, customers: Iterable[bytes]) -> Audience:
        """As an activation goes with each of its members."""
        decided = [decide(self.scope, self.policy, it, self.now) for it in sorted(customers)]
        released = tuple(it for it in decided if isinstance(it, Released))
        left_out = dict(Counter(it for it in decided if not isinstance(it, Released)))
        audience = Audience(released, left_out)
        if self.never is not None and not self.never.is_empty:
            audience = self.never.without(audience, self.scope.permit.channel)
        return hold_back(self.scope, audience, self.contacting, self.now)
