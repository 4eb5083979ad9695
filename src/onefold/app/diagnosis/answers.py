"""The first parts of a report: the answer in numbers, customers over sources, and how sure all that is."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.app.diagnosis.markup import count, share, text
from onefold.app.diagnosis.pictures import columns, combinations, heat, intervals, stacked
from onefold.customer.identity.diagnostics.model import Facts, Range
from onefold.customer.identity.linking.measures import Measures

_SIZES = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 9), (10, 19), (20, 49), (50, 99))

_HELD = """<p><b>What an interval holds.</b> Two readings of the same evidence, and chance. Of joined pairs:
by their own fields alone, and by the mean of their whole customer. Of pairs left apart: by what their two
customers say as wholes, and by their own fields at four times the odds. Of pairs never compared: none, and as
many as those found by one key only and by two lead one to expect (Chao 1987). Two standard deviations of
chance come to each end.</p>"""
_NOT_HELD = """<p><b>What it does not hold.</b> It is no confidence interval of a random sample: probabilities
were learned from these records alone, and where fields mislead (one record copied onto another person, twins
without an id, people under wholly different data) the estimate is misled with them. A few hundred records are
too few to learn from. A hand-checked sample of the doubtful pairs below, or --truth, says more.</p>"""


def answer(facts: Facts, measures: Measures | None) -> str:
    """Tiles with the numbers that people ask for, and one sentence."""
    quality = facts.quality
    tiles = [
        (count(facts.records), f"records in {_sources(len(facts.sources))}"),
        (count(facts.customers), "customers they seem to be"),
        (f"{facts.records / max(1, facts.customers):.2f}", "records a customer, on average"),
        (share(facts.surplus / max(1, facts.records)), "of records are one too many for their customer"),
        (_ends(quality.precision), "precision of joined pairs, estimated"),
        (_ends(quality.recall), "recall of pairs, estimated"),
    ]
    if measures is not None:
        tiles += [
            (share(measures.precision), "precision, measured against the truth"),
            (share(measures.recall), "recall, measured against the truth"),
        ]
    boxes = "".join(f'<div class="tile"><b>{it}</b><span>{text(what)}</span></div>' for it, what in tiles)
    inside = sum(it.inside + it.both for it in facts.sources)
    across = sum(it.across + it.both for it in facts.sources)
    records = max(1, facts.records)
    return (
        f'<div class="tiles">{boxes}</div><p>{count(inside)} records ({share(inside / records)}) have another'
        f" record of their customer in the same source, and {count(across)} ({share(across / records)}) in"
        f" another source. The largest customer has {count(facts.sizes[-1][0])} records.</p>"
    )


def customers(facts: Facts) -> str:
    """Versions of each customer, records with company, match rates, and combinations of sources."""
    names = [it.name for it in facts.sources]
    pictures = [
        columns(
            "Versions of a customer",
            "How many customers have so many records.",
            _banded(facts.sizes),
            ("records", "customers"),
        ),
        stacked(
            "Records with company",
            "Whether a record's customer has other records, and where.",
            [
                (
                    it.name,
                    (
                        ("d", "alone", it.alone),
                        ("b", "same source", it.inside),
                        ("a", "other source", it.across),
                        ("c", "both", it.both),
                    ),
                )
                for it in facts.sources
            ],
            "source",
        ),
    ]
    if len(names) > 1:
        pictures += [
            heat(
                "Match rates",
                "Share of a row's records whose customer is in the column's source too; on the diagonal,"
                " another record of the same source.",
                names,
                names,
                facts.matched,
                "records of",
            ),
            combinations(
                "Where customers are",
                "How many customers are in exactly the sources that are dotted.",
                names,
                facts.together,
            ),
        ]
    alone = (
        ""
        if len(names) > 1
        else "<p>One source was given, so nothing can be said of matches across sources.</p>"
    )
    return f'{alone}<div class="grid">{"".join(pictures)}</div>'


def quality(facts: Facts, measures: Measures | None) -> str:
    """The estimates with what they hold and what not, and how clear the decisions were."""
    it = facts.quality
    measured = (None, None) if measures is None else (measures.precision, measures.recall)
    ranges = intervals(
        "Precision and recall",
        "Dot: the estimate. Bar: its interval. Diamond: measured, where a truth was given.",
        [("precision", it.precision, measured[0]), ("recall", it.recall, measured[1])],
    )
    bands = [f"{at / 10:.1f}–{(at + 1) / 10:.1f}" for at in range(10)]
    clear = stacked(
        "Pairs by probability",
        "Pairs that were compared and have a chance of 1 % at least of being one customer.",
        [
            (band, (("a", "joined", one), ("d", "left apart", two)))
            for band, (one, two) in zip(bands, facts.probabilities, strict=True)
            if one + two
        ],
        "probability",
    )
    return (
        "<p>Nobody said who is who, so both are estimated, in pairs of records."
        f" <b>Precision</b>: of {count(it.joined)} pairs that were put together, {_pairs(it.wrong)} seem to"
        f" be of two people. <b>Recall</b>: {_pairs(it.apart)} pairs of one person seem to have been compared"
        f" and left apart, and {_pairs(it.unseen)} seem to share no key and were never compared.</p>"
        f'<div class="grid">{ranges}{clear}</div><div class="grid">{_HELD}{_NOT_HELD}</div>'
    )


def _banded(sizes: Sequence[tuple[int, int]]) -> list[tuple[str, float]]:
    """Customers by how many records they have, large sizes together."""
    bands = [*_SIZES, (100, max((it for it, _ in sizes), default=0))]
    counted = [
        (
            f"{low}–{high}" if high > low else f"{low}",
            sum(many for size, many in sizes if low <= size <= high),
        )
        for low, high in bands
    ]
    last = max((at for at, (_, many) in enumerate(counted) if many), default=0)
    return [(name, float(many)) for name, many in counted[: last + 1]]


def _sources(many: int) -> str:
    return "1 source" if many == 1 else f"{many} sources"


def _ends(it: Range) -> str:
    """An interval in per cent, as few digits as tell its ends apart."""
    for digits in (0, 1, 2):
        low, high = (_short_of_whole(100 * end, digits) for end in (it.low, it.high))
        if low != high:
            return f"{low}–{high}\u202f%"
    return share(it.middle)


def _short_of_whole(percent: float, digits: int) -> str:
    """So many digits, and one more where they would make a whole of what is not quite one."""
    said = f"{percent:.{digits}f}"
    return f"{min(percent, 99.9):.1f}" if float(said) == 100 and percent < 100 else said


def _pairs(it: Range) -> str:
    return f"{count(it.middle)} ({count(it.low)} to {count(it.high)})"
