"""The indexes of the audit, each held to the suite of the port."""

from __future__ import annotations

import sqlite3

import pytest

from onefold.adapters.sqlite.audit import SqliteAuditIndex
from onefold.kernel.errors import Unavailable
from onefold.record.audit.model import AuditFilter
from onefold.record.audit.ports import Reach
from onefold.testing.audit import MemoryAuditIndex
from tests.ports.audit_index import BOB, AuditIndexSuite, header


class TestMemoryAuditIndex(AuditIndexSuite):
    """The fake."""

    @pytest.fixture
    def index(self):
        """An empty one."""
        return MemoryAuditIndex()


class TestSqliteAuditIndex(AuditIndexSuite):
    """The one on a disk."""

    @pytest.fixture
    def path(self, tmp_path):
        """Where it lies."""
        return tmp_path / "cell" / "audit-index.db"

    @pytest.fixture
    def index(self, path):
        """An empty one."""
        found = SqliteAuditIndex(path)
        yield found
        found.close()

    def test_opened_again_it_knows_what_it_knew(self, index, path):
        index.add([(1, header(1))], Reach(1, b"x"))
        again = SqliteAuditIndex(path)
        assert again.reach == Reach(1, b"x")
        assert again.find(AuditFilter(customer=BOB), 2, 10) == [1]
        again.close()

    def test_what_fails_half_way_leaves_nothing(self, index):
        with pytest.raises(Unavailable, match=r"audit-index\.db"):
            index.add([(1, header(1)), (1, header(2))], Reach(2, b"x"))
        assert index.reach == Reach(0, b"")
        index.add([(1, header(1))], Reach(1, b"x"))

    @pytest.mark.parametrize("made", ["text", "empty", "release", "tables"])
    def test_a_file_that_is_none_is_made_anew(self, path, made):
        path.parent.mkdir()
        if made in {"text", "empty"}:
            path.write_bytes(b"no index at all, " * 500 if made == "text" else b"")
        else:
            base = sqlite3.connect(path)
            base.execute(f"PRAGMA user_version = {1 if made == 'tables' else 99}")
            base.close()
        found = SqliteAuditIndex(path)
        found.add([(1, header(1))], Reach(1, b"x"))
        assert found.find(AuditFilter(customer=BOB), 2, 10) == [1]
        found.close()

    @pytest.mark.parametrize(
        ("wanted", "by"),
        [
            (AuditFilter(actor="rm"), "by_actor"),
            (AuditFilter(kind="view"), "by_kind"),
            (AuditFilter(actor="rm", kind="view"), "by_actor_and_kind"),
            (AuditFilter(action="show"), "by_action"),
            (AuditFilter(outcome="refused"), "by_outcome"),
            (AuditFilter(customer=BOB, actor="rm"), "customers"),
        ],
    )
    def test_no_search_walks_through_all_records_nor_sorts_them(self, index, wanted, by):
        asked: list[str] = []
        index._base.set_trace_callback(asked.append)
        index.find(wanted, 100, 10)
        index._base.set_trace_callback(None)
        plan = [row[3] for row in index._base.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
        assert by in plan[0].split()[:5] or f"INDEX {by} " in plan[0]
        assert not [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step]
