"""Import a model that Splink trained, so that it can be compared and adopted; nothing changes before that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, islice, pairwise
from typing import NamedTuple

from onefold.customer.identity.adopted.splinked import SplinkProvider
from onefold.customer.identity.linking.recognise import recognise
from onefold.customer.identity.model import Portrait
from onefold.customer.identity.splink.model import model_from_splink
from onefold.customer.identity.splink.pinned import (
    BIRTH_DATE,
    PinnedSplink,
    columns_in,
    fields_of_columns,
    pinned_model,
)
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.time import day_of, iso_day
from onefold.usecases.model_shelf import Told
from onefold.usecases.models import ModelHouse, noted, population_in

TRIED_MAX = 5_000
"""Pairs of the house's own records that the model is tried on before it is taken in."""


class Imported(NamedTuple):
    """What was taken in. `columns` says of each column which fields it has.

    `untrained` levels have Splink's defaults. `hubs` keys are of more records than a key may bring together.
    `is_new` is false where it was there already, word for word.
    """

    version: str
    records: int
    columns: tuple[tuple[str, str], ...]
    rules: int
    untrained: tuple[str, ...]
    hubs: int
    is_new: bool


def import_model(
    permit: Permit,
    house: ModelHouse,
    data: bytes,
    told: Told,
    *,
    stated: Mapping[str, str],
    duckdb: int | None = None,
) -> Imported:
    """Takes a file in that Splink wrote, with the term frequencies of this house as they are today.

    `stated` says of columns which canonical fields they have (`a`, or `a+b`). `CallerError` names what cannot
    be followed: a comparison, a level, a rule or a column.
    """
    permit.needs("train_model")
    model = model_from_splink(data, duckdb)
    names: dict[str, Sequence[str]] = dict.fromkeys(columns_in(model), ())
    columns = fields_of_columns(model, recognise(names, {}), stated)
    with house.reader.snapshot() as reader:
        population = population_in(reader, told)
    portraits, day = population.portraits, iso_day(day_of(house.now_ms()))

    def pinned(dates: Sequence[str]) -> PinnedSplink:
        of = (portraits, population.members, day, permit.actor.id)
        return pinned_model(data, duckdb, columns, dates, *of)

    made, hubs = _tried(pinned, columns, portraits, told)
    is_new = made.version not in house.shelf.versions()
    noted(house, permit, "import", made.version)
    if is_new:
        house.shelf.put(made.version, made.to_json())
    mapped = tuple(sorted(columns.items()))
    return Imported(made.version, len(portraits), mapped, len(model.rules), model.untrained, hubs, is_new)


def _tried(
    pinned: Callable[[Sequence[str]], PinnedSplink],
    columns: Mapping[str, str],
    portraits: Sequence[Portrait],
    told: Told,
) -> tuple[PinnedSplink, int]:
    """The model with birth dates as text or as days, whichever it can be asked with; and how many hubs."""
    made = pinned(())
    told("trying the model", 0, None)
    try:
        hubs = _try(made, portraits)
    except CallerError:
        dates = [name for name, it in columns.items() if it == BIRTH_DATE]
        if not dates:
            raise
        made = pinned(dates)
        hubs = _try(made, portraits)
    told("trying the model", 1, 1)
    return made, hubs


def _try(pinned: PinnedSplink, portraits: Sequence[Portrait]) -> int:
    provider = SplinkProvider(pinned, strict=True)
    held: dict[bytes, list[Portrait]] = {}
    for it in portraits:
        for key in provider.met_under(it):
            held.setdefault(key, []).append(it)
    few = [some for some in held.values() if 1 < len(some) <= provider.hub_limit]
    pairs = [*islice(_pairs(few), TRIED_MAX), *islice(pairwise(portraits), TRIED_MAX)]
    provider.bits(pairs)
    return sum(len(some) > provider.hub_limit for some in held.values())


def _pairs(groups: Sequence[Sequence[Portrait]]) -> Iterator[tuple[Portrait, Portrait]]:
    for some in groups:
        yield from combinations(some, 2)
