"""Who is who on the world, through the ordinary door: deterministic rules join few wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.adapters.files.keys import KeyFiles
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.kernel.ids import Cell
from onefold.testing.world.generate import DEFAULT_UNTIL, generate
from onefold.testing.world.measure import RecordKey, pairwise, read_truth

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts" / "world"
CELL = Cell("demo", "uz")
PEOPLE = 2_000
PARTY_FILES = (
    "core-banking/CUSTOMERS.csv",
    "crm/contacts.jsonl",
    "telecom/subscribers.csv",
    "digital/identifies.jsonl",
    "marketing/contacts.csv",
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[RecordKey, str], dict[RecordKey, bytes]]:
    """Who is behind each record in truth, and which customer the product has for it."""
    folder = tmp_path_factory.mktemp("identity")
    world, data = folder / "world", folder / "data"
    generate(world, people=PEOPLE, seed=42)
    house = LocalHouse()
    house.create(data, CELL, [CONTRACTS], None)
    for file in PARTY_FILES:
        source = file.partition("/")[0]
        house.load(
            data,
            source,
            [world / file],
            as_of=DEFAULT_UNTIL.isoformat(),
            backfill=False,
            watch=lambda *_: None,
        )
    true = read_truth(world)
    key = KeyFiles(read_folder(data).keys).cell_key(CELL)
    with house.working(data) as rooms:
        found = {it: rooms.reader.customer_of(key.birth_id(it[0], "party", it[1])) for it in true}
    return true, {it: customer for it, customer in found.items() if customer is not None}


def test_every_record_has_a_customer(judged):
    true, found = judged
    assert found.keys() == true.keys()


def test_deterministic_rules_are_precise(judged):
    score = pairwise(*judged)
    assert score.precision >= 0.99, score


def test_deterministic_rules_find_most_of_what_there_is_to_find(judged):
    score = pairwise(*judged)
    assert score.recall >= 0.60, score
