"""Splink on one set, in an environment of its own: run by `bench/identity_splink.py`, never imported.

Usage: splink_peer.py SETTINGS.json TABLE.parquet...; the last line of the output says what came of it.
The tables have `unique_id` and the truth in `cluster`. It trains as the tutorial of Splink does: the prior
from deterministic rules, u from random pairs, m by expectation maximisation over two blocks.
"""

from __future__ import annotations

import importlib
import json
import logging
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999, 0.99999)
DEFAULT = 0.95


def comparison(column: str, kind: str) -> Any:
    """What Splink's own library has for a kind of column."""
    library = importlib.import_module("splink.comparison_library")
    if kind == "name":
        return library.NameComparison(column)
    if kind == "date":
        return library.DateOfBirthComparison(column, input_is_string=True)
    if kind == "email":
        return library.EmailComparison(column)
    if kind == "postcode":
        return library.PostcodeComparison(column)
    if kind == "number":
        return library.DamerauLevenshteinAtThresholds(column, [1, 2])
    if kind == "text":
        made = library.JaroWinklerAtThresholds(column, [0.92, 0.8])
        return made.configure(term_frequency_adjustments=True)
    return library.ExactMatch(column).configure(term_frequency_adjustments=True)


def trained(asked: dict[str, Any], paths: list[str]) -> tuple[Any, Any]:
    """A trained linker, and the engine it runs on."""
    splink = importlib.import_module("splink")
    read = importlib.import_module("pyarrow.parquet").read_table
    engine = splink.DuckDBAPI()
    frames = [engine.register(read(it), dataset_display_name=Path(it).stem) for it in paths]
    block = splink.block_on
    settings = splink.SettingsCreator(
        link_type="link_only" if len(paths) > 1 else "dedupe_only",
        comparisons=[comparison(column, kind) for column, kind in asked["comparisons"].items()],
        blocking_rules_to_generate_predictions=[block(*it) for it in asked["blocking"]],
        retain_intermediate_calculation_columns=asked.get("detailed", False),
        additional_columns_to_retain=["cluster"],
    )
    linker = splink.Linker(frames if len(frames) > 1 else frames[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block(*it) for it in asked["sure"]], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=asked["random_pairs"], seed=1)
    for columns in asked["training"]:
        training.estimate_parameters_using_expectation_maximisation(block(*columns))
    return linker, engine


def measured(linker: Any, engine: Any, predicted: Any, threshold: float) -> tuple[float, int]:
    """Pairwise F1 of the clusters at a threshold, and the size of the largest."""
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
    counted = (
        "select coalesce(sum(n * (n - 1) / 2), 0), max(n)"
        " from (select count(*) as n from {table} group by {by})"
    )

    def ask(sql: str) -> list[Any]:
        return list(engine._con.execute(sql).fetchall()[0])

    table = found.physical_name
    joined, largest = ask(counted.format(table=table, by="cluster_id"))
    both, _ = ask(counted.format(table=table, by="cluster_id, cluster"))
    real, _ = ask(counted.format(table=table, by="cluster"))
    return float(2 * both / (joined + real)), int(largest)


def main() -> None:
    """Trains, predicts, clusters, and prints what came of it."""
    logging.disable(logging.WARNING)
    asked = json.loads(Path(sys.argv[1]).read_text())
    began, used = time.perf_counter(), time.process_time()
    linker, engine = trained(asked, sys.argv[2:])
    predicted = linker.inference.predict(threshold_match_probability=0.05)
    at_default = measured(linker, engine, predicted, DEFAULT)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    best = max((measured(linker, engine, predicted, it)[0], it) for it in THRESHOLDS)
    said = {
        "splink": version("splink"),
        "duckdb": version("duckdb"),
        "f1": at_default[0],
        "largest": at_default[1],
        "best_f1": best[0],
        "best_threshold": best[1],
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
