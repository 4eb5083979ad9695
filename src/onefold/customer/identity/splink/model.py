"""A model that Splink wrote (`save_model_to_json`, versions 4 and 5), checked and ready to weigh pairs by.

Theory
------
Splink is the model of Fellegi and Sunter (1969) with independent comparisons: the weight of a pair is the
log2 odds of the prior plus, for each comparison, log2(m/u) of the first level whose condition holds. A level
of nulls says nothing. A level with a term frequency says more where the value is rare: on top come
`weight * (log2 u - log2 f)`, where u is that of the level of equality in this column and f the greater of the
frequencies that the two values have, but no less than a stated least. What was never trained has Splink's
default, as it has there: shares by the number of levels alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from onefold.customer.identity.splink.evaluating import Value, compiled
from onefold.customer.identity.splink.functions import BY_BYTES
from onefold.customer.identity.splink.sql import (
    Call,
    Column,
    Expression,
    SqlError,
    columns_of,
    flattened,
    parse,
    renamed,
    sided,
)
from onefold.kernel.errors import CallerError

PROBABILITY_LEAST = 1e-300
LINK_TYPES = ("dedupe_only", "link_only", "link_and_dedupe")
_ELSE = "ELSE"


class Term(NamedTuple):
    """How much of a value's rarity counts: by which column, against which log2 u, no rarer than the least."""

    column: str
    weight: float
    log2_u: float
    least: float


class Level(NamedTuple):
    """One way in which two records stand to each other; `bits` is what it says. No condition: the rest."""

    label: str
    condition: Expression | None
    bits: float
    term: Term | None


class Comparison(NamedTuple):
    """Levels, of which the first counts that holds; and the columns that they look at, on each side."""

    name: str
    levels: tuple[Level, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]


class Rule(NamedTuple):
    """Which pairs are looked at: where each left expression equals its right one, and the rest holds."""

    text: str
    equal: tuple[tuple[Expression, Expression], ...]
    rest: Expression | None


class SplinkModel(NamedTuple):
    """What a file of Splink says. `prior` is in bits; `untrained` are levels that have Splink's defaults.

    `duckdb` is the version whose distances count: 1 takes them between bytes, 2 between letters.
    """

    digest: str
    duckdb: int
    link_type: str
    id_column: str
    prior: float
    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    untrained: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns whose frequencies count."""
        terms = (level.term for it in self.comparisons for level in it.levels)
        return tuple(sorted({it.column for it in terms if it is not None}))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a table must have."""
        found = {self.id_column, *self.terms}
        found.update(name for it in self.comparisons for name in (*it.left, *it.right))
        trees = [tree for it in self.rules for pair in it.equal for tree in pair]
        trees += [it.rest for it in self.rules if it.rest is not None]
        found.update(column.name for tree in trees for column in columns_of(tree))
        return tuple(sorted(found))


class _LevelSaid(msgspec.Struct, frozen=True):
    sql_condition: str
    label_for_charts: str | None = None
    m_probability: float | None = None
    u_probability: float | None = None
    is_null_level: bool = False
    tf_adjustment_column: str | None = None
    tf_adjustment_weight: float | None = 1.0
    tf_minimum_u_value: float | None = 0.0
    disable_tf_exact_match_detection: bool = False


class _ComparisonSaid(msgspec.Struct, frozen=True):
    comparison_levels: tuple[_LevelSaid, ...]
    output_column_name: str | None = None


class _RuleSaid(msgspec.Struct, frozen=True):
    blocking_rule: str
    arrays_to_explode: tuple[str, ...] | None = None


class _Said(msgspec.Struct, frozen=True):
    """The members of the file that decide; all others are settings of Splink's own work."""

    link_type: str
    comparisons: tuple[_ComparisonSaid, ...]
    probability_two_random_records_match: float
    blocking_rules_to_generate_predictions: tuple[_RuleSaid | str, ...] = ()
    unique_id_column_name: str = "unique_id"
    sql_dialect: str = "duckdb"
    match_weight_column_prefix: str | None = None
    """Splink 5 writes it, and Splink 4 does not know it."""


