"""Reading the ages of a house. A file that cannot be read keeps nobody apart, so nothing starts with it."""

from __future__ import annotations

from typing import Any

from onefold.customer.profile.groups import USUAL, Ages
from onefold.kernel.house_files import HouseFile

_FILE = HouseFile("docs/how-to/protect-sensitive-groups.md shows the file.")
_LEAST, _MOST = 1, 120
_AGES = {"adult", "senior"}


def read_ages(text: str, place: str, jurisdiction: str) -> Ages:
    """The ages of a file that hold in a jurisdiction; `CallerError` names the place of what is wrong."""
    top = _FILE.read(text, place, {"version", "jurisdictions", *_AGES})
    everywhere = _ages(top, USUAL, place)
    laws = top.get("jurisdictions") or {}
    if not isinstance(laws, dict):
        raise _FILE.wrong(f"{place}: jurisdictions", "is not a mapping of jurisdictions")
    read_of = {}
    for name, it in laws.items():
        at = f"{place}: jurisdictions.{name}"
        read_of[str(name)] = _ages(_FILE.mapping(it, at, _AGES), everywhere, at)
    return read_of.get(jurisdiction, everywhere)


def _ages(read: dict[str, Any], otherwise: Ages, place: str) -> Ages:
    ages = Ages(
        _FILE.number(read.get("adult", otherwise.adult), _LEAST, _MOST, f"{place}: adult"),
        _FILE.number(read.get("senior", otherwise.senior), _LEAST, _MOST, f"{place}: senior"),
    )
    if ages.adult > ages.senior:
        raise _FILE.wrong(place, "makes somebody a minor and a senior")
    return ages
