"""Which sources know whom."""

from __future__ import annotations

from collections import Counter

from onefold.testing.world.model import Person
from tests.unit.testing.world.made import blocks


def test_everybody_is_known_somewhere():
    for block in blocks():
        known = {record.who for records in block.records.values() for record in records}
        assert set(block.people) <= known
        assert set(block.companies) <= known


def test_there_are_about_one_point_eight_records_a_person():
    people = sum(len(block.people) for block in blocks())
    records = sum(
        isinstance(record.who, Person)
        for block in blocks()
        for rows in block.records.values()
        for record in rows
    )
    assert 1.7 < records / people < 1.9


def test_keys_of_a_source_are_unique():
    for source in ("core-banking", "crm", "telecom", "digital", "marketing"):
        keys = Counter(record.key for block in blocks() for record in block.records[source])
        assert max(keys.values()) == 1, source


def test_guardians_of_minors_are_customers_of_core_banking():
    for block in blocks():
        bank = {record.who for record in block.records["core-banking"]}
        minors = [person for person in block.people if person.guardian]
        assert {minor.guardian for minor in minors} <= bank
        assert set(minors) <= bank


def test_a_row_speaks_of_a_day_after_it_was_made():
    for block in blocks():
        for records in block.records.values():
            assert all(record.made_on <= record.stated_on for record in records)
