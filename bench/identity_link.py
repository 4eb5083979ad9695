"""Who is who in files whose truth is known: quality at the default threshold, seconds, memory."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from onefold.app.resolving import Resolver
from onefold.testing.world.generate import generate
from onefold.testing.world.tables import KINDS, WHO
from onefold.testing.world.tables import tables as world_tables

CALIBRATION_MOST = 0.03
WORLD_PEOPLE, WORLD_SEED, WORLD_REACH = 3_000, 7, 0.97


class Trial(NamedTuple):
    """A set with its truth: F1 to reach, and the size that no cluster may exceed (0: any)."""

    name: str
    reach: float
    largest: int


TRIALS = (
    Trial("fake_1000", 0.92, 0),
    Trial("febrl3", 0.997, 0),
    Trial("febrl4", 0.9995, 0),
    Trial("hist50k", 0.88, 25),
)


def tables(name: str, folder: Path) -> list[pa.Table]:
    """The tables of a set, with the truth in `cluster`."""
    if name == "hist50k":
        return [pq.read_table(folder / "hist50k.parquet")]
    if name == "fake_1000":
        return [csv_table(folder / "fake_1000.csv")]
    files = ["febrl3"] if name == "febrl3" else ["febrl4a", "febrl4b"]
    return [_with_truth(csv_table(folder / f"{it}.csv")) for it in files]


def csv_table(path: Path) -> pa.Table:
    """A file of text, every column of it as it is written."""
    with pa_csv.open_csv(path) as reader:
        names = reader.schema.names
    text = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return pa_csv.read_csv(path, convert_options=text).rename_columns([it.strip() for it in names])


def _with_truth(table: pa.Table) -> pa.Table:
    truth = ["-".join(it.strip().split("-")[:2]) for it in table["rec_id"].to_pylist()]
    return table.append_column("cluster", pa.array(truth))


def judge(trial: Trial, folder: Path) -> None:
    """One line a target."""
    given: list[Any] = tables(trial.name, folder)
    began, used = time.perf_counter(), time.process_time()
    found = Resolver(truth="cluster", link_only=len(given) > 1).resolve(*given)
    took, cpu = time.perf_counter() - began, time.process_time() - used
    measures = found.measures
    assert measures is not None
    largest = int(np.bincount(found.linked.labels).max())
    told = f"P {measures.precision:.4f} R {measures.recall:.4f} blocking {measures.blocking_recall:.4f}"
    line(
        f"{trial.name}: pairwise F1",
        f"≥ {trial.reach}",
        f"{measures.f1:.4f}",
        told,
        measures.f1 >= trial.reach,
    )
    if trial.largest:
        line(f"{trial.name}: largest", f"≤ {trial.largest}", str(largest), "", largest <= trial.largest)
    error = measures.calibration_error
    line(
        f"{trial.name}: calibration error",
        f"≤ {CALIBRATION_MOST}",
        f"{error:.4f}",
        "",
        error <= CALIBRATION_MOST,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':<34} {took:.1f} s, {cpu:.1f} s of processor, peak so far {peak:,.0f} MiB")


def line(what: str, target: str, measured: str, told: str, good: bool) -> None:
    """One result."""
    print(f"{what:<34} {target:>10} {measured:>10}  {told:<50} {'OK' if good else 'SHORT'}")


def judge_world(latin: bool) -> None:
    """A made bank and telecom, in mixed scripts or in Latin alone."""
    with TemporaryDirectory() as folder:
        generate(Path(folder) / "world", people=WORLD_PEOPLE, seed=WORLD_SEED, latin=latin)
        given = world_tables(Path(folder) / "world")
    found = Resolver({**KINDS, WHO: ""}, id="record_id", truth=WHO).resolve(*given.values(), sources=[*given])
    measures = found.measures
    assert measures is not None
    name = f"world, {'Latin' if latin else 'mixed'}"
    told = f"P {measures.precision:.4f} R {measures.recall:.4f} blocking {measures.blocking_recall:.4f}"
    line(f"{name}: pairwise F1", f"≥ {WORLD_REACH}", f"{measures.f1:.4f}", told, measures.f1 >= WORLD_REACH)
    error = measures.calibration_error
    good = error <= CALIBRATION_MOST
    line(f"{name}: calibration error", f"≤ {CALIBRATION_MOST}", f"{error:.4f}", "", good)


def run(shared: Path | None, quick: bool) -> None:
    """Every set that is here; the large one not in a hurry."""
    for trial in TRIALS:
        if quick and trial.name == "hist50k":
            continue
        if shared is None:
            print(f"{trial.name}: not here; set ONEFOLD_SHARED_DATA")
            continue
        judge(trial, shared / "er")
    for latin in (False, True):
        judge_world(latin)
