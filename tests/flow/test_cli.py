"""The command line, as a person meets it: what it prints, one line for each error, exit codes."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from onefold.app.house import LocalHouse
from onefold.app.rooms import LOGS
from onefold.channels.cli.main import run
from onefold.kernel.ids import Cell
from tests.flow.server import CONTRACTS, ROOT, make_world

pytestmark = pytest.mark.xdist_group("cli")


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def onefold(capsys, monkeypatch):
    """Runs the command in this process, in a terminal of 200 columns."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str, **environment: str) -> Done:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), list(arguments))
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run_command


def one_line(done: Done, code: int) -> str:
    """The one line of a failed command."""
    assert done.returncode == code, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("onefold: ")
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A small world of its own."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    make_world(folder, 60)
    return folder


def at(data: Path) -> tuple[str, str]:
    return "--data", str(data)


def test_a_folder_is_made_its_contracts_published_and_made_again_without_harm(tmp_path, onefold):
    data = tmp_path / "new"
    first = onefold("init", "--cell", "demo/uz", "--contracts", str(CONTRACTS), *at(data))
    assert first.returncode == 0, first.stderr
    assert "published core-banking 1.3.0" in first.stdout
    again = onefold("init", "--cell", "demo/uz", "--contracts", str(CONTRACTS), *at(data))
    assert again.returncode == 0
    assert "published" not in again.stdout
    assert (data / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (data / "keys").glob("*.key")} == {0o600}
    assert (tmp_path / "new-checkpoints").is_dir()


@pytest.mark.parametrize(
    ("cell", "words"), [("demo", "tenant/jurisdiction"), ("Demo/UZ", "lower case"), ("a/b/c", "tenant")]
)
def test_a_cell_that_is_none_is_told(tmp_path, cell, words, onefold):
    assert words in one_line(onefold("init", "--cell", cell, *at(tmp_path / "new")), 1)


def test_the_folder_of_another_cell_is_not_taken_over(data, onefold):
    assert "demo/uz" in one_line(onefold("init", "--cell", "demo/kz", *at(data)), 1)


def test_a_folder_that_holds_something_else_is_not_used(tmp_path, onefold):
    (tmp_path / "notes.txt").write_text("mine")
    one_line(onefold("init", "--cell", "demo/uz", *at(tmp_path)), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve",),
        ("load", "crm", "x.csv"),
        ("show", "x"),
        ("verify",),
        ("quarantine",),
        ("segment",),
        ("user",),
        ("replay", "--into", "y"),
    ],
    ids=lambda it: it[0],
)
def test_without_a_folder_it_says_how_to_make_one(tmp_path, arguments, onefold):
    assert "onefold init --data" in one_line(onefold(*arguments, *at(tmp_path / "none")), 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("load",),
        ("load", "crm"),
        ("serve", "--port", "70000"),
        ("serve", "--port", "x"),
        ("show",),
    ],
    ids=" ".join,
)
def test_what_is_typed_wrong_is_told_with_exit_code_2(arguments, onefold):
    assert one_line(onefold(*arguments), 2)


def test_without_a_command_it_says_what_there_is(onefold):
    done = onefold()
    assert done.returncode == 2
    assert "Commands:" in done.stderr


def test_a_load_is_accounted_for_and_a_second_one_changes_nothing(data, tmp_path, onefold):
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("whatever\n")
    first = onefold("load", "no-such-source", str(contacts), *at(data))
    assert "Known: core-banking" in one_line(first, 1)
    missing = onefold("load", "crm", str(tmp_path / "none.jsonl"), *at(data))
    assert "There is no file" in one_line(missing, 1)
    unknown = onefold("load", "crm", str(contacts), *at(data))
    assert "No contract says what this file is" in one_line(unknown, 1)
    future = onefold("load", "crm", str(contacts), "--as-of", "2026-02-30", *at(data))
    assert "Write a day like 2026-09-30" in one_line(future, 1)


def test_loading_prints_an_account_that_adds_up(data, tmp_path, onefold):
    raw = tmp_path / "raw"
    LocalHouse().world(raw, 60, 7, lambda *_: None)
    done = onefold("load", "crm", str(raw / "crm"), "--as-of", "2026-09-30", *at(data))
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if re.match(r"\s*(contact|note|case)", line)]
    assert rows
    for *_, offered, accepted, duplicate, unchanged, quarantined, refused in rows:
        numbers = [
            int(it.replace(",", "")) for it in (offered, accepted, duplicate, unchanged, quarantined, refused)
        ]
        assert numbers[0] == sum(numbers[1:])
        assert numbers[1] == 0
    assert "0 new in profiles, 0 new in quarantine" in done.stdout
    told = [
        line.partition(":")[0] for line in (done.stdout + done.stderr).splitlines() if ": done after" in line
    ]
    assert len(told) > 3
    assert told.index("profiles") == len(told) - 1, "profiles are done when all files are"


def test_whoever_names_no_login_sees_nobody(data, onefold):
    assert "engineer" in one_line(onefold("show", "Karimov", *at(data)), 3)


def test_a_login_that_nobody_has_is_told(data, onefold):
    assert "Nobody has that login" in one_line(onefold("show", "x", "--login", "ghost", *at(data)), 1)


def test_somebody_who_is_not_there_is_an_error_and_no_empty_page(data, onefold):
    said = one_line(onefold("show", "Qwxqwxqwx", "--login", "rm", *at(data)), 1)
    assert "Nobody was found by that. Give a name" in said


