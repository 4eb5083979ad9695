"""A real Chromium on the console of a real server, watched: what it logs, what it asks and of whom."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from onefold.app.demo import PASSWORD
from tests.flow.server import ROOT, Server

DIST = ROOT / "web" / "dist" / "index.html"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAILED_TO_LOAD = re.compile(r"Failed to load resource: (?:the server responded with a status of )?([\w:]+)")
TIMEOUT_MS = 15_000
WAITING = "[role=status][aria-label^=Loading], [aria-busy=true], .mantine-Skeleton-root"


def chromium() -> str | None:
    """The system's Chromium; None where there is none. Nothing is ever downloaded."""
    found = os.environ.get("ONEFOLD_CHROMIUM")
    return found or next((path for name in NAMES if (path := shutil.which(name))), None)


def missing() -> str | None:
    """What these tests lack on this machine, with what to do about it; None when nothing."""
    if chromium() is None:
        return "no Chromium: install it (Debian: apt-get install chromium) or name it in ONEFOLD_CHROMIUM"
    if not DIST.is_file():
        return "the console is not built: run `make web`"
    if not AXE.is_file():
        return "axe-core is not installed: run `make web`"
    return None


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@cache
def _token(url: str, login: str) -> str:
    """A session of the login; checking a password takes long on purpose, so it is done once."""
    answer = httpx.post(f"{url}/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.cookies["onefold_session"]


class Console:
    """One person at the console: a page with a session of its own, and what went wrong on it."""

    def __init__(
        self, browser: Browser, server: Server, *, scheme: str = "light", width: int = 1280, height: int = 720
    ) -> None:
        self.server = server
        self.context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Asia/Tashkent",
            # A colour half-way through its transition has a contrast of its own.
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(TIMEOUT_MS)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.asked: set[str] = set()
        self.allowed: set[str] = set()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"threw {error}"))
        self.page.on("request", lambda request: self.asked.add(request.url))

    def _said(self, message: Any) -> None:
        if message.type not in ("error", "warning"):
            return
        failure = FAILED_TO_LOAD.search(message.text)
        if failure is None or failure.group(1) not in self.allowed:
            self.faults.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def allow(self, *failures: int | str) -> None:
        """Statuses and network errors that a test provokes; Chromium logs each of them as an error."""
        self.allowed |= {str(it) for it in failures}

    def as_(self, login: str) -> Console:
        """Signs in without the form, which has tests of its own."""
        cookie = {"name": "onefold_session", "value": _token(self.server.url, login), "url": self.server.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        return self

    def open(self, address: str) -> Page:
        """Goes to an address of the console and waits until it stands."""
        self.page.goto(address)
        self.page.get_by_role("heading", level=1).wait_for()
        self.settle()
        return self.page

    def settle(self) -> None:
        """Waits until nothing is loading any more."""
        expect(self.page.locator(WAITING)).to_have_count(0, timeout=TIMEOUT_MS)

    def api(self, path: str, **params: str | float | bool) -> Any:
        """The same question to the API, as the person of this session."""
        answer = self.context.request.get(path, params=params)
        assert answer.ok, answer.text()
        return answer.json()

    def close(self) -> None:
        """Ends the visit; what went wrong on it fails the test."""
        self.context.close()
        assert not self.faults, "\n".join(self.faults)
        strangers = {url for url in self.asked if not url.startswith((self.server.url, "blob:", "data:"))}
        assert not strangers, f"asked another host: {strangers}"


def axe_findings(page: Page) -> list[str]:
    """What axe-core has to say about the page as it stands, every impact."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{it['impact']} {it['id']}: {[node['target'] for node in it['nodes'][:3]]}"
        for it in found["violations"]
    ]
