"""Rows prepared together are prepared as each of them alone, whatever stands in them."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts.errors import Reason
from onefold.record.intake import blocks
from onefold.record.intake.blocks import BlockPreparer
from onefold.record.intake.model import Offered
from onefold.record.intake.prepare import Moment, Preparer
from tests.unit.record.contracts.sample import CELL_KEY, compiled, prop, table

NOW = 1_790_000_000_000
CSV = {"name": "t*.csv", "format": "csv"}
PARQUET = {"name": "t*.parquet", "format": "parquet"}
MAP = {
    "account": {"from": "acc", "as": "ref"},
    "booked_at": {"event": "occurredAt"},
    "direction": {"from": "dc", "as": "values", "values": {"C": "credit", "D": "debit"}},
    "amount": {"from": "amount", "as": "money", "decimal": ","},
    "currency": "ccy",
    "balance": {"from": "balance", "as": "money", "currency": "UZS"},
    "text": {"from": ["text", "more"], "as": "join"},
    "counterparty": {"from": "name", "as": "text", "or": {"from": "more", "as": "upper"}},
    "category": {"value": "other"},
}
WORDS = (
    "", " ", "a", "A|b", "a\\", "0", "1", "-1", "700,50", "-0,05", "1.5", "1 000,00", "9" * 20, "1e5", "UZS",
    "uzs", "JPY", "KWD", "C", "D", "x", "true", "\x00", "é", "e\u0301", "\ud7ff", "x" * 600,
    "2026-01-05T10:00:00Z", "2026-01-05 10:00:00", "2999-01-01T00:00:00Z", "not a day",
)  # fmt: skip
CELLS = st.one_of(st.sampled_from(WORDS), st.text(max_size=8), st.none())
HOSTILE = st.one_of(
    CELLS, st.integers(), st.floats(), st.booleans(), st.just(["x"]), st.just({"a": 1}), st.binary(max_size=3)
)


def moved(delivers: str = "event", limits: dict[str, dict[str, object]] | None = None, **words):
    """A table of movements, in which every kind of rule stands; `limits` of what a property may hold."""
    properties = [
        prop("id", primaryKey=True),
        prop("acc", required=True),
        "at",
        prop("dc", required=True),
        prop("amount", required=True, classification="pci"),
        "ccy",
        prop("balance", classification="pci"),
        prop("text", classification="pii"),
        prop("more", classification="pii"),
        prop("name", classification="pii"),
        prop("number", logicalType="integer"),
        prop("hidden", store="drop"),
    ]
    for it in properties:
        if isinstance(it, dict) and it["name"] in (limits or {}):
            it["logicalTypeOptions"] = limits[it["name"]]
    said = {
        "entity": "transaction",
        "delivers": delivers,
        "subject": {"entity": "account", "key": "acc"},
        "occurredAt": {"from": "at", "as": "instant"},
        "file": CSV,
        "map": MAP,
    } | words
    return compiled(table("moved", properties, **{k: v for k, v in said.items() if v is not None}))


COLUMNS = ("id", "acc", "at", "dc", "amount", "ccy", "balance", "text", "more", "name", "number", "hidden")
GOOD = dict(zip(COLUMNS, ("1", "a", "2026-01-05T10:00:00Z", "C", "1,50", "UZS", *[""] * 6), strict=True))


def mostly_good(cells):
    """Rows of which a few cells are anything; a cell may be missing."""
    changed = st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=4)
    return st.builds(
        lambda change, lost: {k: v for k, v in (GOOD | change).items() if k != lost},
        changed,
        st.sampled_from([*COLUMNS, *[""] * 30]),
    )


FAULTY = st.builds(lambda raw: Offered(None, fault=Reason.BAD_TEXT, raw=raw), st.binary(max_size=4))
ORDERED = st.builds(
    lambda row, message, order: Offered(row, 0, message, order=order),
    mostly_good(CELLS),
    st.sampled_from(["", "m1"]),
    st.sampled_from([b"", b"12345678"]),
)
MOMENTS = st.builds(Moment, st.just(NOW), st.sampled_from([0, NOW - 1, NOW + 1]), st.booleans())
OBJECTS = {
    "event": moved(),
    "record": moved("record", occurredAt=None, map=MAP | {"booked_at": {"from": "at", "as": "instant"}}),
    "dated record": moved("record"),
    "numbers": moved(file=PARQUET),
    "two keys": moved(key=["id", "acc"], keyPrefix="p-"),
    "absent": moved(absent=["x", "-"]),
    "limits": moved(absent=["a"], limits={"name": {"maxLength": 1}, "text": {"pattern": "a|x"}}),
}


@pytest.mark.parametrize("name", OBJECTS)
@given(data=st.data(), moment=MOMENTS)
def test_a_block_of_rows_is_what_each_row_is_alone(name, data, moment):
    alone = Preparer(OBJECTS[name], CELL_KEY)
    cells = HOSTILE if name == "numbers" else CELLS
    rows = mostly_good(cells).map(lambda row: Offered(row, 1))
    block = data.draw(st.lists(st.one_of(rows, rows, rows, ORDERED, FAULTY), min_size=2, max_size=12))
    prepared = BlockPreparer(alone)
    assert prepared.is_able
    assert prepared.prepare(block, moment) == [alone.prepare(offered, moment) for offered in block]


def test_what_may_take_something_away_is_prepared_alone():
    suppressions = table(
        "stop",
        [prop("id", primaryKey=True), "who", "state"],
        entity="suppression",
        delivers="record",
        subject={"entity": "party", "key": "who"},
        file=CSV,
        map={
            "party": {"from": "who", "as": "ref"},
            "state": "state",
            "channel": {"value": "any"},
            "reason": {"value": "deceased"},
        },
    )
    assert not BlockPreparer(Preparer(compiled(suppressions), CELL_KEY)).is_able
    assert BlockPreparer(Preparer(moved(), CELL_KEY)).is_able


def test_rows_are_not_lost_between_blocks_and_large_ones_fill_a_block_alone(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_CHARACTERS", 100)
    prepared = BlockPreparer(Preparer(moved(), CELL_KEY))
    rows = [Offered(GOOD | {"text": "x" * size}, line) for line, size in enumerate((1, 1, 500, 1, 1, 1, 1))]
    made = list(prepared.blocks(rows, 3))
    assert list(chain.from_iterable(made)) == rows
    assert [len(block) for block in made] == [3, 3, 1]
    assert [len(block) for block in prepared.blocks(rows[1:], 3)] == [2, 3, 1]
    assert [len(block) for block in prepared.blocks([Offered({"id": [1] * 9, "more": 1}), rows[0]])] == [1, 1]
