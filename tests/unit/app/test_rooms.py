"""The rooms of a data folder: what they tell about the disks they stand on."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.adapters.files.workplaces import workplace
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.rooms import Opened, open_rooms
from onefold.kernel.errors import Unavailable
from onefold.kernel.ids import Cell
from onefold.record.audit.model import AuditFilter
from onefold.usecases.check_health import check_health


def test_a_checkpoint_folder_that_is_away_is_in_the_health_until_it_is_back(tmp_path):
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    folder = read_folder(tmp_path / "data")
    kept = tmp_path / "kept"
    with open_rooms(folder, follow=False) as opened:
        (_, audit, *_) = opened.writers
        folder.checkpoints.rename(kept)
        folder.checkpoints.write_text("a file where the folder was")
        opened.rooms.audit.record("view", actor="rm")
        with pytest.raises(Unavailable):
            audit.checkpoint()
        # What a due checkpoint does on its own: it fails nobody.
        audit._try_checkpoint(audit._checkpoint())
        health = check_health(opened.rooms)
        assert health.status == "degraded"
        assert "checkpoint demo_uz_audit.jsonl was not written" in health.checkpoint_fault
        folder.checkpoints.unlink()
        kept.rename(folder.checkpoints)
        audit.checkpoint()
        assert check_health(opened.rooms).checkpoint_fault == ""


def test_the_audit_is_searched_also_when_its_index_was_lost(tmp_path):
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    folder = read_folder(tmp_path / "data")
    with open_rooms(folder, follow=False) as opened:
        opened.rooms.audit.record("view", actor="rare")
        opened.rooms.audit.record("view", actor="rm")
        opened.index_audit()
    assert folder.audit_index.is_file()
    for path in folder.of_cell.glob("audit-index.db*"):
        path.unlink()
    with open_rooms(folder, follow=False) as opened:
        found = opened.rooms.audit.page(AuditFilter(actor="rare"))
    assert [it.actor for it in found.items] == ["rare"]


def test_a_start_removes_what_a_killed_check_of_the_state_left(tmp_path):
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    folder = read_folder(tmp_path / "data")
    left = folder.root / "work-abc" / "state"
    left.mkdir(parents=True)
    (left / "state.db").write_bytes(b"derived")
    with workplace(folder.root) as place, open_rooms(folder, follow=False):
        assert not left.parent.exists()
        assert place.is_dir()


def test_a_server_waits_until_those_who_cut_have_started_and_for_nobody_who_cannot():
    told = []

    class Cutters:
        def forget(self, ids):
            told.append(ids)
            raise Unavailable("They do not start.")

    nothing: Any = None
    cutting: Any = Cutters()
    Opened(nothing, (), nothing, nothing, cutting).wait_for_cutters()
    assert told == [frozenset()]
