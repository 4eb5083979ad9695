"""Contracts from draft to retired on the command line, what a build can ask, a source that is replaced."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from structlog.testing import capture_logs

from onefold.adapters.files.tables import open_table
from onefold.app.contracts import Published
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.publishing import take_in, taking_in_contracts
from onefold.app.rooms import Opened, open_rooms
from onefold.channels.cli.main import run
from onefold.gate.model import Actor, TransactionFilter
from onefold.kernel.ids import Cell
from onefold.record.intake.model import Mode
from onefold.usecases.list_transactions import list_transactions
from onefold.usecases.load_file import load_file, plan_load
from onefold.usecases.publish_contract import publish_contract
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from tests.clients import CONTRACT, clients, put_contract
from tests.flow.server import CONTRACTS, Server, make_folder

pytestmark = pytest.mark.xdist_group("contracts")

CORE = CONTRACTS / "core-banking.yaml"
NAMES = ("Ann Lee", "Bob Ray", "Cy Dow")


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def onefold(capsys, monkeypatch):
    """Runs the command in this process, in a terminal of 200 columns."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: object) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), [str(it) for it in arguments])
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run_command


def edited(path: Path, to: Path, *pairs: tuple[str, str]) -> Path:
    """A copy of a contract with texts replaced, each of which must be there."""
    text = path.read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    to.write_text(text)
    return to


# ------------------------------------------------------------------ in a build


def test_lint_says_each_fault_on_a_line_with_its_place(tmp_path, onefold):
    broken = edited(CORE, tmp_path / "core.yaml", ("national_id: {from: PINFL", "nationl_id: {from: PINFL"))
    done = onefold("contract", "lint", broken)
    line = next(at for at, it in enumerate(broken.read_text().splitlines(), 1) if "nationl_id" in it)
    assert done.code == 1
    (fault,) = done.out.splitlines()
    assert fault.startswith(f"{broken}:{line}:11: contract.schema.customer.map.nationl_id: ")
    assert fault.endswith("did you mean national_id?")
    sound = onefold("contract", "lint", CONTRACTS)
    assert sound.code == 0
    assert "core-banking 1.3.0 is sound" in sound.out
    assert "There is no contract at" in onefold("contract", "lint", tmp_path / "none.yaml").err


def test_diff_names_who_reads_what_is_gone(tmp_path, onefold):
    rule = next(it for it in CORE.read_text().splitlines(True) if "national_id: {from" in it)
    newer = edited(CORE, tmp_path / "core.yaml", (rule, ""), ("version: 1.3.0", "version: 1.4.0"))
    done = onefold("contract", "diff", CORE, newer)
    assert done.code == 1
    assert "party.national_id is no longer made here [breaks who reads it: identity]" in done.out
    assert onefold("contract", "diff", CORE, newer, "--mode", "none").code == 0
    assert "There is no mode sideways" in onefold("contract", "diff", CORE, newer, "--mode", "sideways").err
    assert onefold("contract", "diff", CORE, CORE).out == ""


def test_a_sample_is_tried_without_a_word_of_it(tmp_path, onefold):
    contract = bank(tmp_path / "bank.yaml")
    sample = tmp_path / "KUNDEN.csv"
    sample.write_text(
        "NR;NAME;GEB;PIN\n1;Ann Lee;1980-02-03;77\n;Bob Ray;1980-02-03;78\n3;Cy Dow;31.12.1979;79\n"
    )
    done = onefold("contract", "test", contract, sample)
    assert done.code == 1
    assert "1 of 3 rows would be let in" in done.out
    assert "required_missing" in done.out
    assert "bad_date" in done.out
    assert "party.full_name" in done.out
    assert not any(word in done.out for word in ("Ann", "Bob", "1980", "31.12"))
    sample.write_text("NR;NAME;GEB;PIN\n1;Ann Lee;1980-02-03;77\n")
    assert onefold("contract", "test", contract, sample).code == 0
    assert "Name the object" in onefold("contract", "test", contract, contract).err


