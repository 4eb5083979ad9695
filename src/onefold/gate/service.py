"""The gate: mints permits, cuts views, and writes down each cut before it hands it over.

Order of things, everywhere: decide, read one committed state, cut, write the audit record, return. An answer
whose record cannot be written is not given (`Unavailable`). A refusal is written down too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import msgspec

from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.profile.ports import CustomerReader
from onefold.customer.profile.rules import default_policy
from onefold.gate.audience import Audience, audience_of
from onefold.gate.cutting import (
    Asked,
    Balances,
    Cut,
    Cutter,
    Cutting,
    Moments,
    Movements,
    OneCustomer,
    Question,
    Search,
)
from onefold.gate.dossier import Dossier, read_dossier
from onefold.gate.gathering import Gathered
from onefold.gate.model import (
    Actor,
    BalanceSeries,
    FoundPage,
    Permit,
    Timeline,
    TransactionFilter,
    TransactionPage,
    View,
)
from onefold.gate.ports import AuditTrail, Sources
from onefold.gate.releases import Releases
from onefold.gate.rules import Policies
from onefold.gate.scope import Scope
from onefold.gate.words import ACTIONS, INTAKE_ROLE, OWN_CHANNELS
from onefold.kernel.errors import Refused
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS


class Gate:
    """One cell's gate. Thread-safe: nothing is remembered but what is under way (see releases.py)."""

    def __init__(
        self,
        cell: Cell,
        policies: Policies,
        reader: CustomerReader,
        sources: Sources,
        audit: AuditTrail,
        provider: EvidenceProvider,
        clock: Clock,
        cutting: Cutting | None = None,
    ) -> None:
        self._cell = cell
        self._policies = policies
        self._reader = reader
        self._sources = sources
        self._audit = audit
        self._provider = provider
        self._clock = clock
        self._releases = Releases()
        self._cutting = cutting or Cutter(reader, provider)

    def permit(self, actor: Actor, action: str, purpose: str, channel: str) -> Permit:
        """A permit under the first of the actor's roles that may; else `Refused` with what each role lacks.

        A permit stands for one role: rights of several roles never add up.
        """
        reasons: list[str] = []
        if actor.cell != self._cell:
            reasons.append("the actor belongs to another cell")
        for role in actor.roles if not reasons else ():
            decision = self._policies.decide(role, action, purpose, channel)
            if decision.allowed:
                return Permit(
                    actor, role, purpose, channel, action, self._policies.version, dict(decision.fields)
                )
            reasons += decision.reasons
        reasons = reasons or ["the actor has no role"]
        self._audit.record(
            "refusal",
            actor=actor.id,
            role=", ".join(actor.roles),
            action=_known(action, ACTIONS),
            purpose=_known(purpose, PURPOSES),
            channel=_known(channel, (*OWN_CHANNELS, *CHANNELS)),
            outcome="refused",
            reasons=reasons,
            policy_version=self._policies.version,
        )
        raise Refused("Policy does not allow this.", reasons=tuple(reasons))

    def admit(self, source: str, channel: str) -> Permit:
        """The permit of a source that showed its write key, or whose files the folder's owner loads."""
        actor = Actor(source, (INTAKE_ROLE,), self._cell)
        return Permit(actor, INTAKE_ROLE, "", channel, "ingest", self._policies.version, {})

    def may(self, actor: Actor) -> dict[str, tuple[str, ...]]:
        """Each action that some role of the actor is allowed for, with its purposes; over any channel."""
        channels = (*OWN_CHANNELS, *sorted(CHANNELS))
        found: dict[str, tuple[str, ...]] = {}
        for action in ACTIONS:
            purposes = tuple(
                purpose
                for purpose in PURPOSES
                if any(
                    self._policies.decide(role, action, purpose, channel).allowed
                    for role in actor.roles
                    for channel in channels
                )
            )
            if purposes:
                found[action] = purposes
        return found

    def view(self, permit: Permit, id_bytes: bytes) -> View:
        """One customer, cut for the permit."""
        with self._releases.under_way():
            cut = self._cut(permit, OneCustomer(id_bytes))
            record = self._write_down(permit, "view", cut)
            view: View = msgspec.structs.replace(cut.made, decision=record)
            return view

    def transactions(self, permit: Permit, id_bytes: bytes, wanted: TransactionFilter) -> TransactionPage:
        """One page of movements on the customer's accounts, or on one of them."""
        with self._releases.under_way():
            cut = self._cut(permit, Movements(id_bytes, wanted))
            self._write_down(permit, "transactions", cut)
            page: TransactionPage = cut.made
            return page

    def balances(self, permit: Permit, id_bytes: bytes, account_id: bytes) -> BalanceSeries:
        """The balance of one of the customer's accounts through time."""
        with self._releases.under_way():
            cut = self._cut(permit, Balances(id_bytes, account_id))
            self._write_down(permit, "balances", cut)
            series: BalanceSeries = cut.made
            return series

    def timeline(self, permit: Permit, id_bytes: bytes, *, kind: str, cursor: str, limit: int) -> Timeline:
        """One page of what happened."""
        with self._releases.under_way():
            cut = self._cut(permit, Moments(id_bytes, kind, cursor, limit))
            self._write_down(permit, "timeline", cut)
            page: Timeline = cut.made
            return page

    def search(self, permit: Permit, text: str) -> FoundPage:
        """Customers by what a person typed; the text itself is not written down, only that one was."""
        with self._releases.under_way():
            cut = self._cut(permit, Search(text))
            self.released(permit, "search", customers=cut.customers, counts=cut.counts, said=text)
            page: FoundPage = cut.made
            return page

    @contextmanager
    def audience(self, permit: Permit, members: Iterable[bytes]) -> Iterator[Audience]:
        """Who of the members may be contacted now. The release is over when the block ends: write it down and
        hand it over within, so that no withdrawal is acknowledged between the question and the hand-over.
        """
        with self._releases.under_way(), self._reader.snapshot() as reader:
            scope = Scope(permit, Gathered(reader), self._sources)
            now = self._clock.now_ms()
            yield audience_of(
                scope, self._provider, default_policy(self._sources.trusted()), members, permit.channel, now
            )

    def settle(self, timeout_seconds: float) -> None:
        """Returns when nothing that began before this call is still being released."""
        self._releases.settle(timeout_seconds)

    def members(self, permit: Permit, id_bytes: bytes) -> Dossier:
        """The records of a customer for a use case that writes about them; shows nothing."""
        with self._releases.under_way():
            with self._reader.snapshot() as reader:
                scope = Scope(permit, Gathered(reader), self._sources)
                dossier = read_dossier(scope, id_bytes, self._provider, self._clock.now_ms())
            if not dossier.permitting:
                self._refuse(permit, dossier.customer)
            return dossier

    def released(self, permit: Permit, kind: str, **what: Any) -> str:
        """Writes down what a permit let out or changed; returns the record's id once it is durable."""
        return self._audit.record(
            kind,
            actor=permit.actor.id,
            role=permit.role,
            action=permit.action,
            purpose=permit.purpose,
            channel=permit.channel,
            outcome="allowed",
            policy_version=permit.policy_version,
            **what,
        )

    def note(self, actor: str, kind: str, outcome: str, reasons: tuple[str, ...] = ()) -> str:
        """Writes down something that happened without a permit, such as a sign-in."""
        return self._audit.record(kind, actor=actor, outcome=outcome, reasons=reasons)

    def _cut(self, permit: Permit, asked: Asked) -> Cut:
        """The cut, not yet written down; refused, and that written down, where no record permits it."""
        cut = self._cutting.cut(
            Question(
                permit,
                asked,
                self._clock.now_ms(),
                {it: tuple(self._sources.purposes_of(it)) for it in self._sources.sources()},
                self._sources.trusted(),
            )
        )
        if cut.made is None:
            self._refuse(permit, cut.customers[0])
        return cut

    def _refuse(self, permit: Permit, customer: bytes) -> NoReturn:
        """Writes down that nothing of this customer may be shown for the permit's purpose, and says so."""
        basis = PURPOSES[permit.purpose].basis
        reasons = (f"no {basis} to {permit.purpose} stands for any record of this customer",)
        self._audit.record(
            "refusal",
            actor=permit.actor.id,
            role=permit.role,
            action=permit.action,
            purpose=permit.purpose,
            channel=permit.channel,
            outcome="refused",
            customer=customer,
            reasons=reasons,
            policy_version=permit.policy_version,
        )
        raise Refused("Nothing of this customer may be shown for that.", reasons=reasons)

    def _write_down(self, permit: Permit, kind: str, cut: Cut) -> str:
        """The record of a cut: the customer, and the records it was made of."""
        return self.released(
            permit, kind, customer=cut.customers[0], fragments=cut.fragments, counts=cut.counts
        )


def _known(word: str, words: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The word if it is one of ours: whatever else a caller sent may be anything, and is not kept."""
    return word if word in words else "unknown"
