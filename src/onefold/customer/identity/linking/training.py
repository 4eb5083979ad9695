"""What agreement is worth, learned without a single label.

Theory
------
*Fellegi and Sunter (1969).* Each field agrees at some level. A level that is usual among pairs of one
person (`m`) and rare among pairs of two (`u`) speaks for the pair by log2(m/u) bits, and the bits of
independent fields add up, on top of the prior log2(λ / (1-λ)): how likely two records picked blindly are
one person.

*EM over all pairs.* Candidates are chosen because they agree on something, so learning from them alone
takes agreement for usual and ends in nonsense. Here the expectation step is over every pair of the table:
candidates one by one, the rest by a sample that counts as two persons each. Then being a candidate is a
function of what was compared and cancels out, and λ is the expected number of matches over all pairs.

*Dependent fields.* A town follows from a postcode, a family shares name and home. Fields taken for
independent count one agreement twice. So fields form a tree: each is weighed given the level of its
parent. How much more often two fields agree together than apart is measured twice. Among two persons
(`u`) only on pairs whose other fields speak clearly against them, since a few overlooked matches would
outnumber true coincidences. Among matches (`m`) by their probability. Counts that are small say little:
each lift is drawn towards 1 by some pairs that know of no dependence. The tree is the one that
accounts for most (Chow and Liu 1968).

*Small tables.* A hundred records teach little, so learning begins with what is known of each kind of field
(`levels.py`): how its levels are shared out among one person's records, and among two persons'. That counts
as so many pairs. In a few hundred records what was found outweighs it.

*Relatives.* A household shares family name, home and phone, and there are as many of its pairs as of true
matches. So there is a third kind of pair between matches and strangers: in what is shared it is like a
match, in what is one person's own (given name, birth date, numbers, e-mail) like strangers. A pair is
weighed against the likelier of the two. Where no field tells of a home (`HOMES`) relatives cannot be told
from people of one town, and there are only two kinds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Floats, Levels
from onefold.customer.identity.linking.population import Population

SHARED_BY_RELATIVES = frozenset(
    ("family_name", "middle_name", "street", "city", "postcode", "region", "country", "phone", "category")
)
SHARED_AT_TIMES = frozenset(("given_name", "birth_date", "email"))
AT_TIMES = 0.02
"""Of relatives, so many agree in what is mostly one person's own: twins, couples, a father and his son."""

HOMES = frozenset(("street", "phone"))
FIRST_ROUNDS = 5
TREES = 2
ROUNDS_MAX = 50
_EXPECTED_PAIRS = 20.0
_CHANCE_PAIRS = 100.0
"""As so many pairs counts what is expected among one person's records, and among those of two."""
_LIFT_PRIOR_OTHERS = 20.0
_LIFT_PRIOR_MATCHES = 50.0
_CLEARLY_AGAINST_BITS = -4.0
_WORTH_A_PARENT_BITS = 0.05
_SETTLED = 1e-4


class Learned(NamedTuple):
    """Shares of levels among matches and among others, without `missing`, and each field's parent (-1: none).

    `matches_given[f][p][k]` is the share of level k + 1 of field f among matches where its parent is at level
    p + 1; without a parent, one row.
    """

    prior: float
    parents: tuple[int, ...]
    matches: list[Floats]
    others: list[Floats]
    matches_given: list[Floats]
    others_given: list[Floats]
    relatives: list[Floats]
    relatives_prior: float


def learn(population: Population) -> Learned:
    """Fits prior, shares and tree to a population."""
    weights = population.near_counts
    matches = [np.array(population.scale(at).expected) for at in range(len(population.names))]
    others = _others(population, weights)
    prior = 1 / max(population.pairs, 4.0) ** 0.5
    expected = related = np.zeros_like(weights)
    learned = Learned(prior, (), matches, others, [], [], matches, prior)
    for _ in range(FIRST_ROUNDS):
        tables = [_table(m, u) for m, u in zip(matches, others, strict=True)]
        bits = _bits(prior, tables, population.near)
        expected, related = _shared_out(
            bits,
            relatives_bits_of(learned, population, population.near),
            weights,
        )
        others = _others(population, weights - expected)
        prior = _prior(expected, population)
        learned = learned._replace(prior=prior, others=others, relatives_prior=_prior(related, population))
    for _ in range(TREES):
        tables = [_table(m, u) for m, u in zip(learned.matches, learned.others, strict=True)]
        lifts = _lifts_of_others(population, tables)
        parents = _tree(population, population.near, expected, lifts)
        for _ in range(ROUNDS_MAX):
            before = learned.matches
            learned = _given(
                population, parents, population.near, expected, weights - expected, lifts
            )._replace(
                relatives=_matches(population, population.near, related),
                relatives_prior=_prior(related, population),
            )
            expected, related = _shared_out(
                bits_of(learned, population.near),
                relatives_bits_of(learned, population, population.near),
                weights,
            )
            moved = (float(np.abs(a - b).max()) for a, b in zip(before, learned.matches, strict=True))
            if max(moved) < _SETTLED:
                break
    return learned._replace(prior=_prior(expected, population))


