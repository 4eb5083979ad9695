"""Health: what it says when something is wrong, and that it says no more than that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.kernel.errors import Unavailable
from onefold.usecases.check_health import check_health

FAULT = "The disk failed: checkpoint demo_uz_log.jsonl was not written."


def rooms(*, fault: str = "", failure: Unavailable | None = None) -> Any:
    """Rooms that are seven frames in, and two behind."""
    return SimpleNamespace(
        cell="demo/uz",
        log=SimpleNamespace(last_sequence=7),
        reader=SimpleNamespace(offset=5),
        barrier=SimpleNamespace(failure=failure),
        proofs=SimpleNamespace(fault=fault),
    )


def test_it_says_how_far_profiles_are_behind():
    health = check_health(rooms())
    assert (health.status, health.log, health.state, health.behind) == ("ok", 7, 5, 2)
    assert health.checkpoint_fault == ""


@pytest.mark.parametrize(
    ("failure", "status"), [(None, "degraded"), (Unavailable("The state is away."), "failing")]
)
def test_a_checkpoint_that_cannot_be_written_outside_is_said(failure, status):
    health = check_health(rooms(fault=FAULT, failure=failure))
    assert (health.status, health.checkpoint_fault) == (status, FAULT)
