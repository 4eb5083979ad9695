"""What a customer's consent facts add up to. Pure; `now` is an argument.

Theory. A fact is said by one party fragment and stays with it. What stands *for a fragment* is decided by
the newest fact that reaches it:

- a withdrawal or an objection of any fragment of the customer reaches all of them;
- a grant reaches its own fragment and those joined to it by a path of verified-identifier evidence;
- at equal instants the restriction wins; a grant past its end is no grant, and one dated ahead of now is not
  yet one, while a restriction counts from the moment it is known;
- the newest grant decides whether it is over: when it is, no older grant comes back, not even when the source
  deletes the newer one, and an older restriction does;
- a fact for `any` channel is a fact for each; nothing said is no.

Which facts speak of a use at all is decided before that (`scope.py`).

So joining a fragment to a customer can bring it restrictions, and grants only of somebody proven to be the
same; taking it out gives it back what it had. A purpose may be served from a fragment that permits it, each
class of data by itself; contacting the customer is a use of addresses, and needs every fragment to permit it
and no suppression in force (law L5: consent stays with the fragment it was given to).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    OURSELVES,
    ConsentFact,
    FactKind,
    Standing,
    State,
    Suppression,
    Use,
)
from onefold.customer.consent.scope import speaks_of
from onefold.record.canon.data_classes import ANY_DATA, CONTACTING, DATA_CLASSES
from onefold.record.canon.purposes import LINEAGE, PURPOSES, Basis

NO_REASON = "no reason given"
"""What is said of a suppression without a reason, and of one whose reason may not be told."""
_NOTHING = Standing(State.UNKNOWN, None)


def reached(
    members: Sequence[bytes], verified: Iterable[tuple[bytes, bytes]]
) -> dict[bytes, frozenset[bytes]]:
    """Fragment → those whose grants reach it: its part of the customer under verified evidence."""
    groups = {member: {member} for member in members}
    for left, right in verified:
        if left not in groups or right not in groups or groups[left] is groups[right]:
            continue
        joined = groups[left] | groups[right]
        for member in joined:
            groups[member] = joined
    return {member: frozenset(group) for member, group in groups.items()}


class Consents:
    """All that was said by the fragments of one customer, ready to be asked at one instant.

    `verified` are the pairs that verified-identifier evidence joins. Facts of fragments that are not members
    are ignored.
    """

    def __init__(
        self,
        members: Sequence[bytes],
        facts: Iterable[ConsentFact],
        suppressions: Iterable[Suppression],
        verified: Iterable[tuple[bytes, bytes]],
        now: int,
    ) -> None:
        self._members = tuple(members)
        self._reached = reached(members, verified)
        self._facts = sorted(
            (fact for fact in facts if fact.party in self._reached), key=_precedence(now), reverse=True
        )
        self._suppressions = sorted(
            (it for it in suppressions if it.party in self._reached), key=lambda it: it.suppression_id
        )
        self._now = now

    def joined(self, fragment: bytes) -> frozenset[bytes]:
        """Those whom what one fragment grants reaches: itself, and whom verified evidence joins to it."""
        return self._reached[fragment]

    @property
    def facts(self) -> Sequence[ConsentFact]:
        """Every fact, the one that decides first."""
        return self._facts

    @property
    def suppressions(self) -> Sequence[Suppression]:
        """Every suppression in force."""
        return self._suppressions

    @property
    def span(self) -> tuple[int, int | None]:
        """The instants from the first to before the second between which time alone changes no answer."""
        changes = {
            at for fact in self._facts for at in (fact.at, fact.from_at, fact.until_at) if at is not None
        }
        past = max((at for at in changes if at <= self._now), default=0)
        return past, min((at for at in changes if at > self._now), default=None)

    def standing(
        self,
        fragment: bytes,
        purpose: str,
        channel: str,
        data_class: str = ANY_DATA,
        controller: str = OURSELVES,
    ) -> Standing:
        """What stands for one fragment and use."""
        grantors, now = self._reached[fragment], self._now
        use = Use(purpose, channel, data_class, controller)
        over: ConsentFact | None = None
        for fact in self._facts:
            if not speaks_of(fact, use):
                continue
            if fact.kind is not FactKind.GRANTED:
                return Standing(State(fact.kind.value), fact)
            if over is not None or fact.party not in grantors or fact.at > now:
                continue
            if fact.until_at is not None and fact.until_at <= now:
                over = fact
            elif fact.from_at is None or fact.from_at <= now:
                return Standing(State.GRANTED, fact)
        return _NOTHING if over is None else Standing(State.EXPIRED, over)

    def permits(
        self,
        fragment: bytes,
        purpose: str,
        channel: str,
        data_class: str = ANY_DATA,
        controller: str = OURSELVES,
    ) -> bool:
        """Whether a fragment may serve a use; an unknown purpose or class of data is a no."""
        known = PURPOSES.get(purpose)
        if known is None or (data_class != ANY_DATA and data_class not in DATA_CLASSES):
            return False
        if known.basis in (Basis.CONTRACT, Basis.LEGAL_DUTY):
            return True
        state = self.standing(fragment, purpose, channel, data_class, controller).state
        if known.needs_consent:
            return state is State.GRANTED
        return state not in (State.OBJECTED, State.WITHDRAWN)

    def permits_somewhere(
        self, fragment: bytes, purpose: str, data_class: str = ANY_DATA, controller: str = OURSELVES
    ) -> bool:
        """Whether a fragment may serve a purpose on one channel at least: what looking at it needs."""
        channels = {fact.channel for fact in self._facts if fact.purpose in LINEAGE.get(purpose, ())}
        return any(
            self.permits(fragment, purpose, it, data_class, controller) for it in channels | {ANY_CHANNEL}
        )

    def is_of_classes(self, controller: str = OURSELVES) -> bool:
        """Whether a fact that may bear on a controller names a class of data: some may be used, other not."""
        return any(
            fact.data_class != ANY_DATA and fact.controller in (controller, OURSELVES) for fact in self._facts
        )

    def suppressed(self, channel: str) -> Suppression | None:
        """A suppression in force that forbids a channel, the first by id; None if there is none."""
        return next((it for it in self._suppressions if it.channel in (channel, ANY_CHANNEL)), None)

    def obstacle(self, purpose: str, channel: str, controller: str = OURSELVES) -> str | None:
        """Why the customer may not be contacted, in one word of a closed list; None when it may.

        `suppressed: <reason>`, or the state of the first fragment that does not permit.
        """
        return self.suppression_word(channel) or self.refusal(purpose, channel, controller)

    def suppression_word(self, channel: str) -> str | None:
        """`suppressed: <reason>` where a suppression forbids a channel, for whatever purpose."""
        suppression = self.suppressed(channel)
        return None if suppression is None else obstacle_of(suppression.reason or NO_REASON)

    def refusal(
        self, purpose: str, channel: str, controller: str = OURSELVES, data_class: str = CONTACTING
    ) -> str | None:
        """`consent <state>` of the first fragment that does not permit; None when all do."""
        use = (purpose, channel, data_class, controller)
        for member in self._members:
            if not self.permits(member, *use):
                return f"consent {self.standing(member, *use).state}"
        return None if self._members else f"consent {State.UNKNOWN}"


def _precedence(now: int) -> Callable[[ConsentFact], tuple[int, bool, bool, bytes]]:
    """Newest first; at one instant restrictions, then grants that last, then those that are over."""

    def key(fact: ConsentFact) -> tuple[int, bool, bool, bytes]:
        lasts = fact.until_at is None or fact.until_at > now
        return fact.at, fact.kind is not FactKind.GRANTED, lasts, fact.fact_id

    return key


def obstacle_of(reason: str) -> str:
    """How a suppression for a reason is told where it stands in the way."""
    return f"suppressed: {reason}"
