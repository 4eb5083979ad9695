"""What getting in rests on besides ways to sign in: proxies that are believed, bounds that make sense.

[login]
proxies = ["10.0.0.5"]     addresses of our own proxies: whom they say they speak for is believed
requests_a_minute = 600    how many one person or program may send, over all sessions; without it, no limit
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from onefold.app.connections import settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.app.policies import policies_of
from onefold.gate.words import OWN_CHANNELS
from onefold.kernel.errors import CallerError
from onefold.record.canon.vocabulary import CHANNELS


def proxies(folder: DataFolder) -> tuple[str, ...]:
    """Addresses whose X-Forwarded-For is believed."""
    # The rooms are opened first, and refuse a [login] that is no table of known words.
    found: list[str] = (settings(folder, "login") or {}).get("proxies", [])
    if not all(_is_address(it) for it in found):
        raise CallerError(
            f"login.proxies in {CONFIG} cannot be read.", hint='Write addresses, such as ["10.0.0.5"].'
        )
    return tuple(found)


def requests_a_minute(folder: DataFolder) -> int:
    """How many requests one person or program may send; 0 where the house sets no limit."""
    found = (settings(folder, "login") or {}).get("requests_a_minute", 0)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise CallerError(
            f"login.requests_a_minute in {CONFIG} cannot be read.", hint="Write a whole number, such as 600."
        )
    return found


def check_bounds(folder: DataFolder, role: str, purpose: str, actions: Sequence[str]) -> None:
    """`CallerError` where the policies would refuse a program what it is made for."""
    decide = policies_of(folder).decide
    channels = (*OWN_CHANNELS, *sorted(CHANNELS))
    idle = [it for it in actions if not any(decide(role, it, purpose, to).allowed for to in channels)]
    if idle:
        raise CallerError(
            f"The policies do not let the role do that for this purpose: {', '.join(sorted(idle))}.",
            hint="A program has at most the rights of its role: choose another role, purpose or action.",
        )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
