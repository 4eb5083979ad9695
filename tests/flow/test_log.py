"""`onefold log`: what a person and a program see, while a server writes the log."""

from __future__ import annotations

import json

import pytest

from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import open_rooms
from onefold.channels.cli.log import age_of, size_of
from onefold.channels.cli.main import run
from onefold.kernel.ids import Cell
from tests.clients import clients, put_contract


@pytest.fixture
def data(tmp_path):
    """A folder that is being written to, with three clients in its log."""
    create(tmp_path / "data", Cell("demo", "uz"), [put_contract(tmp_path)], None)
    with open_rooms(read_folder(tmp_path / "data"), follow=False) as opened:
        opened.rooms.door.offer("bank", "client", clients(1, 2, 3))
        yield tmp_path / "data"


@pytest.fixture
def onefold(capsys, monkeypatch, data):
    """Runs `onefold log`; what it printed, and its exit code."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str) -> tuple[str, int]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), ["log", *arguments, "--data", str(data)])
        return capsys.readouterr().out, int(ended.value.code or 0)

    return run_command


def test_stat_is_a_table_for_people_and_json_for_programs(onefold):
    table, code = onefold("stat")
    assert code == 0
    assert "newest checkpoint" in table
    assert "2026-01-31" in table
    found = json.loads(onefold("stat", "--json")[0])
    assert [it["name"] for it in found["logs"]] == [
        "log",
        "audit",
        "quarantine",
        "settled",
        "requests",
        "told",
        "erasures",
    ]
    (of_bank,) = [it for it in found["objects"] if it["source"] == "bank"]
    assert (of_bank["events"], of_bank["occurred"]) == (3, ["2026-01-31", "2026-01-31"])


def test_tail_shows_headers_alone(onefold):
    lines = onefold("tail", "--source", "bank", "--last", "2")[0].splitlines()
    assert len(lines) == 2
    assert all("bank/client 1.0.0  1 upsert" in it for it in lines)
    said = onefold("tail", "--json")[0]
    assert {json.loads(it)["entity"] for it in said.splitlines()} == {"party", "contract"}
    assert "Dilnoza" not in said
    assert "karimov.uz" not in said


def test_verify_says_what_onefold_verify_says(onefold, data):
    assert onefold("verify")[0].count("sound") == 7
    assert json.loads(onefold("verify", "--json")[0])["sound"] is True
    segment = next((data / "cells" / "demo" / "uz" / "log").glob("*.seg"))
    changed = bytearray(segment.read_bytes())
    changed[len(changed) // 2] ^= 1
    segment.write_bytes(changed)
    said, code = onefold("verify", "--json")
    assert code == 5
    assert json.loads(said)["sound"] is False
    assert segment.name in str(json.loads(said)["logs"][0]["findings"])


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (64 << 20, "64.0 MiB")]
)
def test_sizes_are_said_in_a_unit_that_fits(count, text):
    assert size_of(count) == text


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0 s"), (59, "59 s"), (150, "2 min"), (200_000, "2 d")])
def test_ages_are_said_in_a_unit_that_fits(seconds, text):
    assert age_of(seconds) == text
