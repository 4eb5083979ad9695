"""Reading the ages of a house. A file that cannot be read keeps nobody apart, so nothing starts with it."""

from __future__ import annotations

from typing import Any

import yaml

from onefold.customer.profile.groups import USUAL, Ages
from onefold.kernel.errors import CallerError

_LEAST, _MOST = 1, 120
_AGES = {"adult", "senior"}


def read_ages(text: str, place: str, jurisdiction: str) -> Ages:
    """The ages of a file that hold in a jurisdiction; `CallerError` names the place of what is wrong."""
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _wrong(place, "is no YAML") from error
    top = _mapping(read, place, {"version", "jurisdictions", *_AGES})
    if top.get("version") != 1:
        raise _wrong(f"{place}: version", "is not 1")
    everywhere = _ages(top, USUAL, place)
    laws = top.get("jurisdictions") or {}
    if not isinstance(laws, dict):
        raise _wrong(f"{place}: jurisdictions", "is not a mapping of jurisdictions")
    read_of = {}
    for name, it in laws.items():
        at = f"{place}: jurisdictions.{name}"
        read_of[str(name)] = _ages(_mapping(it, at, _AGES), everywhere, at)
    return read_of.get(jurisdiction, everywhere)


def _ages(read: dict[str, Any], otherwise: Ages, place: str) -> Ages:
    ages = Ages(
        _years(read.get("adult", otherwise.adult), f"{place}: adult"),
        _years(read.get("senior", otherwise.senior), f"{place}: senior"),
    )
    if ages.adult > ages.senior:
        raise _wrong(place, "makes somebody a minor and a senior")
    return ages


def _years(read: Any, place: str) -> int:
    if not isinstance(read, int) or isinstance(read, bool) or not _LEAST <= read <= _MOST:
        raise _wrong(place, f"is not a whole number of years from {_LEAST} to {_MOST}")
    return read


def _mapping(read: Any, place: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise _wrong(place, "is not a mapping")
    for word in read:
        if word not in known:
            raise _wrong(place, f"may hold only {', '.join(sorted(known))}")
    return read


def _wrong(place: str, what: str) -> CallerError:
    return CallerError(f"{place} {what}.", hint="docs/how-to/protect-sensitive-groups.md shows the file.")
