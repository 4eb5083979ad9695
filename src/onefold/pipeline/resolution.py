"""Who is who, for the fragments that a batch may have moved: live identity that equals identity in bulk.

Theory. Customers are a function of components (`customer/identity/deciding.py`), so a batch has to decide
again exactly the components that it changed, whole: those as they were, and those as they will be. An edge
changes only at a *touched* fragment: one whose portrait changed, one a steward spoke about, or a holder of a
key that became a hub or ceased to be one. Therefore

    walk the edges as they will be, from the touched fragments and from their neighbours as they were

reaches every fragment of every changed component: whatever hung on a touched fragment before hangs on one of
its old neighbours, along edges that did not change. What the walk does not reach cannot have changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from typing import Any

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.deciding import decided
from onefold.customer.identity.model import EvidenceProvider, Pair, pair_of
from onefold.pipeline.model import CustomerFact, Need, NeedMembers, Writes
from onefold.pipeline.sight import Sight

Members = dict[bytes, bytes]
"""Fragment → customer."""


def resolve(
    before: dict[bytes, Fragment], writes: Writes, provider: EvidenceProvider
) -> Generator[Need, Any, set[bytes]]:
    """Adds to the writes the keys, members, customers and facts that the changed fragments bring about.

    Returns the fragments whose portraits changed.
    """
    sight = Sight(before, writes, provider)
    if not sight.old and not sight.judged:
        return set()
    writes.keys_added = {(key, it) for key, ids in sight.keys_added.items() for it in ids}
    writes.keys_removed = {(key, it) for key, ids in sight.keys_removed.items() for it in ids}
    writes.portraits = sight.portraits()
    touched = sight.old.keys() | sight.judged
    touched |= yield from _holders_of_turned_keys(sight, provider.hub_limit_of)
    seeds = touched | (yield from _old_neighbours(sight, provider.hub_limit_of))
    weights = yield from _walk(sight, seeds)
    now = _decided(sight, seeds, weights, provider)
    was: Members = yield NeedMembers(tuple(now.keys() | touched))
    _write_members(was, now, writes)
    return set(sight.old)


def _holders_of_turned_keys(
    sight: Sight, limit_of: Callable[[bytes], int]
) -> Generator[Need, Any, set[bytes]]:
    """Everybody who holds a key that this batch makes a hub, or no longer one."""
    changed = sight.keys_added.keys() | sight.keys_removed.keys()
    yield from sight.meet(changed)
    turned: set[bytes] = set()
    for key in changed:
        had, has = sight.holders_before(key), sight.holders(key)
        limit = limit_of(key)
        if (len(had) > limit) != (len(has) > limit):
            turned |= has | set(had)
    return turned


def _old_neighbours(sight: Sight, limit_of: Callable[[bytes], int]) -> Generator[Need, Any, set[bytes]]:
    """Whom the fragments with a new portrait were connected to before."""
    moved = {key: sight.keys_of(portrait) for key, portrait in sight.old.items() if portrait is not None}
    yield from sight.meet({key for keys in moved.values() for key in keys})
    pairs = {
        pair_of(mine, other)
        for mine, keys in moved.items()
        for key in keys
        if len(sight.holders_before(key)) <= limit_of(key)
        for other in sight.holders_before(key)
        if other != mine
    }
    yield from sight.see({key for pair in pairs for key in pair})
    yield from sight.hear(moved)
    near = {key for pair in sight.connected_before(pairs) for key in pair}
    return near.union(*sight.partners(set(moved)))


def _walk(sight: Sight, seeds: set[bytes]) -> Generator[Need, Any, dict[Pair, int]]:
    """What every pair weighs of every component that a seed lies in."""
    weights: dict[Pair, int] = {}
    visited: set[bytes] = set()
    compared: set[Pair] = set()
    frontier = seeds
    while frontier:
        yield from sight.see(frontier)
        yield from sight.meet(sight.keys_held(frontier))
        yield from sight.hear(frontier)
        pairs = (sight.candidates(frontier) | sight.partners(frontier)) - compared
        compared |= pairs
        yield from sight.see({key for pair in pairs for key in pair})
        visited |= frontier
        found = sight.weights(pairs)
        weights |= found
        frontier = {key for pair, weight in found.items() if weight > 0 for key in pair} - visited
    return weights


def _decided(
    sight: Sight, seeds: set[bytes], weights: dict[Pair, int], provider: EvidenceProvider
) -> Members:
    """The customer of every fragment that the walk reached."""
    reached = seeds.union(*(pair for pair, weight in weights.items() if weight > 0))
    portraits = {key: portrait for key in reached if (portrait := sight.portrait(key)) is not None}
    return decided(portraits.keys(), weights, portraits, sight.standing, provider)


def _write_members(was: Members, now: Members, writes: Writes) -> None:
    """The difference between who was who and who is who, and the facts that say it to the world outside."""
    for key in was.keys() | now.keys():
        if was.get(key) != now.get(key):
            writes.members[key] = now.get(key)
    sizes, sizes_before = Counter(now.values()), Counter(was.values())
    for customer in sizes.keys() | sizes_before.keys():
        if sizes[customer] != sizes_before[customer]:
            writes.customers[customer] = sizes[customer]
    writes.facts += _facts(was, now)


def _facts(was: Members, now: Members) -> list[CustomerFact]:
    """Merges, splits and changes of id among fragments that were and are somebody, in order of their ids."""
    came_from: dict[bytes, set[bytes]] = defaultdict(set)
    went_to: dict[bytes, set[bytes]] = defaultdict(set)
    members: dict[bytes, list[bytes]] = defaultdict(list)
    for key in sorted(was.keys() & now.keys()):
        came_from[now[key]].add(was[key])
        went_to[was[key]].add(now[key])
        members[now[key]].append(key)
        members[was[key]].append(key)
    facts = []
    for customer, before in sorted(came_from.items()):
        (only, *others) = sorted(before)
        if others:
            facts.append(_fact("CustomerMerged", (customer, only, *others), members[customer]))
        elif only != customer and went_to[only] == {customer}:
            facts.append(_fact("CustomerIdChanged", (only, customer), members[customer]))
    facts += [
        _fact("CustomerSplit", (customer, *sorted(after)), members[customer])
        for customer, after in sorted(went_to.items())
        if len(after) > 1
    ]
    return facts


def _fact(kind: str, customers: tuple[bytes, ...], fragments: list[bytes]) -> CustomerFact:
    return CustomerFact(kind, customers, tuple(sorted(set(fragments))))
