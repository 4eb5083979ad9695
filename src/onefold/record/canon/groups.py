"""The sensitive groups: the closed list of who is to be treated with more care, and how that is known.

A group is either a matter of age, which follows from the birth date and the day, or it was said: by a source
about its own record (a field of the party), or by a person at a desk. Nothing infers that somebody is
vulnerable or of a protected class, and no definition may ask for it.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import chain, combinations
from typing import NamedTuple


class Group(StrEnum):
    """A sensitive group; the words of policies."""

    MINOR = "minor"
    SENIOR = "senior"
    VULNERABLE = "vulnerable"
    PROTECTED = "protected"


Groups = frozenset[Group]
"""Those that one customer belongs to."""


class Known(NamedTuple):
    """How it is known that somebody belongs to a group: by which field of a party, and what it means."""

    field: str
    about: str


GROUPS: dict[Group, Known] = {
    Group.MINOR: Known("birth_date", "not of age where the cell is"),
    Group.SENIOR: Known("birth_date", "of an age at which the house takes more care"),
    Group.VULNERABLE: Known("vulnerable", "a source or a person says that they are easily harmed now"),
    Group.PROTECTED: Known("protected", "a source says that the law forbids to treat them differently"),
}

SAID: tuple[Group, ...] = (Group.VULNERABLE, Group.PROTECTED)
"""The groups that somebody has to say, each by a flag of a party of the group's own name."""

NO_GROUP: Groups = frozenset()
EVERY_SET: tuple[Groups, ...] = tuple(
    frozenset(it) for it in chain.from_iterable(combinations(Group, many) for many in range(len(Group) + 1))
)
"""Every set of groups that a customer can be in, the empty one first."""
