"""Why records are one customer or are not, as one permit may see it: comparisons, reasons, and the chain.

Only records that a view of the same permit would combine are told of. What others do to the answer is said
without saying whose they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import TypeVar

import msgspec

from onefold.customer.identity.comparing import FIELDS, Compared, compared_fields
from onefold.customer.identity.explain import held_back
from onefold.customer.identity.model import Evidence, Fate, Pair, pair_of
from onefold.customer.identity.rules import STEWARD_WEIGHT
from onefold.customer.profile.rules import combine, default_policy
from onefold.gate.dossier import Dossier
from onefold.gate.masks import cut, key_as_shown
from onefold.gate.model import Withheld
from onefold.gate.scope import Scope, Standing
from onefold.gate.views import shown_name
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.pipeline.neighbourhood import Neighbourhood

_Item = TypeVar("_Item")
PAIRS_MAX = 50
"""Pairs told of at most, the strongest first."""
LOOKED_AT_MAX = 10_000
"""Pairs across two customers of which each is compared; of more, those alone that something speaks of."""
_UNSEEN = "something that may not be seen for this purpose"


class Reason(msgspec.Struct, frozen=True):
    """One thing that speaks for a pair. `weight` orders reasons; `verified`: a consent may follow it."""

    rule: str
    weight: int
    verified: bool
    steward: bool


class ComparedField(msgspec.Struct, frozen=True):
    """One field of two records: same, close, differs or missing, and both values as they may be seen."""

    field: str
    outcome: str
    left: str
    right: str


class SaidOfPair(msgspec.Struct, frozen=True):
    """The steward's word that stands for a pair."""

    verdict: str
    by: str
    at: str
    reason: str


class ExplainedPair(msgspec.Struct, frozen=True):
    """Two records side by side.

    `fate`: joined, within, apart, competing, let_go, unknown; or none where nothing speaks for them. `weight`
    is that of the strongest reason. `held_back` would count, were not one of the two to be joined by proof
    alone. `hubs` of the `shared_keys` are held by too many to bring anybody together.
    """

    left: str
    right: str
    fate: str
    weight: int
    reasons: tuple[Reason, ...]
    held_back: tuple[Reason, ...]
    conflicts: tuple[str, ...]
    judgement: SaidOfPair | None
    compared: tuple[ComparedField, ...]
    shared_keys: int
    hubs: int


class ExplainedRecord(msgspec.Struct, frozen=True):
    """One record that is told of, and the customer it is of."""

    id: str
    source: str
    key: str
    name: str
    customer: str


class Explanation(msgspec.Struct, frozen=True):
    """Why records are one customer, or why two customers are two.

    `path` is the chain of records that joins the two that were asked about. `apart` says in words what keeps
    two customers apart. `other` is empty where one customer was asked about.
    """

    customer: str
    other: str
    is_one: bool
    path: tuple[str, ...]
    apart: tuple[str, ...]
    pairs: tuple[ExplainedPair, ...]
    records: tuple[ExplainedRecord, ...]
    withheld: tuple[Withheld, ...]
    decision: str
    """Id of the audit record of this answer."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are asked about: a customer, or the one record of it that was named."""

    scope: Scope
    dossier: Dossier
    named: bytes

    @property
    def seen(self) -> Mapping[bytes, Standing]:
        """The records that may be told of."""
        return self.dossier.permitting

    @property
    def asked(self) -> list[bytes]:
        """The record that was named, where one was; else all of them."""
        return [self.named] if self.is_one_record else list(self.seen)

    @property
    def is_one_record(self) -> bool:
        """A customer's own id is a record's id too; it means the customer."""
        return self.named in self.seen and self.named != self.dossier.customer


