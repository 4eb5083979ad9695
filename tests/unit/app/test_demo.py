"""The demo keeps to folders of its own."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec
import pytest

from onefold.app.demo import CELL, CHECKING, MEMORY, Progress, demo, prepare
from onefold.app.folder import DataFolder, create_folder
from onefold.channels.cli.house import Watch
from onefold.kernel.errors import CallerError


def test_a_folder_that_is_not_the_demos_is_left_as_it_is(tmp_path: Path) -> None:
    create_folder(tmp_path / "real", CELL, None)
    before = sorted(it.name for it in (tmp_path / "real").iterdir())
    with pytest.raises(CallerError, match="not the demo's"):
        prepare(tmp_path / "real", 100, lambda *_: None)
    assert sorted(it.name for it in (tmp_path / "real").iterdir()) == before


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CallerError, match="not free"):
            demo(tmp_path / "d", "127.0.0.1", port, 100, watch=lambda *_: None, ready=lambda _: None)
    assert not (tmp_path / "d").exists()


def test_a_demo_that_goes_on_says_that_it_checks_what_is_new(tmp_path: Path, monkeypatch) -> None:
    def loaded(folder: DataFolder, progress: Progress, watch: Watch) -> None:
        progress.loaded.append("crm")
        (folder.root / MEMORY).write_bytes(msgspec.json.encode(progress))

    monkeypatch.setattr("onefold.app.demo._load", loaded)
    monkeypatch.setattr("onefold.app.demo.LOGINS", {})
    told: list[tuple[str, int, int | None]] = []
    prepare(tmp_path / "d", 100, lambda *it: told.append(it))
    assert told == []
    prepare(tmp_path / "d", 100, lambda *it: told.append(it))
    assert told == [(CHECKING, 0, None), (CHECKING, 1, 1)]
