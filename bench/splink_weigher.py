"""Splink's own weights, in an environment of its own: run by `identity_weights.py`, never imported.

Usage: splink_weigher.py TABLE.parquet MODEL.json PAIRS.json. It trains a model whose levels use as much of
Splink's library as a bank would, writes it as Splink writes models, and the weight of every pair that its
blocking rules bring. `splink_weigher.py ASKED.json ANSWERS.json` asks DuckDB expressions alone.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any


def comparisons() -> list[Any]:
    """Of the library whatever DuckDB runs, and conditions that people write by hand."""
    ready = importlib.import_module("splink.comparison_library")
    level = importlib.import_module("splink.comparison_level_library")
    column = importlib.import_module("splink").ColumnExpression
    own = ready.CustomComparison
    return [
        ready.NameComparison("given_name"),
        ready.ForenameSurnameComparison("given_name", "family_name"),
        ready.DateOfBirthComparison("birth_date", input_is_string=True),
        ready.AbsoluteDateDifferenceAtThresholds(
            "born", input_is_string=False, metrics=["day", "month"], thresholds=[3, 2]
        ),
        ready.EmailComparison("email"),
        ready.PostcodeComparison("postcode", lat_col="lat", long_col="long", km_thresholds=[5, 50]),
        ready.DamerauLevenshteinAtThresholds("phone", [1, 2]),
        ready.LevenshteinAtThresholds("national_id", [1]),
        ready.JaccardAtThresholds("street", [0.9, 0.7]),
        ready.ArrayIntersectAtSizes("numbers", [2, 1]),
        own(
            output_column_name="city",
            comparison_levels=[
                level.NullLevel("city"),
                level.ExactMatchLevel("city", term_frequency_adjustments=True).configure(
                    tf_adjustment_weight=0.5, tf_minimum_u_value=0.02
                ),
                level.JaroLevel("city", 0.85).configure(tf_adjustment_column="city"),
                level.ExactMatchLevel(column("city").lower().substr(1, 3).nullif("")),
                level.ElseLevel(),
            ],
        ),
        own(
            output_column_name="amount",
            comparison_levels=[
                level.NullLevel("amount"),
                level.PercentageDifferenceLevel("amount", 0.05),
                level.AbsoluteDifferenceLevel("amount", 40),
                level.LiteralMatchLevel("amount", "0", "int", "left"),
                level.ElseLevel(),
            ],
        ),
        own(
            output_column_name="names turned",
            comparison_levels=[
                level.And(level.NullLevel("given_name"), level.Not(level.ExactMatchLevel("city"))),
                level.ColumnsReversedLevel("given_name", "family_name", symmetrical=True),
                level.Or(level.LevenshteinLevel("given_name", 1), level.LevenshteinLevel("family_name", 1)),
                level.CustomLevel("upper(given_name_l) || ' ' || coalesce(city_l, '?') in ('ANNA ?', 'A B')"),
                level.CustomLevel(
                    "list_max(list_transform(numbers_l, lambda x: list_max(list_transform(numbers_r, "
                    "lambda y: jaro_winkler_similarity(x, y))))) >= 0.95"
                ),
                level.CustomLevel(
                    "CASE WHEN length(city_l) > 7 THEN city_r LIKE 'S%' ELSE born_l < born_r END"
                ),
                level.ElseLevel(),
            ],
        ),
    ]


def weigh(table: Path, model: Path, pairs: Path) -> None:
    """Trains, keeps the model, and says the weight of every pair."""
    splink = importlib.import_module("splink")
    block = splink.block_on
    engine = splink.DuckDBAPI()
    frame = importlib.import_module("pyarrow.parquet").read_table(table)
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=[
            block("national_id"),
            block("email"),
            block("family_name", "substr(given_name, 1, 1)"),
            "l.given_name = r.family_name and l.family_name = r.given_name",
            "lower(l.city) = lower(r.city) and l.birth_date = r.birth_date and l.amount <> r.amount",
            "l.phone = r.phone or (l.postcode = r.postcode and l.given_name = r.given_name)",
        ],
    )
    if version("splink").startswith("4."):
        linker = splink.Linker(frame, settings, engine)
    else:
        linker = splink.Linker(engine.register(frame), settings)
    training = linker.training
    sure = [block("national_id"), block("given_name", "family_name", "birth_date")]
    training.estimate_probability_two_random_records_match(sure, recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in (["birth_date"], ["email"]):
        training.estimate_parameters_using_expectation_maximisation(block(*columns))
    found = linker.misc.save_model_to_json(out_path=None)
    model.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    predicted = linker.inference.predict()
    sql = f"select unique_id_l, unique_id_r, match_weight from {predicted.physical_name} order by all"
    pairs.write_text(json.dumps([list(it) for it in engine._con.execute(sql).fetchall()]))


def ask(asked: Path, answers: Path) -> None:
    """What DuckDB says to each expression; the error's kind where it says none."""
    duckdb = importlib.import_module("duckdb")
    with duckdb.connect() as connection:
        found: list[Any] = []
        for it in json.loads(asked.read_text()):
            try:
                (value,) = connection.execute(f"select {it}").fetchone()
                plain = value is None or isinstance(value, (bool, int, float, str))
                found.append({"value": value if plain else repr(value)})
            except duckdb.Error as error:
                found.append({"error": type(error).__name__})
    answers.write_text(json.dumps(found))


def main() -> None:
    """By the number of arguments."""
    logging.disable(logging.WARNING)
    paths = [Path(it) for it in sys.argv[1:4]]
    if len(paths) == 2:
        ask(*paths)
    else:
        weigh(*paths)


if __name__ == "__main__":
    main()
