"""Where a controller may have itself told how its requests stand. Pure: no name is looked up here.

An address that a caller names is one that this server would go to for them (server-side request forgery). So
it is an https address of plain letters: no user, no question, no fragment, no number in the place of a name,
nothing encoded (the register holds it for good, so there is no room for an e-mail in it). Its host and port
stand on the list of the house word for word, and what the name leads to is checked when it is called, by
`is_public`. http is for this machine alone, where the house says so, to try it out.
"""

from __future__ import annotations

import ipaddress
import re

import msgspec

from onefold.kernel.errors import CallerError

CALLBACKS_MAX = 5
URL_LETTERS_MAX = 500
_HTTPS_PORT = 443
_URL = re.compile(r"(https?)://([a-z0-9.-]{1,253})(?::([0-9]{1,5}))?((?:/[A-Za-z0-9._~-]*)*)")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_HERE = frozenset({"127.0.0.1", "localhost"})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class CallbackRefused(CallerError):
    """An address at which nobody is told anything here."""

    code = "callback_refused"


class Address(msgspec.Struct, frozen=True):
    """One address that is on the list."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, which the house has to want."""
        return self.host in _HERE


class Callbacks(msgspec.Struct, frozen=True):
    """The hosts, each with its port, that the house lists; none: nobody is told anything.

    `loopback`: http to this machine is allowed, for trying it out.
    """

    hosts: frozenset[tuple[str, int]] = frozenset()
    loopback: bool = False

    def address(self, url: str) -> Address:
        """The parts of an address that may be called; `CallbackRefused`, which repeats nothing of it."""
        if not self.hosts:
            raise CallbackRefused(
                "This server makes no callbacks.",
                hint="Leave status_callback_urls out, and ask for the status.",
            )
        found = _URL.fullmatch(url) if len(url) <= URL_LETTERS_MAX else None
        if found is None:
            raise CallbackRefused(
                "A callback address is none that is called.",
                hint="Write https://host/path in small letters, without user, password, ? and #.",
            )
        scheme, host, port, path = found.groups()
        address = Address(scheme, host, int(port or (_HTTPS_PORT if scheme == "https" else 80)), path or "/")
        if (address.host, address.port) not in self.hosts or (address.is_here and not self.loopback):
            raise CallbackRefused(
                "The host of a callback address is not on the list of those that are called.",
                hint="Ask the firm to list it: [opendsr] callbacks in config.toml.",
            )
        if scheme == "http" and not address.is_here:
            raise CallbackRefused("A callback goes over https alone.")
        return address


def listed(texts: tuple[str, ...], *, loopback: bool) -> frozenset[tuple[str, int]]:
    """The list as the house writes it, `host` or `host:port`; `CallerError` for what is no name."""
    return frozenset(_listed(it, loopback) for it in texts)


def is_name(host: str) -> bool:
    """Whether it is the name of a host in small letters, and no number."""
    return len(host) <= 253 and _NAME.fullmatch(host) is not None


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the open internet, also once it is unwrapped.

    Neither loopback, private, shared, link-local (where clouds keep their secrets), reserved nor multicast;
    IPv6 that carries IPv4 (mapped, NAT64) is judged by what it carries, and tunnels (6to4, Teredo) are not.
    """
    try:
        found = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id or found.sixtofour or found.teredo:
            return False
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _listed(text: str, loopback: bool) -> tuple[str, int]:
    host, _, port = text.partition(":")
    number = int(port) if re.fullmatch("[0-9]{1,5}", port) else 0 if ":" in text else _HTTPS_PORT
    if not 0 < number < 65_536 or not (is_name(host) or (loopback and host in _HERE)):
        raise CallerError(
            "A host of callbacks cannot be read.",
            hint='Write its name in small letters, such as "dsr.controller.example" or with a port "…:8443".',
        )
    return host, number
