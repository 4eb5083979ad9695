"""Where a request came from: the address behind the proxies we know, and whether a page of ours made it."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.requests import Request

from onefold.kernel.errors import Refused

_OWN_SITES = {"same-origin", "none"}
_NETWORK_BITS = 64


def address_of(request: Request, proxies: Collection[str]) -> str:
    """Who sent the request: the peer or, where that is one of our proxies, whom the last of them names.

    Of IPv6 the network, since one sender has all of it.
    """
    address = request.client.host if request.client else ""
    if address in proxies:
        # A proxy may add a line of its own below the sender's: all of them are one list.
        named = [it.strip() for it in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        while address in proxies and named:
            address = named.pop()
    return _sender(address)


@lru_cache(maxsize=1024)
def _sender(address: str) -> str:
    """An address in the one form we know it by; empty where it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> _NETWORK_BITS << _NETWORK_BITS))


class ForeignPage(Refused):
    """A write that no page of ours sent."""


class ForeignWrite(Refused):
    """A write without the token of its session."""


def check_origin(headers: Headers) -> None:
    """`Refused` where a browser says that a page of another origin made this request.

    What is no browser says nothing of it, and cannot be made to send somebody else's cookie.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        own = site in _OWN_SITES
    else:
        own = origin is None or origin.partition("://")[2] == headers.get("host", "")
    if not own:
        raise ForeignPage(
            "This write did not come from the console.", reasons=("a page of another origin sent it",)
        )
