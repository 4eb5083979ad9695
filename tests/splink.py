"""Records, a model and weights that Splink made (`bench/identity_weights.py`), and small models by hand.

The records are of the generated world: nobody of them lives. Splink 5.0.0 on DuckDB 2.0.1 trained the model
on them and said the weight of each pair; `python -m bench.identity_weights FOLDER` makes the files anew.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa

from bench.identity_weights import SCHEMA

FOLDER = Path(__file__).parent / "unit" / "customer" / "identity" / "splink"


def model() -> bytes:
    """As Splink wrote it."""
    return (FOLDER / "model.json").read_bytes()


def records() -> pa.Table:
    """With the types that Splink saw."""
    rows = [json.loads(it) for it in (FOLDER / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    for it in rows:
        it["born"] = it["born"] and date.fromisoformat(it["born"])
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def weights() -> dict[tuple[str, str], float]:
    """Splink's, by pair of ids."""
    lines = (FOLDER / "weights.jsonl").read_text(encoding="utf-8").splitlines()
    return {(str(one), str(other)): bits for one, other, bits in map(json.loads, lines)}


def answers() -> list[tuple[str, object]]:
    """Expressions, and what DuckDB says to each."""
    asked, said = (FOLDER / it for it in ("expressions.txt", "answers.jsonl"))
    answered = map(json.loads, said.read_text(encoding="utf-8").splitlines())
    return list(zip(asked.read_text(encoding="utf-8").splitlines(), answered, strict=True))


def level(condition, m=None, u=None, **more):
    """A level as it stands in a file."""
    shares = {"m_probability": m, "u_probability": u}
    return {"sql_condition": condition, **{name: it for name, it in shares.items() if it is not None}, **more}


def settings(*levels, rules=('l."name" = r."name"',), **more):
    """A file with one comparison."""
    rest = () if levels and levels[-1]["sql_condition"] == "ELSE" else (level("ELSE", 0.1, 0.9),)
    said = {
        "link_type": "dedupe_only",
        "comparisons": [{"output_column_name": "name", "comparison_levels": [*levels, *rest]}],
        "blocking_rules_to_generate_predictions": [
            it if isinstance(it, dict) else {"blocking_rule": it, "sql_dialect": "duckdb"} for it in rules
        ],
        "probability_two_random_records_match": 0.2,
        "sql_dialect": "duckdb",
    }
    return json.dumps(said | more).encode()
