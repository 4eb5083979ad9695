"""Proofs about the audit as people make and check them: over HTTP, on the command line, on another disk."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from onefold.app.house import LocalHouse
from onefold.channels.cli.main import run
from tests.flow.server import Server, make_folder

pytestmark = pytest.mark.xdist_group("proofs")
Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A folder with people in it who may sign in."""
    folder = tmp_path_factory.mktemp("proofs") / "data"
    make_folder(folder)
    return folder


@pytest.fixture
def onefold(capsys, monkeypatch) -> Command:
    """Runs a command in this process; its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), list(arguments))
        code = ended.value.code
        return code if isinstance(code, int) else 0, "".join(capsys.readouterr())

    return run_command


@pytest.fixture(scope="module")
def served(data) -> Path:
    """A proof that a server gave out, which has stopped since."""
    with Server(data) as server:
        with server.signed_in("privacy") as client:
            newest = client.get("/api/audit", params={"limit": 1}).json()["items"][0]["id"]
            answer = client.get(f"/api/audit/{newest}/proof")
            assert answer.status_code == 200, answer.text
            for wrong, status in (("999999999", 404), ("0", 404), ("x", 400)):
                assert client.get(f"/api/audit/{wrong}/proof").status_code == status, wrong
        assert server.stop() == 0
    proof = data.parent / "served.json"
    proof.write_bytes(answer.content)
    return proof


def test_a_proof_that_a_server_gave_holds_where_there_is_no_folder(
    served, data, onefold, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, said = onefold("verify", "--proof", str(served))
    assert code == 0, said
    assert "proved: record" in said
    assert '"kind":"sign_in","actor":"privacy"' in said
    key = str(data / "keys" / "signing.pub")
    assert onefold("verify", "--proof", str(served), "--public-key", key)[0] == 0


def test_a_proof_of_another_key_or_with_a_changed_word_does_not_hold(served, onefold, tmp_path):
    other = tmp_path / "other.pub"
    other.write_text("ab" * 32)
    code, said = onefold("verify", "--proof", str(served), "--public-key", str(other))
    assert code == 5
    assert "a key that was not given" in said
    proof = json.loads(served.read_bytes())
    proof["payload"] = proof["payload"].replace("privacy", "nobody")
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(proof))
    code, said = onefold("verify", "--proof", str(changed))
    assert code == 5
    assert "is not what was hashed" in said
    assert onefold("verify", "--proof", str(tmp_path / "none.json"))[0] == 1


def test_the_command_line_proves_a_record_and_that_the_audit_only_grew(served, data, onefold, tmp_path):
    at = ("--data", str(data), "--login", "privacy")
    newest = tmp_path / "newest.json"
    code, said = onefold("audit", "prove", "1", "--out", str(newest), *at)
    assert code == 0, said
    code, said = onefold("verify", "--proof", str(newest))
    assert code == 0, said
    assert "proved: record 1 " in said
    grown = tmp_path / "grown.json"
    code, said = onefold("audit", "consistency", str(served), "--out", str(grown), *at)
    assert code == 0, said
    code, said = onefold("verify", "--proof", str(grown))
    assert code == 0, said
    assert "it only grew" in said


def test_whoever_may_not_prove_is_refused(served, data, onefold):
    assert served
    code, said = onefold("audit", "prove", "1", "--data", str(data), "--login", "agent")
    assert code == 3, said


def test_an_audit_that_was_made_anew_has_no_proof_that_it_only_grew(served, onefold, tmp_path):
    other = tmp_path / "data"
    make_folder(other)
    at = ("--data", str(other), "--login", "privacy")
    code, said = onefold("audit", "consistency", str(served), *at)
    assert code == 5, said


def test_a_package_is_the_same_whenever_it_is_made_and_proves_itself(
    served, data, onefold, tmp_path, monkeypatch
):
    assert served
    at = ("--data", str(data), "--login", "privacy")
    one, other, all_of = (tmp_path / f"{name}.zip" for name in ("one", "other", "all"))
    asked = ("audit", "export", "--user", "privacy", *at)
    assert onefold(*asked, "--out", str(one))[0] == 0
    assert onefold(*asked, "--out", str(other))[0] == 0
    assert one.read_bytes() == other.read_bytes()
    assert onefold("audit", "export", "--out", str(all_of), *at)[0] == 0
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    monkeypatch.chdir(nowhere)
    key = str(data / "keys" / "signing.pub")
    code, said = onefold("verify", "--package", str(one), "--public-key", key)
    assert code == 0, said
    assert "records of the audit of demo/uz" in said
    assert onefold("verify", "--package", str(all_of))[0] == 0
    with zipfile.ZipFile(all_of) as archive:
        names = archive.namelist()
        page = archive.read("index.html").decode()
        records = archive.read("records.jsonl").decode().splitlines()
    assert {"records.jsonl", "proofs.jsonl", "checkpoints.jsonl", "controls.md", "package.json"} <= set(names)
    assert any(it.startswith("policies/") for it in names)
    assert any(it.startswith("contracts/") for it in names)
    assert f"<td>{len(records):,}" in page
    assert onefold("verify", "--package", str(served))[0] == 1
    assert onefold(*asked, "--from", "never", "--out", str(one))[0] == 1


@pytest.mark.parametrize("name", ["records.jsonl", "proofs.jsonl", "checkpoints.jsonl", "index.html"])
def test_whatever_is_changed_in_a_package_is_found_even_with_its_digest(
    served, data, onefold, tmp_path, name
):
    assert served
    made, changed = tmp_path / "made.zip", tmp_path / "changed.zip"
    at = ("--data", str(data), "--login", "privacy")
    assert onefold("audit", "export", "--out", str(made), *at)[0] == 0
    with zipfile.ZipFile(made) as archive:
        files = {it: archive.read(it) for it in archive.namelist()}
    files[name] = files[name].replace(b"privacy", b"nobody_") if b"privacy" in files[name] else b"{}\n"
    for mended in (False, True):
        if mended and name != "index.html":
            manifest = json.loads(files["package.json"])
            manifest["files"][name] = hashlib.sha256(files[name]).hexdigest()
            files["package.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(changed, "w") as archive:
            for it, content in files.items():
                archive.writestr(it, content)
        code, said = onefold("verify", "--package", str(changed))
        assert code == 5, said
