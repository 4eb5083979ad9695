"""Files as they should not be: one clear error for a wrong file, quarantine for a wrong row, nothing lost.

Through the folder on disk and the use case that `onefold load` calls. No message and no list may hold a value
of the data.
"""

from __future__ import annotations

import json
import tracemalloc

import pytest

from onefold.adapters.files.tables import open_table
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import CallerError, OnefoldError
from onefold.kernel.ids import Cell
from onefold.record.contracts.errors import BrokenContract, UnknownSource
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.held import Wanted
from onefold.record.intake.model import Mode, Tally
from onefold.usecases.load_file import load_file, plan_load
from tests.unit.record.contracts.sample import customers, document, movements, prop, table

CELL = Cell("demo", "uz")
CUSTOMERS = "id;name;born;mobile\n"
MOVEMENTS = "id;account;day;side;amount\n"
SAID = "id;who;purpose;fact;at;form\n"
SECRETS = ("Karimova", "998901234568", "4000123412341234")

CONSENTS = table(
    "consent",
    ["id", "who", "purpose", "fact", "at", prop("form")],
    entity="consent",
    delivers="event",
    key="id",
    subject={"entity": "party", "key": "who"},
    occurredAt={"from": "at", "as": "instant"},
    file={"name": "consents*.csv", "format": "csv", "delimiter": ";"},
    map={
        "party": {"from": "who", "as": "ref"},
        "purpose": "purpose",
        "channel": {"value": "any"},
        "fact": "fact",
        "given_at": {"event": "occurredAt"},
        "evidence": "form",
    },
)


@pytest.fixture
def rooms(tmp_path):
    """The rooms of a folder on disk with one bank's contract."""
    path = tmp_path / "core.yaml"
    path.write_text(json.dumps(document(customers(), movements(), CONSENTS)), encoding="utf-8")
    create(tmp_path / "data", CELL, [path], None)
    with open_rooms(read_folder(tmp_path / "data"), follow=False) as opened:
        yield opened.rooms


@pytest.fixture
def load(rooms, tmp_path):
    """Loads a file by name and content; its account."""

    def go(name: str, content: str | bytes, *, source: str = "core", **options) -> Tally:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        total = Tally()
        for file in plan_load(rooms.contracts, source, [path]).files:
            options = {"mode": Mode.CURRENT, "as_of": None, **options}
            permit = rooms.gate.admit(source, "cli")
            total.add(load_file(permit, rooms, open_table, file, progress=lambda done, of: None, **options))
        return total

    return go


def refused(load, *given, error=WrongFile, **options) -> str:
    """What is said of a file that was not taken; nothing of it may be in the log or in the message."""
    with pytest.raises(error) as caught:
        load(*given, **options)
    said = str(caught.value)
    assert isinstance(caught.value, OnefoldError)
    assert caught.value.hint
    assert not any(secret in said for secret in SECRETS)
    return said


def test_an_unknown_source_is_told_which_are_known(load):
    assert "Known: core" in refused(load, "customers.csv", CUSTOMERS, source="telecom", error=UnknownSource)


def test_a_file_that_no_contract_knows_is_told(load):
    assert "No contract says" in refused(load, "letters.csv", "a;b\n", error=UnknownSource)


def test_a_wrong_delimiter_is_told_before_anything_is_logged(load, rooms):
    content = CUSTOMERS.replace(";", ",") + "1,Anna Karimova,1990-01-02,998901234568\n"
    before = rooms.log.last_sequence
    assert "Is the delimiter ','?" in refused(load, "customers.csv", content)
    assert rooms.log.last_sequence == before


def test_a_missing_column_is_named_before_anything_is_logged(load, rooms):
    before = rooms.log.last_sequence
    said = refused(load, "customers.csv", "id;name;mobile\n1;Anna Karimova;998901234568\n")
    assert "Missing: born. Found: id, name, mobile." in said
    assert rooms.log.last_sequence == before


def test_an_empty_file_is_told(load):
    assert "is empty" in refused(load, "customers.csv", b"")


def test_a_file_without_its_header_gives_nobody_away(load):
    said = refused(load, "customers.csv", "1;Anna Karimova;1990-01-02;998901234568\n")
    assert "Found: none of them and 4 that the contract does not know." in said


def test_a_contract_with_an_unknown_purpose_is_told(tmp_path):
    path = tmp_path / "spy.yaml"
    path.write_text(json.dumps(document(customers(), purposes=["spying"])), encoding="utf-8")
    with pytest.raises(BrokenContract, match="there is no purpose spying"):
        create(tmp_path / "other", CELL, [path], None)


def test_a_published_version_with_other_content_is_told_and_harms_nothing(tmp_path):
    path = tmp_path / "core.yaml"
    path.write_text(json.dumps(document(customers())), encoding="utf-8")
    create(tmp_path / "data", CELL, [path], None)
    path.write_text(json.dumps(document(customers(), domain="other")), encoding="utf-8")
    with pytest.raises(BrokenContract, match="raise the version"):
        create(tmp_path / "data", CELL, [path], None)
    with open_rooms(read_folder(tmp_path / "data"), follow=False) as opened:
        assert opened.rooms.contracts.sources() == ["core"]


