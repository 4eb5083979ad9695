"""Which facts decide what stands for a customer at an instant, and which of them took the place of another.

Here is only asked which fact decided; the deciding is `customer/consent`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from onefold.customer.consent.model import ANY_PURPOSE, ConsentFact, Standing, State, Use
from onefold.customer.consent.rules import Consents
from onefold.record.canon.purposes import PURPOSES


class Effect(StrEnum):
    """What a fact does at the instant asked for; `LATER` was said, or recorded, after it."""

    STANDS = "stands"
    REPLACED = "replaced"
    OVER = "over"
    AHEAD = "ahead"
    LATER = "later"
    NONE = "none"


class FactKey(NamedTuple):
    """Tells the facts of one customer apart: the fragment that holds it, what was said, and when."""

    fragment_id: bytes
    kind: str
    at: int


class Deciding:
    """What stands for each use and record of a customer, and by which fact."""

    def __init__(self, consents: Consents, members: Sequence[bytes], uses: Iterable[Use]) -> None:
        self._consents = consents
        self.standings = {use: tuple(self._standing(it, use) for it in members) for use in uses}
        self._states = {
            key_of(it.fact): it.state for found in self.standings.values() for it in found if it.fact
        }

    def effect(self, key: FactKey) -> Effect | None:
        """What a fact decides; None where it decides nothing."""
        state = self._states.get(key)
        if state is None:
            return None
        return Effect.OVER if state is State.EXPIRED else Effect.STANDS

    def instead_of(self, key: FactKey, party: bytes, use: Use) -> FactKey | None:
        """The fact that decides the use for the record a fact was said by, where it is none that is older."""
        for purpose in PURPOSES if use.purpose == ANY_PURPOSE else (use.purpose,):
            fact = self._standing(party, _for(use, purpose)).fact
            if fact is not None and fact.at >= key.at and key_of(fact) != key:
                return key_of(fact)
        return None

    def _standing(self, member: bytes, use: Use) -> Standing:
        return self._consents.standing(member, use.purpose, use.channel, use.data_class, use.controller)


def key_of(fact: ConsentFact) -> FactKey:
    """Its key."""
    return FactKey(fact.fact_id, fact.kind.value, fact.at)


def _for(use: Use, purpose: str) -> Use:
    return Use(purpose, use.channel, use.data_class, use.controller)
