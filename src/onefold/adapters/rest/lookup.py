"""One thing of a source's REST service by its key, within a time: implements `Lookup`.

The host is the one of the house's settings, over TLS or on this machine, whatever a contract or a key says. A
key is percent-encoded into one segment of the path. Redirects are not followed, no more is read than an
answer may be long, and of the answer only the values at the contract's pointers are taken.
"""

from __future__ import annotations

import ssl
import threading
import time
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

import msgspec

from onefold.adapters.rest.timely import Connection
from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import LookupFailed
from onefold.kernel.errors import CallerError
from onefold.kernel.hosts import is_this_machine
from onefold.record.contracts.answers import Parameters
from onefold.record.contracts.fetching import PLACEHOLDER
from onefold.record.contracts.model import Fetch

ANSWER_BYTES_MAX = 64 << 10
_KEPT_MAX = 4
_OK = 200
_STATUSES = {
    204: None,
    404: None,
    410: None,
    401: Outcome.DENIED,
    403: Outcome.DENIED,
    407: Outcome.DENIED,
    408: Outcome.TIMEOUT,
    429: Outcome.THROTTLED,
    504: Outcome.TIMEOUT,
}
"""None: there is no such thing."""


class RestLookup:
    """One service at an address; `headers` are what proves us to it, `authority` a file of its CA."""

    def __init__(
        self, address: str, connection: str, headers: dict[str, str], authority: Path | None = None
    ) -> None:
        found = _address(address, connection)
        self._host, self._port = found.hostname or "", found.port
        self._before = found.path.rstrip("/")
        self._tls = _tls(authority, connection) if found.scheme == "https" else None
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "onefold"}
        self._headers |= headers
        self._kept: list[Connection] = []
        self._lending = threading.Lock()

    def ask(
        self, fetch: Fetch, parameters: Parameters, properties: tuple[str, ...], seconds: float
    ) -> dict[str, Any] | None:
        """As the port says."""
        path = self._before + _path(fetch.path, parameters)
        body = self._exchange(path, time.monotonic() + seconds)
        if body is None:
            return None
        try:
            document = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise LookupFailed(Outcome.GARBLED) from None
        return {name: _at(document, fetch.fields[name]) for name in properties}

    def close(self) -> None:
        """Ends the connections that are not in use."""
        with self._lending:
            for it in self._kept:
                it.close()
            self._kept.clear()

    def _exchange(self, path: str, ends: float) -> bytes | None:
        """The body; a connection that was kept and turns out to be gone is made anew, once."""
        connection = self._borrowed()
        was_kept = connection.is_used
        try:
            body = self._over(connection, path, ends)
        except TimeoutError:
            connection.close()
            raise LookupFailed(Outcome.TIMEOUT) from None
        except ConnectionError:
            connection.close()
            if was_kept:
                self.close()
                return self._exchange(path, ends)
            raise LookupFailed(Outcome.DOWN) from None
        except OSError:
            connection.close()
            raise LookupFailed(Outcome.DOWN) from None
        except HTTPException:
            connection.close()
            raise LookupFailed(Outcome.GARBLED) from None
        except LookupFailed:
            connection.close()
            raise
        self._give_back(connection)
        return body

    def _over(self, connection: Connection, path: str, ends: float) -> bytes | None:
        connection.until(ends)
        connection.http.request("GET", path, headers=self._headers)
        response = connection.http.getresponse()
        body = _body(response)
        if response.will_close or not response.isclosed():
            connection.close()
        return body

    def _borrowed(self) -> Connection:
        with self._lending:
            if self._kept:
                return self._kept.pop()
        return Connection(self._host, self._port, self._tls)

    def _give_back(self, connection: Connection) -> None:
        with self._lending:
            if connection.http.sock is not None and len(self._kept) < _KEPT_MAX:
                self._kept.append(connection)
                return
        connection.close()


def _body(response: HTTPResponse) -> bytes | None:
    """What it answered, read whole so that the connection can be used again; None for no such thing."""
    status = response.status
    if status != _OK:
        outcome = _STATUSES.get(status, _of_status(status))
        if outcome is not None:
            raise LookupFailed(outcome)
    elif response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise LookupFailed(Outcome.GARBLED)
    if (response.length or 0) > ANSWER_BYTES_MAX:
        raise LookupFailed(Outcome.TOO_LARGE)
    body = response.read(ANSWER_BYTES_MAX + 1)
    if len(body) > ANSWER_BYTES_MAX:
        raise LookupFailed(Outcome.TOO_LARGE)
    if response.length:
        raise LookupFailed(Outcome.GARBLED)
    return body if status == _OK else None


def _of_status(status: int) -> Outcome:
    if status < _OK or 200 < status < 300:
        return Outcome.GARBLED
    if status < 400:
        return Outcome.REDIRECTED
    return Outcome.MISASKED if status < 500 else Outcome.DOWN


def _path(template: str, parameters: Parameters) -> str:
    """The template with each key as a segment of its own, of which no letter means anything."""

    def segment(name: str) -> str:
        text = str(parameters[name])
        try:
            encoded = quote(text, safe="")
        except UnicodeEncodeError:
            encoded = ""
        if encoded in ("", ".", ".."):
            raise LookupFailed(Outcome.UNASKABLE)
        return encoded

    return PLACEHOLDER.sub(lambda found: segment(found[1]), template)


def _at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901); None where nothing does."""
    at = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(at, dict):
            at = at.get(name)
        elif isinstance(at, list) and name.isascii() and name.isdigit() and len(name) < 6:
            at = at[int(name)] if int(name) < len(at) else None
        else:
            return None
    return at


def _address(text: str, connection: str) -> SplitResult:
    try:
        found = urlsplit(text.strip())
        known = found.scheme == "https" or (found.scheme == "http" and is_this_machine(found.hostname or ""))
        port = found.port
    except ValueError:
        known, port = False, 0
        found = SplitResult("", "", "", "", "")
    plain = not (found.query or found.fragment or "@" in found.netloc) and found.path.isascii()
    if not known or not plain or not found.hostname or port == 0:
        raise CallerError(
            f"The address of the connection {connection} is none of a service that may be asked.",
            hint="Write https://host/path, without user, password or ?; http only on this machine.",
        )
    return found


def _tls(authority: Path | None, connection: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(authority) if authority else None)
    except (OSError, ssl.SSLError):
        raise CallerError(f"The ca_file of the connection {connection} cannot be read.") from None
