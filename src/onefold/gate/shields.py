"""Keeping customers of sensitive groups from what a policy forbids for them.

Theory. A permit is minted before anybody is looked at; which groups a customer is of is known when they are
read. So the permit carries the sets of groups it does not hold for, by relation (portfolios.py): its shields.
The one function that reads a customer for the gate asks whether theirs is among them. Whoever sends to many
hands the sets to the state, which answers for all at once (audience.py).

What is told to who asks says that a policy protects the customer, and not of which group they are; the audit
names the policy.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onefold.gate.portfolios import Relation
from onefold.kernel.errors import CallerError, NotFound
from onefold.record.canon.groups import Group, Groups

PROTECTED_BY_POLICY = "protected by policy"
"""Why somebody is left out or refused, for those who may not know of which group they are."""


def groups_named(words: Iterable[str]) -> Groups:
    """The groups of these names; `CallerError` where there is none of a name."""
    try:
        return frozenset(Group(it) for it in words)
    except ValueError:
        raise CallerError("There is no such sensitive group.", hint=f"Known: {', '.join(Group)}.") from None


class Shield(msgspec.Struct, frozen=True):
    """That a permit does not hold for a customer of exactly these groups, in this relation to who asks."""

    relation: Relation
    groups: Groups


class Shielded(NotFound):
    """A customer was read whom a shield keeps from the permit.

    For whoever does not know of shields there is no such customer; whoever reads many leaves them out.
    """

    def __init__(self, customer: bytes, shield: Shield) -> None:
        super().__init__("There is no such customer.")
        self.customer = customer
        self.shield = shield
