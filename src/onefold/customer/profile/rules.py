"""Survivorship: one golden record from the party fragments of a customer. Pure.

Theory. A policy says for each group of fields which criteria decide, in order; the winner is the greatest
fragment under that lexicographic order, with source and key, in order of letters, as the last word. The order
is total and looks only at the fragments, so the record does not depend on the order in which they arrived
(law L1), combining fewer fragments is the same as never having had the others (law L4), and two installations
with the same data call a customer by the same name.

Fields that make sense only together (the parts of a name, of an address) survive together: a street of one
source is never joined to the town of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.profile.model import Candidate, Criterion, Golden, Survivor, Survivorship
from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.groups import SAID
from onefold.record.canon.identifiers import PROOFS

_C = Criterion
NAME = ("full_name", "given_name", "middle_name", "family_name")
ADDRESS = ("address", "city", "region", "postcode", "country")
_NOT_FACTS = frozenset(PROOFS)
_GROUPS = (
    (NAME, (_C.RANKED, _C.COMPLETE, _C.FREQUENT, _C.RECENT)),
    (ADDRESS, (_C.RANKED, _C.RECENT, _C.COMPLETE)),
    (("email",), (_C.VERIFIED, _C.RANKED, _C.RECENT)),
    (("phone",), (_C.VERIFIED, _C.RANKED, _C.RECENT)),
    (("birth_date",), (_C.RANKED, _C.FREQUENT, _C.RECENT)),
    (("national_id",), (_C.RANKED, _C.FREQUENT, _C.RECENT)),
    *(((it.value,), (_C.CAREFUL, _C.RANKED, _C.RECENT)) for it in SAID),
)


def default_policy(sources: tuple[str, ...] = ()) -> tuple[Survivorship, ...]:
    """The policy that comes with Onefold, for every field of a party; `sources` in order of trust."""
    groups = [Survivorship(fields, criteria, sources) for fields, criteria in _GROUPS]
    grouped = {name for group in groups for name in group.fields}
    groups += [
        Survivorship((name,), (_C.RANKED, _C.RECENT), sources)
        for name in ENTITIES["party"].fields
        if name not in grouped and name not in _NOT_FACTS
    ]
    return tuple(groups)


def combine(fragments: Iterable[Fragment], policy: Sequence[Survivorship]) -> Golden:
    """The golden record of the party fragments that stand; deleted ones add nothing."""
    standing = [(it, values) for it in fragments if (values := it.values)]
    fields: dict[str, Survivor] = {}
    stated = frozenset(chain.from_iterable(values for _, values in standing))
    for group in policy:
        if not stated.isdisjoint(group.fields):
            fields.update(_survivors(group, standing))
    return Golden(fields)


def display_name(golden: Golden) -> str:
    """What to call the party: the organisation's name, the whole name, or its parts; may be empty."""
    whole = golden.value("organisation_name") if golden.value("kind") == "organisation" else None
    whole = whole or golden.value("full_name")
    if whole:
        return str(whole)
    parts = [golden.value(name) for name in ("given_name", "middle_name", "family_name")]
    return " ".join(str(part) for part in parts if part) or str(golden.value("organisation_name") or "")


def _survivors(group: Survivorship, standing: Sequence[tuple[Fragment, Values]]) -> dict[str, Survivor]:
    """Those of a group of which something is stated."""
    stating = [(it, values) for it, values in standing if not values.keys().isdisjoint(group.fields)]
    if len(stating) == 1:
        return _uncontested(group, *stating[0])
    said = [_said(group, values) for _, values in stating]
    often = Counter(said) if _C.FREQUENT in group.criteria else Counter()
    offers = [
        _Offer(_merits(group, it, values, often[mine]), mine, it, values)
        for (it, values), mine in zip(stating, said, strict=True)
    ]
    offers.sort(key=_in_order_of_letters)
    offers.sort(key=_by_merits, reverse=True)
    best = offers[0]
    rule = _rule(group, best.merits, [it.merits for it in offers if it.said != best.said])
    survivors = {}
    for name in group.fields:
        if name in best.values:
            candidates = tuple(_candidate(it.fragment, it.values, name) for it in offers if name in it.values)
            survivors[name] = Survivor(candidates[0], rule, candidates)
    return survivors


def _uncontested(group: Survivorship, fragment: Fragment, values: Values) -> dict[str, Survivor]:
    """What a single fragment says stands without a contest, which is what most profiles are made of."""
    survivors = {}
    for name in group.fields:
        if name in values:
            candidate = _candidate(fragment, values, name)
            survivors[name] = Survivor(candidate, "only", (candidate,))
    return survivors


def _said(group: Survivorship, values: Values) -> tuple[Any, ...]:
    return tuple(map(values.get, group.fields))


class _Offer(NamedTuple):
    """What a fragment states of a group, and what it has to show for it."""

    merits: tuple[int, ...]
    said: tuple[Any, ...]
    fragment: Fragment
    values: Values


_by_merits = attrgetter("merits")
_in_order_of_letters = attrgetter("fragment.source", "fragment.key", "fragment.fragment_id")


def _merits(
    group: Survivorship,
    fragment: Fragment,
    values: Values,
    often: int,
) -> tuple[int, ...]:
    """What a fragment has to show for each criterion, greater is better; `often` others say the same."""
    stated = [name for name in group.fields if name in values]
    merits = []
    for criterion in group.criteria:
        match criterion:
            case _C.VERIFIED:
                merits.append(int(all(values.get(f"{name}_verified") is True for name in stated)))
            case _C.RANKED:
                known = fragment.source in group.sources
                merits.append(-group.sources.index(fragment.source) if known else -len(group.sources))
            case _C.COMPLETE:
                merits.append(len(stated))
            case _C.FREQUENT:
                merits.append(often)
            case _C.RECENT:
                merits.append(max([fragment.stamp_of(name)[0] for name in stated]))
            case _C.LONGEST:
                merits.append(sum(len(str(values[name])) for name in stated))
            case _C.CAREFUL:
                merits.append(int(any(values[name] is True for name in stated)))
            case _C.FIRST:
                merits.append(0)
    return tuple(merits)


def _rule(group: Survivorship, winner: tuple[int, ...], others: Sequence[tuple[int, ...]]) -> str:
    """What put the winner before the best that said something else."""
    if not others:
        return "agreed"
    for criterion, mine, its in zip(group.criteria, winner, others[0], strict=True):
        if mine != its:
            return criterion.value
    return _C.FIRST.value


def _candidate(fragment: Fragment, values: Values, name: str) -> Candidate:
    return Candidate(values[name], fragment.fragment_id, fragment.source, fragment.stamp_of(name)[0])