def test_whoever_delivers_is_told_what_a_harmless_column_holds(tmp_path, onefold):
    contract, data = bank(tmp_path / "bank.yaml"), tmp_path / "data"
    sample = tmp_path / "KUNDEN.csv"
    rows = [f"a{it}@mail.example;Ann Lee;1980-02-03;{it}" for it in range(5)]
    sample.write_text("\n".join(["NR;NAME;GEB;PIN", *rows]) + "\n")
    told = "declared internal, and 5 of 5 different values look like e-mail addresses"
    tried = onefold("contract", "test", contract, sample)
    assert told in " ".join(tried.out.split())
    onefold("init", "--data", data, "--cell", "demo/uz", "--contracts", contract)
    done = onefold("load", "bank", sample, "--data", data)
    assert done.code == 0
    assert told in " ".join(done.out.split())
    assert "@mail" not in done.out + tried.out


# ------------------------------------------------------------------ from draft to retired


@pytest.fixture
def folder(tmp_path) -> Path:
    """A data folder without contracts."""
    LocalHouse().create(tmp_path / "data", Cell("demo", "uz"), [], None)
    return tmp_path / "data"


def test_a_version_goes_from_draft_to_retired_and_never_back(tmp_path, folder, onefold):
    contract = bank(tmp_path / "bank.yaml")
    at = ("--data", folder)
    assert "is now draft" in onefold("contract", "publish", contract, "--status", "draft", *at).out
    sample = deliver_a(tmp_path / "a", NAMES)
    assert "No contract is published" in onefold("load", "bank", sample, *at).err
    changed = edited(contract, tmp_path / "other.yaml", ("domain: banking", "domain: retail"))
    assert onefold("contract", "publish", changed, "--status", "draft", *at).code == 0
    assert "is now active" in onefold("contract", "publish", changed, *at).out
    assert "was published with other content" in onefold("contract", "publish", contract, *at).err
    assert onefold("load", "bank", sample, *at).code == 0
    assert "is now deprecated" in onefold("contract", "publish", changed, "--status", "deprecated", *at).out
    again = onefold("load", "bank", deliver_a(tmp_path / "b", ("Di Fay",)), *at)
    assert "bank 1.0.0 is deprecated: its owner, Core, will retire it." in again.out
    assert "deprecated" in onefold("contract", "list", *at).out
    assert "No version of bank" in onefold("contract", "publish", changed, "--status", "retired", *at).out
    assert "cannot become active" in onefold("contract", "publish", changed, *at).err
    assert "No contract is published" in onefold("load", "bank", sample, *at).err
    assert onefold("verify", *at).code == 0


def test_a_status_is_changed_by_its_word_in_the_file_too(tmp_path, folder, onefold):
    contract = bank(tmp_path / "bank.yaml")
    onefold("contract", "publish", contract, "--data", folder)
    ending = edited(contract, tmp_path / "ending.yaml", ("status: active", "status: deprecated"))
    assert "is now deprecated" in onefold("contract", "publish", ending, "--data", folder).out
    assert len(list((folder / "contracts").glob("*.yaml"))) == 1


def test_a_breaking_version_is_refused_by_name_and_goes_live_for_a_reason_that_is_kept(
    tmp_path, folder, onefold
):
    old = bank(tmp_path / "bank.yaml")
    at = ("--data", folder)
    onefold("contract", "publish", old, *at)
    new = edited(
        old,
        tmp_path / "new.yaml",
        ("      birth_date:", "      since_on:"),
        ("party.birth_date", "party.full_name"),
        ("1.0.0", "1.1.0"),
    )
    refused = onefold("contract", "publish", new, *at)
    assert refused.code == 1
    assert "party.birth_date is no longer made here" in refused.err
    assert "Branch reports" in refused.err
    before = sorted(it.name for it in (folder / "contracts").iterdir())
    assert len(before) == 2
    through_init = onefold("init", "--cell", "demo/uz", "--contracts", new, *at)
    assert "breaks what 1.0.0 promised" in through_init.err
    done = onefold("contract", "publish", new, "--despite", "told the branches on 3 May", *at)
    assert done.code == 0
    assert "1.0.0 is still active but no longer used" in done.out
    assert "told the branches on 3 May" in (folder / "contracts" / "statuses.jsonl").read_text()
    lines = onefold("contract", "list", *at).out.splitlines()
    assert ["yes" in it for it in lines if "bank" in it] == [False, True]
    older = edited(old, tmp_path / "older.yaml", ("1.0.0", "1.0.5"))
    assert "is not newer than 1.1.0" in onefold("contract", "publish", older, *at).err


