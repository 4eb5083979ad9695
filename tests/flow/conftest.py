"""One small world and one server for all tests of the API that do not break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.server import Server, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of a world of 150 people."""
    data = tmp_path_factory.mktemp("world") / "data"
    make_world(data, 150)
    return data


@pytest.fixture(scope="session")
def server(world: Path) -> Iterator[Server]:
    """The server of that world."""
    with Server(world) as server:
        yield server
