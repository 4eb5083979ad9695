"""Show a model of identity: what it learned, and which one is in force since when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from onefold.customer.identity.adoption import RULES
from onefold.customer.identity.linking.model import UNIT, FieldModel, model_from_json
from onefold.customer.identity.splink.model import Comparison
from onefold.customer.identity.splink.pinned import PinnedSplink, Terms, is_pinned, pinned_from_json
from onefold.gate.model import Permit
from onefold.kernel.time import iso_instant
from onefold.usecases.model_shelf import ModelShelf
from onefold.usecases.models import ModelHouse, digests_of


class LevelShown(msgspec.Struct, frozen=True):
    """One way in which two records stand to each other in a field.

    `matches` and `others` are the shares of pairs of one party, and of two, that do (the m and u of Fellegi
    and Sunter). `weights` (bits) has one for each level of the field that this one hangs on, or one alone.
    """

    name: str
    matches: float
    others: float
    weights: tuple[float, ...]


class FieldShown(msgspec.Struct, frozen=True):
    """One field: its levels, and the field that its weights hang on (empty where there is none).

    `said` records say it; the frequency of `listed` values is in the file, by their digests.
    """

    name: str
    kind: str
    parent: str
    levels: tuple[LevelShown, ...]
    said: int
    listed: int


class ModelShown(msgspec.Struct, frozen=True):
    """A model; `prior` is the share of all pairs of records that are of one party, in bits of its odds."""

    version: str
    digest: str
    frequencies_digest: str
    data_digest: str
    trained_on: str
    author: str
    records: int
    judged: int
    prior: float
    hub_limit: int
    keys: tuple[str, ...]
    fields: tuple[FieldShown, ...]


class InForce(msgspec.Struct, frozen=True):
    """What decides who is who: a version or `rules`; the rest is empty where nothing was ever adopted."""

    version: str
    number: int
    since: str
    by: str
    step: str


class ModelsShown(msgspec.Struct, frozen=True):
    """What is in force, what there is, and one model where one is meant."""

    in_force: InForce
    versions: tuple[str, ...]
    model: ModelShown | None


def show_model(permit: Permit, house: ModelHouse, version: str = "") -> ModelsShown:
    """The model of a version, or the one in force; none where that are the rules.

    `NotFound` where there is no model of the version. It holds nobody's data, so nothing is kept of a look.
    """
    permit.needs("show_model")
    shelf, standing = house.shelf, house.standing
    wanted = version or standing.version
    since = iso_instant(standing.at) if standing.number else ""
    in_force = InForce(standing.version, standing.number, since, standing.actor, standing.step)
    model = None if wanted == RULES else _shown(shelf, wanted)
    return ModelsShown(in_force, tuple(shelf.versions()), model)


def _shown(shelf: ModelShelf, version: str) -> ModelShown:
    data = shelf.read(version)
    if is_pinned(data):
        return _shown_splink(shelf, version, pinned_from_json(data))
    model = model_from_json(data)
    _, digest, frequencies = digests_of(shelf, version)
    names = [it.name for it in model.fields]
    return ModelShown(
        model.version,
        digest,
        frequencies,
        model.data_digest,
        model.trained_on,
        model.author,
        model.records,
        model.judged,
        model.prior / UNIT,
        model.hub_limit,
        model.keys,
        tuple(_field(it, names) for it in model.fields),
    )


def _shown_splink(shelf: ModelShelf, version: str, pinned: PinnedSplink) -> ModelShown:
    """A model of Splink: its comparisons as fields, its rules as keys."""
    _, digest, frequencies = digests_of(shelf, version)
    model = pinned.model()
    said = pinned.splink["comparisons"]
    return ModelShown(
        pinned.version,
        digest,
        frequencies,
        pinned.data_digest,
        pinned.imported_on,
        pinned.author,
        pinned.records,
        0,
        model.prior,
        pinned.hub_limit,
        tuple(it.text for it in model.rules),
        tuple(_compared(*it, pinned.terms) for it in zip(model.comparisons, said, strict=True)),
    )


def _compared(comparison: Comparison, said: dict[str, Any], terms: Mapping[str, Terms]) -> FieldShown:
    levels = tuple(
        LevelShown(it.label, raw.get("m_probability") or 0.0, raw.get("u_probability") or 0.0, (it.bits,))
        for it, raw in zip(comparison.levels, said["comparison_levels"], strict=True)
    )
    of = [terms[it.term.column] for it in comparison.levels if it.term is not None]
    listed = max((len(it.frequencies) for it in of), default=0)
    return FieldShown(comparison.name, "splink", "", levels, max((it.said for it in of), default=0), listed)


def _field(field: FieldModel, names: list[str]) -> FieldShown:
    levels = tuple(
        LevelShown(
            name,
            field.matches[at] if at < len(field.matches) else 0.0,
            field.others[at] if at < len(field.others) else 0.0,
            tuple(row[at + 1] / UNIT for row in field.weights if at + 1 < len(row)),
        )
        for at, name in enumerate(field.levels)
    )
    parent = names[field.parent] if field.parent >= 0 else ""
    return FieldShown(field.name, field.kind, parent, levels, field.said, len(field.frequencies))
