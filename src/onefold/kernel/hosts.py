"""Hosts: whether what is said to one stays on this machine, so that nobody on the way can listen."""

from __future__ import annotations

import ipaddress


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its name or number alone; nobody is asked for an address.

    `localhost`, and whatever is in 127.0.0.0/8 or is ::1, in brackets or not. Nothing else, also not empty.
    """
    name = host.strip().removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.casefold() == "localhost"
