"""What people do in app and web without saying who they are, around their logins, and whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from onefold.testing.world.draws import below
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Household, Person, Visit

_SPREAD_DAYS = 20


class Login(NamedTuple):
    """That somebody logged in on a device, at a moment as calls write it."""

    device: str
    who: Person
    user: str
    moment: str


class Unnamed(NamedTuple):
    """A page that was seen by somebody whom the call does not name."""

    device: str
    moment: str
    visit: Visit


class Logout(NamedTuple):
    """That a user said that they leave."""

    device: str
    user: str
    moment: str


def around(rng: Random, logins: list[Login], shared: dict[str, Household | None]) -> list[Unnamed | Logout]:
    """What happened on devices around the logins.

    `shared` are the devices that several people use: of a household, or of anybody who walks in.
    """
    told: list[Unnamed | Logout] = []
    for it in logins:
        if rng.random() < figure("device.unnamed_before"):
            told.append(_seen(rng, it, it.who.id, -1 - below(rng, 20)))
        if rng.random() < figure("device.unnamed_within"):
            told.append(_seen(rng, it, it.who.id, 1 + below(rng, 10)))
        if rng.random() < figure("device.logout"):
            told.append(Logout(it.device, it.user, _after(it.moment, 11 + below(rng, 15))))
        if it.device not in shared:
            if rng.random() < figure("device.unnamed_between"):
                told.append(_seen(rng, it, it.who.id, 60 + below(rng, _SPREAD_DAYS * 1440)))
        elif rng.random() < figure("device.another_unnamed"):
            home = shared[it.device]
            others = [one.id for one in home.members if one is not it.who] if home else [""]
            told.append(_seen(rng, it, others[below(rng, len(others))], 5 + below(rng, 2880)))
    return told


def _seen(rng: Random, login: Login, who: str, minutes: int) -> Unnamed:
    moment = _after(login.moment, minutes)
    message = f"{rng.getrandbits(96):024x}"
    return Unnamed(login.device, moment, Visit(message, login.device, who))


def _after(moment: str, minutes: int) -> str:
    at = datetime.fromisoformat(moment) + timedelta(minutes=minutes)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
