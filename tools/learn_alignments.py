"""Learns how Cyrillic names are written in Latin letters, and writes the small table that identity reads.

`python tools/learn_alignments.py PAIRS` takes lines of Latin name, tab, Cyrillic name with its letters
spaced, tab, count. No pair is kept: only how often a letter or two became which letters, as a cost. The
method is expectation-maximisation over all ways to cut a pair into units (Deligne and Bimbot's joint
multigrams, order one): first every cut is about as likely, then each round counts units by how likely the
cuts were that use them. Units that say no more than their parts are dropped, and the rest learned again.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

from onefold.customer.identity.normal.scripts import romanised

TARGET = Path(__file__).resolve().parents[1] / "src/onefold/customer/identity/normal/alignments.py"
SHAPES = ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3), (1, 0), (0, 1))
"""How many Cyrillic and how many Latin letters a unit may have."""

OFF_DIAGONAL = 3
"""Letters by which two names may be out of step."""

LONGEST = 16
ROUNDS = 5
COUNT_DROPPED = 0.05
LEAST_COUNT = 8.0
"""A unit seen more seldom in the pairs is more often noise than a spelling."""

GAIN_LEAST = 1.5
"""A unit of two letters stays when it is so many times as likely as its parts one by one."""

Unit = tuple[str, str]
Pair = tuple[str, str, int]
Chances = dict[Unit, float]


def pairs_of(path: Path) -> list[Pair]:
    """The pairs of a file: Cyrillic, folded Latin, count (at most 3: fame is no evidence about spelling)."""
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        latin, cyrillic, count = line.split("\t")
        pair = (cyrillic.replace(" ", ""), romanised(latin), min(int(count), 3))
        if all(0 < len(it) <= LONGEST and it.isalpha() for it in pair[:2]):
            pairs.append(pair)
    return pairs


def units_at(cyrillic: str, latin: str, i: int, j: int) -> list[tuple[int, int, Unit]]:
    """Each unit that may start at a place of a pair, with where it ends; none far off the diagonal."""
    rest, other = len(cyrillic) - i, len(latin) - j
    if abs(i * len(latin) - j * len(cyrillic)) > OFF_DIAGONAL * len(cyrillic):
        return []
    return [
        (i + a, j + b, (cyrillic[i : i + a], latin[j : j + b])) for a, b in SHAPES if a <= rest and b <= other
    ]


def first_guesses(pairs: list[Pair], most: int) -> Chances:
    """Before anything is known: letter for letter is likely, the more letters the less so.

    Units have at most so many Cyrillic letters, and are possible in several pairs.
    """
    possible: Counter[Unit] = Counter()
    for cyrillic, latin, _ in pairs:
        for i in range(len(cyrillic) + 1):
            for j in range(len(latin) + 1):
                possible.update(
                    unit for _, _, unit in units_at(cyrillic, latin, i, j) if len(unit[0]) <= most
                )
    guesses = {}
    for unit, count in possible.items():
        if count > LEAST_COUNT:
            one, two = len(unit[0]), len(unit[1])
            guesses[unit] = 1e-3 if one == two == 1 else 1e-4 if one and two and one + two <= 3 else 1e-5
    return guesses


def counted(pair: Pair, chances: Chances, into: dict[Unit, float]) -> bool:
    """Adds how often each unit is expected in a pair; False where no cut is possible."""
    cyrillic, latin, _ = pair
    ways: dict[tuple[int, int], float] = {(0, 0): 1.0}
    edges = []
    for i in range(len(cyrillic) + 1):
        for j in range(len(latin) + 1):
            here = ways.get((i, j), 0.0)
            if not here:
                continue
            for k, m, unit in units_at(cyrillic, latin, i, j):
                chance = chances.get(unit, 0.0)
                if chance:
                    ways[k, m] = ways.get((k, m), 0.0) + here * chance
                    edges.append((i, j, k, m, unit, chance))
    end = (len(cyrillic), len(latin))
    total = ways.get(end, 0.0)
    if not total:
        return False
    after: dict[tuple[int, int], float] = defaultdict(float)
    after[end] = 1.0
    for i, j, k, m, unit, chance in reversed(edges):
        if share := chance * after[k, m]:
            after[i, j] += share
            into[unit] += ways[i, j] * share / total
    return True


def learned(pairs: list[Pair], chances: Chances, rounds: int) -> tuple[Chances, dict[Unit, float]]:
    """The chance of each unit after some rounds, and how often it is expected in the pairs."""
    counts: dict[Unit, float] = {}
    for number in range(rounds):
        counts = defaultdict(float)
        used = sum(counted(pair, chances, counts) for pair in pairs)
        counts = {unit: count for unit, count in counts.items() if count > COUNT_DROPPED}
        total = sum(counts.values())
        chances = {unit: count / total for unit, count in counts.items()}
        print(f"round {number + 1}: {used:,} pairs, {len(chances):,} units", file=sys.stderr, flush=True)
    return chances, counts


def occurrences(pairs: list[Pair]) -> Counter[str]:
    """How often one or two Cyrillic letters occur in the pairs; under "", how many Latin letters do."""
    seen: Counter[str] = Counter()
    for cyrillic, latin, _ in pairs:
        seen.update(cyrillic)
        seen.update(cyrillic[i : i + 2] for i in range(len(cyrillic) - 1))
        seen[""] += len(latin)
    return seen


def telling(counts: dict[Unit, float], alone: dict[Unit, float], seen: Counter[str]) -> Chances:
    """Units that say more than their parts: of one Cyrillic letter, or likelier than any cut of them."""

    def chance(cyrillic: str, latin: str) -> float:
        return alone.get((cyrillic, latin), 0.0) / seen[cyrillic]

    def parts(unit: Unit) -> float:
        both, latin = unit
        one, two = both[0], both[1]
        return max(chance(one, latin[:n]) * chance(two, latin[n:]) for n in range(len(latin) + 1))

    kept = {
        unit: count
        for unit, count in counts.items()
        if len(unit[0]) == 2 and count > LEAST_COUNT and count / seen[unit[0]] > GAIN_LEAST * parts(unit)
    }
    kept |= alone
    total = sum(kept.values())
    return {unit: count / total for unit, count in kept.items()}


def costs(pairs: list[Pair], counts: dict[Unit, float]) -> dict[str, dict[str, int]]:
    """-10 ln P(Latin | Cyrillic) of each unit, by its Cyrillic side; under "", of a letter added."""
    seen = occurrences(pairs)
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for (cyrillic, latin), count in sorted(counts.items()):
        table[cyrillic][latin] = max(0, round(-10 * math.log(min(1.0, count / seen[cyrillic]))))
    return table


def written(table: dict[str, dict[str, int]]) -> str:
    """The module: a line a Cyrillic unit, each Latin one with its cost."""
    units = [
        f"{key or '+'}: " + " ".join(f"{to or '-'}{cost}" for to, cost in table[key].items())
        for key in sorted(table)
    ]
    body = "\n".join(textwrap.fill(unit, 106, subsequent_indent="  ") for unit in units)
    return f'''"""How Cyrillic letters are written in Latin ones, and what each way costs.

Made by tools/learn_alignments.py. A line is one or two Cyrillic letters and what they become, with the cost
in tenths of a nat: ten times the natural logarithm of how seldom that is. `-` is nothing; the line `+` has
what a Latin letter costs that no Cyrillic one stands for. Lines go on where they are indented.
"""

COSTS = """\\
{body}
"""
'''


def main() -> None:
    """Reads pairs, learns, writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--most", type=int, default=60_000, help="pairs to learn from, drawn at random")
    parser.add_argument("--to", type=Path, default=TARGET)
    asked = parser.parse_args()
    pairs = pairs_of(asked.pairs)
    random.Random(1).shuffle(pairs)
    pairs = pairs[: asked.most]
    _, alone = learned(pairs, first_guesses(pairs, 1), ROUNDS)
    _, counts = learned(pairs, first_guesses(pairs, 2), ROUNDS)
    _, counts = learned(pairs, telling(counts, alone, occurrences(pairs)), ROUNDS)
    counts = {unit: count for unit, count in counts.items() if count > LEAST_COUNT}
    asked.to.write_text(written(costs(pairs, counts)), encoding="utf-8")


if __name__ == "__main__":
    main()
