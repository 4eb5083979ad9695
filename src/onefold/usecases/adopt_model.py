"""Adopt a model of identity, or go back to what was in force before: for all that the house knows.

Nothing of the past is changed: the log says from when on which model is in force, and the state is made anew
under it while the house is served.
"""

from __future__ import annotations

from typing import NamedTuple

from onefold.customer.identity.adoption import ADOPT, ROLLBACK, Adoption, before_last, last_of
from onefold.kernel.errors import CallerError
from onefold.usecases.model_shelf import Succeeded, Told
from onefold.usecases.models import ModelHouse, digests_of, provider_under


class Adopted(NamedTuple):
    """What is in force now, what was before, and the state that was built for it."""

    version: str
    was: str
    number: int
    succeeded: Succeeded


def adopt_model(house: ModelHouse, version: str, by: str, told: Told) -> Adopted:
    """Puts the model of a version in force, or the rules; `NotFound` where there is none of that version."""
    standing = last_of(house.successor.history())
    if version == standing.version:
        raise CallerError(f"{version} is in force already.")
    meant = standing.next(digests_of(house.shelf, version), ADOPT, by, house.now_ms())
    return _succeed(house, standing, meant, told)


def rollback_model(house: ModelHouse, by: str, told: Told) -> Adopted:
    """Puts in force what was before the last adoption; `CallerError` where there was none."""
    history = house.successor.history()
    standing, before = last_of(history), before_last(history)
    digests = before.version, before.digest, before.frequencies
    meant = standing.next(digests, ROLLBACK, by, house.now_ms())
    return _succeed(house, standing, meant, told)


def _succeed(house: ModelHouse, standing: Adoption, meant: Adoption, told: Told) -> Adopted:
    provider_under(
        house.shelf, meant
    )  # A model that is missing or was changed is told before anything is built.
    return Adopted(meant.version, standing.version, meant.number, house.successor.succeed(meant, told))
