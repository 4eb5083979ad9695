"""Splink beside us on the same rows in the same call: its threshold at 0.95, and the best one by the truth.

Splink is no dependency of the product. It runs in `.cache/splink`, which `make bench-splink-env` makes from
`requirements/bench-splink.txt`. Its columns are given to it trimmed and in lower case, with blanks as nulls.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.ground import ROOT
from bench.identity_link import TRIALS, tables
from bench.identity_world import world_table
from onefold.app.resolving import Resolver

PEER = ROOT / "bench" / "splink_peer.py"
MAKE_IT = "not here; make bench-splink-env makes it"
WORLD_RECORDS, QUICK_RECORDS = 50_000, 5_000


class Setup(NamedTuple):
    """How Splink is set up: kinds of columns, and by which to block, to be sure and to train."""

    comparisons: dict[str, str]
    blocking: list[list[str]]
    sure: list[list[str]]
    training: list[list[str]]


_FEBRL = Setup(
    {
        "given_name": "name", "surname": "name", "date_of_birth": "exact", "soc_sec_id": "number",
        "address_1": "text", "postcode": "number", "suburb": "text",
    },
    [
        ["given_name", "surname"], ["date_of_birth"], ["soc_sec_id"], ["postcode", "surname"],
        ["postcode", "given_name"], ["address_1"],
    ],
    [["soc_sec_id"], ["given_name", "surname", "date_of_birth"]],
    [["date_of_birth"], ["postcode"]],
)  # fmt: skip
SETUPS = {
    "fake_1000": Setup(
        {"first_name": "name", "surname": "name", "dob": "date", "city": "exact", "email": "email"},
        [["first_name"], ["surname"], ["dob"], ["email"]],
        [["first_name", "surname", "dob"], ["email"]],
        [["first_name", "surname"], ["dob"]],
    ),
    "febrl3": _FEBRL,
    "febrl4": _FEBRL,
    "hist50k": Setup(
        {
            "first_name": "name", "surname": "name", "dob": "date", "birth_place": "exact",
            "postcode_fake": "postcode", "occupation": "exact",
        },
        [
            ["first_name", "surname"], ["surname", "dob"], ["first_name", "dob"],
            ["postcode_fake", "first_name"], ["postcode_fake", "surname"], ["dob", "birth_place"],
            ["dob", "postcode_fake"],
        ],
        [["first_name", "surname", "dob"], ["postcode_fake", "surname", "dob"]],
        [["first_name", "surname"], ["dob"]],
    ),
    "world": Setup(
        {
            "given_name": "name", "family_name": "name", "birth_date": "date", "national_id": "number",
            "phone": "number", "email": "email", "street": "text", "city": "exact", "postcode": "exact",
        },
        [
            ["national_id"], ["phone"], ["email"], ["family_name", "birth_date"],
            ["given_name", "birth_date"], ["family_name", "given_name"], ["birth_date", "postcode"],
        ],
        [["national_id"], ["email", "birth_date"], ["given_name", "family_name", "birth_date"]],
        [["given_name", "family_name"], ["birth_date"]],
    ),
}  # fmt: skip


def interpreter() -> Path | None:
    """The Python of Splink's environment, if it was made."""
    stated = os.environ.get("ONEFOLD_SPLINK_PYTHON")
    found = Path(stated) if stated else ROOT / ".cache" / "splink" / "bin" / "python"
    return found if found.exists() else None


def run(shared: Path | None, quick: bool) -> None:
    """Each set that is here: what Splink makes of it, and what we do."""
    python = interpreter()
    if python is None:
        print(f"Splink: {MAKE_IT}")
        return
    for trial in TRIALS:
        if quick and trial.name == "hist50k":
            continue
        if shared is None:
            print(f"{trial.name}: not here; set ONEFOLD_SHARED_DATA")
            continue
        beside(python, trial.name, tables(trial.name, shared / "er"), SETUPS[trial.name])
    world = world_table(QUICK_RECORDS if quick else WORLD_RECORDS).drop_columns(["source"])
    beside(python, "world", [world], SETUPS["world"])


def beside(python: Path, name: str, given: list[pa.Table], setup: Setup) -> None:
    """Two lines a set."""
    began, used = time.perf_counter(), time.process_time()
    found = Resolver(truth="cluster", link_only=len(given) > 1).resolve(*given)
    took, cpu = time.perf_counter() - began, time.process_time() - used
    measures = found.measures
    assert measures is not None
    print(
        f"{name:<12} ours     F1 {measures.f1:.4f} at the default, {took:6.1f} s ({cpu:.1f} s of processor)"
    )
    said = splink(python, name, given, setup)
    if "error" in said:
        print(f"{name:<12} Splink   did not run: {said['error']}")
        return
    best = f"{said['best_f1']:.4f} at {said['best_threshold']} chosen on the truth"
    cost = f"{said['seconds']:6.1f} s ({said['cpu_seconds']:.1f} s of processor), {said['peak_mib']:,.0f} MiB"
    print(f"{name:<12} Splink   F1 {said['f1']:.4f} at 0.95, {best}, {cost}")
    print(f"{'':<12} Splink {said['splink']} on DuckDB {said['duckdb']}", flush=True)


def splink(python: Path, name: str, given: list[pa.Table], setup: Setup, **more: Any) -> dict[str, Any]:
    """What the peer says; its last words where it failed."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}{at}.parquet" for at in range(len(given))]
        for path, table in zip(paths, given, strict=True):
            pq.write_table(_plain(table, setup), path)
        settings = Path(folder) / "settings.json"
        settings.write_text(json.dumps({**setup._asdict(), "random_pairs": 2_000_000, **more}))
        ran = subprocess.run(
            [python, PEER, settings, *paths], capture_output=True, text=True, cwd=folder, check=False
        )
    if ran.returncode:
        return {"error": (ran.stderr.strip().splitlines() or ["nothing said"])[-1]}
    answer: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return answer


def _plain(table: pa.Table, setup: Setup) -> pa.Table:
    """The columns that are compared, trimmed, in lower case, blanks as nulls; an id for each row."""
    columns: dict[str, Any] = {
        "unique_id": pa.array([str(it) for it in range(table.num_rows)]),
        "cluster": table["cluster"].combine_chunks(),
    }
    for name in setup.comparisons:
        text = pc.utf8_lower(pc.utf8_trim_whitespace(table[name].cast(pa.string()).combine_chunks()))
        columns[name] = pc.if_else(pc.equal(text, ""), None, text)
    return pa.table(columns)
