"""Whose customer somebody is: who keeps a portfolio serves those of it, and others only through the glass.

Theory. Sources name who owns a relationship (`manager` of a party: a person, a team, a branch). A login may
be given the names it answers to: its portfolios. For whoever has some, each customer stands in one of three
relations to them:

- `own`: a record that may serve the purpose names one of them;
- `other`: some record names somebody, and none that may serve the purpose names one of them;
- `nobody`: no record names anybody.

Whoever has no portfolios is limited to none: `any`. The policies say for which relations a role may act
(`context.portfolio`); a permit carries those for which it holds, and every reading of a customer asks. That a
customer is one's own is believed only of records that may be read for the purpose; that somebody else's is
believed of every record, since a restriction counts wherever it was said.

Breaking the glass is for the case that cannot wait for the colleague: who breaks it says why, in a word of a
closed list, and has that one customer for that purpose for a quarter of an hour, if the policies let a role
do it (`context.break_glass`). It is written down first; the permit that comes of it names its record and the
customer, and holds for no other, and whatever is written down under that permit names the record. What was
broken is kept in memory: after a restart the glass is whole again.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from onefold.customer.fragments.model import Fragment
from onefold.kernel.errors import CallerError, NotFound, Refused

GLASS_MS = 15 * 60_000
BECAUSE = ("customer_asks", "covering", "complaint", "urgent")
"""Why somebody breaks the glass."""


class Relation(StrEnum):
    """Whose customer somebody is, for who asks."""

    ANY = "any"
    OWN = "own"
    OTHER = "other"
    NOBODY = "nobody"


WITHIN = (Relation.OWN, Relation.NOBODY, Relation.OTHER)
"""The relations that there are for whoever keeps a portfolio."""


def relations_for(portfolios: Collection[str]) -> tuple[Relation, ...]:
    """Those in which a customer can stand to the keeper of some portfolios."""
    return WITHIN if portfolios else (Relation.ANY,)


def relation_named(word: str) -> Relation:
    """The relation of that name; `CallerError` where there is none."""
    try:
        return Relation(word)
    except ValueError:
        raise CallerError(
            "There is no such relation to a portfolio.", hint=f"Known: {', '.join(Relation)}."
        ) from None


class OfAnother(Refused):
    """The customer is of a portfolio that who asks does not keep."""

    code = "other_portfolio"


class Barred(NotFound):
    """A customer was read whose relation the permit does not hold for.

    For whoever does not know of portfolios there is no such customer; whoever reads many leaves them out.
    """

    def __init__(self, customer: bytes, relation: Relation) -> None:
        super().__init__("There is no such customer.")
        self.customer = customer
        self.relation = relation


def plain(name: str) -> str:
    """A name of a portfolio as it is compared: case and the space around it say nothing."""
    return name.strip().casefold()


def relation_to(
    portfolios: Iterable[str], standing: Iterable[Fragment], members: Iterable[Fragment]
) -> Relation:
    """Whose customer this is for the keeper of some portfolios.

    `standing` are the records that may serve the purpose, `members` all of them.
    """
    kept = {plain(it) for it in portfolios}
    if not kept:
        return Relation.ANY
    if kept & _named(standing):
        return Relation.OWN
    return Relation.OTHER if _named(members) else Relation.NOBODY


def _named(fragments: Iterable[Fragment]) -> set[str]:
    named = ((it.values or {}).get("manager") for it in fragments)
    return {plain(it) for it in named if it}


class Glass(msgspec.Struct, frozen=True):
    """The customer a permit holds for through a broken glass, and the audit record that says so."""

    customer: bytes
    relation: Relation
    record: str


class _Key(NamedTuple):
    """Who broke it, in which role, for whom, for what."""

    actor: str
    role: str
    customer: bytes
    purpose: str


class _Broken(NamedTuple):
    """The audit record of it, and until when it holds (milliseconds)."""

    record: str
    until: int


class Broken:
    """Every glass that is broken now. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: dict[_Key, _Broken] = {}

    def add(self, actor: str, role: str, customer: bytes, purpose: str, record: str, now: int) -> None:
        """Remembers one that is written down already, and forgets those that are over."""
        with self._guard:
            self._kept = {it: kept for it, kept in self._kept.items() if kept.until > now}
            self._kept[_Key(actor, role, customer, purpose)] = _Broken(record, now + GLASS_MS)

    def record_of(self, actor: str, role: str, customer: bytes, purpose: str, now: int) -> str:
        """The record of the glass that was broken for this; empty where it is whole."""
        found = self._kept.get(_Key(actor, role, customer, purpose))
        return found.record if found and found.until > now else ""
