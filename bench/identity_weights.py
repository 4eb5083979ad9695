"""Our weights beside Splink's own, pair by pair, under a model that Splink trained and wrote.

Splink runs in its own environment, as in `identity_splink.py`. Where a folder is named, a small table, the
model and Splink's weights are put there: so the fixture of the product's tests is made, which need no Splink
(`python -m bench.identity_weights tests/unit/customer/identity/splink`).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.ground import ROOT
from bench.identity_splink import MAKE_IT, interpreter
from bench.identity_world import world_table
from onefold.app.splinking import SplinkResolver

PEER = ROOT / "bench" / "splink_weigher.py"
AGREED = 1e-6
RECORDS, QUICK_RECORDS, FIXTURE_RECORDS = 20_000, 2_000, 240
SCHEMA = pa.schema(
    [
        ("unique_id", pa.int64()), ("given_name", pa.string()), ("family_name", pa.string()),
        ("birth_date", pa.string()), ("born", pa.date32()), ("national_id", pa.string()),
        ("phone", pa.string()), ("email", pa.string()), ("street", pa.string()), ("city", pa.string()),
        ("postcode", pa.string()), ("lat", pa.float64()), ("long", pa.float64()), ("amount", pa.int64()),
        ("numbers", pa.list_(pa.string())),
    ]
)  # fmt: skip


class Weighed(NamedTuple):
    """A table, the model that Splink trained on it, and Splink's weight of each pair of ids."""

    table: pa.Table
    model: bytes
    pairs: dict[tuple[int, int], float]


def people(records: int, seed: int = 3) -> pa.Table:
    """Records of the generated world in two scripts, with columns of more types; nobody of it lives."""
    everybody = world_table(max(records, 1_000), latin=False, seed=seed).to_pylist()
    rows = sorted(everybody, key=lambda it: (it["cluster"], it["source"], it["record_id"]))[:records]
    draw = random.Random(seed)
    for number, row in enumerate(rows):
        row |= {it: None for it, value in row.items() if value == ""}
        said = row["birth_date"]
        row["unique_id"] = number
        row["born"] = date.fromisoformat(said) if said else None
        where = random.Random(row["city"] or "")
        row["lat"] = round(where.uniform(37, 45) + draw.uniform(-0.1, 0.1), 5) if row["city"] else None
        row["long"] = round(where.uniform(56, 73) + draw.uniform(-0.1, 0.1), 5) if row["city"] else None
        row["amount"] = draw.choice([None, 0, draw.randint(1, 100), draw.randint(900, 1_000)])
        row["numbers"] = [it for it in (row["phone"], row["national_id"]) if it] or None
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def weighed_by_splink(python: Path, table: pa.Table) -> Weighed:
    """Trains and weighs in Splink's environment; `RuntimeError` with its last words where it fails."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / it for it in ("table.parquet", "model.json", "pairs.json")]
        pq.write_table(table, paths[0])
        ran = subprocess.run([python, PEER, *paths], capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError((ran.stderr.strip().splitlines() or ["nothing said"])[-1])
        pairs = json.loads(paths[2].read_text())
        return Weighed(table, paths[1].read_bytes(), {(one, other): bits for one, other, bits in pairs})


def greatest_difference(weighed: Weighed) -> float:
    """Between our weights and Splink's; infinite where one looked at a pair that the other did not."""
    found = SplinkResolver(weighed.model).resolve(weighed.table).pairs.to_pylist()
    ours = {(int(it["record_id_l"]), int(it["record_id_r"])): it["match_weight"] for it in found}
    if ours.keys() != weighed.pairs.keys():
        return float("inf")
    return max(abs(bits - weighed.pairs[pair]) for pair, bits in ours.items())


def run(quick: bool) -> None:
    """A line: pairs, the greatest difference, and how long we took."""
    python = interpreter()
    if python is None:
        print(f"weights of Splink: {MAKE_IT}")
        return
    weighed = weighed_by_splink(python, people(QUICK_RECORDS if quick else RECORDS))
    began = time.perf_counter()
    apart = greatest_difference(weighed)
    took = time.perf_counter() - began
    verdict = "OK" if apart <= AGREED else "SHORT"
    print(
        f"weights of Splink: {len(weighed.pairs):,} pairs of {weighed.table.num_rows:,} records differ by"
        f" {apart:.1e} bits at most (limit {AGREED}), in {took:.1f} s: {verdict}"
    )


def answers_of_duckdb(python: Path, expressions: list[str]) -> list[Any]:
    """What DuckDB says to each; `{"error": …}` where it says none."""
    with TemporaryDirectory() as folder:
        asked, said = Path(folder) / "asked.json", Path(folder) / "said.json"
        asked.write_text(json.dumps(expressions))
        subprocess.run([python, PEER, asked, said], check=True)
        found: list[Any] = json.loads(said.read_text())
    return [it.get("value", it) for it in found]


def keep(folder: Path) -> None:
    """Writes the fixture; `expressions.txt` in it holds what DuckDB is asked."""
    python = interpreter()
    if python is None:
        raise SystemExit(MAKE_IT)
    weighed = weighed_by_splink(python, people(FIXTURE_RECORDS))
    folder.mkdir(exist_ok=True)
    rows: list[dict[str, Any]] = weighed.table.to_pylist()
    for it in rows:
        it["born"] = it["born"] and it["born"].isoformat()
    said = [json.dumps(it, ensure_ascii=False) for it in rows]
    (folder / "records.jsonl").write_text("\n".join(said) + "\n")
    (folder / "model.json").write_bytes(weighed.model)
    lines = [json.dumps([*pair, bits]) for pair, bits in weighed.pairs.items()]
    (folder / "weights.jsonl").write_text("\n".join(lines) + "\n")
    expressions = (folder / "expressions.txt").read_text(encoding="utf-8").splitlines()
    said = [json.dumps(it, ensure_ascii=False) for it in answers_of_duckdb(python, expressions)]
    (folder / "answers.jsonl").write_text("\n".join(said) + "\n")
    spread = np.array(list(weighed.pairs.values()))
    print(f"{len(lines):,} pairs, from {spread.min():.1f} to {spread.max():.1f} bits, in {folder}")


if __name__ == "__main__":
    keep(Path(sys.argv[1])) if len(sys.argv) > 1 else run(quick=True)
