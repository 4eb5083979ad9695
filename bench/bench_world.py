"""What the world generator costs: rows a second against copying the same bytes, and memory against size.

`--quick` ends within half a minute; without it a world of 100,000 people is made twice.
"""

from __future__ import annotations

import argparse
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

PEAK = """
import resource, sys
from pathlib import Path
from onefold.testing.world.generate import generate
generate(Path(sys.argv[1]), people=int(sys.argv[2]), seed=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
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


def peak_mib(folder: Path, people: int) -> float:
    """Peak memory of a fresh process that makes a world."""
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, str(folder), str(people)], check=True, capture_output=True, text=True
    )
    return int(ran.stdout) / 1024


def line(what: str, target: str, measured: str, ratio: str, *, good: bool) -> None:
    """One result."""
    print(f"{what:<44} {target:>14} {measured:>16} {ratio:>22}  {'OK' if good else 'SHORT'}")


def main() -> None:
    """Runs and prints everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    people = 10_000 if parser.parse_args().quick else 100_000
    versions = f"Python {platform.python_version()}, pyarrow {pa.__version__}"
    print(f"{platform.platform()}, {os.cpu_count()} cores, {versions}")
    print(f"{'what':<44} {'target':>14} {'measured':>16} {'ratio':>22}")
    with TemporaryDirectory() as temporary:
        place = Path(temporary)
        one, seconds = timed(place / "one", people, 1)
        raw_seconds, size = copied(place / "one", place / "copy")
        rate = one.total_rows / seconds
        peer = f"{raw_seconds / seconds:.2f} of copying it"
        what = f"rows/s, {people:,} people, one process"
        line(what, f"≥ {ROWS_A_SECOND:,}", f"{rate:,.0f}", peer, good=rate >= ROWS_A_SECOND)
        two, seconds_two = timed(place / "two", people, 2)
        rate_two = two.total_rows / seconds_two
        gain = f"{rate_two / rate:.2f} of one"
        line(
            "rows/s, two processes",
            f"≥ {ROWS_A_SECOND:,}",
            f"{rate_two:,.0f}",
            gain,
            good=rate_two >= ROWS_A_SECOND,
        )
        demo_seconds = seconds * DEMO_PEOPLE / people
        what = f"seconds for the {DEMO_PEOPLE:,} people of the demo"
        line(what, f"≤ {DEMO_SECONDS}", f"{demo_seconds:.1f}", "", good=demo_seconds <= DEMO_SECONDS)
        small, large = peak_mib(place / "small", people // 10), peak_mib(place / "large", people)
        grown = large - small
        what = f"MiB more for {people:,} than for {people // 10:,} people"
        line(what, f"≤ {GROWTH_MIB}", f"{grown:.0f}", f"{large:.0f} MiB in all", good=grown <= GROWTH_MIB)
        a_person = (one.total_rows / people, one.records / people, size / people)
        print("a person: {:.1f} rows, {:.2f} records of people and firms, {:,.0f} bytes".format(*a_person))


if __name__ == "__main__":
    main()
