"""What a table of so many records costs: seconds and peak memory by stage, in a process of its own a size.

The records are those of the generated world. Seconds of processor stand beside those of the clock, since a
machine that others use makes the clock alone mean little.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from bench.ground import ROOT, line
from bench.identity_world import world_table
from onefold.app import resolving
from onefold.customer.identity.linking import linker

SIZES, QUICK_SIZES = (100_000, 1_000_000), (10_000,)
LARGE, SECONDS_MOST, MIB_MOST, F1_LEAST = 1_000_000, 90.0, 3 * 1024, 0.96
STAGES = {
    "columns": (resolving, "_fields"),
    "candidates": (linker, "candidates"),
    "levels": (linker, "compare"),
    "sample": (linker, "population_of"),
    "learning": (linker, "learn"),
    "learning again": (linker, "relearn"),
    "weights": (linker, "weigh"),
    "clusters": (linker, "cluster"),
    "answer": (resolving, "_answer"),
}


def run(shared: Path | None, quick: bool) -> None:
    """A line a size and a line a target."""
    del shared
    for records in QUICK_SIZES if quick else SIZES:
        ran = subprocess.run(
            [sys.executable, "-m", "bench.identity_scale", str(records)],
            check=True, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
        told(records, json.loads(ran.stdout.splitlines()[-1]))


def told(records: int, said: dict[str, Any]) -> None:
    """Prints what one size cost."""
    seconds, mib, judged = said["seconds"], said["peak_mib"], records >= LARGE
    cpu = f"{said['cpu']:.1f} s of processor, load {said['load']:.1f}"
    what = f"{records:,} records"
    line(
        f"{what}: trained, scored, clustered",
        f"≤ {SECONDS_MOST:.0f} s" if judged else "",
        f"{seconds:.1f} s",
        cpu,
        seconds <= SECONDS_MOST if judged else None,
    )
    line(
        f"{what}: peak memory",
        f"≤ {MIB_MOST:,} MiB" if judged else "",
        f"{mib:,.0f} MiB",
        f"{said['pairs'] / records:.1f} pairs a record",
        mib <= MIB_MOST if judged else None,
    )
    line(
        f"{what}: pairwise F1",
        f"≥ {F1_LEAST}" if judged else "",
        f"{said['f1']:.4f}",
        f"P {said['precision']:.4f} R {said['recall']:.4f} blocking {said['blocking']:.4f}",
        said["f1"] >= F1_LEAST if judged else None,
    )
    line(f"{what}: largest cluster", "", str(said["largest"]), f"true {said['true_largest']}")
    parts = ", ".join(f"{name} {took:.1f}" for name, took in said["stages"].items())
    print(f"{'':<6}seconds of processor: {parts}", flush=True)


def measured(records: int) -> dict[str, Any]:
    """Resolves so many records of the world in this process."""
    table = world_table(records).drop_columns(["source"])
    truth = table["cluster"].value_counts()
    stages: dict[str, float] = {}
    with timed_stages(stages):
        began, used = time.perf_counter(), time.process_time()
        fields = {"national_id": "identifier"}
        found = resolving.Resolver(fields, id="record_id", truth="cluster").resolve(table)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    measures = found.measures
    assert measures is not None
    return {
        "seconds": seconds,
        "cpu": cpu,
        "load": os.getloadavg()[0],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "f1": measures.f1,
        "precision": measures.precision,
        "recall": measures.recall,
        "blocking": measures.blocking_recall,
        "largest": int(np.bincount(found.linked.labels).max()),
        "true_largest": max(it["counts"] for it in truth.to_pylist()),
        "pairs": len(found.linked.candidates.left),
        "stages": {**stages, "all else": cpu - sum(stages.values())},
    }


@contextmanager
def timed_stages(stages: dict[str, float]) -> Iterator[None]:
    """While it lasts, the seconds of processor of each stage are added up."""
    with ExitStack() as stack:
        for stage, (room, name) in STAGES.items():
            clocked = _clocked(stage, getattr(room, name), stages)
            stack.enter_context(mock.patch.object(room, name, clocked))
        yield


def _clocked(stage: str, call: Callable[..., Any], stages: dict[str, float]) -> Callable[..., Any]:
    def clocked(*given: Any, **named: Any) -> Any:
        used = time.process_time()
        try:
            return call(*given, **named)
        finally:
            stages[stage] = stages.get(stage, 0.0) + time.process_time() - used

    return clocked


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
