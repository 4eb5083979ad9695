"""Segment's and RudderStack's libraries in a page of another origin: what the config lets in is taken."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.browser import chromium, launched
from tests.flow.server import Server, free_port, make_folder
from tests.flow.test_sdks import node_modules, seen

SENDING = """
<!doctype html><title>Shop</title><script src="/index.js"></script><script>
const analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey: "KEY", cdnURL: "SERVER" }, OPTIONS);
window.sent = Promise.all([
  analytics.identify("wanda", { email: "wanda@post.example", firstName: "Wanda" }),
  analytics.track("step 1"), analytics.track("step 2"), analytics.page("shop", "home"),
]).then(async (contexts) => contexts.map((it) => it.failedDelivery()?.reason?.message ?? "delivered"));
</script>
"""
RUDDERSTACK = """
<!doctype html><title>Shop</title><script src="/rudderstack.js"></script><script>
const analytics = new rudderanalytics.RudderAnalytics();
const queueOptions = { batch: { enabled: BATCHED, maxItems: 2 } };
analytics.load("KEY", "SERVER", { configUrl: "SERVER", queueOptions });
analytics.identify("wanda", { email: "wanda@post.example", firstName: "Wanda" });
analytics.track("step 1"); analytics.track("step 2"); analytics.page("shop", "home");
</script>
"""
BATCHING = """{ integrations: { "Segment.io":
  { deliveryStrategy: { strategy: "batching", config: { size: 2, timeout: 500 } } } } }"""
DONE = {
    "Said who they are on the website": 1,
    "Step 1 on the website": 1,
    "Step 2 on the website": 1,
    "Looked at “home” on the website": 1,
}
TRIES = """async ([path, options]) => {
  try { return (await fetch(path, options)).status } catch { return "refused by the browser" }
}"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without saying so."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def pages(folder: Path, port: int) -> Iterator[str]:
    """The origin of a site of static pages."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The library as its maker ships it, and a page that uses it."""
    if chromium() is None:
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium)")
    folder = tmp_path / "site"
    folder.mkdir()
    umd = node_modules() / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
    for script in umd.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    rudderstack = node_modules() / "node_modules" / "@rudderstack" / "analytics-js" / "dist" / "npm"
    script = rudderstack / "modern" / "bundled" / "umd" / "index.js"
    (folder / "rudderstack.js").write_bytes(script.read_bytes())
    return folder


def folder_of(data: Path, origin: str) -> str:
    """A data folder that lets pages of one origin in; the write key of its source."""
    house = make_folder(data)
    config = (data / "config.toml").read_text()
    (data / "config.toml").write_text(config.replace("origins = []", f'origins = ["{origin}"]'))
    return house.users(data).new_write_key("digital")


@pytest.mark.parametrize("options", ["{}", BATCHING], ids=["each", "batches"])
def test_a_page_of_an_allowed_origin_sends_and_reaches_nothing_else(site, tmp_path, options):
    data, allowed, other = tmp_path / "data", free_port(), free_port()
    key = folder_of(data, f"http://127.0.0.1:{allowed}")
    with (
        Server(data) as server,
        launched() as browser,
        pages(site, allowed) as shop,
        pages(site, other) as evil,
    ):
        text = SENDING.replace("KEY", key).replace("SERVER", server.url).replace("OPTIONS", options)
        (site / "index.html").write_text(text)
        (site / "empty.html").write_text("<!doctype html>")
        page = browser.new_page()
        page.goto(f"{shop}/index.html")
        assert page.evaluate("window.sent") == ["delivered"] * 4
        page.evaluate(
            "() => new Promise((done) => setTimeout(done, 1500))"
        )  # what is batched goes by a timer
        assert seen(server, "wanda@post.example") == DONE
        send = {"method": "POST", "headers": {"Authorization": "Basic x"}, "body": "{}"}
        tries = {"/v1/t": send, "/api/health": {}, "/api/session": {"credentials": "include"}}
        page.goto(f"{evil}/empty.html")
        for path, how in tries.items():
            assert page.evaluate(TRIES, [server.url + path, how]) == "refused by the browser"
        page.goto(f"{shop}/empty.html")
        assert page.evaluate(TRIES, [server.url + "/v1/t", send]) == 401, "a problem can be read there"
        for path in ("/api/health", "/api/session"):
            assert page.evaluate(TRIES, [server.url + path, tries[path]]) == "refused by the browser"


@pytest.mark.parametrize("batched", ["false", "true"], ids=["each", "batches"])
def test_a_page_with_the_library_of_rudderstack_asks_this_server_alone(site, tmp_path, batched):
    data, allowed = tmp_path / "data", free_port()
    key = folder_of(data, f"http://127.0.0.1:{allowed}")
    with Server(data) as server, launched() as browser, pages(site, allowed) as shop:
        text = RUDDERSTACK.replace("KEY", key).replace("SERVER", server.url).replace("BATCHED", batched)
        (site / "index.html").write_text(text)
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda it: asked.append(it.url))
        page.goto(f"{shop}/index.html")
        deadline = time.monotonic() + 60
        while seen(server, "wanda@post.example") != DONE:
            assert time.monotonic() < deadline, seen(server, "wanda@post.example")
            page.wait_for_timeout(200)  # lets the page send: its events are handled while this waits
        assert {it for it in asked if not it.startswith((shop, server.url))} == set()
        assert f"{server.url}/sourceConfig/" in {it.partition("?")[0] for it in asked}
