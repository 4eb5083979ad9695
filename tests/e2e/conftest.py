"""One small world, one server and one browser for all tests of the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import Console, launched, missing
from tests.e2e.people import Somebody, choose
from tests.flow.server import Server, make_world

PEOPLE = 150


@pytest.fixture(scope="session", autouse=True)
def _equipped() -> None:
    """Skips with one line where the machine lacks something."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def server(_equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a world of its own: these tests record consents and judgements."""
    data: Path = tmp_path_factory.mktemp("console") / "data"
    make_world(data, PEOPLE)
    with Server(data) as server:
        yield server


@pytest.fixture(scope="session")
def somebody(server: Server) -> Somebody:
    """The customer with the most to see."""
    return choose(server)


@pytest.fixture(scope="module")
def browser(_equipped: None) -> Iterator[Browser]:
    """Chromium, which ends with its module and not with the run.

    While Playwright is open its event loop is the thread's running loop, and a later test of another room
    that calls `asyncio.run` on the same worker would be refused.
    """
    with launched() as browser:
        yield browser


@pytest.fixture
def console(server: Server, browser: Browser) -> Iterator[Callable[..., Console]]:
    """Opens consoles; each is watched, and a fault on one fails the test at its end."""
    opened: list[Console] = []

    def open_console(login: str | None = None, **options: object) -> Console:
        found = Console(browser, server, **options)  # type: ignore[arg-type]
        opened.append(found)
        return found if login is None else found.as_(login)

    yield open_console
    for it in opened:
        it.close()