# ------------------------------------------------------------------ quality


def test_a_file_that_breaks_a_rule_is_halted_before_anything_of_it_is_taken(tmp_path, folder, onefold):
    rules = [{"metric": "rowCount", "mustBeGreaterThan": 2, "severity": "error", "name": "enough people"}]
    contract = bank(tmp_path / "bank.yaml", quality=rules)
    onefold("contract", "publish", contract, "--data", folder)
    halted = onefold("load", "bank", deliver_a(tmp_path / "a", NAMES[:2]), "--data", folder)
    assert halted.code == 1
    assert "enough people must be more than 2 rows and came to 2" in halted.err
    loaded = onefold("load", "bank", deliver_a(tmp_path / "b", NAMES), "--data", folder)
    assert loaded.code == 0, loaded.err
    assert "3 new in profiles" in loaded.out


def test_a_rule_that_does_not_hold_is_told_with_the_load(tmp_path, folder, onefold):
    rules = [
        {"metric": "duplicateValues", "arguments": {"properties": ["NAME"]}, "mustBe": 0, "name": "twins"}
    ]
    onefold("contract", "publish", bank(tmp_path / "bank.yaml", quality=rules), "--data", folder)
    loaded = onefold("load", "bank", deliver_a(tmp_path / "a", ("Ann Lee", "Ann Lee")), "--data", folder)
    assert loaded.code == 0
    assert "KUNDEN.csv: twins: 1, expected 0 duplicate values: broken (warning)" in loaded.out


def test_what_was_held_is_counted_by_version_and_property(tmp_path, folder, onefold):
    onefold("contract", "publish", bank(tmp_path / "bank.yaml"), "--data", folder)
    sample = deliver_a(tmp_path / "a", NAMES)
    with (sample / "KUNDEN.csv").open("a") as out:
        out.write("9;Eve Poe;31.12.1979;70009\n10;Fay Fox;30.12.1979;70010\n")
    assert onefold("load", "bank", sample, "--data", folder).code == 0
    told = onefold("plan", "violations", "--data", folder)
    (line,) = (it.split() for it in told.out.splitlines() if "bank" in it)
    *held, first, last, rows = line
    assert held == ["bank", "1.0.0", "KUNDEN", "GEB", "bad_date"]
    assert date.fromisoformat(first) <= date.fromisoformat(last)
    assert rows == "2"
    assert "Eve" not in told.out


# ------------------------------------------------------------------ a source is replaced


def bank(to: Path, **entries: Any) -> Path:
    """The contract of system A: a semicolon file of people."""
    people = {
        "name": "KUNDEN",
        "properties": [
            {"name": "NR", "logicalType": "string", "required": True},
            {"name": "NAME", "logicalType": "string", "classification": "pii"},
            {"name": "GEB", "logicalType": "string", "classification": "pii"},
            {"name": "PIN", "logicalType": "string", "classification": "pii"},
        ],
        "customProperties": _words(
            entity="party",
            delivers="record",
            key="NR",
            file={"name": "KUNDEN*.csv", "format": "csv", "delimiter": ";"},
            map={
                "kind": {"value": "person"},
                "full_name": "NAME",
                "birth_date": {"from": "GEB"},
                "national_id": {"from": "PIN", "as": "identifier", "pattern": "\\d+"},
            },
        ),
    } | entries
    return _written(to, "1.0.0", people, _movements("BEWEGUNG", "KONTO", "BETRAG", "A", "bew*.csv"))


