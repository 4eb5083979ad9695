"""Linking by a model of Splink: its pairs and its weights, and customers formed as the linker forms them.

Which pairs are looked at and what each weighs is what Splink would say of the same tables. Clusters are not
Splink's: there, one strong pair joins two crowds, and here the mean of all pairs across has to be above the
threshold (`linking/clustering.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.app.resolving import arrow_of, like
from onefold.customer.identity.linking.clustering import UNSEEN, Clusters, cluster
from onefold.customer.identity.linking.columns import Floats, Ints, column_of
from onefold.customer.identity.linking.linker import THRESHOLD, bits_of
from onefold.customer.identity.linking.measures import Measures, measure
from onefold.customer.identity.linking.model import BITS_MOST, UNIT
from onefold.customer.identity.splink.model import SplinkModel, model_from_splink
from onefold.customer.identity.splink.tables import Said, blocked, said_of
from onefold.customer.identity.splink.weighing import match_probability, match_weights
from onefold.kernel.errors import CallerError

_BETWEEN = "-__-"
"""What Splink puts between the name of a table and an id."""


class SplinkResolution(NamedTuple):
    """What a model of Splink found.

    `table` has a row for each record, in the order given: `source, record_id, customer_id, probability`.
    `pairs` has one for each pair that was looked at: `source_l, record_id_l, source_r, record_id_r,
    match_weight, match_probability`, weights in bits. Both are of the kind of the first table given.
    """

    table: Any
    pairs: Any
    model: SplinkModel
    clusters: Clusters
    measures: Measures | None


class SplinkResolver:
    """Finds which records are one customer by a model that Splink trained, given as the JSON it wrote.

    Tables have the columns that the model names, with the types that Splink saw; term frequencies are those
    of the tables. `duckdb` (1 or 2) is the version that it was trained on, if its file does not tell:
    distances between texts beyond ASCII hang on it. `truth` is a column that says who is who and only
    measures. `threshold` is the mean probability above which clusters merge.
    """

    def __init__(
        self,
        model: bytes,
        *,
        truth: str | None = None,
        threshold: float = THRESHOLD,
        duckdb: int | None = None,
    ) -> None:
        if not 0 < threshold < 1:
            raise CallerError(
                "A threshold is a probability.", hint="Give a number between 0 and 1, such as 0.5."
            )
        self.model = model_from_splink(model, duckdb)
        self.truth = truth
        self.threshold = threshold

    def resolve(self, *tables: Any, sources: Sequence[str] = ()) -> SplinkResolution:
        """Resolves the records of all tables (polars, pandas, arrow); `sources` names the tables."""
        model = self.model
        arrows = [arrow_of(it) for it in tables]
        names = list(sources) or [f"table{at}" for at in range(1, len(arrows) + 1)]
        _check(model, arrows, names)
        records = {it: _column(arrows, it) for it in model.columns}
        source = np.repeat(np.arange(len(arrows)), [it.num_rows for it in arrows])
        rank = _rank(records[model.id_column], [names[it] for it in source] if len(arrows) > 1 else None)
        left, right = blocked(model, records, rank, source)
        shares = {it: records[it].frequencies for it in model.terms}
        weights = match_weights(model, records, left, right, shares)
        found = self._clusters(rank, left, right, weights)
        ids = _texts(records[model.id_column])
        table = pa.table(
            {
                "source": pa.array(names).take(pa.array(source)),
                "record_id": ids,
                "customer_id": _customers(names, source, ids, found.labels),
                "probability": np.round(_sureness(found.labels, left, right, weights), 6),
            }
        )
        pairs = _pairs(table, left, right, weights)
        first = tables[0]
        measured = self._measures(arrows, found.labels, left, right, weights)
        return SplinkResolution(like(first, table), like(first, pairs), model, found, measured)

    def _clusters(self, rank: Ints, left: Ints, right: Ints, weights: Floats) -> Clusters:
        """Clusters of rows numbered by id, so that ties go the same way in any order."""
        units = np.rint(np.clip(weights, -BITS_MOST, BITS_MOST) * UNIT).astype(np.int64)
        found = cluster(len(rank), rank[left], rank[right], units, bits_of(self.threshold))
        order = np.argsort(rank)
        return found._replace(labels=order[found.labels[rank]])

    def _measures(
        self, tables: Sequence[pa.Table], labels: Ints, left: Ints, right: Ints, weights: Floats
    ) -> Measures | None:
        if self.truth is None:
            return None
        said = column_of("" if it is None else str(it) for it in _values(tables, self.truth.lower()))
        truth = said.codes.astype(np.int64)
        return measure(
            labels, truth, np.minimum(left, right), np.maximum(left, right), match_probability(weights)
        )


def with_nulls(table: pa.Table) -> pa.Table:
    """The table with null where a text is empty: files of text cannot say it, and Splink reads it so."""
    for at, name in enumerate(table.column_names):
        if pa.types.is_string(table[name].type):
            said = pc.if_else(pc.equal(table[name], ""), pa.scalar(None, pa.string()), table[name])
            table = table.set_column(at, name, said)
    return table


def _check(model: SplinkModel, tables: Sequence[pa.Table], names: Sequence[str]) -> None:
    """`CallerError` where tables are not such as the model is about."""
    if len(names) != len(tables) or len(set(names)) != len(names):
        raise CallerError("Each table needs a name of its own.", hint="Give as many sources as tables.")
    if (model.link_type == "dedupe_only") != (len(tables) == 1) and model.link_type != "link_and_dedupe":
        raise CallerError(
            f"This model was trained with link_type {model.link_type}, and {len(tables)} tables were given.",
            hint="dedupe_only is about one table, link_only about two or more.",
        )
    if sum(it.num_rows for it in tables) < 2:
        raise CallerError("There are fewer than two records.")
    for name, table in zip(names, tables, strict=True):
        held = [it.lower() for it in table.column_names]
        missing = [it for it in model.columns if it not in held]
        if missing:
            raise CallerError(
                f"{name} has no column {missing[0]}, which the model of Splink looks at.",
                detail=f"It looks at: {', '.join(model.columns)}.",
                hint="Name the columns as they were named when the model was trained.",
            )
        if len(set(held)) < len(held):
            raise CallerError(f"Two columns of {name} have one name.", hint="Upper and lower case are one.")


def _values(tables: Sequence[pa.Table], name: str) -> list[Any]:
    """What every row says in a column; lists as tuples, exact numbers as they are reckoned with."""
    found: list[Any] = []
    for table in tables:
        held = {it.lower(): it for it in table.column_names}
        if name not in held:
            raise CallerError(f"There is no column {name}.", hint="The first line names the columns.")
        column = table[held[name]]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        found.extend(column.to_pylist())
    return [_frozen(it) if isinstance(it, list) else it for it in found]


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _column(tables: Sequence[pa.Table], name: str) -> Said:
    return said_of(_values(tables, name))


def _texts(said: Said) -> list[str]:
    texts = ["" if it is None else str(it) for it in said.values]
    return [texts[it] for it in said.codes.tolist()]


def _rank(ids: Said, sources: Sequence[str] | None) -> Ints:
    """Where each row comes by its id, and by its table before; `CallerError` where two have one."""
    said: list[Any] = [ids.values[it] for it in ids.codes.tolist()]
    if sources is not None:
        said = [f"{source}{_BETWEEN}{it}" for source, it in zip(sources, said, strict=True)]
    if None in said or len(set(said)) < len(said):
        raise CallerError(
            "Some ids are empty or repeat another.",
            hint="The model names the column of ids (unique_id_column_name): each record needs its own.",
        )
    rank = np.empty(len(said), dtype=np.int64)
    rank[sorted(range(len(said)), key=said.__getitem__)] = np.arange(len(said))
    return rank


def _customers(names: Sequence[str], source: Ints, ids: Sequence[str], labels: Ints) -> list[str]:
    """A customer's id is the digest of its least record."""
    found: dict[int, str] = {}
    for label in set(labels.tolist()):
        text = f"{names[source[label]]}\x1f{ids[label]}"
        found[label] = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return [found[it] for it in labels.tolist()]


