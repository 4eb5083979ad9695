"""Pages of other origins: let in to tracking where the config says so, with nothing but their write key."""

from __future__ import annotations

import pytest

from onefold.channels.api.origins import Origins

SHOP = "https://shop.example"


def test_an_allowed_page_is_answered_by_its_own_name_and_without_credentials():
    headers = Origins([SHOP]).headers(SHOP)
    assert headers["Access-Control-Allow-Origin"] == SHOP
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    "origin", ["", "null", "https://shop.example.evil", "http://shop.example", "https://evil"]
)
def test_no_other_page_is(origin):
    origins = Origins([SHOP])
    assert origins.headers(origin) == {}
    assert origins.preflight(origin, ["POST"]) is None


def test_every_page_is_where_the_config_says_so():
    assert Origins(["*"]).headers("https://any.example")["Access-Control-Allow-Origin"] == "*"
    assert Origins(["*"]).headers("") == {}
    assert Origins([]).headers(SHOP) == {}


def test_a_preflight_names_what_libraries_send():
    answer = Origins([SHOP]).preflight(SHOP, ["POST"])
    assert answer is not None
    assert (answer.status_code, answer.headers["access-control-allow-methods"]) == (204, "POST")
    for name in ("Authorization", "Content-Type", "Content-Encoding", "X-Retry-Count"):
        assert name in answer.headers["access-control-allow-headers"]