def explanation_of(left: Side, right: Side | None, around: Neighbourhood) -> Explanation:
    """The whole answer but for the id of its audit record."""
    sides = [left, *([right] if right else [])]
    other = right.dossier.customer if right else None
    is_one = other in (None, left.dossier.customer)
    told = _Told(sides, around)
    if right is None:
        pairs, path = _joins(left, around), []
    elif is_one:
        ends = left.named, right.named
        path = around.path(*ends, set(left.seen)) or around.path(*ends, left.dossier.members)
        pairs = _unique([*([pair_of(*ends)] if ends[0] != ends[1] else []), *_steps(path)])
    else:
        path = []
        pairs = _across(left, right, around)
    shown = [it for it in pairs if all(one in told.standing for one in it)]
    steps = [it if it in told.standing else b"" for it in path]
    return Explanation(
        customer=id_text(left.dossier.customer),
        other=id_text(other) if other else "",
        is_one=is_one,
        path=tuple(id_text(it) if it else "" for it in steps),
        apart=() if is_one or right is None else _apart(left, right, around, told),
        pairs=tuple(told.pair(it) for it in shown[:PAIRS_MAX]),
        records=tuple(told.record(it) for it in _unique(one for pair in shown[:PAIRS_MAX] for one in pair)),
        withheld=tuple(_withheld(sides, around, steps, len(shown))),
        decision="",
    )


class _Told:
    """Records and pairs as the permit may see them."""

    def __init__(self, sides: Sequence[Side], around: Neighbourhood) -> None:
        self.around = around
        self.standing: dict[bytes, tuple[Scope, Dossier, Standing]] = {
            key: (it.scope, it.dossier, standing) for it in sides for key, standing in it.seen.items()
        }

    def record(self, key: bytes) -> ExplainedRecord:
        """One record by name."""
        scope, dossier, it = self.standing[key]
        fields = scope.permit.fields
        golden = combine([it.fragment], default_policy(()))
        return ExplainedRecord(
            id_text(key),
            it.fragment.source,
            key_as_shown("party", it.fragment.key, fields),
            shown_name(golden, fields, scope.minting),
            id_text(dossier.customer),
        )

    def pair(self, pair: Pair) -> ExplainedPair:
        """One pair, side by side."""
        around, (left, right) = self.around, pair
        portraits = around.portraits.get(left), around.portraits.get(right)
        held: tuple[Evidence, ...] = ()
        compared: list[Compared] = []
        if portraits[0] is not None and portraits[1] is not None:
            held = held_back(portraits[0], portraits[1], around.provider)
            compared = compared_fields(portraits[0], portraits[1])
        keys, hubs = around.shared_keys(pair)
        evidence = around.evidence.get(pair, ())
        fate = around.fates.get(pair, "unknown") if evidence else "none"
        return ExplainedPair(
            left=id_text(left),
            right=id_text(right),
            fate=str(fate),
            weight=around.weight(pair),
            reasons=tuple(_reason(it) for it in evidence),
            held_back=tuple(_reason(it) for it in held),
            conflicts=tuple(it.rule for it in around.conflicts(pair)),
            judgement=self._said(pair),
            compared=tuple(
                ComparedField(
                    it.field, it.outcome.value, self._value(left, it.field), self._value(right, it.field)
                )
                for it in compared
            ),
            shared_keys=keys,
            hubs=hubs,
        )

    def _value(self, key: bytes, name: str) -> str:
        """What a record says in the fields that are compared under a name, as far as it may be seen."""
        scope, _, it = self.standing[key]
        whole = [scope.text(it, field) for field in FIELDS[name]]
        if name == "name" and whole[0]:
            return whole[0]
        return " ".join(text for text in whole if text)

    def _said(self, pair: Pair) -> SaidOfPair | None:
        word = self.around.standing.get(pair)
        if word is None:
            return None
        fields = self.standing[pair[0]][0].permit.fields
        reason, by = (
            cut("judgement", name, value, {}, fields).value
            for name, value in (("reason", word.reason), ("actor", word.actor))
        )
        return SaidOfPair(word.verdict.value, str(by or ""), iso_instant(word.at), str(reason or ""))


def _reason(it: Evidence) -> Reason:
    return Reason(it.rule, it.weight, it.verified, it.weight >= STEWARD_WEIGHT)


