"""The stores of the token vault keep the promises of their port."""

from __future__ import annotations

import pytest

from onefold.adapters.sqlite.tokens import SqliteTokens
from onefold.testing.tokens import MemoryTokens
from tests.ports.token_store import TokenStoreSuite


class TestMemoryTokens(TokenStoreSuite):
    """A dictionary."""

    @pytest.fixture
    def store(self):
        return MemoryTokens()


class TestSqliteTokens(TokenStoreSuite):
    """A file."""

    @pytest.fixture
    def store(self, tmp_path):
        store = SqliteTokens(tmp_path / "tokens.db")
        yield store
        store.close()
