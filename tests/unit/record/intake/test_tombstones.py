"""Tombstones: they carry the key of what is gone, and fold to the same wherever they come."""

from __future__ import annotations

import pytest

from onefold.record.intake.tombstones import Gone, Tombstones, row_of_key
from onefold.record.log.model import EventKind
from tests.unit.record.contracts.sample import CELL_KEY, compiled, customers, prop, table


def composed(**words):
    """An object whose key has two parts and a prefix."""
    said = {"entity": "holder", "delivers": "record", "key": ["account", "party"], "keyPrefix": "h-"}
    refs = {"account": {"from": "account", "as": "ref"}, "party": {"from": "party", "as": "ref"}}
    subject = {"entity": "party", "key": "party"}
    return compiled(table("holder", ["account", "party"], subject=subject, map=refs, **said, **words))


@pytest.mark.parametrize("account", ["1", "a|b", "a\\b", "a\\|b", "|", "\\", "a\\\\|"])
def test_a_key_of_parts_is_taken_apart_as_it_was_put_together(account):
    found = composed()
    row = {"account": account, "party": "7|8\\"}
    key = found.key(row)
    assert key is not None
    assert row_of_key(found, key) == row
    assert found.key(row_of_key(found, key)) == key


def test_a_key_within_a_nested_row_is_put_in_its_place():
    nested = [prop("who", logicalType="object", properties=[prop("id"), prop("name", classification="pii")])]
    file = {"name": "p*.jsonl", "format": "jsonl"}
    words = {"entity": "party", "delivers": "record", "key": "who.id", "map": {"full_name": "who.name"}}
    found = compiled(table("person", nested, file=file, **words))
    assert row_of_key(found, "7") == {"who": {"id": "7"}}


def test_tombstones_of_one_snapshot_differ_and_say_that_they_are_some():
    found = compiled(customers())
    made = Tombstones(found, CELL_KEY)
    gone = [Gone(bytes([number] * 16), bytes(16), str(number)) for number in (1, 2)]
    (first,), (second,) = (row.events for row in made.rows(gone, 1000))
    assert first.event_id != second.event_id
    assert {first.kind, second.kind} == {EventKind.DELETE}
    assert first.digest == second.digest == Tombstones(found, CELL_KEY).digest
    assert first.body == b'{"id":"1"}'
    (again,) = made.rows(gone[:1], 1000)[0].events
    assert again.event_id == first.event_id
    (later,) = made.rows(gone[:1], 2000)[0].events
    assert later.event_id != first.event_id
