"""A REST service of a source, on this machine: it knows some people, and misbehaves when it is told to."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

DRIP_SECONDS = 0.02
CHUNK = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"


class RestSource:
    """Answers `GET /c/{key}` with what it has of the key. `behaviour` is how it answers instead.

    `asked` are the paths as they came, `headers` those of the last request. `let_go` ends what is slow.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.behaviour: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.connections = 0
        self.ended = threading.Event()
        self.sockets: list[socket.socket] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Nobody listens any more."""
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
        for it in self.sockets:
            with suppress(OSError):
                it.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Ends what is slow."""
        self.ended.set()


def _handler(source: RestSource) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            source.connections += 1
            source.sockets.append(self.request)
            super().setup()

        def do_GET(self) -> None:
            source.asked.append(self.path)
            source.headers = dict(self.headers)
            if source.behaviour is not None:
                source.behaviour(self)
                return
            known = source.people.get(unquote(self.path.rpartition("/")[2]))
            reply(self, 200 if known else 404, json.dumps(known or {"error": "unknown"}).encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def reply(
    it: BaseHTTPRequestHandler, status: int, body: bytes, length: int | None = None, **headers: str
) -> None:
    """Answers with JSON; `length` where it is to be untrue."""
    it.send_response(status)
    it.send_header("Content-Type", "application/json")
    it.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        it.send_header(name.replace("_", "-"), value)
    it.end_headers()
    it.wfile.write(body)


def slow(source: RestSource) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers when it is let go."""

    def behave(it: BaseHTTPRequestHandler) -> None:
        source.ended.wait(30)
        it.close_connection = True

    return behave


def dripping(source: RestSource, head: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte now and then, of the head or of the body, so that no single read takes long."""

    def behave(it: BaseHTTPRequestHandler) -> None:
        if not head:
            it.send_response(200)
            it.send_header("Content-Length", "1000")
            it.end_headers()
        else:
            it.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        it.close_connection = True
        try:
            while not source.ended.wait(DRIP_SECONDS):
                it.wfile.write(b" ")
                it.wfile.flush()
        except OSError:
            return

    return behave


def endless(it: BaseHTTPRequestHandler) -> None:
    """Chunk after chunk, for as long as anybody reads."""
    it.send_response(200)
    it.send_header("Transfer-Encoding", "chunked")
    it.end_headers()
    it.close_connection = True
    try:
        while True:
            it.wfile.write(CHUNK)
    except OSError:
        return
