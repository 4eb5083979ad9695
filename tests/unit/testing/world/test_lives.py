"""Life events."""

from __future__ import annotations

from onefold.testing.world.figures import figure
from onefold.testing.world.lives import KINDS
from tests.unit.testing.world.made import blocks, setting


def people():
    return [person for block in blocks(9000) for person in block.people]


def test_events_lie_in_the_window():
    start, until = setting().start, setting().until
    days = [day for person in people() for day in person.life.values()]
    assert start <= min(days) <= max(days) <= until


def test_only_grown_people_have_them():
    assert not any(person.life for person in people() if not person.adult)


def test_at_most_one_event_empties_an_account_or_an_app():
    upsetting = {"job_loss", "leaving", "big_purchase", "disengaged"}
    assert all(len(upsetting & person.life.keys()) <= 1 for person in people())


def test_job_loss_comes_at_its_rate_and_a_new_job_after_it():
    employed = [person for person in people() if person.employed]
    lost = [person for person in employed if "job_loss" in person.life]
    assert abs(len(lost) / len(employed) - figure("life.job_loss")) < 0.015
    assert all(
        person.life["new_job"] >= person.life["job_loss"] + 100 for person in lost if "new_job" in person.life
    )


def test_every_kind_happens():
    assert {kind for person in people() for kind in person.life} == set(KINDS)
