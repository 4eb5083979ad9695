"""A trained model: whole numbers that anybody can read, from which a pair's weight follows exactly.

Weights are whole numbers of `UNIT` a bit, so a sum does not depend on the order of its terms: one record
at a time and a million at once weigh a pair alike.

In memory a model knows how often each value occurs, under a digest. A digest hides nothing that can be
guessed: all birth dates and all phones are tried in seconds. So what is written holds digests of names,
firms, towns and the like alone, of those alone that `LISTED_LEAST` of those it found to be customers share,
however many records one of them has; any other value counts as rare as those of its field that are left
out are on average.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain

import msgspec
import numpy as np

from onefold.customer.identity.linking.candidates import JOINT, atom_names
from onefold.customer.identity.linking.columns import Column, Ints
from onefold.customer.identity.linking.fields import GENERATION, KINDS, NATURE, ORDER, Field
from onefold.customer.identity.linking.levels import scale_of
from onefold.customer.identity.linking.persons import PERSON_KINDS
from onefold.customer.identity.linking.training import Learned, relatives_table_of, tables_of
from onefold.kernel.errors import CallerError

FORMAT = "onefold-linking-model/2"
UNIT = 1 << 24
SHARE = 1 << 16
BITS_MOST = 2_000
COUNT_MOST = 1 << 40
HUBS_MOST = 10_000
NO_RARITY = {"gender", ORDER, NATURE, GENERATION}
LISTED = {"name", "organisation", "city", "region", "country", "postcode", "category"}
LISTED_LEAST = 10
COMPARED = {"name", ORDER, NATURE, GENERATION, *KINDS}.difference(PERSON_KINDS)
"""The kinds of fields that records are compared by."""


class FieldModel(msgspec.Struct, frozen=True, omit_defaults=True):
    """What agreement in one field is worth.

    `weights[p][k]`: at level k (0: missing) where the parent is at level p; without a parent there is one
    row. `surprise` is what equality says on average, and `shares[p]` (of `SHARE`) how much of a value's
    rarity counts on top of it. `frequencies` says in how many of the `said` records a value stands, by its
    digest, and `unlisted` what equality in any other value says, in units. `matches` and `others` are the
    shares of levels the weights were made from. `shared` says, until the model is written, how many customers
    have a value that many have.
    """

    name: str
    kind: str
    levels: tuple[str, ...]
    parent: int
    matches: tuple[float, ...]
    others: tuple[float, ...]
    weights: tuple[tuple[int, ...], ...]
    surprise: int
    shares: tuple[int, ...]
    said: int
    frequencies: dict[str, int]
    unlisted: int
    relatives: tuple[tuple[int, ...], ...]
    shared: dict[str, int] | None = None


class Model(msgspec.Struct, frozen=True):
    """Everything that decides who is who, but for the records themselves.

    It was learned from so many `records`, and from what stewards said of so many pairs (`judged`).
    """

    format: str
    version: str
    data_digest: str
    trained_on: str
    author: str
    records: int
    prior: int
    relatives_prior: int
    fields: tuple[FieldModel, ...]
    keys: tuple[str, ...]
    hub_limit: int
    calibration: tuple[tuple[int, float], ...] = ()
    judged: int = 0
    limits: dict[str, int] = {}
    """Of keys of which a value is a hub sooner than of others: the most records that it may have."""

    def to_json(self) -> bytes:
        """The model as indented JSON, without frequencies that tell of few people."""
        return msgspec.json.format(msgspec.json.encode(self.shareable()), indent=1)

    def shareable(self) -> Model:
        """The model as it may be written: one record cannot be found in it."""
        return msgspec.structs.replace(self, fields=tuple(map(_shareable, self.fields)))


def model_from_json(text: bytes) -> Model:
    """Reads a model; `CallerError` where it is none, or none that this release can weigh pairs by."""
    try:
        model = msgspec.json.decode(text, type=Model)
    except msgspec.MsgspecError as error:
        raise CallerError("This is no model of Onefold.", detail=str(error)) from error
    if model.format != FORMAT:
        raise CallerError("This model has a format that is not known.", hint=f"Known is {FORMAT}.")
    faults = chain(
        chain.from_iterable(map(_faults_of_levels, model.fields)),
        chain.from_iterable(_faults_of_tables(model, at) for at in range(len(model.fields))),
        _faults_of_whole(model),
    )
    fault = next(faults, None)
    if fault is not None:
        raise CallerError(
            "This is no model that this release can use.",
            detail=f"{fault}.",
            hint="Train one with this release: onefold model train, or onefold link.",
        )
    return model


def _faults_of_whole(model: Model) -> Iterator[str]:
    """What is wrong with a model but for its fields."""
    names = [it.name for it in model.fields]
    if not names or len(set(names)) < len(names):
        yield "It has no fields, or two of one name"
    if not 2 <= model.hub_limit <= HUBS_MOST:
        yield f"Its hub limit is not 2 to {HUBS_MOST}"
    if not (_are_weights([model.prior, model.relatives_prior]) and 0 <= model.records <= COUNT_MOST):
        yield "A number of it is out of range"
    atoms = atom_names([(it.name, it.kind) for it in model.fields])
    for key in model.keys:
        parts = key.split(JOINT)
        if len(parts) > 2 or not atoms.issuperset(parts):
            yield "A key of it is not known"
    if not model.limits.keys() <= set(model.keys) or not all(
        2 <= it <= model.hub_limit for it in model.limits.values()
    ):
        yield "A limit of it is of no key, or not 2 to its hub limit"
    steps = [it for it, _ in model.calibration]
    if not (_are_weights(steps) and steps == sorted(set(steps)) and _are_shares(model.calibration)):
        yield "Its calibration does not rise, or is out of range"


def _faults_of_levels(field: FieldModel) -> Iterator[str]:
    """What is wrong with what a field is compared by: it must be as records are compared here."""
    if field.kind not in COMPARED:
        yield f"{_named(field)} is of a kind that is not known"
    elif field.levels != scale_of(field.name, field.kind).names:
        yield f"{_named(field)} has other levels than those that records are compared by"


def _faults_of_tables(model: Model, at: int) -> Iterator[str]:
    """What is wrong with the numbers of a field: tables must have room for all levels, its parent's too."""
    field = model.fields[at]
    named = _named(field)
    if not -1 <= field.parent < len(model.fields) or field.parent == at:
        yield f"{named} hangs on a field that is not there"
        return
    rows = 1 if field.parent < 0 else len(model.fields[field.parent].levels) + 1
    width = len(field.levels) + 1
    for table in (field.weights, field.relatives):
        if len(table) != rows or any(len(it) != width for it in table):
            yield f"{named} has a table of another shape"
    if len(field.shares) != rows or {len(field.matches), len(field.others)} != {width - 1}:
        yield f"{named} has shares of another number"
    numbers = [field.surprise, field.unlisted, *chain(*field.weights, *field.relatives)]
    counts = field.frequencies.values()
    if not (
        _are_weights(numbers)
        and all(0 <= it <= SHARE for it in field.shares)
        and all(0 <= it <= 1 for it in (*field.matches, *field.others))
        and 1 <= field.said <= COUNT_MOST
        and all(1 <= it <= field.said for it in counts)
    ):
        yield f"{named} has a number that is out of range"


