"""Keys are rotated under a server that serves: nobody notices, everything is moved, and the audit says so."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from onefold.adapters.files.keys import KeyFiles
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.proof import verify, verify_proof
from tests.flow.server import Server, make_world

pytestmark = pytest.mark.xdist_group("rotation")
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A small world."""
    folder = tmp_path_factory.mktemp("rotation") / "data"
    make_world(folder, 100)
    return folder


def under(data: Path, master: str) -> int:
    """How many data keys are wrapped under a master key."""
    query = "SELECT count(*) FROM subject_keys WHERE master_id = ?"
    with closing(sqlite3.connect(read_folder(data).subject_keys)) as base:
        return int(base.execute(query, (master,)).fetchone()[0])


def wait_until(there: Callable[[], object]) -> None:
    """Asks again until it is so."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def newest(privacy: httpx.Client) -> dict[str, Any]:
    """The newest record of a rotation."""
    answer = privacy.get("/api/audit", params={"kind": "key_rotation", "limit": 1})
    found: list[dict[str, Any]] = answer.json()["items"]
    return found[0] if found else {"details": {"key": ""}}


def test_a_rotation_under_a_server_moves_every_key_while_it_serves(data):
    former = KeyFiles(data / "keys").custody().current
    assert under(data, former) > 100
    with Server(data) as server:
        with server.signed_in("rm") as rm, server.signed_in("privacy") as privacy:
            found = rm.get("/api/customers", params={"q": "Karimov"}).json()["items"][0]["customer"]
            rotated = LocalHouse().rotate_key(data, "operator:test", signing=False)
            assert rotated.by_server
            wait_until(
                lambda: rm.get(f"/api/customers/{found}").status_code != 200 or not under(data, former)
            )
            assert rm.get(f"/api/customers/{found}").status_code == 200
            # A consent is sealed here and taken in by the worker, which has a process of its own.
            said = {"purpose": "marketing", "channel": "sms", "fact": "withdrawn", "evidence": "test"}
            answer = rm.post(f"/api/customers/{found}/consents", json=said)
            assert answer.status_code == 200, answer.text
            wait_until(lambda: newest(privacy)["details"]["key"] == "master")
            record = newest(privacy)
            assert record["details"] == {"key": "master", "id": rotated.key}
            assert record["counts"]["moved"] > 100
        server.kill()
        (data / "keys" / f"master-{former}.key").unlink()
        server.start()
        with server.signed_in("rm") as rm:
            assert rm.get(f"/api/customers/{found}").status_code == 200
        assert server.stop() == 0
    assert verify(read_folder(data)).sound


def test_a_new_signing_key_signs_and_what_the_former_one_signed_is_proved(data, tmp_path):
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    kept = tmp_path / "former.pub"
    kept.write_bytes((data / "keys" / "signing.pub").read_bytes())
    with Server(data) as server:
        with server.signed_in("privacy") as privacy:
            before.write_bytes(privacy.get("/api/audit/1/proof").content)
            rotated = LocalHouse().rotate_key(data, "operator:test", signing=True)
            wait_until(lambda: newest(privacy)["details"]["key"] == "signing")
            after.write_bytes(privacy.get(f"/api/audit/{newest(privacy)['id']}/proof").content)
        assert server.stop() == 0
    assert verify_proof(before, kept).faults == ()
    assert verify_proof(after, kept).faults
    public = data / "keys" / "signing.pub"
    assert verify_proof(after, public).faults == ()
    assert verify_proof(after, public).keys == (rotated.key,)
    assert verify(read_folder(data)).sound


def test_without_a_server_the_rotation_is_done_when_the_command_ends(data):
    former = KeyFiles(data / "keys").custody().current
    count = under(data, former)
    rotated = LocalHouse().rotate_key(data, "operator:test", signing=False)
    assert not rotated.by_server
    assert rotated.moved >= count
    assert under(data, former) == 0
