"""The pictures of a report as inline SVG, each with a title, a description and the same numbers as a table.

Colours are classes that the style sheet of the page fills, so that one picture serves light, dark and paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from onefold.app.diagnosis.markup import count, share, short, table, text
from onefold.customer.identity.diagnostics.model import Range, Together

WIDTH = 560
_LABEL = 146
_ROW = 24
COMBINATIONS_SHOWN = 14

Band = tuple[str, str, float]
"""A part of a bar: its class, its name, its size."""


def figure(title: str, about: str, svg: str, data: str) -> str:
    """A picture under its title, what it shows in a sentence, and its numbers behind a fold."""
    return (
        f"<figure><figcaption><b>{text(title)}</b> {text(about)}</figcaption>{svg}"
        f"<details><summary>The numbers</summary>{data}</details></figure>"
    )


def columns(title: str, about: str, items: Sequence[tuple[str, float]], head: tuple[str, str]) -> str:
    """Upright bars with their numbers above; heights go by the square root where sizes differ much."""
    most = max((it for _, it in items), default=1) or 1
    rooted = most > 50 * min((it for _, it in items if it), default=1)
    high, base, step = 150, 178, (WIDTH - 20) / max(1, len(items))
    parts = [f'<line class="axis" x1="10" x2="{WIDTH - 10}" y1="{base}" y2="{base}"/>']
    for at, (label, value) in enumerate(items):
        tall = high * (math.sqrt(value / most) if rooted else value / most)
        middle = 10 + step * (at + 0.5)
        wide = min(54.0, step * 0.72)
        parts.append(_rect("a", middle - wide / 2, base - tall, wide, max(tall, 1 if value else 0)))
        parts.append(_text(middle, base - tall - 6, count(value), "middle", "value"))
        parts.append(_text(middle, base + 17, label, "middle"))
    note = " Heights go by the square root of the numbers." if rooted else ""
    data = table(head, [(label, count(value)) for label, value in items])
    return figure(title, about + note, _svg(title, about, 204, parts), data)


def stacked(title: str, about: str, rows: Sequence[tuple[str, Sequence[Band]]], unit: str) -> str:
    """A bar a row, each parted into shares of its own whole, with a legend."""
    wide = WIDTH - _LABEL - 70
    legend = list(dict.fromkeys((kind, name) for _, bands in rows for kind, name, _ in bands))
    parts: list[str] = []
    x = float(_LABEL)
    for kind, name in legend:
        parts += [_rect(kind, x, 4, 11, 11), _text(x + 16, 14, name)]
        x += 34 + 6.6 * len(name)
    for at, (label, bands) in enumerate(rows):
        y, whole = 28 + at * _ROW, sum(it for *_, it in bands) or 1
        parts.append(_text(_LABEL - 10, y + 13, short(label), "end"))
        x = float(_LABEL)
        for kind, name, size in bands:
            part = wide * size / whole
            said = f"{label}, {name}: {count(size)}, {share(size / whole)}"
            parts.append(_rect(kind, x, y, part, 17, said))
            if part > 40:
                parts.append(_text(x + part / 2, y + 13, share(size / whole), "middle", f"on-{kind}"))
            x += part
        parts.append(_text(WIDTH, y + 13, count(whole), "end", "muted"))
    names = [name for _, name in legend]
    sizes = [
        (label, *(count(next((it for _, said, it in bands if said == name), 0)) for name in names))
        for label, bands in rows
    ]
    data = table([unit, *names], sizes)
    return figure(title, about, _svg(title, about, 32 + len(rows) * _ROW, parts), data)


def heat(
    title: str,
    about: str,
    rows: Sequence[str],
    heads: Sequence[str],
    values: Sequence[Sequence[float | None]],
    corner: str,
) -> str:
    """A matrix of shares, darker where more; an empty cell where there is nothing to say."""
    wide = min(84.0, (WIDTH - _LABEL) / max(1, len(heads)))
    slanted = max(map(len, heads), default=0) * 6.4 > wide
    top = 74 if slanted else 24
    parts: list[str] = []
    for at, name in enumerate(heads):
        x = _LABEL + wide * (at + 0.5)
        turn = f' transform="rotate(-35 {x - 6:.1f} {top - 8})"' if slanted else ""
        parts.append(
            _text(
                x - 6 if slanted else x, top - 8, short(name, 16), "start" if slanted else "middle", "", turn
            )
        )
    for at, (name, cells) in enumerate(zip(rows, values, strict=True)):
        y = top + at * 30
        parts.append(_text(_LABEL - 10, y + 19, short(name), "end"))
        for place, value in enumerate(cells):
            x = _LABEL + wide * place
            if value is None:
                parts.append(_text(x + wide / 2, y + 19, "–", "middle", "muted"))
                continue
            said = f"{name}, {heads[place]}: {share(value)}"
            parts.append(_rect("faint", x + 1, y + 1, wide - 2, 28))
            parts.append(_rect("a", x + 1, y + 1, wide - 2, 28, said, 0.06 + 0.94 * value))
            parts.append(
                _text(x + wide / 2, y + 19, share(value), "middle", "on-a" if value > 0.5 else "value")
            )
    said_rows = [
        (name, *("–" if it is None else share(it) for it in cells))
        for name, cells in zip(rows, values, strict=True)
    ]
    svg = _svg(title, about, top + 4 + 30 * len(rows), parts)
    return figure(title, about, svg, table([corner, *heads], said_rows))


def combinations(title: str, about: str, names: Sequence[str], together: Sequence[Together]) -> str:
    """Which sources customers are in: a bar a combination, dots below it for its sources."""
    shown = together[:COMBINATIONS_SHOWN]
    most = max((it.customers for it in shown), default=1)
    step = min(46.0, (WIDTH - _LABEL) / max(1, len(shown)))
    high, base = 110, 132
    parts: list[str] = []
    for at, name in enumerate(names):
        y = base + 22 + at * 22
        if at % 2 == 0:
            parts.append(_rect("faint", 0, y - 11, _LABEL + step * len(shown), 22))
        parts.append(_text(_LABEL - 10, y + 4, short(name), "end"))
    for at, it in enumerate(shown):
        x, tall = _LABEL + step * (at + 0.5), high * it.customers / most
        inside = [names[place] for place in it.sources]
        said = f"{', '.join(inside)}: {count(it.customers)}"
        parts.append(_rect("a", x - step * 0.32, base - tall, step * 0.64, max(tall, 1), said))
        parts.append(_text(x, base - tall - 5, count(it.customers), "middle", "value small"))
        for place in range(len(names)):
            kind = "dot" if place in it.sources else "no-dot"
            parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{base + 22 + place * 22}" r="5"/>')
        for one, two in pairwise(it.sources):
            ends = f'y1="{base + 22 + one * 22}" y2="{base + 22 + two * 22}"'
            parts.append(f'<line class="link" x1="{x:.1f}" x2="{x:.1f}" {ends}/>')
    rows = [(" + ".join(names[place] for place in it.sources), count(it.customers)) for it in together]
    svg = _svg(title, about, base + 18 + 22 * len(names), parts)
    return figure(title, about, svg, table(["in exactly these sources", "customers"], rows))


def intervals(title: str, about: str, rows: Sequence[tuple[str, Range, float | None]]) -> str:
    """Estimates with their intervals on one scale, and what was measured beside them."""
    least = min([it.low for _, it, _ in rows] + [it for *_, it in rows if it is not None], default=0.0)
    floor = max(0.0, math.floor(least * 10 - 0.2) / 10)
    floor = min(floor, 0.9)
    wide = WIDTH - _LABEL - 24

    def place(value: float) -> float:
        return _LABEL + wide * (value - floor) / (1 - floor)

    foot = 16 + 40 * len(rows)
    parts = []
    for tick in range(5):
        at = floor + (1 - floor) * tick / 4
        parts.append(f'<line class="grid" x1="{place(at):.1f}" x2="{place(at):.1f}" y1="8" y2="{foot}"/>')
        parts.append(_text(place(at), foot + 16, f"{at:.3g}", "middle", "muted"))
    for number, (label, it, measured) in enumerate(rows):
        y = 34 + 40 * number
        parts.append(_text(_LABEL - 10, y + 4, label, "end"))
        parts.append(_rect("a", place(it.low), y - 5, max(2.0, place(it.high) - place(it.low)), 10, "", 0.35))
        parts.append(f'<circle class="dot" cx="{place(it.middle):.1f}" cy="{y}" r="6"/>')
        if measured is not None:
            x = place(measured)
            diamond = f"{x:.1f},{y - 9} {x + 7:.1f},{y} {x:.1f},{y + 9} {x - 7:.1f},{y}"
            parts.append(f'<polygon class="measured" points="{diamond}"/>')
    data = table(
        ["of pairs of records", "low", "estimate", "high", "measured"],
        [
            (
                label,
                *(f"{value:.4f}" for value in (it.low, it.middle, it.high)),
                "–" if got is None else f"{got:.4f}",
            )
            for label, it, got in rows
        ],
    )
    return figure(title, about, _svg(title, about, foot + 24, parts), data)


def _svg(title: str, about: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-label="{text(title)}: {text(about)}">{"".join(parts)}</svg>'
    )


def _rect(
    kind: str, x: float, y: float, wide: float, high: float, said: str = "", opacity: float | None = None
) -> str:
    seen = "" if opacity is None else f' fill-opacity="{opacity:.2f}"'
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{high:.1f}"'
    if not said:
        return f'<rect class="{kind}" {place}{seen}/>'
    return f'<rect class="{kind}" {place}{seen}><title>{text(said)}</title></rect>'


def _text(x: float, y: float, said: str, anchor: str = "start", kind: str = "", more: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{text(said)}</text>'