class _Shares(NamedTuple):
    """m and u of a level, and whether both were trained."""

    m: float
    u: float
    trained: bool


def model_from_splink(text: bytes, duckdb: int | None = None) -> SplinkModel:
    """Reads a model; `CallerError` names the comparison and the level that cannot be followed, and why.

    Where nobody says which DuckDB it was trained on, a file of Splink 4 counts as of DuckDB 1, and one of
    Splink 5 as of DuckDB 2.
    """
    try:
        said = msgspec.json.decode(text, type=_Said)
    except msgspec.MsgspecError as error:
        raise CallerError(
            "This is no model of Splink.",
            detail=f"{error}.",
            hint="Give the file that linker.misc.save_model_to_json wrote, of Splink 4 or 5.",
        ) from error
    prior = said.probability_two_random_records_match
    if said.sql_dialect != "duckdb":
        raise _unusable(f"Its SQL is that of {said.sql_dialect}, and that of DuckDB alone is known here.")
    if said.link_type not in LINK_TYPES or not 0 < prior < 1 or not said.comparisons:
        raise _unusable("It has no comparisons, a link type that is not known, or a prior that is no share.")
    if duckdb is None:
        duckdb = 1 if said.match_weight_column_prefix is None else 2
    if duckdb not in (1, 2):
        raise CallerError("Distances are known of DuckDB 1 and of DuckDB 2.")
    names = BY_BYTES if duckdb == 1 else {}
    untrained: list[str] = []
    comparisons = tuple(_comparison(it, names, untrained) for it in said.comparisons)
    rules = tuple(rule for it in said.blocking_rules_to_generate_predictions for rule in _rules(it, names))
    if not rules:
        raise _unusable("It has no blocking rules to generate predictions, so no pair would be looked at.")
    return SplinkModel(
        sha256(text).hexdigest(),
        duckdb,
        said.link_type,
        said.unique_id_column_name.lower(),
        math.log2(prior / (1 - prior)),
        comparisons,
        rules,
        tuple(untrained),
    )


def _unusable(detail: str) -> CallerError:
    return CallerError("This model of Splink cannot be used here.", detail=detail)


def where(comparison: str, level: str) -> str:
    """How a level is named in an error."""
    return f"Level {level!r} of comparison {comparison!r}"


def _comparison(said: _ComparisonSaid, names: Mapping[str, str], untrained: list[str]) -> Comparison:
    levels = said.comparison_levels
    name = said.output_column_name or _named_by(levels)
    trees = [_condition(name, it, names) for it in levels]
    if not levels or levels[-1].sql_condition.strip().upper() != _ELSE:
        raise _unusable(f"The last level of comparison {name!r} is not ELSE.")
    shares = _shares(levels)
    untrained.extend(
        f"{name}: {_label(it)}" for it, share in zip(levels, shares, strict=True) if not share.trained
    )
    us = _us_of_equality(trees, shares)
    made = tuple(_level(name, *it, us) for it in zip(levels, trees, shares, strict=True))
    columns = {it for tree in trees if tree is not None for it in columns_of(tree)}
    left, right = (sorted(it.name for it in columns if it.table == side) for side in ("l", "r"))
    return Comparison(name, made, tuple(left), tuple(right))


def _named_by(levels: Sequence[_LevelSaid]) -> str:
    return levels[0].sql_condition if levels else ""


def _label(level: _LevelSaid) -> str:
    return level.label_for_charts or level.sql_condition


def _condition(comparison: str, level: _LevelSaid, names: Mapping[str, str]) -> Expression | None:
    """The tree of a level's condition, which is known to be followed."""
    if level.sql_condition.strip().upper() == _ELSE:
        return None
    try:
        tree = renamed(sided(parse(level.sql_condition)), names)
        compiled(tree)
    except SqlError as error:
        raise _unusable(f"{where(comparison, _label(level))} {error}.") from error
    return tree


