"""Many writers merge, part, judge and delete at once: customers are those of an oracle, and nothing is lost.

Each writer has keys and pairs of its own, so what was said of each last is known without asking the product;
what they say is taken from small pools, so records of different writers meet. `ONEFOLD_OPERATIONS` says how
many operations there are (the whole measure: 100,000, of which `pytest -s` tells the figures).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from onefold.adapters.files.keys import KeyFiles
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.customer.identity.deciding import partition
from onefold.customer.identity.model import Judgement, Verdict, pair_of
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import DeterministicRules
from onefold.kernel.ids import Cell, id_text
from onefold.kernel.time import iso_instant
from onefold.record.intake.model import Offered
from onefold.usecases.statements import state
from tests.faults.truth import logged_events

CELL = Cell("demo", "uz")
WRITERS = 8
KEYS_EACH = 12
OPERATIONS = int(os.environ.get("ONEFOLD_OPERATIONS", "480"))
pytestmark = pytest.mark.timeout(300 + OPERATIONS // 10)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
GIVEN = ("Aziz", "Hasan", "Olga", "Anna")
FAMILY = ("Karimov", "Petrova", "Aliev")
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: bank
name: Bank
version: 1.0.0
status: active
domain: banking
description: {purpose: Clients of a bank that does not exist.}
team: {name: core}
customProperties:
  - {property: purposes, value: [servicing, stewardship]}
schema:
  - name: client
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: op, logicalType: string, required: true}
      - {name: given, logicalType: string, classification: pii}
      - {name: family, logicalType: string, classification: pii}
      - {name: born, logicalType: string, classification: pii}
      - {name: email, logicalType: string, classification: pii}
      - {name: phone, logicalType: string, classification: pii}
      - {name: changed, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: party}
      - {property: delivers, value: record}
      - {property: occurredAt, value: {from: changed, as: instant}}
      - {property: deletedWhen, value: {from: op, values: [D]}}
      - {property: file, value: {name: "clients*.jsonl", format: jsonl}}
      - property: map
        value:
          given_name: given
          family_name: family
          birth_date: {from: born, as: date}
          email: {from: email, as: email}
          phone: {from: phone, as: phone, country: UZ}
"""


class Writer:
    """One of those who write: what it says, and what it said last of each of its keys and pairs."""

    def __init__(self, number, rooms, birth_id):
        self.chance = random.Random(1000 + number)
        self.keys = [f"C{number}-{it}" for it in range(KEYS_EACH)]
        self.others = [f"C{writer}-{it}" for writer in range(WRITERS) for it in range(KEYS_EACH)]
        self.others = [it for it in self.others if it >= f"C{number}-"]
        self.rooms, self.birth_id = rooms, birth_id
        self.rows, self.words = {}, {}
        self.rows_logged = self.words_logged = 0

    def work(self, operations):
        for number in range(operations):
            at = iso_instant(int((BEGAN + timedelta(seconds=number)).timestamp() * 1000))
            if self.chance.random() < 0.3:
                self.judge(at)
            else:
                self.say(at)

    def say(self, at):
        key = self.chance.choice(self.keys)
        deletes = self.chance.random() < 0.25
        row = {"id": key, "op": "D" if deletes else "U", "changed": at} | self.person()
        tally = self.rooms.door.offer("bank", "client", [Offered(row)]).tally
        assert tally.accepted + tally.unchanged == 1, tally
        self.rows_logged += tally.accepted
        self.rows[key] = None if deletes else row

    def person(self):
        number = self.chance.randrange(40)
        said = {
            "given": self.chance.choice(GIVEN),
            "family": self.chance.choice(FAMILY),
            "born": f"19{60 + number % 30}-03-0{1 + number % 9}",
            "email": f"p{number}@karimov.uz",
            "phone": f"+99890555{1234 + number % 7}",
        }
        return {name: it for name, it in said.items() if self.chance.random() > 0.2}

    def judge(self, at):
        """About one of its keys and one of a writer that comes no earlier, so that no two judge one pair."""
        mine, other = self.chance.choice(self.keys), self.chance.choice(self.others)
        if mine == other:
            return
        left, right = pair_of(self.birth_id(mine), self.birth_id(other))
        verdict = self.chance.choice(("same", "different", "unsure"))
        row = {"left": id_text(left), "right": id_text(right), "verdict": verdict}
        state(self.rooms, "judgement", [row | {"actor": "s", "reason": "r", "made_at": at}])
        self.words_logged += 1
        self.words[left, right] = Judgement(left, right, Verdict(verdict), "s", "r", 0)


def values_of(row):
    """What the contract makes of a row, written down apart from it."""
    names = {"given": "given_name", "family": "family_name", "email": "email", "phone": "phone"}
    values = {names[name]: text for name, text in row.items() if name in names}
    if "born" in row:
        values["birth_date"] = (datetime.fromisoformat(row["born"]) - datetime(1970, 1, 1)).days
    return values


def test_the_customers_of_many_writers_are_those_of_the_oracle(tmp_path):
    contract, data = tmp_path / "bank.yaml", tmp_path / "data"
    contract.write_text(CONTRACT, encoding="utf-8")
    house = LocalHouse()
    house.create(data, CELL, [contract], None)
    cell_key = KeyFiles(read_folder(data).keys).cell_key(CELL)

    def birth_id(key):
        return cell_key.birth_id("bank", "party", key)

    of_the_house = sum(logged_events(data, "onefold").values())
    with house.working(data) as rooms, ThreadPoolExecutor(WRITERS) as pool:
        writers = [Writer(number, rooms, birth_id) for number in range(WRITERS)]
        for done in [pool.submit(it.work, OPERATIONS // WRITERS) for it in writers]:
            done.result()
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
        rows = {birth_id(key): row for it in writers for key, row in it.rows.items()}
        found = rooms.reader.customers_of(list(rows))
    counts = [sum(logged_events(data, it).values()) for it in ("bank", "onefold")]
    counts[1] -= of_the_house
    assert counts == [sum(it.rows_logged for it in writers), sum(it.words_logged for it in writers)]
    portraits = [portrait_of(key, values_of(row)) for key, row in rows.items() if row is not None]
    words = {pair: word for it in writers for pair, word in it.words.items()}
    expected = partition(portraits, words, DeterministicRules())
    print(
        f"\n{OPERATIONS:,} operations by {WRITERS} writers: {counts[0]:,} rows and {counts[1]:,} judgements"
        f" logged, none lost; {len(portraits)} of {len(rows)} records stand, {len(words):,} pairs judged;"
        f" {len(set(expected.values()))} customers, the largest of {max(Counter(expected.values()).values())}"
    )
    assert found == expected
    assert 1 < len(set(expected.values())) < len(expected)
