"""How well a Cyrillic token and a Latin one are the same name, by a learned weighted edit distance.

Transliterating first and comparing letters after loses: Джентилини is Gentilini, Шарль is Charles, Хэмпшир
is Hampshire, and which it is depends on the language that the name came from. So both are laid side by
side. A table (`alignments.py`) has what it costs that one or two Cyrillic letters are written as up to
four Latin ones, in nats: the negative logarithm of how often that happened in pairs of names. The cheapest
way to cut both into units is found by dynamic programming, and what the Cyrillic token costs at its best
rendering is taken off, so that 0 is "written as usual" whatever the length.

Letters that Russian lacks have the table of the Russian letter they are spelt by, and the sounds of their
own.
"""

from __future__ import annotations

from onefold.customer.identity.normal.alignments import COSTS
from onefold.kernel.memory import remembered

_CHANGED, _ADDED, _DROPPED = 8.0, 6.0, 6.0
"""Nats for a letter that became another, came in, went: a slip, where the table knows no such spelling."""

_WORTH = 10.0
"""Nats beside the cheapest way so far; a way that is so much dearer is not followed."""

STRANGEST = 4.0
_FAR = 1e9
_UNIT_MOST = 4
_OWN_SOUNDS = {
    "ў": ("у", "o u w"), "қ": ("к", "q k"), "ғ": ("г", "g gh"), "ҳ": ("х", "h kh x"), "і": ("и", "i y"),
    "ї": ("и", "i yi ji"), "є": ("е", "ie ye e je"), "ґ": ("г", "g"), "ә": ("а", "a e"), "ө": ("о", "o u"),
    "ұ": ("у", "u"), "ү": ("у", "u"), "һ": ("х", "h"), "ң": ("н", "n ng"), "ҷ": ("ж", "j"), "ј": ("й", "j y"),
    "љ": ("л", "lj l"), "њ": ("н", "nj n"), "ћ": ("ч", "c ch"), "ђ": ("ж", "dj d j"), "џ": ("ж", "dz j"),
}  # fmt: skip
_OWN_COST = 0.7

Table = dict[str, dict[str, float]]


def _read(text: str) -> Table:
    """The table as costs in nats, by Cyrillic unit, then Latin one; `""` stands for none."""
    table: Table = {}
    for line in text.replace("\n  ", " ").splitlines():
        unit, _, ways = line.partition(": ")
        costs = {way.rstrip("0123456789"): way for way in ways.split()}
        table[unit.strip("+")] = {to.strip("-"): int(way[len(to) :]) / 10 for to, way in costs.items()}
    for letter, (russian, sounds) in _OWN_SOUNDS.items():
        table[letter] = table.get(russian, {}) | dict.fromkeys(sounds.split(), _OWN_COST)
    return table


_TABLE = _read(COSTS)
_INSERTED = _TABLE.get("", {})
_NOTHING: dict[str, float] = {}


@remembered(65_536)
def usual_cost(cyrillic: str) -> float:
    """Nats of the likeliest rendering of a token."""
    least = [0.0] * (len(cyrillic) + 1)
    for at in range(1, len(cyrillic) + 1):
        one = min(_TABLE.get(cyrillic[at - 1], _NOTHING).values(), default=0.0)
        least[at] = least[at - 1] + one
        if at > 1 and (two := _TABLE.get(cyrillic[at - 2 : at])):
            least[at] = min(least[at], least[at - 2] + min(two.values()))
    return least[-1]


def strangeness(cyrillic: str, latin: str) -> float:
    """Nats a letter by which a Latin token is an odder rendering of a Cyrillic one than the usual; 0 or more.

    Lower-case tokens: Cyrillic letters as they are, Latin ones without marks. `STRANGEST` is the most:
    what is
    at least that odd is not looked into further.
    """
    rows, width = len(cyrillic), len(latin)
    if not rows or not width:
        return STRANGEST
    longer = max(rows, width)
    usual = usual_cost(cyrillic)
    hopeless = usual + STRANGEST * longer
    costs = [[_FAR] * (width + 1) for _ in range(rows + 2)]
    costs[0][0] = 0.0
    added = [_INSERTED.get(letter, _ADDED) for letter in latin]
    units = [
        [latin[j : j + size] for size in range(min(_UNIT_MOST, width - j) + 1)] for j in range(width + 1)
    ]
    for i in range(rows):
        one = _TABLE.get(cyrillic[i], _NOTHING)
        two = _TABLE.get(cyrillic[i : i + 2], _NOTHING) if i + 1 < rows else _NOTHING
        if not _step(costs[i : i + 3], one, two, units, added, hopeless):
            return STRANGEST
    last = costs[rows]
    for j in range(width):
        last[j + 1] = min(last[j + 1], last[j] + added[j])
    return min(STRANGEST, max(0.0, last[width] - usual) / longer)


def _step(
    costs: list[list[float]],
    one: dict[str, float],
    two: dict[str, float],
    units: list[list[str]],
    added: list[float],
    hopeless: float,
) -> bool:
    """Goes on by one or two Cyrillic letters from each place of a row; False where no way is worth it."""
    here, below, second = costs
    width = len(added)
    limit = min(hopeless, min(here) + _WORTH)
    alive = False
    for j in range(width + 1):
        cost = here[j]
        if cost > limit:
            continue
        alive = True
        if j < width and cost + added[j] < here[j + 1]:
            here[j + 1] = cost + added[j]
        for size, unit in enumerate(units[j]):
            step = one.get(unit)
            if step is None and size < 2:
                step = _CHANGED if size else _DROPPED
            if step is not None and cost + step < below[j + size]:
                below[j + size] = cost + step
            if two and (step := two.get(unit)) is not None and cost + step < second[j + size]:
                second[j + size] = cost + step
    return alive