def _sureness(labels: Ints, left: Ints, right: Ints, weights: Floats) -> Floats:
    """How sure each row is where it is: by its mean weight to the rest, or alone by its strongest pair."""
    rows = len(labels)
    sizes = np.bincount(labels, minlength=rows)[labels]
    inside = labels[left] == labels[right]
    ends = np.concatenate([left[inside], right[inside]])
    seen = np.bincount(ends, minlength=rows)
    totals = np.bincount(ends, weights=np.tile(weights[inside], 2), minlength=rows)
    mean = (totals + (sizes - 1 - seen) * (UNSEEN / UNIT)) / np.maximum(sizes - 1, 1)
    best = np.full(rows, -np.inf)
    np.maximum.at(best, left, weights)
    np.maximum.at(best, right, weights)
    return np.where(sizes > 1, match_probability(mean), 1 - match_probability(best))


def _pairs(table: pa.Table, left: Ints, right: Ints, weights: Floats) -> pa.Table:
    ones, others = (table.select(["source", "record_id"]).take(pa.array(it)) for it in (left, right))
    return pa.table(
        {
            "source_l": ones["source"],
            "record_id_l": ones["record_id"],
            "source_r": others["source"],
            "record_id_r": others["record_id"],
            "match_weight": weights,
            "match_probability": match_probability(weights),
        }
    )
