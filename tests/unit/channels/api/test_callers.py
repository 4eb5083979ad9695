"""Where a request came from: proxies are believed only where they are ours, browsers where they say so."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request

from onefold.channels.api.callers import address_of, check_origin
from onefold.kernel.errors import Refused


def request(peer: str, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "198.51.100.1, 10.0.0.5", "198.51.100.1"),
        ("10.0.0.5", "anything", ""),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("2001:db8:1:2:9:9:9:9", "", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("", "", ""),
    ],
)
def test_a_sender_cannot_choose_its_own_address(peer, forwarded, address):
    assert address_of(request(peer, forwarded), {"10.0.0.5"}) == address


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"origin": "https://c360.bank.example", "host": "c360.bank.example"}, True),
        ({"origin": "http://127.0.0.1:8360", "host": "127.0.0.1:8360"}, True),
        ({"origin": "https://evil.example", "host": "c360.bank.example"}, False),
        ({"origin": "https://c360.bank.example.evil.example", "host": "c360.bank.example"}, False),
        ({"origin": "null", "host": "c360.bank.example"}, False),
        ({"origin": "http://127.0.0.1:9000", "host": "127.0.0.1:8360"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost:5173", "host": "x"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://x", "host": "x"}, False),
    ],
)
def test_a_write_of_another_origins_page_is_refused(headers, own):
    if own:
        check_origin(Headers(headers))
    else:
        with pytest.raises(Refused, match="console"):
            check_origin(Headers(headers))


def test_the_last_line_of_the_header_is_the_proxys_own():
    lines = [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"198.51.100.1")]
    asked = Request({"type": "http", "headers": lines, "client": ("10.0.0.5", 1)})
    assert address_of(asked, {"10.0.0.5"}) == "198.51.100.1"
