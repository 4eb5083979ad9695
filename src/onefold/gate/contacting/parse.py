"""Reading the rules of contacting. A file that cannot be read lets nobody out: nothing starts with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from onefold.gate.contacting.model import Campaign, Cap, ContactingRules, QuietHours
from onefold.gate.contacting.zones import is_zone
from onefold.kernel.house_files import HouseFile
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS

_FILE = HouseFile("docs/how-to/leave-customers-alone.md shows the file whole.")
_TOP = {"version", "preference", "quiet_hours", "unknown_zone", "caps", "campaigns"}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
DAYS_MOST = 366


def read_rules(text: str, place: str) -> ContactingRules:
    """The rules of a file; `CallerError` names the place of what is wrong with it."""
    top = _FILE.read(text, place, _TOP)
    preference = _FILE.mapping(top.get("preference") or {}, f"{place}: preference", {"purposes"})
    zones = _list(top.get("unknown_zone"), f"{place}: unknown_zone")
    for zone in zones:
        if not isinstance(zone, str) or not is_zone(zone):
            raise _FILE.wrong(f"{place}: unknown_zone", "names a time zone that is not one")
    campaigns = top.get("campaigns") or {}
    if not isinstance(campaigns, dict):
        raise _FILE.wrong(f"{place}: campaigns", "is not a mapping of segments")
    return ContactingRules(
        version=1,
        preferring=_words(preference.get("purposes"), PURPOSES, f"{place}: preference.purposes"),
        quiet_hours=_quiet(top.get("quiet_hours"), f"{place}: quiet_hours"),
        unknown_zone=tuple(zones),
        caps=_caps(top.get("caps"), f"{place}: caps"),
        campaigns={str(name): _campaign(it, f"{place}: campaigns.{name}") for name, it in campaigns.items()},
    )


def _campaign(read: Any, place: str) -> Campaign:
    found = _FILE.mapping(read, place, {"quiet_hours", "caps"})
    return Campaign(
        _quiet(found.get("quiet_hours"), f"{place}.quiet_hours"), _caps(found.get("caps"), f"{place}.caps")
    )


def _quiet(read: Any, place: str) -> tuple[QuietHours, ...]:
    spans = []
    for number, item in enumerate(_list(read, place)):
        at = f"{place}[{number}]"
        it = _FILE.mapping(item, at, {"channels", "from", "to"})
        begins, ends = _minute(it.get("from"), f"{at}.from"), _minute(it.get("to"), f"{at}.to")
        if begins == ends:
            raise _FILE.wrong(at, "begins when it ends; for the whole day write 00:00 to 24:00")
        spans.append(QuietHours(_words(it.get("channels"), CHANNELS, f"{at}.channels"), begins, ends))
    return tuple(spans)


def _caps(read: Any, place: str) -> tuple[Cap, ...]:
    caps = []
    for number, item in enumerate(_list(read, place)):
        at = f"{place}[{number}]"
        it = _FILE.mapping(item, at, {"channels", "purposes", "most", "days"})
        caps.append(
            Cap(
                _words(it.get("channels"), CHANNELS, f"{at}.channels"),
                _words(it.get("purposes"), PURPOSES, f"{at}.purposes"),
                _FILE.number(it.get("most"), 0, 1_000_000, f"{at}.most"),
                _FILE.number(it.get("days"), 1, DAYS_MOST, f"{at}.days"),
            )
        )
    return tuple(caps)


def _words(read: Any, known: Collection[str], place: str) -> frozenset[str]:
    words = _list(read, place)
    if not all(isinstance(it, str) and it in known for it in words):
        raise _FILE.wrong(place, f"may hold only {', '.join(sorted(known))}")
    return frozenset(words)


def _minute(read: Any, place: str) -> int:
    found = _TIME.fullmatch(read) if isinstance(read, str) else None
    if found is None:
        raise _FILE.wrong(place, 'is not a time of the day; write it in quotes, like "21:00"')
    return 24 * 60 if read == "24:00" else int(found[1]) * 60 + int(found[2])


def _list(read: Any, place: str) -> list[Any]:
    if read is None:
        return []
    if not isinstance(read, list):
        raise _FILE.wrong(place, "is not a list")
    return read
