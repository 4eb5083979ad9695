"""An explanation as a picture: each link of records, what was compared, and what it weighs. Pure.

The picture is one SVG file that needs nothing else: no script, no font, no address. Every text in it is
escaped, since names come from sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from onefold.gate.explaining import ExplainedPair, Explanation

_WIDTH, _ROW, _MARGIN, _BAR_AT, _BAR_MAX = 960, 20, 24, 560, 340
_CHARACTERS_MAX = 58
_COLOURS = {"same": "#1b7f4b", "close": "#8a6d00", "differs": "#b3261e", "missing": "#6b7280"}
_SIGNS = {"same": "=", "close": "≈", "differs": "≠", "missing": "·"}
_STYLE = """text{font:13px system-ui,sans-serif;fill:#1f2937}.head{font-weight:600;font-size:15px}
.quiet{fill:#6b7280}.no{fill:#b3261e}rect.paper{fill:#fff}rect.bar{fill:#2f6fb2}
rect.word{fill:#7c4daa}rect.held{fill:#c9ced6}line{stroke:#d1d5db}"""


def draw(explanation: Explanation) -> bytes:
    """The SVG file, UTF-8."""
    names = {it.id: f"{it.source}: {it.name or it.id[:8]}" for it in explanation.records}
    heaviest = max((it.weight for pair in explanation.pairs for it in pair.reasons), default=1)
    rows: list[str] = []
    height = _MARGIN
    for line in _lines(explanation, names, max(heaviest, 1)):
        height += _ROW
        rows.append(f'<g transform="translate(0,{height})">{line}</g>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height + _MARGIN}" '
        f'viewBox="0 0 {_WIDTH} {height + _MARGIN}" role="img">'
        f"<title>{escape(_title(explanation))}</title><style>{_STYLE}</style>"
        f'<rect class="paper" width="{_WIDTH}" height="{height + _MARGIN}"/>'
    )
    return (head + "".join(rows) + "</svg>\n").encode()


def _title(it: Explanation) -> str:
    if not it.other:
        return f"Why customer {it.customer[:8]} is one"
    return f"Why {it.customer[:8]} and {it.other[:8]} are {'one customer' if it.is_one else 'two customers'}"


def _lines(it: Explanation, names: dict[str, str], heaviest: int) -> Iterator[str]:
    yield _text(_title(it), kind="head")
    for line in it.apart:
        yield _text(line, kind="no")
    if it.path:
        yield _text("chain: " + " → ".join(names.get(step, "(not shown)") for step in it.path))
    for pair in it.pairs:
        yield f'<line x1="{_MARGIN}" x2="{_WIDTH - _MARGIN}" y1="-6" y2="-6"/>'
        between = f"{names.get(pair.left, pair.left[:8])}  –  {names.get(pair.right, pair.right[:8])}"
        yield _text(between, kind="head") + _text(pair.fate, x=_BAR_AT, kind="quiet")
        yield from _columns(pair, heaviest)
    for left_out in it.withheld:
        yield _text(f"withheld: {left_out.what}: {left_out.reason}", kind="quiet")


def _columns(pair: ExplainedPair, heaviest: int) -> Iterator[str]:
    """Comparisons on the left, what they weigh on the right, side by side."""
    compared = [
        f'<text x="{_MARGIN}" fill="{_COLOURS[it.outcome]}">{_SIGNS[it.outcome]}</text>'
        + _text(f"{it.field.replace('_', ' ')}: {it.left or '–'} | {it.right or '–'}", x=_MARGIN + 18)
        for it in pair.compared
    ]
    weighed = [_bar(it.rule, it.weight, heaviest, "word" if it.steward else "bar") for it in pair.reasons]
    weighed += [_bar(f"{it.rule} (no proof)", it.weight, heaviest, "held") for it in pair.held_back]
    weighed += [_text(f"✕ {it}", x=_BAR_AT, kind="no") for it in pair.conflicts]
    if pair.hubs:
        weighed.append(
            _text(f"{pair.hubs} of {pair.shared_keys} shared keys are hubs", x=_BAR_AT, kind="quiet")
        )
    for number in range(max(len(compared), len(weighed))):
        yield "".join(part[number] for part in (compared, weighed) if number < len(part))


def _bar(rule: str, weight: int, heaviest: int, kind: str) -> str:
    width = max(2, _BAR_MAX * max(weight, 0) // max(heaviest, weight, 1))
    bar = f'<rect class="{kind}" x="{_BAR_AT}" y="-13" width="{width}" height="16" rx="2" opacity="0.35"/>'
    return bar + _text(f"{rule}  +{weight}", x=_BAR_AT + 6)


def _text(words: str, x: int = _MARGIN, kind: str = "") -> str:
    most = _CHARACTERS_MAX if x < _BAR_AT and not kind else 2 * _CHARACTERS_MAX
    cut = words if len(words) <= most else words[: most - 1] + "…"
    return f'<text x="{x}"{f" class={kind!r}" if kind else ""}>{escape(_printable(cut))}</text>'


def _printable(words: Iterable[str]) -> str:
    """Without characters that XML has no place for."""
    return "".join(it if it.isprintable() else " " for it in words)