def test_show_finds_by_what_is_known_and_shows_by_id(data, onefold):
    listed = onefold("show", "a", "--login", "rm", *at(data))
    assert "--login" not in listed.stderr
    found = re.findall(r"\b[0-9a-f]{32}\b", onefold("show", "Karimov", "--login", "rm", *at(data)).stdout)
    assert found
    shown = onefold("show", found[0], "--login", "agent", *at(data))
    assert shown.returncode == 0, shown.stderr
    assert "as agent for servicing, audit record" in shown.stdout
    assert "withheld: everything from risk" in shown.stdout
    assert "There is no such customer" in one_line(onefold("show", "0" * 32, "--login", "rm", *at(data)), 1)
    refused = onefold("show", found[0], "--login", "marketer", *at(data))
    assert "servicing" in one_line(refused, 3)


def test_quarantine_lists_reasons_and_no_values(data, onefold):
    done = onefold("quarantine", *at(data))
    assert done.returncode == 0
    counts, _, rows = done.stdout.partition("held at")
    told = re.findall(r"^ *([a-z-]+) +([\w-]+) +([a-z_]+) +(\d+) *$", counts, re.MULTILINE)
    assert told
    assert sum(int(number) for *_, number in told) == len(re.findall(r"^ *\d+ +\d{4}-", rows, re.MULTILINE))


def test_a_segment_is_counted_and_activated_by_who_may(data, onefold):
    counted = onefold("segment", "balance-dip-fewer-logins", "--login", "marketer", *at(data))
    assert "all agree" in counted.stdout, counted.stderr
    one_line(onefold("segment", "none-such", "--login", "marketer", *at(data)), 1)
    one_line(onefold("segment", *at(data)), 3)
    sent = ("activate", "balance-dip-fewer-logins", "--channel", "email")
    done = onefold(*sent, "--login", "marketer", *at(data))
    file = re.search(r"exports/(\S+\.csv)", done.stdout)
    assert file, done.stderr
    assert (data / "exports" / file.group(1)).stat().st_mode & 0o777 == 0o600
    assert "marketing" in one_line(onefold(*sent, "--login", "rm", *at(data)), 3)


def test_what_was_built_is_proved(data, tmp_path, onefold):
    verified = onefold("verify", *at(data))
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.count("sound") == len(LOGS)
    replayed = onefold("replay", "--into", str(tmp_path / "again"), *at(data))
    assert replayed.returncode == 0, replayed.stderr
    assert "They are the same." in replayed.stdout
    assert "not empty" in one_line(onefold("replay", "--into", str(tmp_path / "again"), *at(data)), 1)
    assert "They are the same." in onefold("verify", "--state", *at(data)).stdout
    change_sums(data, 1)
    assert onefold("verify", *at(data)).returncode == 0, "the logs are sound"
    changed = onefold("verify", "--state", *at(data))
    assert (changed.returncode, "They differ" in changed.stdout) == (5, True)
    assert not list(data.glob("work-*"))
    change_sums(data, -1)


def change_sums(data: Path, by: int) -> None:
    """Changes every sum of the state by hand."""
    with closing(sqlite3.connect(next(data.rglob("state.db")))) as state, state:
        state.execute("UPDATE buckets SET amount = amount + ?", (by,))


def test_a_changed_byte_is_found_with_its_place_and_exit_code_5(tmp_path, onefold):
    data = tmp_path / "data"
    LocalHouse().create(data, Cell("demo", "uz"), [CONTRACTS], None)
    segment = next((data / "cells" / "demo" / "uz" / "log").glob("*.seg"))
    changed = bytearray(segment.read_bytes())
    changed[-5] ^= 1
    segment.write_bytes(changed)
    done = onefold("verify", *at(data))
    assert done.returncode == 5
    assert segment.name in done.stdout


@pytest.mark.parametrize("source", ["../../x", "onefold", "no-such-bank", ""])
def test_a_write_key_is_for_a_source_with_a_contract(data, source, onefold):
    before = (data / "writekeys.json").read_bytes()
    assert "Known: " in one_line(onefold("key", source, *at(data)), 1)
    assert (data / "writekeys.json").read_bytes() == before


def test_what_the_demo_remembers_is_its_owners_alone(data):
    assert (data / "demo.json").stat().st_mode & 0o777 == 0o600


def test_people_and_write_keys_are_made_and_their_secrets_not_kept(data, onefold):
    made = onefold("user", "new", "--role", "agent", *at(data), ONEFOLD_PASSWORD="a-long-password")
    assert made.returncode == 0, made.stderr
    assert "new  agent" in onefold("user", *at(data)).stdout
    assert "The roles are" in one_line(
        onefold("user", "x", "--role", "king", *at(data), ONEFOLD_PASSWORD="a" * 12), 1
    )
    assert "10 characters" in one_line(
        onefold("user", "x", "--role", "agent", *at(data), ONEFOLD_PASSWORD="short"), 1
    )
    key = onefold("key", "digital", *at(data)).stdout.strip()
    kept = (data / "users.json").read_text() + (data / "writekeys.json").read_text()
    assert len(key) > 40
    assert key not in kept
    assert "a-long-password" not in kept
    assert {(data / name).stat().st_mode & 0o777 for name in ("users.json", "writekeys.json")} == {0o600}


def test_the_openapi_document_is_printed_as_it_is_served(onefold):
    assert onefold("openapi").stdout == (ROOT / "web" / "openapi.json").read_text()


def test_the_command_is_there_as_a_module_too():
    command = [sys.executable, "-m", "onefold", "fly"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "No such command" in one_line(Done(done.returncode, done.stdout, done.stderr), 2)
