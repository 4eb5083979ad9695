"""One private PostgreSQL for all tests of a process that need one; they are skipped where there is none."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from tools.services.postgres import PrivatePostgres, binaries

MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PrivatePostgres]:
    """The server."""
    if binaries() is None:
        pytest.skip(MISSING)
    with PrivatePostgres() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(postgres_server: PrivatePostgres) -> Callable[[], str]:
    """Makes an empty database; its address."""
    numbers = itertools.count(1)
    return lambda: postgres_server.create(f"test_{next(numbers)}")
