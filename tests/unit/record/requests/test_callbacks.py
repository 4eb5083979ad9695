"""Which addresses a controller may name: what is not on the list word for word is not called."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import CallerError
from onefold.record.requests.callbacks import CallbackRefused, Callbacks, is_public, listed

LISTED = ("dsr.controller.example", "other.example:8443")
HOUSE = Callbacks(listed(LISTED, loopback=False))
TRIAL = Callbacks(listed((*LISTED, "127.0.0.1:9000"), loopback=True), loopback=True)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://dsr.controller.example", ("dsr.controller.example", 443, "/")),
        ("https://dsr.controller.example/", ("dsr.controller.example", 443, "/")),
        ("https://dsr.controller.example:443/v2/told_7", ("dsr.controller.example", 443, "/v2/told_7")),
        ("https://other.example:8443/a/b-c.d~e", ("other.example", 8443, "/a/b-c.d~e")),
    ],
)
def test_what_is_on_the_list_is_taken_apart(url, parts):
    found = HOUSE.address(url)
    assert (found.host, found.port, found.path) == parts
    assert found.scheme == "https"


HOSTILE = [
    "",
    "dsr.controller.example/told",
    "//dsr.controller.example/told",
    "http://dsr.controller.example/told",
    "ftp://dsr.controller.example/told",
    "file:///etc/passwd",
    "https://",
    "https:///told",
    "https://unlisted.example/told",
    "https://dsr.controller.example.evil.example/told",
    "https://evil.example/dsr.controller.example",
    "https://dsr.controller.example@evil.example/told",
    "https://user@dsr.controller.example/told",
    "https://user:secret@dsr.controller.example/told",
    "https://evil.example#@dsr.controller.example/",
    "https://evil.example\\@dsr.controller.example/",
    "https://dsr.controller.example\\.evil.example/",
    "https://dsr.controller.example./told",
    "https://DSR.controller.example/told",
    "HTTPS://dsr.controller.example/told",
    "https://dsr。controller。example/told",
    "https://ⓓsr.controller.example/told",
    "https://dsr.controller.example:8443/told",
    "https://dsr.controller.example:22/told",
    "https://dsr.controller.example:0/told",
    "https://dsr.controller.example:/told",
    "https://dsr.controller.example:443:443/told",
    "https://dsr.controller.example:99999/told",
    "https://dsr.controller.example:+443/told",
    "https://other.example/told",
    "https://dsr.controller.example/told?to=anna@post.example",
    "https://dsr.controller.example/told#fragment",
    "https://dsr.controller.example/anna@post.example",
    "https://dsr.controller.example/anna%40post.example",
    "https://dsr.controller.example/told\r\nX-Injected: 1",
    "https://dsr.controller.example/told ",
    " https://dsr.controller.example/told",
    "https://dsr.controller.example/\x00",
    "https://127.0.0.1/told",
    "https://localhost/told",
    "https://2130706433/told",
    "https://0x7f000001/told",
    "https://0177.0.0.1/told",
    "https://127.1/told",
    "https://[::1]/told",
    "https://[::ffff:127.0.0.1]/told",
    "https://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:9000/told",
    "https://dsr.controller.example/" + "a" * 500,
]


@pytest.mark.parametrize("url", HOSTILE)
def test_nothing_else_is_and_the_refusal_repeats_nothing_of_it(url):
    with pytest.raises(CallbackRefused) as refused:
        HOUSE.address(url)
    assert refused.value.status == 400
    assert "evil" not in str(refused.value)
    assert "anna" not in str(refused.value)


@pytest.mark.parametrize("url", [it for it in HOSTILE if it != "http://127.0.0.1:9000/told"])
def test_trying_it_out_on_this_machine_lets_in_nothing_but_that(url):
    with pytest.raises(CallbackRefused):
        TRIAL.address(url)


def test_this_machine_is_called_over_http_where_the_house_says_so():
    assert TRIAL.address("http://127.0.0.1:9000/told").is_here
    assert TRIAL.address("https://127.0.0.1:9000/told").is_here
    with pytest.raises(CallbackRefused):
        Callbacks(TRIAL.hosts, loopback=False).address("http://127.0.0.1:9000/told")


def test_a_house_that_lists_nobody_calls_nobody():
    with pytest.raises(CallbackRefused, match="makes no callbacks"):
        Callbacks().address("https://dsr.controller.example/told")


@pytest.mark.parametrize(
    "text",
    [
        "*", "*.example", "https://a.example", "a.example/", "a.example:", "a.example:0", "a.example:65536",
        "a.example:x", "10.0.0.1", "127.0.0.1", "localhost", "1.2.3", "2130706433", "0x7f.1", "[::1]",
        "A.example", "a..example", ".example", "-a.example", "a.example.", "a b.example", "",
    ],
)  # fmt: skip
def test_what_the_house_lists_is_the_name_of_a_host(text):
    with pytest.raises(CallerError, match="cannot be read"):
        listed((text,), loopback=False)


PUBLIC = [
    "93.184.216.34",
    "8.8.8.8",
    "2606:2800:220:1:248:1893:25c8:1946",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
NOT_PUBLIC = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "::10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "100::1", "8.8.8.8%eth0",
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("ip", PUBLIC)
def test_an_address_of_the_open_internet_may_be_called(ip):
    assert is_public(ip)


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_no_other_may_whatever_it_is_wrapped_in(ip):
    assert not is_public(ip)