def _joins(side: Side, around: Neighbourhood) -> list[Pair]:
    """What holds one customer together: the joins, or those of the record that was named; strongest first."""
    joins = around.forest(set(side.seen))
    if side.is_one_record:
        joins = [pair for pair in joins if side.named in pair]
    return _strongest(joins, around)


def _across(left: Side, right: Side, around: Neighbourhood) -> list[Pair]:
    return _strongest(_between(left.asked, right.asked, around), around)


def _between(left: Collection[bytes], right: Collection[bytes], around: Neighbourhood) -> list[Pair]:
    """Every pair of two groups; of more than `LOOKED_AT_MAX` those that evidence or a steward speaks of."""
    if len(left) * len(right) <= LOOKED_AT_MAX:
        return [pair_of(one, other) for one, other in product(left, right)]
    ours, theirs = set(left), set(right)
    spoken = {**around.evidence, **around.standing}
    return [it for it in spoken if {*it} & ours and {*it} & theirs]


def _strongest(pairs: Iterable[Pair], around: Neighbourhood) -> list[Pair]:
    return sorted(
        pairs, key=lambda it: (-around.weight(it), -around.shared_keys(it)[0], -len(around.conflicts(it)), it)
    )


def _steps(path: Sequence[bytes]) -> list[Pair]:
    return [pair_of(one, other) for one, other in pairwise(path)]


def _unique(items: Iterable[_Item]) -> list[_Item]:
    return list(dict.fromkeys(items))


def _apart(left: Side, right: Side, around: Neighbourhood, told: _Told) -> tuple[str, ...]:
    """What keeps two customers apart, in words."""
    every = _between(left.dossier.members, right.dossier.members, around)
    fates = {fate for pair in every if (fate := around.fates.get(pair)) is not None}
    words = []
    if not fates:
        words.append("nothing that they have in common says that they are one")
        words += _met_by(every, around)
    if Fate.COMPETING in fates:
        words.append("what speaks for it speaks as strongly for somebody who may not be the same person")
    if Fate.LET_GO in fates:
        words.append("so many records hang together here that links as weak as these were let go")
    if Fate.OUTWEIGHED in fates:
        words.append("what speaks for it is outweighed by what their other records say")
    seen = [it for it in every if all(one in told.standing for one in it)]
    conflicts = _unique(it.rule for pair in seen for it in around.conflicts(pair))
    if not conflicts and Fate.APART in fates:
        conflicts = [_UNSEEN]
    words += [f"in conflict: {rule}" for rule in conflicts]
    if any(told.pair(it).held_back for it in seen[:PAIRS_MAX]):
        words.append("one of them is to be joined by proof alone, and what speaks for it is none")
    return tuple(words)


def _met_by(pairs: Iterable[Pair], around: Neighbourhood) -> list[str]:
    keys = limit = 0
    for pair in pairs:
        shared, of_hubs = around.shared_keys(pair)
        keys, limit = max(keys, shared), max(limit, of_hubs)
    if limit:
        return [f"more than {limit} records have what they share, so it brings nobody together"]
    return [] if keys else ["they share nothing by which records are found to be compared"]


def _withheld(
    sides: Sequence[Side],
    around: Neighbourhood,
    steps: Sequence[bytes],
    found: int,
) -> Iterable[Withheld]:
    yield from _unique(line for it in sides for line in it.dossier.withheld)
    if b"" in steps:
        yield Withheld("some steps of the chain", f"they lead through {_UNSEEN}")
    if not around.is_whole:
        yield Withheld("what became of each link", "more records hang together here than are looked at")
    groups = {it.dossier.customer: len(it.dossier.members) for it in sides}
    if len(groups) > 1 and prod(groups.values()) > LOOKED_AT_MAX:
        yield Withheld("pairs that nothing speaks of", "there are too many to compare each")
    if found > PAIRS_MAX:
        yield Withheld(f"{found - PAIRS_MAX:,} more pairs", "the strongest are shown")


def members_of(sides: Iterable[Side]) -> list[bytes]:
    """Every record that decides about the sides."""
    return _unique(key for it in sides for key in it.dossier.members)
