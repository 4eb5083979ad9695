"""Where a customer's clock may stand: the time zones that what a record says leaves possible."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

from onefold.customer.fragments.model import Values
from onefold.customer.profile.clocks import DECLARED, calling_code_in, country_in
from onefold.kernel.memory import remembered

EVERYWHERE: frozenset[str] = frozenset({"UTC", *(f"Etc/GMT{it:+d}" for it in range(-14, 13) if it)})
"""Every whole offset there is: some hour of these is always a quiet one."""


def zones_of(values: Values) -> frozenset[str]:
    """The zone a record names, else those of its phone and its country together; none where it says none."""
    declared = str(values.get("time_zone") or "")
    if declared:
        return frozenset({declared}) if is_zone(declared) else EVERYWHERE
    return _of_phone(str(values.get("phone") or "")) | _of_country(str(values.get("country") or ""))


@remembered(65_536)
def zones_of_clue(clue: str) -> frozenset[str] | None:
    """The same of the clue of a record; None where the record itself has to be asked."""
    if clue.startswith(DECLARED):
        return zones_of({"time_zone": clue.removeprefix(DECLARED)})
    alike: frozenset[str] | None = frozenset()
    if code := calling_code_in(clue):
        alike = next((_ALIKE[it] for it in _codes(code) if it in _ALIKE), None)
    return None if alike is None else alike | _of_country(country_in(clue))


@lru_cache(maxsize=4096)
def is_zone(name: str) -> bool:
    """Whether the time zone database knows it."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=4096)
def local_minute(zone: str, now: int) -> int:
    """The minute of the day there."""
    there = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone))
    return there.hour * 60 + there.minute


def _of_phone(phone: str) -> frozenset[str]:
    """Those of its calling code, where they are the same for all of its numbers; else those of its area."""
    if not phone:
        return frozenset()
    alike = (_ALIKE.get(it) for it in _codes(phone)) if phone[1:].isdecimal() else ()
    return next((it for it in alike if it is not None), None) or _of_area(phone)


def _codes(phone: str) -> list[str]:
    """The calling codes that a number may begin with."""
    return [phone[1 : 1 + digits] for digits in _CODE_DIGITS] if phone.startswith("+") else []


@remembered(65_536)
def _of_area(phone: str) -> frozenset[str]:
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return EVERYWHERE
    return _known(found)


@lru_cache(maxsize=512)
def _of_country(country: str) -> frozenset[str]:
    """Those of its calling code: of every country that shares it, which is too many and never too few."""
    if not country:
        return frozenset()
    code = phonenumbers.country_code_for_region(country.upper())
    return _known(TIMEZONE_DATA.get(str(code), ())) if code else EVERYWHERE


def _known(found: tuple[str, ...]) -> frozenset[str]:
    zones = frozenset(found)
    return zones if zones and all(is_zone(it) for it in zones) else EVERYWHERE


_CODE_DIGITS = (1, 2, 3)


def _alike() -> dict[str, frozenset[str]]:
    """Calling code → its zones, for the codes of which all numbers have the same: nine in ten of them."""
    of_code: dict[str, set[tuple[str, ...]]] = {}
    codes = {str(it) for it in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}
    for prefix, zones in TIMEZONE_DATA.items():
        # No calling code begins with another.
        code = next((prefix[:it] for it in _CODE_DIGITS if prefix[:it] in codes), None)
        if code is not None:
            of_code.setdefault(code, set()).add(zones)
    return {code: _known(*found) for code, found in of_code.items() if len(found) == 1}


_ALIKE = _alike()
