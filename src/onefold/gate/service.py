"""The gate: mints permits, cuts views, and writes down each cut before it hands it over.

Order of things, everywhere: decide, read one committed state, cut, write the audit record, return. An answer
whose record cannot be written is not given (`Unavailable`). A refusal is written down too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onefold.customer.profile.ports import CustomerReader
from onefold.gate.model import Actor, Permit
from onefold.gate.ports import AuditTrail, SourcePurposes
from onefold.gate.rules import Policies
from onefold.gate.words import ACTIONS, OWN_CHANNELS
from onefold.kernel.errors import Refused
from onefold.kernel.ids import Cell
from onefold.kernel.time import Clock
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS


class Gate:
    """One cell's gate. Thread-safe: it holds no state of its own."""

    def __init__(
        self,
        cell: Cell,
        policies: Policies,
        reader: CustomerReader,
        sources: SourcePurposes,
        audit: AuditTrail,
        clock: Clock,
    ) -> None:
        self._cell = cell
        self._policies = policies
        self._reader = reader
        self._sources = sources
        self._audit = audit
        self._clock = clock

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


def _known(word: str, words: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The word if it is one of ours: whatever else a caller sent may be anything, and is not kept."""
    return word if word in words else "unknown"
