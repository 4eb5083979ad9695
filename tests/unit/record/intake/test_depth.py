"""Rows that are too deep: held by their digest at every door, so that what is logged can be read again."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.record.contracts.errors import Reason
from onefold.record.intake.depth import DEPTH_MAX, is_deeper, within_depth
from onefold.record.intake.envelopes.model import read_message
from onefold.record.intake.model import Offered, Tally
from onefold.testing.intake import MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, prop, table

NOTE = table(
    "note",
    [prop("id", required=True), prop("more", logicalType="object"), prop("text")],
    entity="case",
    delivers="event",
    key="id",
    subject={"entity": "party", "key": "id"},
    file={"name": "notes*.jsonl", "format": "jsonl"},
    map={"topic": "id"},
)


def nested(levels: int, leaf: Any = 1) -> Any:
    """That many lists and objects around a leaf, by turns."""
    for level in range(levels):
        leaf = {"a": leaf} if level % 2 else [leaf]
    return leaf


@pytest.mark.parametrize("levels", [DEPTH_MAX + 1, 980, 20_000])
def test_what_is_deeper_than_is_read_is_held_by_its_digest(levels):
    intake = MemoryIntake(contract(customers(), NOTE))
    deep = {"id": "1", "more": {"a": nested(levels)}}
    receipt = intake.door.offer("core", "note", rows({"id": "2"}, deep))
    assert receipt.tally == Tally(offered=2, accepted=1, quarantined=1, reasons={"too_deep": 1})
    assert intake.quarantine.read(1)[1] == b""


def test_a_deep_call_that_the_contract_does_not_know_is_held():
    intake = MemoryIntake(contract(customers(), NOTE))
    receipt = intake.door.offer_calls("core", [("dance", "", Offered({"more": nested(5_000)}, 1))])
    assert receipt.tally.quarantined == 1


def test_what_is_as_deep_as_is_read_is_taken():
    intake = MemoryIntake(contract(customers(), NOTE))
    row = {"id": "1", "more": {"a": nested(DEPTH_MAX - 2)}}
    assert intake.door.offer("core", "note", rows(row)).tally.accepted == 1


def test_equal_rows_have_equal_digests_and_others_others():
    first, same = (within_depth(Offered({"more": nested(200)}, line)) for line in (1, 2))
    other = within_depth(Offered({"more": nested(200, leaf=2)}, 1))
    assert first.fault is Reason.TOO_DEEP
    assert first.digest == same.digest != other.digest


def test_a_message_is_no_object_that_is_deeper():
    text = b'{"a":' * (DEPTH_MAX + 1) + b"1" + b"}" * (DEPTH_MAX + 1)
    assert read_message(text) is None
    assert read_message(text[5:-1]) is not None


def test_flat_values_are_not_deep():
    assert not is_deeper("x", 0)
    assert not is_deeper({"a": "x"}, 1)
    assert is_deeper({"a": []}, 1)