def successor(to: Path) -> Path:
    """The contract of system B: other files, columns, codes and formats; the same things and meaning."""
    people = {
        "name": "client",
        "properties": [
            {"name": "client_id", "logicalType": "string", "required": True},
            {"name": "first", "logicalType": "string", "classification": "pii"},
            {"name": "born", "logicalType": "string", "classification": "pii"},
            {"name": "pin", "logicalType": "string", "classification": "pii"},
        ],
        "customProperties": _words(
            entity="party",
            delivers="record",
            key="client_id",
            file={"name": "clients*.jsonl", "format": "jsonl"},
            map={
                "kind": {"value": "person"},
                "full_name": "first",
                "birth_date": {"from": "born", "format": "DD/MM/YYYY"},
                "national_id": {"from": "pin", "as": "identifier", "pattern": "\\d+"},
            },
        ),
    }
    return _written(to, "2.0.0", people, _movements("entry", "acc", "amt", "CR", "entries*.csv"))


def _words(**words: Any) -> list[dict]:
    return [{"property": word, "value": value} for word, value in words.items()]


def _movements(name: str, account: str, amount: str, code: str, files: str) -> list[dict]:
    """Accounts and their movements in one system's own words."""
    text = {"logicalType": "string", "required": True, "classification": "pci"}
    holder = {
        "name": f"{name}_account",
        "properties": [{"name": account, **text}, {"name": "who", **text}],
        "customProperties": _words(
            entity="account",
            delivers="record",
            key=account,
            file={"name": f"accounts_{files}", "format": "csv"},
            map={"product": {"value": "deposit"}, "party": {"from": "who", "as": "ref"}},
        ),
    }
    moves = {
        "name": name,
        "properties": [{"name": it, **text} for it in ("id", account, "day", "side", amount)],
        "customProperties": _words(
            entity="transaction",
            delivers="event",
            key="id",
            subject={"entity": "account", "key": account},
            occurredAt={"from": "day", "as": "instant"},
            file={"name": files, "format": "csv"},
            map={
                "account": {"from": account, "as": "ref"},
                "booked_at": {"event": "occurredAt"},
                "direction": {"from": "side", "as": "values", "values": {code: "credit", "D": "debit"}},
                "amount": {"from": amount, "as": "money", "currency": "CZK"},
                "currency": {"value": "CZK"},
            },
        ),
    }
    return [holder, moves]


def _written(to: Path, version: str, people: dict, others: list[dict]) -> Path:
    found = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "bank",
        "version": version,
        "status": "active",
        "domain": "banking",
        "team": {"name": "Core"},
        "customProperties": _words(
            purposes=["servicing"],
            trusted=True,
            compatibility="forward" if "client" in people["name"] or to.stem == "a" else "backward",
            consumers=[{"name": "Branch reports", "reads": ["party.birth_date"]}],
        ),
        "schema": [people, *others],
    }
    to.write_text(yaml.safe_dump(found, sort_keys=False))
    return to


def deliver_a(to: Path, names: tuple[str, ...]) -> Path:
    """What system A exports."""
    to.mkdir()
    rows = [(str(at), name, f"198{at}-05-0{at + 1}", f"7000{at}") for at, name in enumerate(names)]
    _csv(to / "KUNDEN.csv", ("NR", "NAME", "GEB", "PIN"), rows, ";")
    return to


def deliver_both(to: Path, *, b: bool) -> Path:
    """The same bank as system A or as system B exports it."""
    if not b:
        deliver_a(to, NAMES)
    else:
        to.mkdir()
        rows = [
            {"client_id": str(at), "first": name, "born": f"0{at + 1}/05/198{at}", "pin": f"7000{at}"}
            for at, name in enumerate(NAMES)
        ]
        (to / "clients.jsonl").write_text("".join(json.dumps(it) + "\n" for it in rows))
    account, amount, code, files = (
        ("acc", "amt", "CR", "entries.csv") if b else ("KONTO", "BETRAG", "A", "bew.csv")
    )
    accounts = [(f"k{at}", str(at)) for at in range(len(NAMES))]
    _csv(to / f"accounts_{files}", (account, "who"), accounts, ",")
    moves = [
        (f"m{at}", f"k{at % 3}", f"2026-05-1{at}", code if at % 2 else "D", f"{at}5.00") for at in range(6)
    ]
    _csv(to / files, ("id", account, "day", "side", amount), moves, ",")
    return to