def _named(field: FieldModel) -> str:
    return f"Its field {field.name}" if field.name.isidentifier() else "A field of it"


def _are_weights(numbers: Iterable[int]) -> bool:
    return all(abs(it) <= BITS_MOST * UNIT for it in numbers)


def _are_shares(calibration: Iterable[tuple[int, float]]) -> bool:
    return all(0 <= it <= 1 for _, it in calibration)


def model_of(
    learned: Learned,
    names: Sequence[tuple[str, str]],
    scales: Sequence[tuple[str, ...]],
    fields: Sequence[Field],
    keys: Sequence[str],
    hub_limit: int,
    digest: str,
    trained_on: str,
    author: str,
) -> Model:
    """Rounds what was learned to whole numbers."""
    columns = {it.name: it.column for it in fields}
    made = tuple(
        _field(learned, at, name, kind, scales[at], columns.get(name))
        for at, (name, kind) in enumerate(names)
    )
    return Model(
        FORMAT,
        digest[:12],
        digest,
        trained_on,
        author,
        len(fields[0].column.codes),
        _units(math.log2(learned.prior / (1 - learned.prior))),
        _units(math.log2(learned.relatives_prior / (1 - learned.relatives_prior))),
        made,
        tuple(keys),
        hub_limit,
    )


def rarities(field: FieldModel, column: Column) -> Ints:
    """What equality in each value of a column says, in units: log2 of one over its share in the model."""
    made: dict[int, int] = {}

    def one(value: str) -> int:
        count = field.frequencies.get(digest_of(value))
        if count is None:
            return field.unlisted
        if count not in made:
            made[count] = information(count, field.said)
        return made[count]

    return np.fromiter(map(one, column.values), dtype=np.int64, count=len(column.values))


