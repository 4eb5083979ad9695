"""The company's directory over LDAP: finds who has a login and lets the directory check the password.

What somebody types never becomes a part of a filter or of a name: it is escaped, and the name to bind with is
the one the directory answered. A server that is down is not asked again for a moment, so that nobody waits.
"""

from __future__ import annotations

import secrets
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onefold.kernel.errors import CallerError
from onefold.kernel.hosts import is_this_machine
from onefold.usecases.ports import DirectoryDown, Person

with warnings.catch_warnings():
    # It reads names of pyasn1 that have new spellings by now.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPException
    from ldap3.utils.conv import escape_filter_chars
    from ldap3.utils.dn import escape_rdn

TIMEOUT_SECONDS = 5
AGAIN_SECONDS = 10.0
_PORTS = {"ldap": 389, "ldaps": 636}
_RIGHT, _WRONG = "success", "invalidCredentials"
_FOUND = {"success", "sizeLimitExceeded"}


@dataclass(frozen=True, slots=True)
class LdapSettings:
    """Where the directory is, whom we are there, and where its people stand."""

    url: str
    bind_dn: str
    password: str
    people: str
    login_attribute: str = "uid"
    group_attribute: str = "memberOf"
    only: str = "(objectClass=person)"
    start_tls: bool = False
    ca_file: Path | None = None


class LdapDirectory:
    """Implements `Directory`. Each question is a connection of its own; `monotonic` tells seconds."""

    def __init__(self, settings: LdapSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._it = settings
        self._monotonic = monotonic
        self._down_until = 0.0
        parts = urlsplit(settings.url)
        host = parts.hostname or ""
        if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query:
            raise CallerError(
                "The address of the directory cannot be read.", hint="Write ldaps://host or ldap://host:port."
            )
        self._uses_tls = parts.scheme == "ldaps"
        if not (self._uses_tls or settings.start_tls or is_this_machine(host)):
            raise CallerError(
                "Passwords would cross the network in clear.",
                hint="Use ldaps://, or start_tls = true; ldap:// alone is for a directory on this machine.",
            )
        self._host, self._port = host, parts.port or _PORTS[parts.scheme]
        self._tls = _CheckedTls(settings.ca_file) if self._uses_tls or settings.start_tls else None

    def verify(self, login: str, password: str) -> Person | None:
        """Who this is, if the directory takes the password; asks as often for a login nobody has."""
        found = self._find(login)
        # An empty password would be an anonymous bind, which succeeds (RFC 4513, section 5.1.2). Servers in C
        # stop reading at a zero.
        if not password or "\0" in password:
            return None
        name = found[1] if found else f"cn={escape_rdn(secrets.token_hex(8))},{self._it.people}"
        with self._bound(name, password) as connection:
            described = connection.result["description"]
        return found[0] if found and described == _RIGHT else None

    def find(self, login: str) -> Person | None:
        """Who has this login in the directory now."""
        found = self._find(login)
        return found[0] if found else None

    def _find(self, login: str) -> tuple[Person, str] | None:
        """The one person with that login, and the name to bind with; nobody where there are several."""
        if not login.isprintable():
            return None
        with self._bound(self._it.bind_dn, self._it.password) as connection:
            if connection.result["description"] != _RIGHT:
                raise self._down("It does not take our own name and password.")
            asked = f"(&{self._it.only}({self._it.login_attribute}={escape_filter_chars(login)}))"
            attributes = [self._it.login_attribute, self._it.group_attribute]
            connection.search(self._it.people, asked, attributes=attributes, size_limit=2)
            if connection.result["description"] not in _FOUND:
                raise self._down("It does not let us search its people.")
            entries = [it for it in connection.response or () if it["type"] == "searchResEntry"]
        if len(entries) != 1:
            return None
        values = {name.casefold(): _texts(it) for name, it in entries[0]["attributes"].items()}
        logins = values.get(self._it.login_attribute.casefold(), ())
        groups = values.get(self._it.group_attribute.casefold(), ())
        # Comparison in a directory ignores case: the login is called what it is called there.
        return (Person(min(logins), groups), entries[0]["dn"]) if logins else None

    @contextmanager
    def _bound(self, name: str, password: str) -> Iterator[Any]:
        """A connection after a bind, whatever came of it; `DirectoryDown` where there is none."""
        if self._monotonic() < self._down_until:
            raise self._down("It did not answer a moment ago.")
        # Made anew each time: it remembers for minutes that an address did not answer.
        server = ldap3.Server(
            self._host,
            self._port,
            use_ssl=self._uses_tls,
            tls=self._tls,
            get_info=ldap3.NONE,
            connect_timeout=TIMEOUT_SECONDS,
        )
        connection = ldap3.Connection(
            server,
            user=name,
            password=password,
            receive_timeout=TIMEOUT_SECONDS,
            auto_referrals=False,
            raise_exceptions=False,
        )
        try:
            connection.open()
            if self._it.start_tls and not self._uses_tls and not connection.start_tls():
                raise self._down("It does not take StartTLS.")
            connection.bind()
            if connection.result["description"] not in (_RIGHT, _WRONG):
                raise self._down("It does not take a sign-in now.")
            yield connection
        except (LDAPException, OSError) as error:
            self._down_until = self._monotonic() + AGAIN_SECONDS
            raise self._down("It does not answer, or its certificate is not one we trust.") from error
        finally:
            _end(connection)

    def _down(self, detail: str) -> DirectoryDown:
        return DirectoryDown(
            "The directory of the company cannot be asked.",
            retry_after_seconds=int(AGAIN_SECONDS),
            detail=detail,
            hint="Try again in a moment.",
        )


class _CheckedTls(ldap3.Tls):  # type: ignore[misc]
    """TLS as Python's own library checks it: authority, host name, nothing older than 1.2."""

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        try:
            self._context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        except OSError as error:
            raise CallerError("The ca_file of the directory cannot be read.") from error
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Puts the connection's socket under TLS."""
        host = connection.server.host
        plain = connection.socket
        try:
            connection.socket = self._context.wrap_socket(
                plain, server_hostname=host, do_handshake_on_connect=do_handshake
            )
        except OSError:
            plain.close()
            raise


def _end(connection: Any) -> None:
    used = connection.socket
    try:
        connection.unbind()
    except (LDAPException, OSError):
        connection.closed = True
    finally:
        if used is not None:  # After a failure it leaves its socket open.
            used.close()


def _texts(values: Any) -> tuple[str, ...]:
    found = values if isinstance(values, list) else [values]
    return tuple(it.decode("utf-8", "replace") if isinstance(it, bytes) else str(it) for it in found)
