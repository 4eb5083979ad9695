"""Who refers to whom, and when: the links that a fragment's REF fields imply.

A link is (to_id, relation, at, from_id). The relation is "entity.field" of the one who refers, so that all
transactions of an account are one range, in order of time. A link stands whether or not its target has
arrived: the target's id is its birth id, known from the source's key alone.

What was done on a device and names nobody is linked to it a second time, as `UNNAMED`: few are, and whose
they are is asked without reading the many that say it.
"""

from __future__ import annotations

from onefold.customer.fragments.model import Fragment, Values
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.entities import ENTITIES, FieldType

Link = tuple[bytes, str, int, bytes]
"""(to_id, relation, at, from_id)."""

_TIMES = {
    "transaction": "booked_at",
    "balance": "day",
    "interaction": "happened_at",
    "case": "opened_at",
    "risk": "raised_at",
    "consent": "given_at",
    "suppression": "since_at",
    "hold": "since_at",
    "biometric": "since_at",
}
_DAYS = {
    (entity, name) for entity, name in _TIMES.items() if ENTITIES[entity].fields[name].type is FieldType.DAY
}
_REFS = {
    entity.name: tuple((name, f"{entity.name}.{name}") for name in entity.refs)
    for entity in ENTITIES.values()
}
UNNAMED = "interaction.unnamed"
RELATIONS = tuple(sorted((UNNAMED, *(relation for refs in _REFS.values() for _, relation in refs))))
"""Every relation there can be."""


def at_of(fragment: Fragment, values: Values) -> int:
    """The instant (ms) a fragment belongs to; 0 for entities that have none.

    The event's own instant stands in where the source left out the field.
    """
    name = _TIMES.get(fragment.entity)
    if name is None:
        return 0
    value = values.get(name)
    if value is None:
        return fragment.stamp[0]
    return int(value) * MS_PER_DAY if (fragment.entity, name) in _DAYS else int(value)


def links_of(fragment: Fragment, values: Values | None) -> list[Link]:
    """The links of a fragment that stands with these values; None if it is deleted.

    What restricts somebody stays linked to everybody it ever restricted, deleted or not.
    """
    refs = _REFS.get(fragment.entity, ())
    if not refs or (values is None and not fragment.ever):
        return []
    stands = values if values is not None else {}
    at, from_id = at_of(fragment, stands), fragment.fragment_id
    links = [(stands[name], relation, at, from_id) for name, relation in refs if stands.get(name) is not None]
    if fragment.entity == "interaction" and "party" not in stands and stands.get("device") is not None:
        links.append((stands["device"], UNNAMED, at, from_id))
    for name, relation in refs if fragment.ever else ():
        links += [(to, relation, at, from_id) for to in fragment.ever.get(name, ()) if to != stands.get(name)]
    return links
