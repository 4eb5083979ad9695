"""L3 for the linker: the order of rows changes neither the partition nor an id nor the model."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from onefold import Resolver
from tests.linking import table

SHUFFLES = 20


def outcome(columns: dict[str, list[str]], order: list[int], *, with_id: bool) -> tuple[list[tuple], bytes]:
    """What is said of each row of the table, in the table's own order, when its rows come in another."""
    names = [name for name in columns if name != "who" and (with_id or name != "id")]
    rows = pa.table({name: [columns[name][at] for at in order] for name in names})
    found = Resolver().resolve(rows, sources=["crm"])
    said = sorted(zip(order, found.table.to_pylist(), strict=True), key=lambda it: it[0])
    return [(it["customer_id"], it["probability"]) for _, it in said], found.model.to_json()


@pytest.mark.parametrize("with_id", [True, False])
def test_twenty_shuffles_give_one_partition_one_set_of_ids_and_one_model(with_id):
    columns = table(120, seed=11)
    order = list(range(len(columns["id"])))
    first = outcome(columns, order, with_id=with_id)
    assert 100 < len({customer for customer, _ in first[0]}) < len(order)
    for seed in range(SHUFFLES):
        random.Random(seed).shuffle(order)
        again = outcome(columns, order, with_id=with_id)
        assert again[1] == first[1]
        assert sorted(again[0]) == sorted(first[0])
        if with_id:
            assert again == first
