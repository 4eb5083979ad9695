"""HTTP connections on which everything together takes no longer than it may.

A timeout of a socket is that of one read, and a server that sends a byte a second never exceeds it. So each
write and each read is given only what is left of the whole.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from http.client import HTTPConnection, HTTPSConnection
from typing import Any

from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import LookupFailed


class Timely:
    """A connected socket as `http.client` uses one; `ends` is when the exchange at hand must be over."""

    def __init__(self, connected: socket.socket, ends: float) -> None:
        self._socket = connected
        self.ends = ends

    def sendall(self, data: bytes) -> None:
        """Writes all of it."""
        self._ready().sendall(data)

    def read_into(self, buffer: Any) -> int:
        """Reads what has come."""
        return self._ready().recv_into(buffer)

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """The reading end; closing it leaves the connection open, and the connection's end leaves it open."""
        return io.BufferedReader(_Reads(self, self._socket.makefile("rb", buffering=0)))

    def close(self) -> None:
        """Ends the connection once nobody reads: `http.client` closes it before it reads a last body."""
        self._socket.close()

    def _ready(self) -> socket.socket:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise LookupFailed(Outcome.TIMEOUT)
        self._socket.settimeout(left)
        return self._socket


class _Reads(io.RawIOBase):
    """`held` is the socket's own reading end: as long as it is open, so is the socket."""

    def __init__(self, timely: Timely, held: io.RawIOBase) -> None:
        self._timely = timely
        self._held = held

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._timely.read_into(buffer)

    def close(self) -> None:
        self._held.close()
        super().close()


class Connection:
    """A connection to one host, kept between exchanges."""

    def __init__(self, host: str, port: int | None, tls: ssl.SSLContext | None) -> None:
        if tls is None:
            self.http: HTTPConnection = HTTPConnection(host, port)
        else:
            self.http = HTTPSConnection(host, port, context=tls)
        self._timely: Timely | None = None

    @property
    def is_used(self) -> bool:
        """Whether an exchange went over it, so that the other side may have ended it meanwhile."""
        return self._timely is not None

    def until(self, ends: float) -> None:
        """Connects if need be, and gives what follows the time until then."""
        if self._timely is None:
            self.http.timeout = max(0.001, ends - time.monotonic())
            self.http.connect()
            self._timely = Timely(self.http.sock, ends)
            self.http.sock = self._timely
        self._timely.ends = ends

    def close(self) -> None:
        """Ends it."""
        self.http.close()