def relearn(population: Population, learned: Learned, levels: list[Levels], probability: Floats) -> Learned:
    """Shares of matches anew from what is known of each candidate pair; the others stay."""
    prior = _prior(probability, population)
    matches = _matches(population, levels, probability)
    given = [
        matches[at][None, :]
        if parent < 0
        else _conditional(
            matches[at], _lift(_joint(population, levels, probability, parent, at), _LIFT_PRIOR_MATCHES)
        )
        for at, parent in enumerate(learned.parents)
    ]
    return learned._replace(prior=prior, matches=matches, matches_given=given)


def bits_of(learned: Learned, levels: list[Levels]) -> Floats:
    """The log2 odds of each pattern."""
    bits = np.full(len(levels[0]), np.log2(learned.prior / (1 - learned.prior)))
    for at, parent in enumerate(learned.parents):
        bits += tables_of(learned, at)[levels[parent] if parent >= 0 else 0, levels[at]]
    return bits


def relatives_bits_of(learned: Learned, population: Population, levels: list[Levels]) -> Floats:
    """The log2 odds of two persons who share a home or a name, against two who have nothing in common."""
    if HOMES.isdisjoint(kind for _, kind in population.names):
        return np.full(len(levels[0]), -np.inf)
    prior = learned.relatives_prior
    bits = np.full(len(levels[0]), np.log2(prior / (1 - prior)))
    for at, (name, kind) in enumerate(population.names):
        above = learned.parents[at] if learned.parents else -1
        table = relatives_table_of(learned, at, name, kind)
        bits += table[levels[above] if above >= 0 else 0, levels[at]]
    return bits


def relatives_table_of(learned: Learned, at: int, name: str, kind: str) -> Floats:
    """The bits of a field among relatives by its parent's level and its own, both with `missing` first.

    What is one person's own is among them as among strangers, or nearly so. Both kinds of pairs are held
    against the same strangers, of whom, too, those who share a street share its postcode.
    """
    shared = {name, kind}
    others = learned.others[at][None, :]
    if learned.parents and learned.parents[at] >= 0:
        others = np.concatenate([others, learned.others_given[at]])
    if not shared.isdisjoint(SHARED_BY_RELATIVES):
        relatives = np.broadcast_to(learned.relatives[at], others.shape)
    elif not shared.isdisjoint(SHARED_AT_TIMES):
        relatives = (1 - AT_TIMES) * others + AT_TIMES * learned.matches[at]
    else:
        relatives = others
    return np.pad(np.log2(relatives / others), ((0, 0), (1, 0)))


