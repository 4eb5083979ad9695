"""The state stores keep the promises of their ports."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.passages import Passage, passage_of, question
from onefold.kernel.errors import Damaged, Unavailable
from onefold.pipeline.model import Writes
from onefold.testing.memory import MemoryState
from tests.ports.state_store import A, B, StateStoreSuite, fragment, name

TEXTS = st.text("aZéё'’ \"*-_я9२卡किंİßǅ\u0301\x00", max_size=30) | st.text(max_size=20)
"""Letters that fold, signs that mean something to a full-text index, and anything else."""


class TestMemoryState(StateStoreSuite):
    """Dictionaries."""

    @pytest.fixture
    def store(self):
        memory = MemoryState()
        return memory, memory

    @pytest.fixture
    def other(self):
        memory = MemoryState()
        return memory, memory


def sqlite_store(path: Path):
    """A fresh file, its writer and a reader."""
    return SqliteState(path), SqliteCustomerReader(path)


class TestSqliteState(StateStoreSuite):
    """One file, WAL."""

    @pytest.fixture
    def store(self, tmp_path):
        state, reader = sqlite_store(tmp_path / "state.db")
        yield state, reader
        reader.close()
        state.close()

    @pytest.fixture
    def other(self, tmp_path):
        state, reader = sqlite_store(tmp_path / "other.db")
        yield state, reader
        reader.close()
        state.close()

    def test_a_state_opened_again_is_where_it_was(self, store, tmp_path):
        store[0].commit(Writes(fragments={A: fragment(A)}, buckets={(A, "credit", 1): 1}), 0, 4)
        again, reader = sqlite_store(tmp_path / "state.db")
        assert again.offset == 4
        again.commit(Writes(buckets={(A, "credit", 1): 1}), 4, 5)
        assert reader.buckets([A], "credit", 0, 9) == [(A, 1, 2)]
        reader.close()
        again.close()

    def test_a_snapshot_sees_one_state_whatever_is_committed_meanwhile(self, store):
        state, reader = store
        state.commit(Writes(fragments={A: fragment(A)}), 0, 1)
        with reader.snapshot() as seen:
            state.commit(Writes(fragments={B: fragment(B)}), 1, 2)
            with seen.snapshot() as inner:
                assert inner.offset == 1
            assert seen.offset == 1
            assert seen.fragments([A, B]).keys() == {A}
        assert reader.fragments([A, B]).keys() == {A, B}

    def test_each_thread_reads_on_its_own(self, store):
        state, reader = store
        state.commit(Writes(fragments={A: fragment(A)}), 0, 1)
        found = []

        def read():
            found.append(reader.fragments([A]).keys())
            reader.close()

        with reader.snapshot():
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
        assert found == [{A}]

    def test_a_failed_commit_leaves_nothing_behind(self, store):
        state, reader = store
        too_large = 1 << 70
        with pytest.raises(OverflowError):
            state.commit(Writes(fragments={A: fragment(A)}, buckets={(A, "credit", 1): too_large}), 0, 1)
        assert state.offset == 0
        assert list(reader.walk()) == []

    @given(st.lists(TEXTS, max_size=6), TEXTS)
    @settings(max_examples=60, deadline=None)
    def test_words_are_found_as_the_memory_finds_them(self, texts, asked):
        said = {bytes([n]) * 16: {"text": text} for n, text in enumerate(texts)}
        passages = {
            key: passage
            for key, values in said.items()
            if (
                passage := passage_of(
                    Fragment(key, "interaction", "x", "", key, (1, key), values, {}), values
                )
            )
        }
        memory = MemoryState()
        with tempfile.TemporaryDirectory() as folder:
            state, reader = sqlite_store(Path(folder) / "state.db")
            for it in (memory, state):
                it.commit(Writes(passages=dict(passages)), 0, 1)
            words = question(asked)
            if words:
                assert reader.heard(words, []) == memory.heard(words, [])
            state.close()
            reader.close()

    def test_what_was_said_leaves_the_file_with_its_fragment(self, tmp_path):
        path = tmp_path / "said.db"
        state, reader = sqlite_store(path)
        kept: dict[bytes, Passage | None] = {
            name(n): Passage(name(n), n, f"word{n} other{n}") for n in range(10, 500)
        }
        state.commit(Writes(passages=kept | {A: Passage(A, 1, "zebracrossing gone")}), 0, 1)
        state.commit(Writes(passages={A: None}), 1, 2)
        state.tidy()
        state.close()  # First: the checkpoint below is refused while the thread of this one copies.
        with closing(sqlite3.connect(path)) as looking:
            assert looking.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            looking.execute("INSERT INTO said (said) VALUES ('integrity-check')")
            assert looking.execute("SELECT value FROM meta WHERE name = 'unmerged'").fetchone() == (0,)
        assert b"zebracrossing" not in path.read_bytes()
        assert len(reader.heard(["word"], [])) == len(kept)
        reader.close()

    def test_reading_before_there_is_a_state_says_so(self, tmp_path):
        with pytest.raises(Unavailable):
            SqliteCustomerReader(tmp_path / "none.db").customer_of(A)

    def test_a_file_that_is_no_state_is_damage_not_a_crash(self, tmp_path):
        (tmp_path / "state.db").write_bytes(b"not a database, by far" * 1000)
        with pytest.raises(Damaged):
            SqliteState(tmp_path / "state.db")


def test_closing_copies_the_log_into_the_file_though_somebody_reads_it(tmp_path):
    path = tmp_path / "state.db"
    state, reader = sqlite_store(path)
    fragments = {it.fragment_id: it for it in (fragment(A), fragment(B))}
    state.commit(Writes(fragments=fragments), 0, 1)
    with reader.snapshot():
        assert reader.offset == 1
    state.close()
    alone = tmp_path / "alone.db"
    alone.write_bytes(path.read_bytes())
    with closing(SqliteCustomerReader(alone)) as copied:
        assert set(copied.fragments([A, B])) == {A, B}
    reader.close()
