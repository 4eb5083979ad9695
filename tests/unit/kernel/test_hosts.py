"""Which hosts are this machine, told without asking anybody."""

from __future__ import annotations

import pytest

from onefold.kernel.hosts import is_this_machine

HERE = ["localhost", "LocalHost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", " 127.0.0.1 "]
ELSEWHERE = [
    "",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "localhost.example",
    "127.0.0.1.example",
    "x",
    "2130706433",
    "127.1",
]


@pytest.mark.parametrize("host", HERE)
def test_these_are_this_machine(host):
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_these_may_be_another(host):
    assert not is_this_machine(host)
