"""How two parties may stand to each other: the closed list of relations that a source may state.

A relation is read from its `party` to its `other`: the other is the guardian, the spouse, a director *of the
party*. What the party is to the other is never stated: it is the word on the other side of the list. A
`household` has no other; its members are all whose relations name the same household.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One relation: what the party is to the other in turn, and one sentence."""

    reverse: str
    about: str


HOUSEHOLD = "household"
"""The relation of everybody to everybody in a household that a source declares."""

KINDS: dict[str, Kind] = {
    "guardian": Kind("ward", "acts for the party by law: a parent of a minor, who a court appointed"),
    "attorney": Kind("principal", "acts for the party by a power of attorney that the party gave"),
    "spouse": Kind("spouse", "is married to the party, or a registered partner"),
    "parent": Kind("child", "is the father or the mother of the party"),
    HOUSEHOLD: Kind(HOUSEHOLD, "lives and keeps house with whoever else is of the household"),
    "director": Kind("director_of", "directs the firm and signs for it"),
    "authorised_person": Kind("authorised_by", "may act for the firm within limits that it set"),
    "beneficial_owner": Kind("owner_of", "owns or controls the firm in the end, directly or through others"),
    "employee": Kind("employer", "works for the firm"),
    "parent_firm": Kind("subsidiary", "is the firm that owns or controls the firm"),
}
"""Relation → what the other is. Closed: a word outside of it would be read by no rule."""

SIDES: frozenset[str] = frozenset({*KINDS, *(it.reverse for it in KINDS.values())})
"""Every word for what somebody is to somebody else."""