@pytest.mark.parametrize(
    ("name", "content", "reasons"),
    [
        ("customers.csv", CUSTOMERS + "1;Anna Karimova;31.02.1990;\n", {"bad_date": 1}),
        ("customers.csv", CUSTOMERS.encode() + b"1;Anna Karimova\xff;1990-01-02;\n", {"bad_text": 1}),
        ("customers.csv", CUSTOMERS + '1;"Anna Karimova;1990-01-02;\n', {"open_quote": 1}),
        ("customers.csv", CUSTOMERS + "1;Anna Karimova\n", {"ragged_row": 1}),
        ("customers.csv", CUSTOMERS + ";Anna Karimova;;\n", {"required_missing": 1}),
        ("movements.csv", MOVEMENTS + "1;A1;2100-01-01;C;5\n", {"future_date": 1}),
        ("movements.csv", MOVEMENTS + "1;A1;2024-01-01;C;4000123412341234.001\n", {"bad_amount": 1}),
        ("movements.csv", MOVEMENTS + "1;A1;2024-01-01;X;5\n", {"unknown_value": 1}),
        ("consents.csv", SAID + "1;7;spying;granted;2024-01-01;f\n", {"unknown_purpose": 1}),
        ("consents.csv", SAID + "1;7;marketing;granted;2024-01-01;\n", {"unproven_grant": 1}),
    ],
    ids=lambda it: next(iter(it)) if isinstance(it, dict) else "",
)
def test_a_wrong_row_is_quarantined_and_the_right_ones_are_taken(load, rooms, name, content, reasons):
    good = {
        "customers.csv": b"2;Bo;1991-01-02;\n",
        "movements.csv": b"2;A1;2024-01-01;C;5\n",
        "consents.csv": b"2;7;marketing;withdrawn;2024-01-01;\n",
    }[name]
    raw = content if isinstance(content, bytes) else content.encode()
    tally = load(name, raw + good)
    assert tally == Tally(2, 1, 0, 0, 1, 0, reasons)
    ((held, _),) = rooms.held.page(Wanted()).items
    assert (held.reason, held.line) == (next(iter(reasons)), 2)
    assert not any(secret in repr(held) for secret in SECRETS)
    kept = rooms.door.quarantine.read(held.sequence)[1]
    assert kept, "what is quarantined can be read by who may"


def test_the_same_key_twice_in_one_file_is_quarantined(load, rooms):
    content = CUSTOMERS + "1;Anna;1990-01-02;\n1;Anna Karimova;1990-01-02;\n1;Anna;1990-01-02;\n"
    assert load("customers.csv", content) == Tally(3, 1, 1, 0, 1, 0, {"key_repeated": 1})


def test_the_same_movement_twice_counts_once(load):
    content = MOVEMENTS + "1;A1;2024-01-01;C;5\n" * 3
    assert load("movements.csv", content) == Tally(offered=3, accepted=1, duplicate=2)


def test_a_line_of_a_gigabyte_is_one_row_in_quarantine(load, rooms, tmp_path):
    path = tmp_path / "customers.csv"
    with path.open("wb") as file:
        file.write(CUSTOMERS.encode() + b"1;Anna;1990-01-02;\n2;")
        file.seek(1 << 30)
        file.write(b";;\n3;Bo;;\n")
    (planned,) = plan_load(rooms.contracts, "core", [path]).files
    tracemalloc.start()
    tally = load_file(
        rooms.gate.admit("core", "cli"),
        rooms,
        open_table,
        planned,
        mode=Mode.CURRENT,
        as_of=None,
        progress=lambda done, of: None,
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tally == Tally(3, 2, 0, 0, 1, 0, {"line_too_long": 1})
    assert peak < 32 << 20
    ((held, _),) = rooms.held.page(Wanted()).items
    assert (held.line, held.size) == (3, 0)


def test_an_older_snapshot_is_told_and_can_be_loaded_as_history(load, rooms):
    now = rooms.clock.now_ms()
    load("customers.csv", CUSTOMERS + "1;Anna;;\n", as_of=now - 1000)
    said = refused(load, "customers.csv", CUSTOMERS + "1;Ann;;\n", as_of=now - 5000, error=CallerError)
    assert "backfill" in said
    tally = load("customers.csv", CUSTOMERS + "1;Ann;;\n", as_of=now - 5000, mode=Mode.BACKFILL)
    assert tally == Tally(offered=1, accepted=1)


def test_a_delivery_from_the_future_is_told(load, rooms):
    later = rooms.clock.now_ms() + 10 * 86_400_000
    assert "future" in refused(load, "customers.csv", CUSTOMERS + "1;A;;\n", as_of=later, error=CallerError)
