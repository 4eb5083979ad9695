"""Records as columns of distinct values, each of the type it has, and their pairs by blocking rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Ints
from onefold.customer.identity.splink.evaluating import Value, compiled
from onefold.customer.identity.splink.model import Rule, SplinkModel
from onefold.customer.identity.splink.sql import Expression, SqlError, columns_of
from onefold.kernel.errors import CallerError

PAIRS_MOST = 50_000_000


class Said(NamedTuple):
    """One column: `codes[i]` is the place of row i's value in `values`; at 0 stands null."""

    codes: Ints
    values: tuple[Any, ...]

    @property
    def frequencies(self) -> np.typing.NDArray[np.float64]:
        """The share of rows that say each value, of those that say any; of null there is none (0)."""
        counts = np.bincount(self.codes, minlength=len(self.values)).astype(np.float64)
        counts[0] = 0.0
        return np.asarray(counts / max(counts.sum(), 1.0))


Records = Mapping[str, Said]
"""Columns by name, in lower case."""


def said_of(values: Iterable[Any]) -> Said:
    """Interns what rows say; lists have to be tuples."""
    place: dict[Any, int] = {None: 0}
    codes = np.fromiter((place.setdefault(it, len(place)) for it in values), dtype=np.int64)
    return Said(codes, tuple(place))


def together(records: Records, columns: Sequence[str], rows: int) -> tuple[Ints, Ints]:
    """A number for each distinct combination of values: by row, and a row that has it for each number."""
    numbers = np.zeros(rows, dtype=np.int64)
    for name in columns:
        codes, values = records[name]
        _, numbers = np.unique(numbers * len(values) + codes, return_inverse=True)
    _, first = np.unique(numbers, return_index=True)
    return numbers, first


def one_by_one(
    records: Records, columns: Sequence[str], table: str, firsts: Ints
) -> list[dict[tuple[str, str], Any]]:
    """What some rows say in some columns, as part of a scope."""
    kept = [((table, name), records[name].values, records[name].codes[firsts].tolist()) for name in columns]
    return [{place: values[codes[at]] for place, values, codes in kept} for at in range(len(firsts))]


def evaluated(
    records: Records,
    sides: tuple[Sequence[str], Sequence[str]],
    pairs: tuple[Ints, Ints],
    found: Callable[[Mapping[tuple[str, str], Any]], int],
) -> Ints:
    """A number for each pair of rows, asked once for each distinct pair of what the two say."""
    rows = len(next(iter(records.values())).codes)
    (ones, first), (others, other_first) = (together(records, it, rows) for it in sides)
    left = one_by_one(records, sides[0], "l", first)
    right = one_by_one(records, sides[1], "r", other_first)
    numbers, inverse = np.unique(ones[pairs[0]] * len(right) + others[pairs[1]], return_inverse=True)
    answers = (found(left[it // len(right)] | right[it % len(right)]) for it in numbers.tolist())
    return np.fromiter(answers, dtype=np.int64, count=len(numbers))[inverse]


def blocked(model: SplinkModel, records: Records, rank: Ints, sources: Ints) -> tuple[Ints, Ints]:
    """Pairs of rows that a rule brings together, each once; left is who comes first by `rank`."""
    rows = len(rank)
    found = [np.zeros(0, dtype=np.int64)]
    for rule in model.rules:
        left, right = _candidates(rule, records, rows)
        kept = rank[left] < rank[right]
        if model.link_type == "link_only":
            kept &= sources[left] != sources[right]
        left, right = left[kept], right[kept]
        if rule.rest is not None and len(left):
            held = _held(rule, rule.rest, records, (left, right))
            left, right = left[held], right[held]
        found.append(left * rows + right)
    numbers = np.unique(np.concatenate(found))
    return numbers // max(rows, 1), numbers % max(rows, 1)


def _candidates(rule: Rule, records: Records, rows: int) -> tuple[Ints, Ints]:
    """Rows whose left values equal the right values of another: every pair, both ways and with itself."""
    ones = np.zeros(rows, dtype=np.int64)
    others = np.zeros(rows, dtype=np.int64)
    said = np.ones(rows, dtype=np.bool_)
    for one, other in rule.equal:
        place: dict[Any, int] = {None: 0}
        mine = _keys(rule, records, one, "l", place, rows)
        theirs = _keys(rule, records, other, "r", place, rows)
        said_now = (mine > 0, theirs > 0)
        both = np.concatenate([ones * len(place) + mine, others * len(place) + theirs])
        _, numbers = np.unique(both, return_inverse=True)
        ones, others = numbers[:rows], numbers[rows:]
        ones = np.where(said & said_now[0], ones, -1)
        others = np.where(said & said_now[1], others, -2)
    order = np.argsort(others, kind="stable")
    held = others[order]
    starts, ends = np.searchsorted(held, ones, "left"), np.searchsorted(held, ones, "right")
    counts = ends - starts
    total = int(counts.sum())
    if total > PAIRS_MOST:
        raise CallerError(
            f"Blocking rule {rule.text!r} brings {total:,} pairs, more than {PAIRS_MOST:,}.",
            hint="Make the rule narrower in the model, such as by one more equality.",
        )
    left = np.repeat(np.arange(rows, dtype=np.int64), counts)
    within = np.arange(total, dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, order[np.repeat(starts, counts) + within]


def _keys(
    rule: Rule, records: Records, tree: Expression, table: str, place: dict[Any, int], rows: int
) -> Ints:
    """The place of what an expression comes to for each row; 0 is null."""
    columns = sorted({it.name for it in columns_of(tree)})
    numbers, first = together(records, columns, rows)
    value = compiled(tree)
    scopes = one_by_one(records, columns, table, first)
    codes = [place.setdefault(_asked(rule, value, it), len(place)) for it in scopes]
    return np.array(codes, dtype=np.int64)[numbers]


def _held(rule: Rule, tree: Expression, records: Records, pairs: tuple[Ints, Ints]) -> Flags:
    columns = set(columns_of(tree))
    left, right = (sorted(it.name for it in columns if it.table == side) for side in ("l", "r"))
    value = compiled(tree)
    return evaluated(records, (left, right), pairs, lambda it: _asked(rule, value, it) is True) > 0


def _asked(rule: Rule, value: Value, scope: Mapping[tuple[str, str], Any]) -> Any:
    try:
        return value(scope)
    except (SqlError, TypeError) as error:
        reason = str(error) if isinstance(error, SqlError) else "takes values of a type it cannot take"
        raise CallerError(f"Blocking rule {rule.text!r} {reason}.", hint=TYPES_HINT) from error


TYPES_HINT = "Give the table as Parquet, with the types that Splink saw; every column of a CSV file is text."
