"""Reading how far a login reaches in a house. Nothing starts with a file that cannot be read."""

from __future__ import annotations

from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.kernel.house_files import HouseFile

_FILE = HouseFile("docs/explanation/identity.md shows the file.")
_MOST = {"session_minutes": 24 * 60, "before_login_days": 366, "people_most": 50}
"""Field → the greatest number it may be."""


def read_device_rules(text: str, place: str) -> DeviceRules:
    """The rules of a file; `CallerError` names the place of what is wrong."""
    top = _FILE.read(text, place, {"version", *_MOST})
    found = {
        name: _FILE.number(top.get(name, getattr(USUAL, name)), 0, most, f"{place}: {name}")
        for name, most in _MOST.items()
    }
    return DeviceRules(**found)