def counted(column: Column) -> Ints:
    """The `rarities` of the very column that a field is learned from: by counts, with no digest made."""
    said = int(column.counts[1:].sum())
    counts, inverse = np.unique(np.maximum(column.counts, 1), return_inverse=True)
    return np.array([information(it, said) for it in counts.tolist()], dtype=np.int64)[inverse]


def information(count: int, said: int) -> int:
    """log2(said / count) in units."""
    return _units(math.log2(max(said, 1) / max(count, 1)))


def digest_of(value: str) -> str:
    """Under which a value's frequency is kept."""
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def with_shared(model: Model, fields: Sequence[Field], labels: Ints) -> Model:
    """The model that knows how many customers (a label each) have the values that it was learned from."""
    columns = {it.name: it.column for it in fields}
    return msgspec.structs.replace(
        model,
        fields=tuple(
            msgspec.structs.replace(it, shared=_shared(columns[it.name], labels)) if it.kind in LISTED else it
            for it in model.fields
        ),
    )


def _shared(column: Column, labels: Ints) -> dict[str, int]:
    said = np.flatnonzero(column.codes)
    rows = len(labels)
    pairs = np.unique(column.codes[said].astype(np.int64) * rows + labels[said])
    holders = np.bincount(pairs // rows, minlength=len(column.values))
    many = np.flatnonzero(holders >= LISTED_LEAST).tolist()
    return {digest_of(column.values[it]): int(holders[it]) for it in many}


def _field(
    learned: Learned, at: int, name: str, kind: str, levels: tuple[str, ...], column: Column | None
) -> FieldModel:
    others = learned.others[at]
    weights = tuple(tuple(map(_units, row)) for row in tables_of(learned, at).tolist())
    rare = column is not None and kind not in NO_RARITY
    surprise = math.log2(float(others[0]))
    given = learned.others_given[at][:, 0].tolist()
    alone = [round(SHARE * min(1.0, max(0.0, math.log2(it) / surprise))) for it in given]
    shares = ([SHARE, *alone] if learned.parents[at] >= 0 else [SHARE]) if rare else [0] * len(weights)
    counts = column.counts if column is not None and rare else np.zeros(1, dtype=np.int64)
    said = max(1, int(counts[1:].sum()))
    # Of all pairs, matches too: what a value's own copies add to its frequency they add here as well.
    equal = float(((counts[1:] / said) ** 2).sum()) or float(others[0])
    frequencies = {
        digest_of(column.values[code]): int(counts[code])
        for code in (np.flatnonzero(counts[1:] > 1) + 1).tolist()
        if column is not None
    }
    return FieldModel(
        name,
        kind,
        levels,
        learned.parents[at],
        tuple(learned.matches[at].tolist()),
        tuple(others.tolist()),
        weights,
        _units(math.log2(equal)),
        tuple(shares),
        said,
        frequencies,
        information(1, said),
        tuple(tuple(map(_units, row)) for row in relatives_table_of(learned, at, name, kind).tolist()),
        {},
    )


def _shareable(field: FieldModel) -> FieldModel:
    """The field without what few customers share; what is left out is as rare as it is on average."""
    listed = {
        digest: count
        for digest, count in field.frequencies.items()
        if field.kind in LISTED and count >= LISTED_LEAST and (field.shared is None or digest in field.shared)
    }
    if len(listed) == len(field.frequencies):
        return msgspec.structs.replace(field, shared=None)
    repeated = [count for digest, count in field.frequencies.items() if digest not in listed]
    once = field.said - sum(field.frequencies.values())
    mean = (once + sum(it * it for it in repeated)) / (once + sum(repeated))
    unlisted = _units(math.log2(field.said / mean))
    return msgspec.structs.replace(field, frequencies=listed, unlisted=unlisted, shared=None)


def _units(bits: float) -> int:
    return round(bits * UNIT)
