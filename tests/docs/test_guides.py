"""Every page that shows commands is run as it stands: README, the tutorial, the how-to guides."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.docs.console import ROOT, Shell, missing, steps_of
from tests.kafka import TOGETHER, kafka_broker

__all__ = ["kafka_broker"]

PAGES = sorted(
    page for page in [*ROOT.glob("docs/tutorial/*.md"), *ROOT.glob("docs/how-to/*.md")] if steps_of(page)
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_there_are_pages_to_run() -> None:
    assert PAGES


def _asks_for_kafka(page: Path) -> bool:
    return any("$KAFKA" in step.command for step in steps_of(page))


@pytest.mark.parametrize(
    "page",
    [pytest.param(it, id=it.stem, marks=[TOGETHER] if _asks_for_kafka(it) else []) for it in PAGES],
)
@pytest.mark.timeout(600)
def test_the_page_does_what_it_says(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    environment = {"ONEFOLD": str(ROOT), "PORT": str(_free_port())}
    if _asks_for_kafka(page):
        environment["KAFKA"] = request.getfixturevalue("kafka_broker").address
    shell = Shell(tmp_path, environment)
    try:
        for step in steps_of(page):
            code, output = shell.run(step)
            assert code == 0, f"{page.name}: `{step.command}` ended with {code}:\n{output}"
            assert not missing(step, output), f"{page.name}: `{step.command}` printed:\n{output}"
    finally:
        shell.close()
