"""Posts what a controller is told, to addresses that callers chose: implements `Poster`.

The name is looked up once, every address it leads to has to be one of the open internet, and what is
connected to is an address that was looked at: a name that leads elsewhere the next moment is not asked again
(DNS rebinding). Redirects are not followed, proxies of the environment are not asked. All of it together, the
look-up too, takes no longer than some seconds, however slowly the other side speaks, and of its answer the
status alone is read. Where this machine has no descriptor or thread left for it, nobody was told, and nothing
stays open.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from onefold.kernel.errors import CallerError
from onefold.kernel.hosts import is_this_machine
from onefold.record.requests.callbacks import Address, is_public
from onefold.usecases.processor import NotTold

SECONDS = 10.0
TRIED_MOST = 4
"""Addresses of one name that are tried."""


class Place(NamedTuple):
    """One address that a name leads to, as the system gives it."""

    family: int
    sockaddr: tuple[Any, ...]

    @property
    def ip(self) -> str:
        """The address without its port; a zone, which is on this machine, stays part of it."""
        return str(self.sockaddr[0])


Resolve = Callable[[str, int], list[Place]]
Connect = Callable[[Place, float], socket.socket]


def look_up(host: str, port: int) -> list[Place]:
    """All addresses of a name, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Place(int(family), sockaddr) for family, _, _, _, sockaddr in found]


def connect_to(place: Place, seconds: float) -> socket.socket:
    """A connection to exactly this address."""
    connected = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        connected.settimeout(seconds)
        connected.connect(place.sockaddr)
    except OSError:
        connected.close()
        raise
    return connected


class HttpsPoster:
    """Posts over TLS, checked against the authorities of the system or those of a file."""

    def __init__(
        self,
        authority: Path | None = None,
        *,
        seconds: float = SECONDS,
        resolve: Resolve = look_up,
        connect: Connect = connect_to,
    ) -> None:
        try:
            self._tls = ssl.create_default_context(cafile=str(authority) if authority else None)
        except (OSError, ssl.SSLError):
            raise CallerError("The ca_file of [opendsr] cannot be read.") from None
        self._seconds = seconds
        self._resolve = resolve
        self._connect = connect

    def post(self, address: Address, body: bytes, headers: dict[str, str]) -> None:
        """As the port says."""
        ends = time.monotonic() + self._seconds
        connected = self._connected(address, self._checked(address, ends), ends)
        with closed_at(connected, ends):
            status = self._exchanged(address, connected, body, headers)
        if 300 <= status < 400:
            raise NotTold("it sent us elsewhere", reached=True)
        if not 200 <= status < 300:
            raise NotTold(f"it answered {status}", reached=True)

    def _checked(self, address: Address, ends: float) -> list[Place]:
        """Where the name leads, if every place of it may be called."""
        found = self._looked_up(address, ends)
        if found is None:
            raise NotTold("its name leads nowhere", reached=False)
        allowed = is_this_machine if address.is_here else is_public
        if not found or not all(allowed(it.ip) for it in found):
            raise NotTold("its name leads to an address that is not of the open internet", reached=False)
        return found[:TRIED_MOST]

    def _looked_up(self, address: Address, ends: float) -> list[Place] | None:
        """Where the name leads; None: nowhere. Nothing stops a look-up: a slow one is left to its thread."""
        answer = SimpleQueue[list[Place] | None]()

        def look() -> None:
            try:
                answer.put(self._resolve(address.host, address.port))
            except (OSError, UnicodeError):
                answer.put(None)

        try:
            threading.Thread(target=look, name="onefold-look-up", daemon=True).start()
            return answer.get(timeout=max(0.0, ends - time.monotonic()))
        except RuntimeError:
            raise _exhausted() from None
        except Empty:
            raise NotTold("its name was not looked up in time", reached=False) from None

    def _connected(self, address: Address, places: list[Place], ends: float) -> socket.socket:
        for it in places:
            left = ends - time.monotonic()
            if left <= 0:
                break
            with suppress(OSError):
                return self._connect(it, left)
        raise NotTold("its host cannot be reached", reached=False)

    def _exchanged(
        self, address: Address, connected: socket.socket, body: bytes, headers: dict[str, str]
    ) -> int:
        try:
            if address.scheme == "https":
                connected = self._tls.wrap_socket(connected, server_hostname=address.host)
            exchange = HTTPConnection(address.host, address.port)
            exchange.default_port = 443 if address.scheme == "https" else 80
            exchange.sock = connected
            with connected:
                sent = {"Content-Type": "application/json", "User-Agent": "onefold", "Connection": "close"}
                exchange.request("POST", address.path, body, sent | headers)
                return exchange.getresponse().status
        except ssl.SSLError:
            raise NotTold("TLS with it did not come about", reached=False) from None
        except OSError:
            raise NotTold("it did not answer in time, or went away", reached=False) from None
        except HTTPException:
            raise NotTold("what it answered is no HTTP", reached=True) from None


@contextmanager
def closed_at(connected: socket.socket, ends: float) -> Iterator[None]:
    """Cuts the connection off at an instant, whoever reads or writes then, also within a TLS handshake.

    A timeout of a socket is that of one read, and who sends a byte a second never exceeds it. `NotTold` where
    there is nothing left to cut it off with: then nobody speaks on it.
    """
    with ExitStack() as closing:
        closing.callback(connected.close)
        try:
            kept = connected.dup()
            closing.callback(kept.close)
            timer = _cutter(kept, ends)
            timer.start()
        except (OSError, RuntimeError):
            raise _exhausted() from None
        closing.callback(timer.cancel)
        yield


def _cutter(kept: socket.socket, ends: float) -> threading.Timer:
    def cut() -> None:
        with suppress(OSError):
            kept.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, ends - time.monotonic()), cut)
    timer.daemon = True
    return timer


def _exhausted() -> NotTold:
    return NotTold("this machine has no descriptor or thread left for it", reached=False)
