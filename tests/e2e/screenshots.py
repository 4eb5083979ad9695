"""Takes the pictures of the README on a world of its own: `python -m tests.e2e.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from tests.e2e.browser import Console, launched, missing
from tests.e2e.people import contested, customers
from tests.flow.server import ROOT, Server, make_world

IMAGES = ROOT / "docs" / "images"
PEOPLE = 6000
SEGMENT = "balance-dip-fewer-logins"
BYTES_MAX = 300 * 1024
LOOKED_AT_MAX = 400


def main() -> None:
    """Makes a world, serves it, takes the pictures and says how large they are."""
    lacking = missing()
    if lacking:
        sys.exit(f"screenshots: {lacking}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        make_world(data, PEOPLE)
        with Server(data) as server, launched() as browser:
            for path in pictures(server, browser):
                size = path.stat().st_size
                print(f"{path.relative_to(ROOT)}  {size // 1024} KB")
                if size > BYTES_MAX:
                    sys.exit(f"screenshots: {path.name} is larger than {BYTES_MAX // 1024} KB")


def pictures(server: Server, browser: Browser) -> Iterator[Path]:
    """Each picture as it is taken."""
    with server.signed_in("rm") as rm:
        view = most_to_see(rm)
        family_name = commonest_family_name(rm)
    with server.signed_in("marketer") as marketer:
        channel = widest_channel(marketer)
    for scheme in ("light", "dark"):
        console = Console(browser, server, scheme=scheme, height=860).as_("rm")
        page = console.open(f"/customers/{view['customer']}?field={contested(view)[0]}")
        yield taken(page, f"customer-{scheme}.png")
        console.close()
    console = Console(browser, server, height=620).as_("rm")
    yield taken(console.open(f"/find?q={family_name}"), "find.png")
    console.close()
    console = Console(browser, server, height=820).as_("marketer")
    page = console.open(f"/segments/{SEGMENT}?channel={channel}")
    page.get_by_role("button", name="Activate").click()
    page.get_by_text("members released").wait_for()
    page.mouse.move(0, 0)
    yield taken(page, "segment.png")
    console.close()


def taken(page: Page, name: str) -> Path:
    """The picture of what is in sight."""
    path = IMAGES / name
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, animations="disabled")
    return path


def most_to_see(rm: httpx.Client) -> dict[str, Any]:
    """Of the first few hundred, the customer with the most products, sources and movements."""

    def worth(view: dict[str, Any]) -> tuple[int, int, int]:
        moving = [it["transactions"] for it in view["accounts"] if it["balance"] is not None]
        sources = {it["source"] for it in view["fragments"]}
        several = bool(contested(view)) and max(moving, default=0) >= 60 and len(view["accounts"]) in (3, 4)
        return int(several), len(contested(view)), len(sources)

    return max((view for view, _ in zip(customers(rm), range(LOOKED_AT_MAX), strict=False)), key=worth)


def widest_channel(marketer: httpx.Client) -> str:
    """The channel through which most members may be reached."""
    path = f"/api/segments/{SEGMENT}/activations"

    def released(channel: str) -> int:
        answer = marketer.post(path, json={"purpose": "marketing", "channel": channel})
        return int(answer.json()["released"])

    return max(("email", "sms", "push", "app"), key=released)


def commonest_family_name(rm: httpx.Client) -> str:
    """A name that finds several people."""
    return max(
        ("karimov", "rahimov", "yusupov", "abdullayev", "ismoilov"),
        key=lambda it: len(rm.get("/api/customers", params={"q": it}).json()["items"]),
    )


if __name__ == "__main__":
    main()
