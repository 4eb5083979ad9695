"""Adopt a model of identity, or go back to what was in force before: for all that the house knows.

Nothing of the past is changed: the log says from when on which model is in force, and the state is made anew
under it while the house is served. That it was begun, and by whom, is kept before anything is built.
"""

from __future__ import annotations

from typing import NamedTuple

from onefold.customer.identity.adoption import ADOPT, ROLLBACK, Adoption, before_last, last_of
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.usecases.model_shelf import BEGUN, Succeeded, Told
from onefold.usecases.models import ModelHouse, digests_of, noted, provider_under


class Adopted(NamedTuple):
    """What is in force now, what was before, and the state that was built for it."""

    version: str
    was: str
    number: int
    succeeded: Succeeded


def adopt_model(permit: Permit, house: ModelHouse, version: str, told: Told) -> Adopted:
    """Puts the model of a version in force, or the rules; `NotFound` where there is none of that version."""
    permit.needs("adopt_model")
    standing = last_of(house.successor.history())
    if version == standing.version:
        raise CallerError(f"{version} is in force already.")
    meant = standing.next(digests_of(house.shelf, version), ADOPT, permit.actor.id, house.now_ms())
    return _succeed(permit, house, standing, meant, told)


def rollback_model(permit: Permit, house: ModelHouse, told: Told) -> Adopted:
    """Puts in force what was before the last adoption; `CallerError` where there was none."""
    permit.needs("adopt_model")
    history = house.successor.history()
    standing, before = last_of(history), before_last(history)
    digests = before.version, before.digest, before.frequencies
    meant = standing.next(digests, ROLLBACK, permit.actor.id, house.now_ms())
    return _succeed(permit, house, standing, meant, told)


def _succeed(permit: Permit, house: ModelHouse, standing: Adoption, meant: Adoption, told: Told) -> Adopted:
    # A model that is missing or was changed is told before anything is built.
    provider_under(house.shelf, meant)
    noted(
        house, permit, meant.step, meant.version, against=standing.version, number=meant.number, stage=BEGUN
    )
    return Adopted(meant.version, standing.version, meant.number, house.successor.succeed(meant, told))
