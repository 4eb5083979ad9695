"""Addresses: which endpoints stand where, and what their names stand for."""

from __future__ import annotations

import pytest

from onefold.channels.api.addresses import Addresses
from onefold.channels.api.endpoint import Access, Call, Endpoint, endpoint


def stands(method: str, path: str) -> Endpoint:
    @endpoint(method, path, "Something", tag="t", access=Access.OPEN)
    def handler(call: Call) -> None:
        return None

    return handler


LIST, ADD, ONE, PART = (
    stands("GET", "/api/things"),
    stands("POST", "/api/things"),
    stands("GET", "/api/things/{thing}"),
    stands("GET", "/api/things/{thing}/parts/{part}"),
)
ADDRESSES = Addresses((LIST, ADD, ONE, PART))


def test_a_literal_address_has_the_endpoints_of_all_its_methods():
    assert ADDRESSES.find("/api/things") == ({"GET": LIST, "POST": ADD}, {})


def test_a_name_stands_for_one_segment_whatever_is_in_it():
    assert ADDRESSES.find("/api/things/a.b c") == ({"GET": ONE}, {"thing": "a.b c"})
    assert ADDRESSES.find("/api/things/1/parts/2") == ({"GET": PART}, {"thing": "1", "part": "2"})


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/api",
        "/api/things/",
        "/api/things/1/",
        "/api/things/1/parts",
        "/api/things//parts/2",
        "/Api/things",
    ],
)
def test_anything_else_is_no_address(path):
    assert ADDRESSES.find(path) == ({}, {})


def test_a_dot_in_an_address_is_a_dot():
    addresses = Addresses((stands("GET", "/a.b/{c}"),))
    assert not addresses.find("/axb/1")[0]
    assert addresses.find("/a.b/1")[0]
