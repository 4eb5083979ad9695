"""Whom a batch may have made more or less reachable, and what stands between them and being contacted now.

A customer's spells and contacts are a function of its fragments, of what they said about consent and
suppression, and of which of them are proven to be one party. So they are worked out again, whole, for every
customer that had or has a fragment that the batch changed, moved, or spoke about; for no others. A batch of
transactions asks for nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable
from typing import Any

from onefold.customer.consent.model import Suppression
from onefold.customer.consent.reach import spells_of
from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.proven import proven_pairs
from onefold.customer.profile.clocks import clue_of
from onefold.customer.profile.groups import Signs, signs_of
from onefold.customer.profile.rules import ADDRESS
from onefold.pipeline.model import (
    Contacts,
    Need,
    NeedFragments,
    NeedFragmentsOf,
    NeedLinks,
    NeedMembers,
    Writes,
)
from onefold.pipeline.sight import Reading

CONSENT, SUPPRESSION = "consent.party", "suppression.party"
_SPEAKING = {"consent": CONSENT, "suppression": SUPPRESSION}

Groups = dict[bytes, list[bytes]]


def reach(before: dict[bytes, Fragment], writes: Writes, looking_other: set[bytes]) -> Reading:
    """Adds to the writes the contacts and spells of every customer that the batch may have changed.

    `looking_other` are the party fragments whose portraits the batch changed.
    """
    touched = _touched(before, writes) | looking_other
    if not touched:
        return
    was: dict[bytes, bytes] = yield NeedMembers(tuple(touched))
    now = {it: writes.members.get(it, was.get(it)) for it in touched}
    customers = {it for it in (*was.values(), *now.values()) if it is not None}
    members = yield from _members(customers, writes)
    ids = [it for group in members.values() for it in group]
    consents = yield from _linked(ids, CONSENT, writes)
    suppressing = yield from _linked(ids, SUPPRESSION, writes)
    speaking = {it for said in (consents, suppressing) for held in said.values() for it in held}
    fragments = yield from _fragments({*ids, *speaking}, writes)
    for customer in customers:
        group = members.get(customer, [])
        if not group:
            writes.contacts[customer], writes.spells[customer] = None, ()
            continue
        standing = {it: fragments[it] for it in group}
        facts = [it for one in _of(group, consents, fragments) for it in facts_of(one)]
        suppressions = [it for one in _of(group, suppressing, fragments) for it in suppressions_of(one)]
        suppressions = [it for it in suppressions if it.party in standing]
        writes.contacts[customer] = _contacts(standing.values(), suppressions)
        verified = proven_pairs(
            [portrait_of(key, it.values or {}) for key, it in standing.items()] if facts else ()
        )
        writes.spells[customer] = spells_of(group, facts, suppressions, verified)


def _touched(before: dict[bytes, Fragment], writes: Writes) -> set[bytes]:
    """Party fragments that moved or are known at other addresses, and those a change speaks or spoke of."""
    touched = set(writes.members)
    for key, fragment in writes.fragments.items():
        if fragment.entity == "party":
            was = before.get(key)
            if was is None or _told(was) != _told(fragment):
                touched.add(key)
    for links in (writes.links_added, writes.links_removed):
        touched.update(to for to, relation, _, _ in links if relation in (CONSENT, SUPPRESSION))
    for key, fragment in writes.fragments.items():
        if fragment.entity in _SPEAKING:
            for state in (fragment, before.get(key)):
                if state is not None:
                    touched.update(state.ever.get("party", ()))
                    party = (state.values or {}).get("party")
                    touched |= {party} if party is not None else set()
    return touched


def _members(customers: set[bytes], writes: Writes) -> Generator[Need, Any, Groups]:
    """The fragments of customers as they will be, in order of id."""
    groups: dict[bytes, set[bytes]] = defaultdict(set)
    for key, moved_to in writes.members.items():
        if moved_to in customers:
            groups[moved_to].add(key)
    # Most customers of a load come into being with it: nobody was there before.
    partly = tuple(it for it in customers if writes.customers.get(it) != len(groups[it]))
    found: Groups = (yield NeedFragmentsOf(partly)) if partly else {}
    for customer, ids in found.items():
        groups[customer].update(it for it in ids if it not in writes.members)
    return {customer: sorted(group) for customer, group in groups.items()}


def _linked(ids: list[bytes], relation: str, writes: Writes) -> Generator[Need, Any, Groups]:
    """Who speaks about parties by a relation, as it will be."""
    found: Groups = yield NeedLinks(tuple(ids), relation)
    groups: dict[bytes, set[bytes]] = {to: set(held) for to, held in found.items()}
    for to, name, _, it in writes.links_removed:
        if name == relation:
            groups.get(to, set()).discard(it)
    for to, name, _, it in writes.links_added:
        if name == relation:
            groups.setdefault(to, set()).add(it)
    return {to: sorted(held) for to, held in groups.items()}


def _fragments(ids: set[bytes], writes: Writes) -> Generator[Need, Any, dict[bytes, Fragment]]:
    unread = tuple(it for it in ids if it not in writes.fragments)
    found: dict[bytes, Fragment] = (yield NeedFragments(unread)) if unread else {}
    return found | {it: writes.fragments[it] for it in ids if it in writes.fragments}


def _of(group: Iterable[bytes], said: Groups, fragments: dict[bytes, Fragment]) -> list[Fragment]:
    found = dict.fromkeys(it for key in group for it in said.get(key, ()))
    return [fragments[it] for it in found]


def _contacts(fragments: Collection[Fragment], suppressions: Iterable[Suppression]) -> Contacts:
    known: dict[str, set[str]] = defaultdict(set)
    for fragment in fragments:
        kinds, preferred, clue, _ = _told(fragment)
        for name in ("sources", *kinds):
            known[name].add(fragment.source)
        known["preferred"] |= {preferred} if preferred else set()
        known["clocks"].add(clue)
    signs = signs_of((it.values for it in fragments), suppressions)
    known["groups"] = {it.value for it in signs.said}
    listed = {name: _listed(known[name]) for name in _LISTED}
    return Contacts(**listed, youngest=signs.youngest, eldest=signs.eldest)


_LISTED = tuple(it for it in Contacts.__struct_fields__ if it not in ("youngest", "eldest"))


def _told(fragment: Fragment) -> tuple[list[str], str, str, Signs]:
    """What a party fragment knows that contacts are made of.

    The kinds of addresses, the channel it names, the clue to its clock, and the signs of sensitive groups.
    """
    values = fragment.values or {}
    found = [name for name in ("email", "phone", "address") if values.get(name)]
    if "address" not in found and any(values.get(name) for name in ADDRESS):
        found.append("partial")
    return found, str(values.get("preferred_channel") or ""), clue_of(values), signs_of((values,), ())


def _listed(names: set[str]) -> str:
    return f",{','.join(sorted(names))}," if names else ""