def _shares(levels: Sequence[_LevelSaid]) -> list[_Shares]:
    """The shares of each level; nulls have 1 and 1.

    Defaults are Splink's (`_default_m_values`, `_default_u_values`), by place: the best level has m 0.95 and
    10 bits, the others share the rest of m and have from -5 to 3 bits in equal steps.
    """
    told = [it for it in levels if not it.is_null_level]
    count = len(told)
    rest = 0.05 / max(count - 1, 1)
    found: list[_Shares] = []
    place = count - 1
    for it in levels:
        if it.is_null_level:
            found.append(_Shares(1.0, 1.0, True))
            continue
        usual = 0.95 if place == count - 1 else rest
        step = 8 / (count - 2) if count > 2 else 0.0
        bits = 10.0 if place == count - 1 else -5 + step * place
        m = usual if it.m_probability is None else it.m_probability
        u = usual / 2**bits if it.u_probability is None else it.u_probability
        trained = it.m_probability is not None and it.u_probability is not None
        found.append(_Shares(max(m, PROBABILITY_LEAST), max(u, PROBABILITY_LEAST), trained))
        place -= 1
    return found


def _us_of_equality(trees: Sequence[Expression | None], shares: Sequence[_Shares]) -> dict[str, float]:
    """The u of the first level that is nothing but equality in one column, by column."""
    found: dict[str, float] = {}
    for tree, share in zip(trees, shares, strict=True):
        match tree:
            case Call("=", (Column("l", one), Column("r", other))) if one == other:
                found.setdefault(one, share.u)
            case Call("=", (Column("r", one), Column("l", other))) if one == other:
                found.setdefault(one, share.u)
            case _:
                pass
    return found


def _level(
    comparison: str, said: _LevelSaid, tree: Expression | None, share: _Shares, us: dict[str, float]
) -> Level:
    label = _label(said)
    bits = 0.0 if said.is_null_level else math.log2(share.m / share.u)
    weight = 1.0 if said.tf_adjustment_weight is None else said.tf_adjustment_weight
    if said.tf_adjustment_column is None or weight == 0 or tree is None or said.is_null_level:
        return Level(label, tree, bits, None)
    column = said.tf_adjustment_column.strip('"`').lower()
    u = share.u if said.disable_tf_exact_match_detection else us.get(column)
    if u is None:
        raise _unusable(
            f"{where(comparison, label)} counts term frequencies of {column}, "
            "and no level is equality in it alone."
        )
    return Level(label, tree, bits, Term(column, weight, math.log2(u), said.tf_minimum_u_value or 0.0))


def _rules(said: _RuleSaid | str, names: Mapping[str, str]) -> Iterator[Rule]:
    """A rule for each of the alternatives that a blocking rule has."""
    text = said if isinstance(said, str) else said.blocking_rule
    if not isinstance(said, str) and said.arrays_to_explode:
        raise _unusable(f"Blocking rule {text!r} takes lists apart, which is not done here.")
    try:
        tree = renamed(sided(parse(text)), names)
        compiled(tree)
        for alternative in flattened(tree, "or"):
            yield _rule(text, alternative)
    except SqlError as error:
        raise _unusable(f"Blocking rule {text!r} {error}.") from error


def _rule(text: str, tree: Expression) -> Rule:
    equal: list[tuple[Expression, Expression]] = []
    rest: list[Expression] = []
    for it in flattened(tree, "and"):
        pair = _equality(it)
        if pair is None:
            rest.append(it)
        else:
            equal.append(pair)
    if not equal:
        raise SqlError(
            "has no equality between the two records, so every record would be compared with every other"
        )
    return Rule(text, tuple(equal), None if not rest else Call("and", tuple(rest)))


def _equality(tree: Expression) -> tuple[Expression, Expression] | None:
    """The left and the right side of an equality between what the left and what the right record says."""
    if not isinstance(tree, Call) or tree.name != "=":
        return None
    one, other = tree.arguments
    tables = [{it.table for it in columns_of(side)} for side in (one, other)]
    if tables == [{"l"}, {"r"}]:
        return one, other
    return (other, one) if tables == [{"r"}, {"l"}] else None


def condition_of(level: Level) -> Value:
    """Whether a level holds."""
    return (lambda _: True) if level.condition is None else compiled(level.condition)
