"""What happens to people in the last twelve months: the causes in their behaviour that can be learnt."""

from __future__ import annotations

from random import Random

from onefold.testing.world.draws import below, stream
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Event, Person, Setting

KINDS = ("job_loss", "new_job", "leaving", "big_purchase", "disengaged", "dispute", "fraud")


def live(setting: Setting, block: Block) -> None:
    """Sets the life events of every adult; at most one of those that empty an account or an app."""
    rng = stream(setting.seed, block.number, "lives")
    bank = {record.who for record in block.records["core-banking"]}
    app = {record.who for record in block.records["digital"]}
    for person in block.people:
        if not person.adult:
            continue
        _turn(rng, setting, person, banks=person in bank, uses_app=person in app)
        if person in bank:
            for kind in ("dispute", "fraud"):
                if rng.random() < figure(f"life.{kind}"):
                    person.life[kind] = _day(rng, setting)
        block.events += [Event(kind, person.id, "", day) for kind, day in person.life.items()]


def _turn(rng: Random, setting: Setting, person: Person, *, banks: bool, uses_app: bool) -> None:
    if person.employed and rng.random() < figure("life.job_loss"):
        recent = rng.random() < figure("life.layoff_wave")
        lost = setting.until - 5 - below(rng, 70) if recent else _day(rng, setting)
        person.life["job_loss"] = lost
        if rng.random() < figure("life.new_job") and (again := lost + 100 + below(rng, 120)) <= setting.until:
            person.life["new_job"] = again
    elif rng.random() < figure("life.leaving"):
        person.life["leaving"] = _day(rng, setting)
    elif banks and rng.random() < figure("life.big_purchase"):
        person.life["big_purchase"] = _day(rng, setting)
    elif uses_app and rng.random() < figure("life.disengaged"):
        person.life["disengaged"] = _day(rng, setting)


def _day(rng: Random, setting: Setting) -> int:
    return setting.start + 20 + below(rng, setting.until - setting.start - 25)