def _shared_out(bits: Floats, relatives: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weights by who a pair is: matches, and relatives."""
    match, relative = np.exp2(np.clip(bits, -100, 100)), np.exp2(np.clip(relatives, -100, 100))
    total = 1 + match + relative
    return match / total * weights, relative / total * weights


def tables_of(learned: Learned, at: int) -> Floats:
    """The bits of a field by its parent's level and its own, both with `missing` first."""
    alone = _table(learned.matches[at], learned.others[at])
    if learned.parents[at] < 0:
        return alone[None, :]
    given = np.log2(learned.matches_given[at] / learned.others_given[at])
    table = np.zeros((given.shape[0] + 1, given.shape[1] + 1))
    table[0], table[1:, 1:] = alone, given
    return table


def _given(
    population: Population,
    parents: tuple[int, ...],
    levels: list[Levels],
    matched: Floats,
    unmatched: Floats,
    lifts: dict[tuple[int, int], Floats],
) -> Learned:
    matches, others = _matches(population, levels, matched), _others(population, unmatched)
    matches_given, others_given = [], []
    for at, parent in enumerate(parents):
        if parent < 0:
            matches_given.append(matches[at][None, :])
            others_given.append(others[at][None, :])
            continue
        joint = _joint(population, levels, matched, parent, at)
        matches_given.append(_conditional(matches[at], _lift(joint, _LIFT_PRIOR_MATCHES)))
        others_given.append(_conditional(others[at], lifts[parent, at]))
    prior = _prior(matched, population)
    return Learned(prior, parents, matches, others, matches_given, others_given, matches, prior)


def _prior(expected: Floats, population: Population) -> float:
    return min(0.5, max(1.0, float(expected.sum())) / max(population.pairs, 2.0))


def _table(matches: Floats, others: Floats) -> Floats:
    return np.concatenate([[0.0], np.log2(matches / others)])


def _bits(prior: float, tables: list[Floats], levels: list[Levels]) -> Floats:
    bits = np.full(len(levels[0]), np.log2(prior / (1 - prior)))
    for table, level in zip(tables, levels, strict=True):
        bits += table[level]
    return bits


def _matches(population: Population, levels: list[Levels], expected: Floats) -> list[Floats]:
    found = []
    for at, level in enumerate(levels):
        scale = population.scale(at)
        counts = np.bincount(level, weights=expected, minlength=population.size(at)).astype(np.float64)
        known = counts[1:] + np.array(scale.expected) * _EXPECTED_PAIRS
        found.append(_plausible(known, scale.different_most, scale.equals))
    return found


def _plausible(counts: Floats, most: float, equals: int) -> Floats:
    """Shares with equality at least as often as all slips together, and no more disagreement than `most`.

    Without this, relatives, who share much, can pass for the matches.
    """
    shares = counts / counts.sum()
    if shares[-1] > most:
        shares[:-1] *= (1 - most) / shares[:-1].sum()
        shares[-1] = most
    same, slips = float(shares[:equals].sum()), float(shares[equals:-1].sum())
    if slips > same:
        half = (same + slips) / 2
        shares[equals:-1] *= half / slips
        shares[:equals] *= half / same
    return np.asarray(shares)


def _others(population: Population, unmatched: Floats) -> list[Floats]:
    found = []
    for at, (near, far) in enumerate(zip(population.near, population.far, strict=True)):
        size = population.size(at)
        close = np.bincount(near, weights=unmatched, minlength=size).astype(np.float64)
        wide = np.bincount(far, weights=population.far_counts, minlength=size).astype(np.float64)
        counts = close[1:] + wide[1:] + np.array(population.scale(at).chance) * _CHANCE_PAIRS
        found.append(counts / counts.sum())
    return found


def _joint(population: Population, levels: list[Levels], weights: Floats, one: int, other: int) -> Floats:
    """Weights by the levels of two fields, `missing` left out."""
    rows, columns = population.size(one), population.size(other)
    places = levels[one].astype(np.int64) * columns + levels[other]
    counts = np.bincount(places, weights=weights, minlength=rows * columns)
    return np.asarray(counts.reshape(rows, columns)[1:, 1:], dtype=np.float64)


def _lift(joint: Floats, prior: float) -> Floats:
    """How much more often two levels meet than if they knew nothing of each other, in bits."""
    alone = np.outer(joint.sum(axis=1), joint.sum(axis=0)) / max(float(joint.sum()), 1e-9)
    return np.asarray(np.log2((joint + prior) / (alone + prior)))


def _conditional(shares: Floats, lift: Floats) -> Floats:
    """Shares of a field by its parent's level."""
    lifted = shares * np.exp2(lift)
    return np.asarray(lifted / lifted.sum(axis=1, keepdims=True))


def _lifts_of_others(population: Population, tables: list[Floats]) -> dict[tuple[int, int], Floats]:
    """Lifts among pairs that are two persons by everything but the two fields; never below none at all."""
    near = [table[level] for table, level in zip(tables, population.near, strict=True)]
    far = [table[level] for table, level in zip(tables, population.far, strict=True)]
    near_all, far_all = np.sum(near, axis=0), np.sum(far, axis=0)
    lifts: dict[tuple[int, int], Floats] = {}
    for one in range(len(tables)):
        for other in range(one + 1, len(tables)):
            close = near_all - near[one] - near[other] < _CLEARLY_AGAINST_BITS
            wide = far_all - far[one] - far[other] < _CLEARLY_AGAINST_BITS
            joint = _joint(population, population.near, population.near_counts * close, one, other)
            joint += _joint(population, population.far, population.far_counts * wide, one, other)
            lifts[one, other] = np.maximum(0.0, _lift(joint, _LIFT_PRIOR_OTHERS))
            lifts[other, one] = lifts[one, other].T
    return lifts


def _tree(
    population: Population, levels: list[Levels], expected: Floats, lifts: dict[tuple[int, int], Floats]
) -> tuple[int, ...]:
    """Each field's parent in the tree whose edges account for most bits among matches (Prim 1957)."""
    count = len(population.names)
    worth = np.zeros((count, count))
    for one in range(count):
        for other in range(one + 1, count):
            joint = _joint(population, levels, expected, one, other)
            bits = np.abs(lifts[one, other] - _lift(joint, _LIFT_PRIOR_MATCHES))
            worth[one, other] = worth[other, one] = (joint * bits).sum() / max(1.0, float(joint.sum()))
    parents = [-1] * count
    within = [int(worth.sum(axis=1).argmax())]
    while len(within) < count:
        waiting = [it for it in range(count) if it not in within]
        bits, one, other = max((worth[one, other], -one, -other) for one in within for other in waiting)
        if bits > _WORTH_A_PARENT_BITS:
            parents[-other] = -one
        within.append(-other)
    return tuple(parents)
