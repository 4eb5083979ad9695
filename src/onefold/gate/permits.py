"""What an actor may do, as the policies have it: permits and the list of what is allowed. Pure.

A permit stands for one role: rights of several roles never add up. It carries for whose customers it holds
(portfolios.py), and the sensitive groups for which it does not (shields.py). Only the gate (service.py) asks
here: it writes down what was refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from onefold.gate.model import Actor, Permit
from onefold.gate.portfolios import Relation, relations_for
from onefold.gate.rules import Decision, Policies
from onefold.gate.shields import Shield
from onefold.gate.words import ACTIONS, INTAKE_ROLE, OWN_CHANNELS, SETS
from onefold.kernel.ids import Cell
from onefold.record.canon.groups import EVERY_SET, NO_GROUP, Groups
from onefold.record.canon.purposes import WHOLES
from onefold.record.canon.vocabulary import CHANNELS


def minted(
    policies: Policies, cell: Cell, actor: Actor, action: str, purpose: str, channel: str
) -> Permit | tuple[str, ...]:
    """A permit under the first of the actor's roles that may; else what each role lacks."""
    reasons: list[str] = []
    if actor.cell != cell:
        reasons.append("the actor belongs to another cell")
    reasons += actor.against(action, purpose)
    for role in actor.roles if not reasons else ():
        asked = (role, action, purpose, channel)
        relations = relations_for(actor.portfolios)
        given = _given(policies, *asked, relations)
        if given is not None:
            fields = policies.fields(role, purpose, channel)
            return Permit(
                actor,
                role,
                purpose,
                channel,
                action,
                policies.version,
                fields,
                given.relations,
                shields=given.shields,
                obligations=given.obligations,
                tells=policies.tells(role, purpose, channel),
            )
        decided = [policies.decide(*asked, it) for it in relations]
        reasons += [why for it in decided if not it.allowed for why in it.reasons]
    return tuple(dict.fromkeys(reasons)) or ("the actor has no role",)


class _Given(NamedTuple):
    """What of a permit follows from the policies alone."""

    relations: tuple[Relation, ...]
    shields: frozenset[Shield]
    obligations: tuple[str, ...]


@lru_cache(maxsize=1024)
def _given(
    policies: Policies, role: str, action: str, purpose: str, channel: str, relations: tuple[Relation, ...]
) -> _Given | None:
    """For whose customers a role may act, and with what duties; None where for nobody's.

    Remembered, which is sound because nothing but these words and the text of the policies goes in: another
    text is another `Policies`. Who has the role, and what a customer says, is asked each time.
    """
    asked = (role, action, purpose, channel)
    kept_from = {it: policies.shielded(*asked, it) for it in relations}
    held = [it for it, sets in kept_from.items() if len(sets) < len(EVERY_SET)]
    if not held or (action in SETS and len(held) < len(kept_from)):
        return None
    shields = _shields(kept_from, held, as_one=action in SETS)
    obligations = tuple(sorted({told for it in held for told in policies.obliges(*asked, it)}))
    return _Given(tuple(held), shields, obligations)


def admitted(policies: Policies, cell: Cell, source: str, channel: str) -> Permit:
    """The permit of a source that may hand in, and see nothing."""
    actor = Actor(source, (INTAKE_ROLE,), cell)
    return Permit(actor, INTAKE_ROLE, "", channel, "ingest", policies.version, {})


def allowed_to(policies: Policies, actor: Actor) -> dict[str, tuple[str, ...]]:
    """Each action that some role of the actor is allowed for, with its purposes; over any channel.

    For customers of no sensitive group. What holds for a purpose holds for its parts, which are not listed.
    """
    found = {}
    for action, purposes in _allowed(policies, actor.roles, relations_for(actor.portfolios)).items():
        if within := tuple(it for it in purposes if not actor.against(action, it)):
            found[action] = within
    return found


@lru_cache(maxsize=256)
def _allowed(
    policies: Policies, roles: tuple[str, ...], relations: tuple[Relation, ...]
) -> dict[str, tuple[str, ...]]:
    """As `allowed_to`. It asks thousands of questions, and people of the same roles have the same answer."""
    channels = (*OWN_CHANNELS, *sorted(CHANNELS))
    found: dict[str, tuple[str, ...]] = {}
    for action in ACTIONS:
        purposes = tuple(
            purpose
            for purpose in WHOLES
            if any(
                policies.decide_once(role, action, purpose, channel, relation).allowed
                for role, channel, relation in product(roles, channels, relations)
            )
        )
        if purposes:
            found[action] = purposes
    return found


def allows(
    policies: Policies,
    permit: Permit,
    action: str,
    relation: Relation,
    *,
    glass: bool = False,
    groups: Groups = NO_GROUP,
) -> Decision:
    """Whether the role of a permit may do something for customers in a relation and of some groups."""
    asked = (permit.role, action, permit.purpose, permit.channel, relation)
    return policies.decide(*asked, glass=glass, groups=groups)


def kept_by(policies: Policies, permit: Permit, shield: Shield) -> tuple[str, ...]:
    """The policies behind a shield, by name."""
    through = permit.glass is not None and permit.glass.relation is shield.relation
    asked = (policies, permit, permit.action, shield.relation)
    return allows(*asked, glass=through, groups=shield.groups).reasons


def gains(policies: Policies, permit: Permit, relation: Relation) -> bool:
    """Whether there is anything that the role may do through a broken glass and not without."""
    return any(
        allows(policies, permit, it, relation, glass=True).allowed
        and not allows(policies, permit, it, relation).allowed
        for it in ACTIONS
    )


def _shields(
    kept_from: Mapping[Relation, frozenset[Groups]], relations: Sequence[Relation], *, as_one: bool
) -> frozenset[Shield]:
    """For each relation the groups that a permit does not hold for.

    `as_one`: who acts on many at once is kept in every relation from whom they are kept in one, because the
    state, which is asked about all of them, does not know whose customers they are.
    """
    every = frozenset[Groups]().union(*(kept_from[it] for it in relations))
    return frozenset(
        Shield(it, groups) for it in relations for groups in (every if as_one else kept_from[it])
    )
