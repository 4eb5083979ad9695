"""Settings of every test run: Hypothesis profiles, the order of the rooms, an account of what was skipped.

With `ONEFOLD_REQUIRE_ALL=1` (as in CI) a skip whose reason is not in `ALLOWED_SKIPS` fails the run: a test
that is never run is as good as no test.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
pytest.register_assert_rewrite(
    *(f"tests.{path.stem}" for path in TESTS.iterdir() if path.stem[0].isalpha() and path.stem != "conftest")
)

ALLOWED_SKIPS: frozenset[str] = frozenset()
"""Reasons, word for word, that CI accepts. Each needs a comment that says who runs the test instead."""

SLOWEST_FIRST = ("e2e", "flow", "faults", "docs", "fuzz", "ports", "properties")
TIMEOUT_SECONDS = {"e2e": 300, "flow": 300, "faults": 300, "docs": 300, "fuzz": 300}

# How soon a server answers is for benches to say: a client that is told nothing gives up after five seconds.
for _part in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, _part, 60.0)

_SLOW_MACHINES = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile(
    "thorough", max_examples=500, deadline=None, suppress_health_check=_SLOW_MACHINES, print_blob=True
)
settings.load_profile(os.environ.get("ONEFOLD_HYPOTHESIS", "quick"))

_skips: Counter[str] = Counter()


def _room(item: pytest.Item) -> str:
    """The folder under tests/ that a test lives in."""
    return item.path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Starts the longest rooms first, which shortens a run on two cores."""
    for item in items:
        room = _room(item)
        if room in TIMEOUT_SECONDS and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS[room]))
    items.sort(key=lambda item: SLOWEST_FIRST.index(_room(item)) if _room(item) in SLOWEST_FIRST else 99)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What shares a fixture runs on one worker."""
    from tests.scheduling import ByFixture  # Not before what it asserts is rewritten.

    return ByFixture(config, log)


def _account(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skips[reason.removeprefix("Skipped: ")] += 1


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Counts the skipped tests."""
    _account(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Counts the modules that were skipped whole."""
    _account(report)


def _refused() -> list[str]:
    required = os.environ.get("ONEFOLD_REQUIRE_ALL") == "1"
    return sorted(set(_skips) - ALLOWED_SKIPS) if required else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run on a skip that CI does not accept."""
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and _refused() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a reason, whatever the verbosity."""
    for reason, count in sorted(_skips.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}", yellow=True)
    for reason in _refused():
        terminalreporter.write_line(f"not allowed with ONEFOLD_REQUIRE_ALL=1: {reason}", red=True)
