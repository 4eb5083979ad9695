"""Runs fuzz targets one after another and says of each what it did: `python -m tests.fuzz.run --help`.

What was learned is kept under .cache/fuzz, so that the next run goes on there; inputs that find something
are kept there, too, and said with the command that runs them again.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.one import targets
from tests.fuzz.target import Target

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "fuzz"
HANG_SECONDS = 60
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Files of targets are in memory where there is a place: nothing here is about disks."""
MEMORY_MIB = 2048
MISSING = "atheris has no wheel for this Python and system (requirements/dev.in says which)"
_COVERAGE = re.compile(rb"cov: (\d+)")
_DONE = re.compile(rb"stat::number_of_executed_units:\s*(\d+)|Done (\d+) in")
_FOUND = re.compile(rb"Test unit written to (\S+)")


@dataclass(frozen=True)
class Outcome:
    """What one target did. `found` is the input that breaks it, if one did, and `said` what came of it."""

    target: str
    executions: int
    seconds: float
    coverage: int
    found: Path | None
    said: str

    @property
    def failed(self) -> bool:
        """Whether it found something, or did not run at all."""
        return bool(self.said)


def is_available() -> bool:
    """Whether atheris is installed here."""
    return importlib.util.find_spec("atheris") is not None


def shares(total: int, chosen: list[Target]) -> dict[str, int]:
    """How many of some executions each target gets, at least that many together."""
    whole = sum(it.share for it in chosen)
    return {it.name: -(-total * it.share // whole) for it in chosen}


def fuzz(
    target: Target, *, executions: int = 0, seconds: int = 0, seed: int = 0, kept: Path = KEPT
) -> Outcome:
    """One target for so many executions or seconds, whichever is over first; 0 is no bound."""
    corpus, found = kept / "corpus" / target.name, kept / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for number, given in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(given)
    with tempfile.TemporaryDirectory(dir=_MEMORY) as scratch, (Path(scratch) / "words").open("w") as words:
        words.writelines(f'"{_escaped(it)}"\n' for it in target.words)
        words.flush()
        arguments = [
            f"-artifact_prefix={found}/{target.name}-",
            *([f"-dict={words.name}"] if target.words else []),
            f"-max_len={target.length_max}",
            f"-timeout={HANG_SECONDS}",
            f"-rss_limit_mb={MEMORY_MIB}",
            f"-seed={seed}",
            "-print_final_stats=1",
            *([f"-runs={executions}"] if executions else []),
            *([f"-max_total_time={seconds}"] if seconds else []),
            str(corpus),
        ]
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", target.name, *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": "0", "TMPDIR": scratch},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return _outcome(target, done, time.monotonic() - began)


def _outcome(target: Target, done: subprocess.CompletedProcess[bytes], seconds: float) -> Outcome:
    counts = [int(first or second) for first, second in _DONE.findall(done.stdout)]
    coverage = [int(it) for it in _COVERAGE.findall(done.stdout)]
    written = _FOUND.search(done.stdout)
    said = ""
    if done.returncode != 0 or not counts:
        said = done.stdout.decode("utf-8", "replace")[-6000:] or f"exit code {done.returncode}"
    path = Path(os.fsdecode(written[1])) if written else None
    return Outcome(target.name, max(counts, default=0), seconds, max(coverage, default=0), path, said)


def _escaped(word: bytes) -> str:
    return "".join(chr(it) if 32 < it < 127 and it not in b'"\\' else f"\\x{it:02x}" for it in word)


def line(outcome: Outcome) -> str:
    """One line for people."""
    rate = outcome.executions / outcome.seconds if outcome.seconds else 0
    ending = "nothing found"
    if outcome.failed:
        again = f"python -m tests.fuzz.one {outcome.target} --input {outcome.found}"
        ending = f"FOUND: {again}" if outcome.found else "DID NOT RUN"
    counted = f"{outcome.executions:>10,} {rate:>8,.0f}/s  coverage {outcome.coverage:>6,}"
    return f"{outcome.target:22} {counted}  {ending}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=0, help="of all targets together")
    parser.add_argument("--seconds", type=int, default=0, help="for each target at most")
    parser.add_argument("--target", default="", help="this one alone, or those whose name begins so")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    given = parser.parse_args()
    if not is_available():
        print(f"skipped: {MISSING}")
        return
    chosen = [it for name, it in targets().items() if name.startswith(given.target)]
    if not chosen:
        sys.exit(f"There is no target {given.target}. There are: {', '.join(targets())}")
    executions = given.executions or (0 if given.seconds else 1_000_000)
    share = shares(executions, chosen)
    outcomes = []
    for target in chosen:
        outcomes.append(fuzz(target, executions=share[target.name], seconds=given.seconds, seed=given.seed))
        print(line(outcomes[-1]), flush=True)
        if outcomes[-1].failed:
            print(outcomes[-1].said, flush=True)
    failed = [it for it in outcomes if it.failed]
    total = sum(it.executions for it in outcomes)
    print(f"{total:,} executions of {len(outcomes)} targets, {len(failed)} found something")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
