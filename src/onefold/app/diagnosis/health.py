"""How well columns are filled: two pictures by field, and a table with a bar for each column."""

from __future__ import annotations

from collections import defaultdict

from onefold.app.diagnosis.markup import count, share, text
from onefold.app.diagnosis.pictures import heat, stacked
from onefold.customer.identity.diagnostics.columns import SHARED_MOST
from onefold.customer.identity.diagnostics.model import ColumnFacts, Facts
from onefold.customer.identity.linking.fields import KINDS

_HEAD = (
    "Source", "Column", "Taken for", "Health", "Filled", "Distinct", "Filler", "Invalid", "Unchecked",
    "Shared", "Shapes",
)  # fmt: skip
_NUMBERS = range(4, 10)
_NUMBER = ' class="n"'
_BANDS = (
    ("good", "good"), ("b", "filler"), ("bad", "invalid"), ("d", "unchecked"), ("faint", "empty"),
)  # fmt: skip


def health(facts: Facts) -> str:
    """The part of the page about columns."""
    heads = "".join(
        f'<th scope="col"{_NUMBER if at in _NUMBERS else ""}>{text(it)}</th>' for at, it in enumerate(_HEAD)
    )
    rows = "".join(_row(facts, it) for it in facts.columns)
    return (
        f'<div class="grid">{_filled(facts)}{_sound(facts)}</div><h3>Column by column</h3>'
        '<p class="muted">Filler: typed to fill the field (01-01, 0000000, test@). Invalid: cannot be true.'
        " Unchecked: no check is known, or no country. Shared: share of filled records whose value stands on"
        f" more than {SHARED_MOST} records of the source. Shapes: 9 is a digit, a is a word.</p>"
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _kinds(facts: Facts) -> list[str]:
    return [it for it in KINDS if any(column.kind == it for column in facts.columns)]


def _filled(facts: Facts) -> str:
    names = [it.name for it in facts.sources]
    best: dict[tuple[str, int], float] = {}
    for it in facts.columns:
        key = it.kind, it.source
        best[key] = max(best.get(key, 0.0), it.filled / max(1, it.records))
    return heat(
        "Filled",
        "Share of the records of a source that say something; of several columns, the fullest.",
        [it.replace("_", " ") for it in _kinds(facts)],
        names,
        [[best.get((kind, at)) for at in range(len(names))] for kind in _kinds(facts)],
        "field",
    )


def _sound(facts: Facts) -> str:
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(_BANDS))
    for it in facts.columns:
        for at, size in enumerate((*_parts(it), it.records - it.filled)):
            sums[it.kind][at] += size
    return stacked(
        "Health",
        "What the values of a field are good for, all columns and sources together.",
        [
            (kind.replace("_", " "), [(*band, size) for band, size in zip(_BANDS, sums[kind], strict=True)])
            for kind in _kinds(facts)
        ],
        "field",
    )


def _parts(it: ColumnFacts) -> tuple[int, int, int, int]:
    good = it.filled - it.placeholders - it.invalid - it.unchecked
    return good, it.placeholders, it.invalid, it.unchecked


def _row(facts: Facts, it: ColumnFacts) -> str:
    whole, filled = max(1, it.records), max(1, it.filled)
    bar = "".join(
        f'<i class="{kind}" style="width:{100 * size / whole:.2f}%"></i>'
        for (kind, _), size in zip(_BANDS, _parts(it), strict=False)
        if size
    )
    numbers = (
        share(it.filled / whole), count(it.distinct), count(it.placeholders), count(it.invalid),
        count(it.unchecked), share(it.shared / filled),
    )  # fmt: skip
    cells = "".join(f"<td{_NUMBER}>{number}</td>" for number in numbers)
    shapes = " ".join(f"<code>{text(shape)}</code> {share(many / filled)}" for shape, many in it.formats)
    return (
        f'<tr><th scope="row">{text(facts.sources[it.source].name)}</th><td>{text(it.column)}</td>'
        f"<td>{text(it.kind.replace('_', ' '))}</td>"
        f'<td><span class="health" aria-hidden="true">{bar}</span></td>{cells}<td>{shapes}</td></tr>'
    )
