"""How many an activation would release at this moment, and why not the rest, without asking about everybody.

Theory. An activation takes whom the state lets through, decides each of them anew, then leaves out who is on
the list of addresses that outlive an erasure, and then whom the rules of contacting hold back. The state is
kept such that deciding anew changes nothing (law L7); so whoever it lets through and no later rule concerns
is counted by it alone. A rule concerns:

- a preference, whoever named another channel, which the state knows;
- a cap, whoever was reached lately, whom the audit names;
- quiet hours, everybody, for a clock stands in a record: the records are read, and nothing else of them;
- the list, whoever has an address that is on it: told from the records as well, and then decided anew.

Whom the state does not decide goes the whole way, as everybody does when an activation is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onefold.customer.fragments.model import Values
from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile.model import Survivorship
from onefold.customer.profile.ports import ELSEWHERE
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
    reason_to_wait,
)
from onefold.gate.contacting.service import hold_back
from onefold.gate.never import NeverContact
from onefold.gate.scope import Scope

CUSTOMERS_AT_ONCE = 1_000

Records = Mapping[bytes, Values]


@dataclass(frozen=True, slots=True)
class Counting:
    """One count, over one snapshot, for one instant."""

    scope: Scope
    provider: EvidenceProvider
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
        found = sifted(self.scope, members, self.now, preferring=preferring)
        left_out = Counter(found.left_out)
        left_out[PREFERS] += left_out.pop(ELSEWHERE, 0)
        free = found.free
        if hidden:
            left_out[no_address(self.scope)] += len(free)
            free = []
        all_are_read = listed or has_quiet_hours(self.contacting, permit.channel)
        concerned = free if all_are_read else self._maybe_capped(free)
        held_back: Counter[str | None] = Counter()
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
        reachable = len(free) - len(concerned) + held_back.pop(None, 0) + len(whole.released)
        left_out += Counter({it: many for it, many in held_back.items() if it}) + Counter(whole.left_out)
        return AudienceCount(reachable, dict(sorted(left_out.items())))

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
        decided = [decide(self.scope, self.provider, self.policy, it, self.now) for it in sorted(customers)]
        released = tuple(it for it in decided if isinstance(it, Released))
        left_out = dict(Counter(it for it in decided if not isinstance(it, Released)))
        audience = Audience(released, left_out)
        if self.never is not None and not self.never.is_empty:
            audience = self.never.without(audience, self.scope.permit.channel)
        return hold_back(self.scope, audience, self.contacting, self.now)