def _csv(path: Path, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], mark: str) -> None:
    with path.open("w", newline="") as out:
        csv.writer(out, delimiter=mark, lineterminator="\n").writerows([head, *rows])


def taken(opened: Opened, source: str, folder: Path) -> None:
    """Loads a folder of files into rooms that are open and follow the log."""
    rooms = opened.rooms
    permit = rooms.gate.admit(source, "cli")
    for file in plan_load(rooms.contracts, source, [folder]).files:
        tally = load_file(
            permit, rooms, open_table, file, mode=Mode.CURRENT, as_of=None, progress=lambda *_: None
        )
        assert tally.quarantined == tally.refused == 0, tally
    rooms.barrier.wake()
    rooms.barrier.wait_for(rooms.log.last_sequence, 30)


def seen(opened: Opened) -> dict[str, Any]:
    """Every customer by name: who they are to the relationship manager, and what moved on their accounts."""
    rooms = opened.rooms
    actor = Actor("test", ("relationship_manager",), rooms.cell)

    def permit(action: str):
        return rooms.gate.permit(actor, action, "servicing", "cli")

    found = {}
    for name in NAMES:
        (item,) = search_customers(permit("search_customers"), rooms, name).items
        view = show_customer(permit("show_customer"), rooms, item.customer)
        fields = {field: value.value for field, value in view.profile.items()}
        page = list_transactions(permit("list_transactions"), rooms, item.customer, TransactionFilter())
        moves = [(it.at, it.amount, it.currency) for it in page.items]
        assert moves
        found[name] = (item.customer, fields, moves)
    return found


def test_a_source_is_replaced_while_the_house_runs_and_nothing_else_changes(tmp_path, folder):
    house = LocalHouse()
    shelf, segments = house.contract_shelf(folder), house.segments()
    before, after = bank(tmp_path / "a.yaml"), successor(tmp_path / "b.yaml")
    publish_contract(shelf, segments, ("a.yaml", before.read_bytes()), by="test")
    with open_rooms(read_folder(folder)) as opened:
        taken(opened, "bank", deliver_both(tmp_path / "from-a", b=False))
        known = seen(opened)
        done = publish_contract(shelf, segments, ("b.yaml", after.read_bytes()), by="test")
        assert done.difference.mode == "forward"
        assert take_in(opened.rooms, Published(read_folder(folder).contracts))
        taken(opened, "bank", deliver_both(tmp_path / "from-b", b=True))
        assert opened.rooms.contracts.latest("bank").contract.version == "2.0.0"
        assert seen(opened) == known
    with open_rooms(read_folder(folder)) as reopened:
        assert seen(reopened) == known


def test_the_same_replacement_is_refused_where_producers_were_promised_not_to_move(tmp_path, folder, onefold):
    onefold("contract", "publish", bank(tmp_path / "bank.yaml"), "--data", folder)
    refused = onefold("contract", "publish", successor(tmp_path / "b.yaml"), "--data", folder)
    assert refused.code == 1
    assert "breaks what 1.0.0 promised (backward)" in refused.err


def test_a_folder_that_is_open_takes_in_by_itself_what_is_published(tmp_path, folder):
    house = LocalHouse()
    shelf, segments = house.contract_shelf(folder), house.segments()
    opened_folder = read_folder(folder)
    with open_rooms(opened_folder) as opened, taking_in_contracts(opened.rooms, opened_folder):
        assert opened.rooms.contracts.sources() == []
        publish_contract(shelf, segments, ("bank.yaml", bank(tmp_path / "bank.yaml").read_bytes()), by="test")
        deadline = time.monotonic() + 20
        while opened.rooms.contracts.sources() != ["bank"] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert opened.rooms.contracts.sources() == ["bank"]


