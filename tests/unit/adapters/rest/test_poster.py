"""Posting where callers chose: only to the open internet, only where was looked, and never for long."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from onefold.adapters.rest.poster import HttpsPoster, Place, connect_to
from onefold.kernel.errors import CallerError
from onefold.record.requests.callbacks import Address
from onefold.usecases.processor import NotTold

FAR = Address("https", "dsr.controller.example", 443, "/told")


def leading(*ips: str) -> Callable[[str, int], list[Place]]:
    return lambda _host, port: [
        Place(socket.AF_INET6 if ":" in it else socket.AF_INET, (it, port)) for it in ips
    ]


def never(*_: object) -> socket.socket:
    raise AssertionError("somebody was connected to")


@pytest.mark.parametrize(
    "ips",
    [
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("169.254.169.254",),
        ("::1",),
        ("::ffff:127.0.0.1",),
        ("fe80::1%eth0",),
        ("64:ff9b::a9fe:a9fe",),
        ("8.8.8.8", "127.0.0.1"),
        (),
    ],
)
def test_a_name_that_leads_inside_is_not_called_at_all(ips):
    with pytest.raises(NotTold, match="open internet") as told:
        HttpsPoster(resolve=leading(*ips), connect=never).post(FAR, b"{}", {})
    assert not told.value.reached


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to():
    """DNS rebinding: whatever the name leads to the second time, nobody asks."""
    looked, connected = [], []

    def resolve(host: str, port: int) -> list[Place]:
        looked.append(host)
        return leading("8.8.8.8" if len(looked) == 1 else "127.0.0.1")(host, port)

    def connect(place: Place, _: float) -> socket.socket:
        connected.append(place.sockaddr)
        raise ConnectionRefusedError

    with pytest.raises(NotTold, match="reached"):
        HttpsPoster(resolve=resolve, connect=connect).post(FAR, b"{}", {})
    assert (looked, connected) == ([FAR.host], [("8.8.8.8", 443)])


def test_a_name_that_leads_nowhere_is_one_we_cannot_tell():
    def resolve(*_: object) -> list[Place]:
        raise socket.gaierror

    with pytest.raises(NotTold, match="nowhere"):
        HttpsPoster(resolve=resolve, connect=never).post(FAR, b"{}", {})


def test_a_look_up_that_does_not_end_ends_with_the_time_there_is():
    never_ends = threading.Event()

    def resolve(*_: object) -> list[Place]:
        never_ends.wait(60)
        return []

    try:
        with pytest.raises(NotTold, match="looked up in time") as told:
            HttpsPoster(seconds=0.05, resolve=resolve, connect=never).post(FAR, b"{}", {})
        assert not told.value.reached
        assert not never_ends.is_set()
    finally:
        never_ends.set()


class Lonely(socket.socket):
    """A socket of a process that has no descriptor left."""

    def dup(self) -> Lonely:
        raise OSError(24, "Too many open files")


def no_thread(*_: object) -> None:
    raise RuntimeError("can't start new thread")


def test_without_a_descriptor_nobody_is_told_and_nothing_stays_open():
    made = Lonely()
    with pytest.raises(NotTold, match="left for it"):
        HttpsPoster(resolve=leading("8.8.8.8"), connect=lambda *_: made).post(FAR, b"{}", {})
    assert made.fileno() == -1


def test_without_a_thread_nobody_is_told_and_nothing_stays_open(monkeypatch):
    kept: list[Watched] = []

    class Watched(socket.socket):
        def dup(self) -> Watched:
            kept.append(super().dup())
            return kept[0]

    made = Watched()
    # A thread starts for the look-up, and no more for what would cut the connection off.
    monkeypatch.setattr(threading.Timer, "start", no_thread)
    with pytest.raises(NotTold, match="left for it"):
        HttpsPoster(resolve=leading("8.8.8.8"), connect=lambda *_: made).post(FAR, b"{}", {})
    assert [it.fileno() for it in (made, *kept)] == [-1, -1]


def test_without_a_thread_for_the_look_up_nobody_is_told(monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    with pytest.raises(NotTold, match="left for it"):
        HttpsPoster(resolve=leading("8.8.8.8"), connect=never).post(FAR, b"{}", {})


def received(connected: socket.socket) -> bytes:
    """One request with its body, or what there is of something else."""
    got = connected.recv(65_536)
    length = re.search(rb"Content-Length: (\d+)", got)
    while length and got and len(got.partition(b"\r\n\r\n")[2]) < int(length[1]):
        got += connected.recv(65_536)
    return got


@contextmanager
def sink(answer: Callable[[socket.socket], None]) -> Iterator[tuple[Address, list[bytes]]]:
    """Somebody who listens on this machine and answers as told; what they were sent."""
    got: list[bytes] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def serve() -> None:
            while not over.is_set():
                with suppress(OSError):
                    connected, _ = server.accept()
                    with connected:
                        connected.settimeout(20)
                        got.append(received(connected))
                        answer(connected)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Address("http", "127.0.0.1", server.getsockname()[1], "/told"), got
        over.set()
        thread.join(5)


def saying(text: str) -> Callable[[socket.socket], None]:
    return lambda connected: connected.sendall(text.encode())


def test_what_is_posted_is_the_body_and_the_headers_and_any_2xx_is_an_answer():
    with sink(saying("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")) as (address, got):
        HttpsPoster().post(address, b'{"a":1}', {"X-OpenDSR-Signature": "abc="})
    (sent,) = got
    head, _, body = sent.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /told HTTP/1.1"
    assert f"Host: 127.0.0.1:{address.port}" in lines
    assert {"X-OpenDSR-Signature: abc=", "Content-Type: application/json", "Content-Length: 7"} <= set(lines)
    assert body == b'{"a":1}'


@pytest.mark.parametrize(
    ("answer", "word", "reached"),
    [
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "it answered 500", True),
        ("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "it answered 401", True),
        ("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", "it sent us elsewhere", True),
        ("HTTP/1.1 307 Again\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "it sent us elsewhere", True),
        ("nonsense\r\n\r\n", "no HTTP", True),
        ("HTTP/1.1 200 OK\r\n" + "a: b\r\n" * 500 + "\r\n", "no HTTP", True),
        ("HTTP/1.1 200 " + "x" * 100_000, "no HTTP", True),
        ("", "went away", False),
    ],
    ids=["500", "401", "302", "307", "nonsense", "many headers", "a long line", "silence"],
)
def test_no_other_answer_is_one_and_no_redirect_is_followed(answer, word, reached):
    with sink(saying(answer)) as (address, got):
        with pytest.raises(NotTold, match=word) as told:
            HttpsPoster(seconds=5).post(address, b"{}", {})
        assert told.value.reached == reached
        assert len(got) == 1


def test_of_an_endless_answer_the_status_alone_is_read():
    def endless(connected: socket.socket) -> None:
        connected.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):
            while True:
                connected.sendall(b"4\r\naaaa\r\n" * 1000)

    with sink(endless) as (address, _):
        began = time.monotonic()
        HttpsPoster(seconds=20).post(address, b"{}", {})
        assert time.monotonic() - began < 10


def test_who_speaks_a_letter_at_a_time_is_cut_off():
    def slow(connected: socket.socket) -> None:
        with suppress(OSError):
            for letter in b"HTTP/1.1 200 OK and so on for ever and ever":
                connected.sendall(bytes([letter]))
                time.sleep(0.2)

    began = time.monotonic()
    with sink(slow) as (address, _), pytest.raises(NotTold):
        HttpsPoster(seconds=1).post(address, b"{}", {})
    assert 0.8 < time.monotonic() - began < 3


def test_who_says_nothing_during_a_handshake_is_cut_off():
    def silent(connected: socket.socket) -> None:
        with suppress(OSError):
            for _ in range(40):
                connected.sendall(b"\x16")
                time.sleep(0.2)

    began = time.monotonic()
    with sink(silent) as (address, _):
        secure = Address("https", address.host, address.port, "/told")
        with pytest.raises(NotTold) as told:
            HttpsPoster(seconds=1).post(secure, b"{}", {})
    assert time.monotonic() - began < 3
    assert not told.value.reached


def test_who_does_not_prove_the_name_is_told_nothing():
    with sink(saying("HTTP/1.1 200 OK\r\n\r\n")) as (address, got):
        secure = Address("https", address.host, address.port, "/told")
        with pytest.raises(NotTold, match="TLS"):
            HttpsPoster(seconds=5).post(secure, b"secret", {})
        assert all(b"secret" not in it for it in got)


def test_a_name_of_this_machine_leads_to_this_machine_alone():
    here = Address("http", "localhost", 80, "/told")
    with pytest.raises(NotTold, match="open internet"):
        HttpsPoster(resolve=leading("8.8.8.8"), connect=never).post(here, b"{}", {})


def test_the_proxies_of_the_environment_are_not_asked(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with sink(saying("HTTP/1.1 204 No Content\r\n\r\n")) as (address, got):
        HttpsPoster().post(address, b"{}", {})
    assert len(got) == 1


def test_who_cannot_be_connected_to_leaves_no_socket_behind():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        connect_to(Place(socket.AF_INET, ("127.0.0.1", port)), 1.0)


def test_a_file_of_authorities_that_is_none_is_told_at_the_start(tmp_path):
    with pytest.raises(CallerError, match="ca_file"):
        HttpsPoster(tmp_path / "none.pem")
