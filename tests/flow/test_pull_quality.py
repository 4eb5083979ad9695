"""Quality rules hold for what databases answer as they do for files."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Event

import pytest

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.app.connections import asking
from onefold.app.creating import create
from onefold.app.folder import CONFIG, read_folder
from onefold.app.pulling import pull
from onefold.app.rooms import open_rooms
from onefold.app.scheduling import Entry, _Pulling
from onefold.kernel.ids import Cell
from onefold.record.intake.model import Offered, Tally
from onefold.usecases.measure_quality import MeasuredAnswers, QualityFailed, RuleResult
from onefold.usecases.pull_query import Window, plan_pull, pull_query
from tests.unit.record.contracts.sample import document, prop, table

RULES = [
    {"metric": "rowCount", "mustBeGreaterThan": 2, "severity": "error"},
    {"metric": "duplicateValues", "arguments": {"properties": ["name"]}, "mustBe": 0},
]
LETTERS = {"metric": "invalidValues", "arguments": {"pattern": "[A-Z].*"}, "mustBe": 0, "severity": "error"}


class Source:
    """A database of clients, and a folder that asks it."""

    def __init__(self, root: Path, *, cursor: str = "", rules: list[dict] | None = None) -> None:
        self.base = root / "core.db"
        with sqlite3.connect(self.base) as base:
            base.execute("CREATE TABLE client (id INTEGER, name TEXT, at TEXT)")
        query = {"connection": "core", "sql": "SELECT id, name, at FROM client"}
        client = table(
            "client",
            [prop("id", logicalType="integer"), prop("name", classification="pii", quality=[LETTERS])],
            entity="party",
            delivers="record",
            key="id",
            query=query | ({"cursor": cursor} if cursor else {}),
            map={"full_name": "name"},
        )
        contract = root / "core.yaml"
        told = client | {"quality": RULES if rules is None else rules}
        contract.write_text(json.dumps(document(told)), encoding="utf-8")
        create(root / "data", Cell("demo", "uz"), [contract], None)
        self.folder = read_folder(root / "data")
        (root / "address").write_text(f"sqlite:///{self.base}")
        (root / "address").chmod(0o600)
        with (self.folder.root / CONFIG).open("a", encoding="utf-8") as config:
            config.write(f'[connections.core]\nurl_file = "{root / "address"}"\n')

    def add(self, *names: str) -> None:
        """Clients of these names, each later than the last."""
        with sqlite3.connect(self.base) as base:
            for name in names:
                base.execute("INSERT INTO client SELECT count(*), ?, count(*) FROM client", (name,))

    def pull(self) -> tuple[Tally, tuple[RuleResult, ...]]:
        """The account of the one object, and what its rules came to."""
        measured = MeasuredAnswers(asking(self.folder))
        with open_rooms(self.folder, follow=False) as opened:
            permit = opened.rooms.gate.admit("core", "cli")
            (item,) = plan_pull(opened.rooms.contracts, "core", [])
            bookmarks = FileBookmarks(self.folder.bookmarks)
            tally = pull_query(permit, opened.rooms, measured, bookmarks, item)
        return tally, measured.results("client")

    def logged(self) -> int:
        """How much is in the log."""
        with open_rooms(self.folder, follow=False) as opened:
            return opened.rooms.log.last_sequence


def test_an_answer_that_breaks_a_rule_is_halted_before_anything_of_it_is_taken(tmp_path):
    source = Source(tmp_path)
    source.add("Anna", "Bo")
    before = source.logged()
    with pytest.raises(QualityFailed, match="The answer to the query of core/client breaks 1 quality rule"):
        source.pull()
    assert source.logged() == before
    source.add("Cy")
    assert source.pull()[0].accepted == 3


def test_a_row_that_breaks_a_rule_is_held_and_what_is_only_to_be_told_is_told(tmp_path):
    source = Source(tmp_path)
    source.add("Anna", "Anna", "Bo", "bo")
    (told,) = pull(source.folder, "core", [], since="", until="", watch=lambda *_: None).objects
    assert (told.counts.accepted, told.counts.quarantined, told.reasons) == (3, 1, {"quality_rule": 1})
    verdicts = {it.rule: (it.file, it.value, it.verdict) for it in told.quality}
    assert verdicts["duplicateValues of name"] == ("", 1.0, "broken")
    assert verdicts["rowCount of the rows"] == ("", 4.0, "holds")


def test_with_a_cursor_what_is_new_is_measured_and_nothing_new_breaks_nothing(tmp_path):
    source = Source(tmp_path, cursor="at")
    with pytest.raises(QualityFailed):
        source.pull()
    source.add("Anna", "Bo", "Cy")
    assert source.pull()[0].accepted == 3
    with pytest.raises(QualityFailed):
        source.pull()
    with sqlite3.connect(source.base) as base:
        base.execute("DELETE FROM client")
    tally, results = source.pull()
    assert (tally.offered, results) == (0, ())
    source.add("Dora", "Eve", "Fay", "Gus", "Hal", "Ida")
    assert source.pull()[0].offered == 4, "what was halted or empty moved no cursor"


def test_the_clock_of_the_server_holds_queries_to_the_same_rules(tmp_path):
    source = Source(tmp_path)
    entry = Entry({"source": "core", "every": "1m"})
    source.add("Anna", "Bo")
    with open_rooms(source.folder, follow=False) as opened:
        pulling = _Pulling(source.folder, opened.rooms, entry, Event())
        with pytest.raises(QualityFailed):
            pulling()
        source.add("Bo")
        told = "client: duplicateValues of name: 1, expected 0 duplicate values: broken (warning)"
        assert pulling() == f"client: 3 rows, 3 new; {told}"


def test_an_answer_that_changed_after_it_was_measured_is_told_as_it_was_taken(tmp_path):
    source = Source(tmp_path)
    source.add("Anna", "Bo", "Cy")
    with open_rooms(source.folder, follow=False) as opened:
        item = opened.rooms.contracts.latest("core").object("client")
        ask = asking(source.folder)
        measured = MeasuredAnswers(ask)
        answer = measured(item, Window())
        with sqlite3.connect(source.base) as base:
            base.execute("DELETE FROM client WHERE name = 'Cy'")
        rows: list[Offered] = list(answer)
        assert len(rows) == answer.given_rows == 2
        verdicts = {it.rule: it.verdict for it in measured.results("client")}
    assert verdicts["rowCount of the rows"] == "broken"
