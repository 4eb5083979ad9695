"""What allows more is written down before it is in force: where it cannot be, nothing has changed."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.intake.held import Standing, Wanted
from onefold.record.intake.quarantine import Held
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.review_matches import decide_review
from onefold.usecases.rooms import Rooms
from onefold.usecases.settle_quarantine import Because, Chosen, discard_quarantine
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer
from onefold.usecases.unmerge_customer import unmerge_customer
from tests.flow.test_use_cases_on_record import CALLS, Call, action_of, of_customer, permit_for, ready
from tests.flow.test_use_cases_on_record import world as world

YES = ConsentFact("marketing", "sms", "granted", "said so at the desk")
WIDENING: dict[str, Call] = {
    "record_consent": of_customer(record_consent, YES),
    "lift_suppression": of_customer(lift_suppression, "sms", "wish"),
    "decide_judgement": lambda it, permit: decide_judgement(
        permit, it.rooms, it.customer, it.leaving, verdict="same", reason="a test"
    ),
    "decide_review": lambda it, permit: decide_review(
        permit, it.rooms, it.customer, it.leaving, verdict="unsure", reason="a test"
    ),
    "unmerge_customer": lambda it, permit: unmerge_customer(
        permit, it.rooms, it.merged[0], it.merged[1:], "a test"
    ),
    "discard_quarantine": lambda it, permit: discard_quarantine(
        permit, it.rooms, _held(it.rooms), Because.TEST_DATA
    ),
    **{name: CALLS[name] for name in ("enrol_biometric", "lift_hold")},
}
"""What allows more, changes who is whom, or gives something up."""


@pytest.mark.parametrize("name", sorted(WIDENING))
def test_where_nothing_can_be_written_down_nothing_more_is_allowed(world, name, monkeypatch):
    world = ready(world, name)
    rooms, permit = world.rooms, permit_for(world.rooms, action_of(name))
    if name == "lift_suppression":
        suppress_customer(permit_for(rooms, "suppress_customer"), rooms, world.customer, "sms", "wish")

    def standing() -> tuple[int, int]:
        return rooms.log.last_sequence, len(_open_rows(rooms))

    before = standing()
    with monkeypatch.context() as failing:
        failing.setattr(rooms.audit._commit, "append", _full)
        failing.setattr(rooms.biometrics._matcher, "enrol", _asked)
        with pytest.raises(Unavailable, match="The disk is full"):
            WIDENING[name](world, permit)
    assert standing() == before


def _open_rows(rooms: Rooms) -> list[Held]:
    return list(rooms.held.read(rooms.held.sequences(Wanted(standing=Standing.OPEN))))


def _held(rooms: Rooms) -> Chosen:
    """All open rows of a source that has some."""
    return Chosen(source=_open_rows(rooms)[0].source)


def _asked(*_: object) -> Any:
    raise AssertionError("the engine was given a sample of which there is no record")


def _full(*_: object) -> Any:
    raise Unavailable("The disk is full.", retry_after_seconds=1)
