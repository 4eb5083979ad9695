"""Whatever is asked of server or command line, nothing is written, called or started but what is declared.

Every route that needs a permit and every command that asks the gate is run under `sys.addaudithook`
(tests/watching), as somebody who may and as somebody who may not. A new command fails this file until it is
tried here.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from tests.exits import Happened, happened, undeclared, watched
from tests.flow.server import Server, make_world
from tests.flow.test_cells import COMMANDS as ABOUT_ONE
from tests.flow.test_leaks import (
    GRANTED,
    OPERATOR_COMMANDS,
    PERMITTED,
    call,
    commands,
    somebody_who_said_something,
)

pytestmark = pytest.mark.xdist_group("exits")
TWO = "1" * 32, "2" * 32
OTHERS = {
    "quarantine": "--login engineer",
    "resubmit": "crm --reason none --login engineer",
    "discard": "crm --because test_data --login steward",
    "retention": "{policy} --login privacy",
    "reveal": "tok_phone_aaaaaaaaaaaaaaaaaaaaaaaaaa --because investigation --login privacy",
    "segment": "balance-dip-fewer-logins --login marketer",
    "audience": "balance-dip-fewer-logins --channel email --login marketer",
    "activate": "balance-dip-fewer-logins --channel email --login marketer",
    "judgement revoke": "{0} {1} --reason test --login steward",
    "review list": "--login steward",
    "review hubs": "--login steward",
    "review devices": "--login steward",
    "review show": "{0} {1} --login steward",
    "review claim": "{0} {1} --login steward",
    "review release": "{0} {1} --login steward",
    "review skip": "{0} {1} --reason test --login steward",
    "review decide": "{0} {1} same --reason test --login steward",
    "model show": "--login engineer",
    "model train": "--login engineer",
    "model import": "{policy} --login engineer",
    "model compare": "rules rules --login steward",
    "model adopt": "rules --login steward",
    "model rollback": "--login steward",
    "request list": "--login privacy",
    "request show": "{0} --login privacy",
    "request package": "{0} --out {out} --login privacy",
    "request verify": "{0} --proof document --login privacy",
    "request extend": "{0} --because many --login privacy",
    "request complete": "{0} --login privacy",
    "request refuse": "{0} --because excessive --login privacy",
    "request cancel": "{0} --login privacy",
    "hold list": "--login privacy",
    "hold lift": "0000000000000000 --because over --login privacy",
    "audit prove": "1 --out {out} --login privacy",
    "audit export": "--out {out} --login privacy",
    "audit consistency": "1 --out {out} --login privacy",
    "plan violations": "--login engineer",
}
"""How each command is tried that is not about one customer (those are in test_cells.py)."""
POLICY = "keep: {interaction: 1}\n"


class House(NamedTuple):
    """A folder with a small world in it, somebody there, and what they said once."""

    data: Path
    customer: str
    moment: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Nobody works in it."""
    data = tmp_path_factory.mktemp("exits") / "data"
    make_world(data, 150)
    with Server(data) as server, server.signed_in("rm") as rm:
        found = somebody_who_said_something(rm)
        server.stop()
    return House(data, *found)


@pytest.fixture
def there(house: House, tmp_path: Path) -> House:
    """A copy that may be changed."""
    shutil.copytree(house.data.parent, tmp_path, dirs_exist_ok=True)
    return house._replace(data=tmp_path / house.data.name)


def test_no_route_writes_calls_or_starts_anything_else(there, tmp_path):
    notes, answers = tmp_path / "notes", []
    server = Server(there.data)
    with watched(notes), server:
        for it in PERMITTED:
            for login in (GRANTED.get(it.action, "privacy"), "engineer"):
                with server.signed_in(login) as client:
                    answers.append(call(server, it, there.customer, client, there.moment).status_code)
        answers.append(httpx.get(f"{server.url}/api/health").status_code)
        port = server.port
        server.stop()
    found = happened(notes)
    assert answers.count(200) > len(GRANTED) / 2, "hardly anything was given out"
    assert {it.event for it in found} >= {"open", "sqlite3.connect", "subprocess.Popen", "socket.bind"}
    log = there.data / "server.log"
    assert undeclared(found, read_folder(there.data), [log], [port]) == []


def test_every_command_that_asks_the_gate_is_tried():
    assert ABOUT_ONE.keys() | OTHERS.keys() == commands().keys() - OPERATOR_COMMANDS


@pytest.mark.parametrize("name", [*ABOUT_ONE, *OTHERS])
def test_no_command_writes_calls_or_starts_anything_else(there, tmp_path, name, capsys):
    notes, out, policy = tmp_path / "notes", tmp_path / "out.json", tmp_path / "policy.yaml"
    policy.write_text(POLICY)
    words = ABOUT_ONE[name].format(there.customer) if name in ABOUT_ONE else OTHERS[name]
    words = words.format(*TWO, out=out, policy=policy)
    with watched(notes), pytest.raises(SystemExit) as ended:
        run(LocalHouse(), [*name.split(), *words.split(), "--data", str(there.data)])
    said = capsys.readouterr().err
    assert ended.value.code != 2, said  # It was understood.
    found = happened(notes)
    assert found, "nothing was noted: the folder was not even opened"
    assert undeclared(found, read_folder(there.data), [out]) == []


# ------------------------------------------------------------------ the watch itself


def stray(there: House, notes: Path) -> list[Happened]:
    return undeclared(happened(notes), read_folder(there.data))


def test_a_file_beside_the_rooms_is_noticed(there, tmp_path):
    with watched(tmp_path / "notes"):
        (tmp_path / "copy.csv").write_text("x")
        (there.data / "copy.csv").write_text("x")
        (there.data / "exports").mkdir(exist_ok=True)
        (there.data / "exports" / "declared.csv").write_text("x")
    assert [Path(it.what).name for it in stray(there, tmp_path / "notes")] == ["copy.csv", "copy.csv"]


def test_a_call_to_somewhere_is_noticed(there, tmp_path):
    with watched(tmp_path / "notes"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.connect(("127.0.0.1", 9))
    assert [it.event for it in stray(there, tmp_path / "notes")] == ["socket.connect"]


def test_a_name_that_is_looked_up_and_a_program_that_is_started_are_noticed(there, tmp_path):
    with watched(tmp_path / "notes"):
        socket.getaddrinfo("localhost", 80)
        subprocess.run(["true"], check=True)
    assert {it.event for it in stray(there, tmp_path / "notes")} == {"socket.getaddrinfo", "subprocess.Popen"}