def test_what_was_published_before_a_rule_is_read_under_it_and_the_operator_is_told(
    tmp_path, folder, onefold
):
    """The town was classed special and shown to everybody who sees towns; nobody has to refuse the past."""
    text = CONTRACT.replace(
        "email, logicalType: string, classification: pii",
        "email, logicalType: string, classification: special",
    )
    text = text.replace("{from: email, as: email}", "{from: email, as: email}\n          region: email")
    old = put_contract(folder / "contracts", text, "bank-1.0.0-ofbefore.yaml")
    assert onefold("contract", "lint", old).code == 1, "today it is refused"
    opened_folder = read_folder(folder)
    with (
        capture_logs() as logged,
        open_rooms(opened_folder) as opened,
        taking_in_contracts(opened.rooms, opened_folder),
    ):
        opened.rooms.door.offer("bank", "client", clients(1))
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
        (values,) = (
            it.values
            for customer in opened.rooms.reader.customers(b"", 9)
            for it in opened.rooms.reader.fragments(opened.rooms.reader.fragments_of(customer)).values()
        )
    assert values == {"kind": "person", "given_name": "Karimova1", "family_name": "Dilnoza"}
    told = [it["hint"] for it in logged if it["event"] == "withheld"]
    assert [it.partition(" is fed by ")[0] for it in told] == [
        "bank 1.0.0: party.email",
        "bank 1.0.0: party.region",
    ]
    listed = onefold("contract", "list", "--data", folder)
    assert "the correction 1.0.0+1" in listed.out
    assert "party.region is fed by client.email, which is special; it is left out" in listed.out

    left = text.replace("version: 1.0.0", "version: 1.0.0+1").replace(
        "          email: {from: email, as: email}\n          region: email\n", ""
    )
    mended = put_contract(tmp_path, left, "mended.yaml")
    assert onefold("contract", "publish", mended, "--data", folder).code == 0
    assert "is fed by" not in onefold("contract", "list", "--data", folder).out


def test_what_is_published_between_opening_and_the_first_look_is_taken_in_too(tmp_path, folder):
    house = LocalHouse()
    shelf, segments = house.contract_shelf(folder), house.segments()
    opened_folder = read_folder(folder)
    with open_rooms(opened_folder) as opened:
        publish_contract(shelf, segments, ("bank.yaml", bank(tmp_path / "bank.yaml").read_bytes()), by="test")
        with taking_in_contracts(opened.rooms, opened_folder):
            deadline = time.monotonic() + 20
            while opened.rooms.contracts.sources() != ["bank"] and time.monotonic() < deadline:
                time.sleep(0.05)
        assert opened.rooms.contracts.sources() == ["bank"]


def test_a_running_server_takes_events_of_a_version_published_beside_it(tmp_path, onefold):
    data = tmp_path / "data"
    house = make_folder(data)
    key = house.new_write_key(data, "digital")
    newer = edited(
        CONTRACTS / "digital.yaml", tmp_path / "digital.yaml", ("version: 2.0.0", "version: 2.1.0")
    )
    with Server(data) as server, server.signed_in("engineer") as engineer:
        assert onefold("contract", "publish", newer, "--data", data).code == 0
        deadline = time.monotonic() + 20
        version = ""
        while version != "2.1.0" and time.monotonic() < deadline:
            sources = engineer.get("/api/sources").json()["items"]
            (version,) = (it["version"] for it in sources if it["name"] == "digital")
            time.sleep(0.1)
        assert version == "2.1.0"
        call = {"userId": "u1", "messageId": "m1", "traits": {"firstName": "Ann"}}
        answer = server.send("/v1/identify", call, key)
        assert answer.status_code == 200, answer.text
        with server.signed_in("rm") as manager:
            items: list = []
            while not items and time.monotonic() < deadline:
                items = manager.get("/api/customers", params={"q": "Ann"}).json()["items"]
                time.sleep(0.1)
        assert len(items) == 1
