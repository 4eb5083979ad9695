"""What sources say is shown as text, whatever it looks like."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from onefold.app.house import LocalHouse

NAME = "Wanda<img src=x onerror=window.ran=1><script>window.ran=1</script>{{7*7}}${7*7}"
KNOWN = "wanda@text.example"


def test_a_name_that_is_markup_is_shown_as_it_is_written(console, server):
    key = LocalHouse().users(server.data).new_write_key("digital")
    said = {"messageId": "text-1", "userId": "text-1", "traits": {"email": KNOWN, "firstName": NAME}}
    assert server.send("/v1/identify", said, key).status_code == 200
    it = console("rm")
    found: list[dict[str, Any]] = []
    while not found:
        found = it.api("/api/customers", q=KNOWN)["items"]
    page = it.open(f"/customers/{found[0]['customer']}")
    expect(page.get_by_text("<img src=x onerror=window.ran=1>").first).to_be_visible()
    expect(page.get_by_text("{{7*7}}${7*7}").first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("window.ran") is None
