"""What the world generator costs: rows a second against copying the same bytes, memory and time against size.

`--quick` ends within half a minute; without it worlds of 100,000 people are made. `--people` asks for another
size (a million people are 7 GB, twice that while they are copied); `--folder` says where they are written and
removed again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from onefold.testing.world.generate import WorldSummary, generate

ROWS_A_SECOND = 60_000
DEMO_PEOPLE, DEMO_SECONDS = 10_000, 8.0
GROWTH_MIB = 60
TENFOLD = 12.0
"""Ten times the people may take so many times as long."""

PEAK = """
import json, resource, sys, time
from pathlib import Path
from onefold.testing.world.generate import generate
started = time.perf_counter()
generate(Path(sys.argv[1]), people=int(sys.argv[2]), seed=1)
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - started]))
"""


def timed(folder: Path, people: int, workers: int) -> tuple[WorldSummary, float]:
    """A world and the seconds it took."""
    started = time.perf_counter()
    summary = generate(folder, people=people, seed=1, workers=workers)
    return summary, time.perf_counter() - started


def copied(folder: Path, target: Path) -> tuple[float, int]:
    """Seconds to copy what was written, and how many bytes it was: what the disk and its cache could do."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    started = time.perf_counter()
    shutil.copytree(folder, target)
    return time.perf_counter() - started, size


def peak(folder: Path, people: int) -> tuple[float, float]:
    """Peak memory of a fresh process that makes a world, in MiB, and the seconds it took."""
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, str(folder), str(people)], check=True, capture_output=True, text=True
    )
    shutil.rmtree(folder)
    mib, seconds = json.loads(ran.stdout)
    return mib, seconds


def line(what: str, target: str, measured: str, ratio: str, *, good: bool) -> None:
    """One result."""
    print(f"{what:<44} {target:>14} {measured:>16} {ratio:>22}  {'OK' if good else 'SHORT'}")


def main() -> None:
    """Runs and prints everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--people", type=int)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    people = asked.people or (10_000 if asked.quick else 100_000)
    versions = f"Python {platform.python_version()}, pyarrow {pa.__version__}"
    print(f"{platform.platform()}, {os.cpu_count()} cores, {versions}")
    print(f"{'what':<44} {'target':>14} {'measured':>16} {'ratio':>22}")
    with TemporaryDirectory(dir=asked.folder) as temporary:
        rates(Path(temporary), people)
        growth(Path(temporary), people)


def rates(place: Path, people: int) -> None:
    """Rows a second of one process and of two, beside a copy of the same bytes."""
    one, seconds = timed(place / "one", people, 1)
    raw_seconds, size = copied(place / "one", place / "copy")
    shutil.rmtree(place / "copy")
    shutil.rmtree(place / "one")
    rate = one.total_rows / seconds
    peer = f"{raw_seconds / seconds:.2f} of copying it"
    wanted = f"≥ {ROWS_A_SECOND:,}"
    what = f"rows/s, {people:,} people, one process"
    line(what, wanted, f"{rate:,.0f}", peer, good=rate >= ROWS_A_SECOND)
    two, seconds_two = timed(place / "two", people, 2)
    shutil.rmtree(place / "two")
    rate_two = two.total_rows / seconds_two
    gain = f"{rate_two / rate:.2f} of one"
    line("rows/s, two processes", wanted, f"{rate_two:,.0f}", gain, good=rate_two >= ROWS_A_SECOND)
    demo_seconds = seconds * DEMO_PEOPLE / people
    what = f"seconds for the {DEMO_PEOPLE:,} people of the demo"
    line(what, f"≤ {DEMO_SECONDS}", f"{demo_seconds:.1f}", "", good=demo_seconds <= DEMO_SECONDS)
    a_person = (one.total_rows / people, one.records / people, size / people)
    print("a person: {:.1f} rows, {:.2f} records of people and firms, {:,.0f} bytes".format(*a_person))


def growth(place: Path, people: int) -> None:
    """What ten times the people cost in memory and in time."""
    (small, quick), (large, slow) = peak(place / "small", people // 10), peak(place / "large", people)
    grown = large - small
    what = f"MiB more for {people:,} than for {people // 10:,} people"
    line(what, f"≤ {GROWTH_MIB}", f"{grown:.0f}", f"{large:.0f} MiB in all", good=grown <= GROWTH_MIB)
    what, times = "times as long for ten times the people", slow / quick
    line(what, f"≤ {TENFOLD}", f"{times:.1f}", f"{slow:.1f} s in all", good=times <= TENFOLD)


if __name__ == "__main__":
    main()
