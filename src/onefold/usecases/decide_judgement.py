"""Record a steward's word on two fragments: same, different or unsure."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import RecordedJudgement
from onefold.usecases.rooms import Rooms


def decide_judgement(
    permit: Permit, rooms: Rooms, left: str, right: str, *, verdict: str, reason: str
) -> RecordedJudgement:
    """Returns once identity has taken it in."""
    permit.needs("decide_judgement")
    raise NotImplementedError
