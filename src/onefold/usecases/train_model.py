"""Train a model of identity on the party records of a house; nothing changes before it is adopted."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from onefold.customer.identity.adopted.likeness import fields_of_portraits
from onefold.customer.identity.adopted.training import model_of_portraits
from onefold.customer.identity.linking.model import UNIT, FieldModel, Model, model_from_json
from onefold.customer.identity.model import Judgement, Pair, Portrait
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.time import day_of, iso_day
from onefold.usecases.model_shelf import ModelShelf, Told
from onefold.usecases.models import ModelHouse, judgements_in, noted, population_in

LEAST_RECORDS = 200
"""Of fewer nothing can be learned: a hundred are too few (ADR 0032)."""
LEAST_PAIRS = 20
"""Pairs of records of one party that the model expects: shares of fewer are chance."""


class FieldWorth(NamedTuple):
    """A field, and what agreement in it says (bits): where both say the same, and where they differ most."""

    name: str
    kind: str
    same: float
    different: float


class Trained(NamedTuple):
    """A model that was learned, also from what was said of `judged` pairs.

    `is_new` is false where it was there already, word for word.
    """

    version: str
    data_digest: str
    trained_on: str
    author: str
    records: int
    judged: int
    fields: tuple[FieldWorth, ...]
    is_new: bool


def train_model(permit: Permit, house: ModelHouse, told: Told) -> Trained:
    """Learns from every party record and every steward's word that stand, and keeps the model on the shelf.

    Only what may be written is kept: no record can be found in it. `CallerError` where there is too little to
    learn from.
    """
    permit.needs("train_model")
    with house.reader.snapshot() as reader:
        portraits = population_in(reader, told).portraits
        standing = judgements_in(reader)
    _check_enough(len(portraits))
    told("training", 0, None)
    learned = _learned(portraits, standing, iso_day(day_of(house.now_ms())), permit.actor.id)
    told("training", 1, 1)
    kept = _kept(house.shelf, learned)
    model = kept or msgspec.structs.replace(learned, version=_free(house.shelf, learned.version))
    noted(house, permit, "train", model.version)
    if kept is None:
        house.shelf.put(model.version, model.to_json())
    return Trained(
        model.version,
        model.data_digest,
        model.trained_on,
        model.author,
        model.records,
        model.judged,
        tuple(worth_of(it) for it in model.fields),
        kept is None,
    )


def worth_of(field: FieldModel) -> FieldWorth:
    """What agreement in a field is worth where nothing is known of the field that it hangs on."""
    said = [it / UNIT for it in field.weights[0][1:]] or [0.0]
    return FieldWorth(field.name, field.kind, max(said), min(said))


def _learned(portraits: list[Portrait], standing: dict[Pair, Judgement], day: str, by: str) -> Model:
    if not fields_of_portraits(portraits):
        raise _too_little("No record says a name, a date of birth or anything else that tells who it is.")
    model = model_of_portraits(portraits, day, by, standing)
    pairs = len(portraits) * (len(portraits) - 1) / 2
    share = 2.0 ** (model.prior / UNIT)
    expected = pairs * share / (1 + share)
    if expected < LEAST_PAIRS:
        raise _too_little(f"It holds about {expected:.0f} pairs of records of one party.")
    return model


def _check_enough(records: int) -> None:
    if records < LEAST_RECORDS:
        raise _too_little(f"It holds {records:,} party records, and {LEAST_RECORDS} are needed at least.")


def _too_little(detail: str) -> CallerError:
    return CallerError(
        "There is too little in this house to learn a model from.",
        detail=detail,
        hint="Load more sources first; until then the deterministic rules decide.",
    )


def _kept(shelf: ModelShelf, learned: Model) -> Model | None:
    """The model on the shelf that says what this one says, whoever trained it and whenever."""
    for version in shelf.versions():
        if version.partition("-")[0] == learned.version:  # None of Splink: theirs begin with its name.
            found = model_from_json(shelf.read(version))
            alike = msgspec.structs.replace(
                learned, version=found.version, trained_on=found.trained_on, author=found.author
            )
            if found == alike:
                return found
    return None


def _free(shelf: ModelShelf, version: str) -> str:
    """The version, or one after it: another release may learn something else from the same data."""
    taken, free, number = set(shelf.versions()), version, 1
    while free in taken:
        number += 1
        free = f"{version}-{number}"
    return free
