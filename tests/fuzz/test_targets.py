"""Every target for its share of 10,000 executions, and the fuzzer itself: it finds what is planted.

`ONEFOLD_FUZZ_EXECUTIONS` says how many all targets get together; `make fuzz` runs them for longer.
"""

from __future__ import annotations

import os

import pytest

from onefold.kernel.errors import CallerError
from tests.fuzz.draws import Draws
from tests.fuzz.one import targets
from tests.fuzz.planted import PLANTED
from tests.fuzz.run import MISSING, fuzz, is_available, line, shares
from tests.fuzz.target import Overrun, Target, bounded

EXECUTIONS = int(os.environ.get("ONEFOLD_FUZZ_EXECUTIONS", "10000"))
TARGETS = targets()
needs_atheris = pytest.mark.skipif(not is_available(), reason=MISSING)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_are_no_findings(name):
    target = TARGETS[name]
    target.run(target.seeds[0])  # What is loaded at the first use is no input's cost.
    assert target.seeds
    for seed in target.seeds:
        bounded(target, seed)


@needs_atheris
@pytest.mark.parametrize("name", sorted(TARGETS, key=lambda it: TARGETS[it].share))
def test_nothing_is_found(name, tmp_path):
    executions = shares(EXECUTIONS, list(TARGETS.values()))[name]
    outcome = fuzz(TARGETS[name], executions=executions, seed=1, kept=tmp_path)
    assert not outcome.failed, f"{line(outcome)}\n{outcome.said}"
    assert outcome.executions >= executions
    assert outcome.coverage > 0


def test_the_shares_are_all_of_it():
    chosen = list(TARGETS.values())
    assert sum(shares(EXECUTIONS, chosen).values()) >= EXECUTIONS
    assert sum(shares(1_000, chosen[:3]).values()) >= 1_000


def test_time_and_memory_are_bounded(monkeypatch):
    held: list[bytes] = []
    slow = Target("slow", lambda data: held.append(b"".join([data] * 1_000_000)), (b"a",))
    bounded(slow, b"a" * 100)
    monkeypatch.setattr("tests.fuzz.target.CPU_SECONDS_MAX", 0.0)
    with pytest.raises(Overrun, match="for 100 bytes"):
        bounded(slow, b"a" * 100)
    monkeypatch.undo()
    monkeypatch.setattr("tests.fuzz.target.GROWTH_BYTES_MAX", 10 << 20)
    with pytest.raises(Overrun, match="MiB for 100 bytes"):
        bounded(slow, b"b" * 100)


def test_draws_are_within_their_range_and_end_with_their_bytes():
    draws = Draws(bytes(range(256)))
    assert all(-3 <= draws.number(-3, 1000) <= 1000 for _ in range(100))
    assert draws.take(5) != b""
    draws.rest()
    assert (draws.byte(), draws.number(4, 9), draws.text(), draws.rest()) == (0, 4, "", b"")


@needs_atheris
def test_what_is_planted_is_found_kept_and_found_again(tmp_path):
    outcome = fuzz(PLANTED, executions=20_000, seed=1, kept=tmp_path)
    assert outcome.failed
    assert "This was planted." in outcome.said
    assert outcome.found is not None
    assert str(outcome.found) in line(outcome)
    with pytest.raises(CallerError, match="planted"):
        PLANTED.run(outcome.found.read_bytes())
