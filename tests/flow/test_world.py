"""The six contracts of the world take every row of it, but for the rows that were spoiled on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from onefold.adapters.files.tables import open_table
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import evidence_between
from onefold.kernel.ids import CellKey
from onefold.kernel.time import MS_PER_DAY, day_from_date
from onefold.record.canon.identifiers import PROOFS
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.model import Row
from onefold.record.intake.prepare import Moment, Preparer
from onefold.testing.world.generate import DEFAULT_UNTIL, SHEETS, generate

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts" / "world"
CELL_KEY = CellKey(b"\x01" * 32)
NOW = Moment(now=(day_from_date(DEFAULT_UNTIL) + 1) * MS_PER_DAY)
PEOPLE = 2_000

REASONS = {
    "bad_date": {Reason.BAD_DATE, Reason.BAD_INSTANT},
    "missing_key": {Reason.KEY_MISSING, Reason.REQUIRED_MISSING},
    "unknown_code": {Reason.UNKNOWN_VALUE, Reason.UNKNOWN_PURPOSE},
    "bad_amount": {Reason.BAD_AMOUNT},
    "missing_amount": {Reason.REQUIRED_MISSING},
    "missing_date": {Reason.REQUIRED_MISSING},
    "future_date": {Reason.FUTURE_DATE},
    "broken_line": {Reason.RAGGED_ROW},
}
"""What was done to a row → why the door may say no."""

SOURCE_FILES = [sheet.path for sheet in SHEETS if not sheet.path.startswith("truth/")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "world"
    generate(folder, people=PEOPLE, seed=2)
    return folder


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    files = sorted(CONTRACTS.glob("*.yaml"))
    return Contracts(CELL_KEY, [parse_contract(path.read_bytes(), path.name) for path in files])


def prepared(contracts: Contracts, path: Path) -> Iterator[Row]:
    """Every row of a file as the door would take it."""
    found = contracts.for_file(path.name, path.parent.name)
    preparer = Preparer(found, CELL_KEY)
    return (preparer.prepare(offered, NOW) for offered in open_table(path, found))


def bad_rows(world: Path, file: str) -> list[dict[str, Any]]:
    """What the truth says was spoiled in a file."""
    rows: list[dict[str, Any]] = pq.read_table(world / "truth" / "bad_rows.parquet").to_pylist()
    return [row for row in rows if row["file"] == file]


@pytest.mark.parametrize("file", SOURCE_FILES)
def test_a_file_passes_but_for_its_bad_rows(world: Path, contracts: Contracts, file: str) -> None:
    expected = bad_rows(world, file)
    rows = list(prepared(contracts, world / file))
    reasons = Counter(row.fault.reason for row in rows if row.fault)
    assert sum(reasons.values()) == len(expected), reasons
    for fault, count in Counter(row["fault"] for row in expected).items():
        assert sum(reasons[reason] for reason in REASONS[fault]) >= count, (fault, reasons)
    assert all(row.events or row.fault for row in rows)


def test_every_way_to_spoil_a_row_is_found_out(world: Path, contracts: Contracts) -> None:
    spoiled = {row["fault"] for file in SOURCE_FILES for row in bad_rows(world, file)}
    assert spoiled >= {"bad_date", "missing_key", "unknown_code", "future_date", "broken_line"}


def test_a_contract_names_no_file_that_the_world_lacks(contracts: Contracts) -> None:
    sources = {path.split("/")[0] for path in SOURCE_FILES}
    assert set(contracts.sources()) == sources
    named = {
        (source, item.item.file.name)
        for source in sources
        for item in contracts.latest(source).objects.values()
        if item.item.file
    }
    assert len(named) == len(SOURCE_FILES)


def test_people_come_out_with_names_and_identifiers(world: Path, contracts: Contracts) -> None:
    customers = list(prepared(contracts, world / "core-banking" / "CUSTOMERS.csv"))
    found = contracts.for_file("CUSTOMERS.csv", "core-banking")
    values = [found.read(event.body, event.occurred_at)[1] for row in customers for event in row.events]
    people = [it for it in values if it["kind"] == "person"]
    assert len(people) > 0.5 * PEOPLE
    for field, share in (("given_name", 0.99), ("birth_date", 0.95), ("national_id", 0.85), ("phone", 0.85)):
        assert sum(field in it for it in people) / len(people) > share, field
    assert all(it["customer_number"] for it in people)


def test_logins_are_told_from_other_events(world: Path, contracts: Contracts) -> None:
    tracks = contracts.for_file("tracks.jsonl", "digital")
    rows = prepared(contracts, world / "digital" / "tracks.jsonl")
    actions = Counter(
        tracks.read(event.body, event.occurred_at)[1]["action"] for row in rows for event in row.events
    )
    assert actions["login"] > 10 * actions["transfer"] > 0
    assert set(actions) == {"login", "logout", "transfer"}
    assert actions["login"] > actions["logout"]


def test_what_a_call_says_of_itself_proves_nothing(contracts: Contracts) -> None:
    """A write key is public: whoever names a customer's number in a call must not open their record."""
    name = {"given_name": "Aziz", "family_name": "Karimov", "customer_number": "C-1"}
    traits = {"firstName": "Aziz", "lastName": "Karimov", "customerNumber": "C-1", "phone": "+998901112233"}
    call = {
        "messageId": "m1",
        "userId": "u1",
        "traits": traits | {"phoneVerified": True, "emailVerified": True},
    }
    identify = contracts.latest("digital").object("identify")
    claimed = {field: it for field, it in identify.values(identify.check(call), 0).items() if it is not None}
    assert set(claimed).isdisjoint(PROOFS)
    bank = portrait_of(b"b" * 16, name | {"kind": "person", "identifiers_verified": True})
    found = evidence_between(bank, portrait_of(b"c" * 16, claimed))
    assert [it.rule for it in found] == ["customer number"], "the records are joined"
    assert not found[0].verified, "and no consent follows"


def test_the_sources_that_identify_their_customers_are_the_trusted_ones(contracts: Contracts) -> None:
    trusted = {it for it in contracts.sources() if contracts.latest(it).contract.trusted}
    assert trusted == {"core-banking", "telecom"}


def test_a_signed_form_is_a_fact_with_its_own_instant_and_its_evidence(
    world: Path, contracts: Contracts
) -> None:
    found = contracts.for_file("AGREEMENTS.csv", "core-banking")
    rows = list(prepared(contracts, world / "core-banking" / "AGREEMENTS.csv"))
    taken = [row for row in rows if not row.fault]
    facts = [found.read(event.body, event.occurred_at)[1] for row in taken for event in row.events]
    assert {it["fact"] for it in facts} == {"granted", "withdrawn", "objected"}
    assert {it["channel"] for it in facts} == {"app", "email", "sms", "call", "any"}
    assert {it["purpose"] for it in facts} == {"marketing", "analytics"}
    assert all(it["given_at"] < NOW.now for it in facts)
    assert any("until_at" in it for it in facts)
    assert {it["evidence"].partition("/")[0] for it in facts} == {"PAPER", "PAD", "LETTER"}
    undated = [row for row in rows if row.fault and row.fault.reason is Reason.REQUIRED_MISSING]
    assert len(undated) > 20
    assert not any(row.events for row in undated), "a yes without its day is no yes"
