"""App and web: calls in the Segment format as JSON Lines, one file a call; devices, visits, logins, pages."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec

from onefold.kernel.time import iso_day
from onefold.testing.world.behaviour.calendar import MINUTES, SECONDS, Calendar
from onefold.testing.world.draws import below
from onefold.testing.world.errors import Stated, state
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Event, Household, Person, Record, Setting, Visit
from onefold.testing.world.sheets import Pages, Sheet, Spoil
from onefold.testing.world.sources.visits import Login, Logout, around

_FUTURE = Spoil("future_date", "timestamp", "2099-03-01T10:00:00.000Z")
_NO_TIME = Spoil("bad_date", "timestamp", "last week")

IDENTIFIES = Sheet(
    "digital/identifies.jsonl", key="messageId", spoils=(Spoil("missing_key", "messageId", None), _NO_TIME)
)
TRACKS = Sheet("digital/tracks.jsonl", key="messageId", spoils=(_FUTURE, _NO_TIME))
PAGES = Sheet("digital/pages.jsonl", key="messageId", spoils=(_FUTURE, _NO_TIME))
ALIASES = Sheet("digital/aliases.jsonl", key="messageId")
SHEETS = (IDENTIFIES, TRACKS, PAGES, ALIASES)

KEPT_DAYS = 122
WEEKLY_LOGINS = ((0.20, 0.20), (0.45, 0.60), (0.70, 1.10), (0.90, 1.80), (1.00, 3.00))
"""Share of users up to a level, logins a week at it: a few come daily, many hardly ever."""

QUIET = {"job_loss": 0.20, "leaving": 0.08, "disengaged": 0.10}
"""What is left of somebody's logins after an event of their life."""

SECOND_DEVICE, VISITED_BEFORE, NEVER_KNOWN = 0.30, 0.30, 0.10
_PHONES = (
    ("ios", "iPhone 13"),
    ("ios", "iPhone 15"),
    ("android", "Galaxy A54"),
    ("android", "Redmi Note 12"),
    ("android", "Pixel 7"),
)
_PAGES = ("/", "/deposits", "/cards", "/loans", "/tariffs", "/insurance", "/branches", "/rates", "/help")
_KIOSK, _KIOSKS = "kiosk-", 40


class Device:
    """One app installation or browser: its anonymous id and the context its calls carry, as JSON."""

    __slots__ = ("context", "id")

    def __init__(self, identity: str, platform: str, model: str) -> None:
        library = "analytics-web" if platform == "web" else f"analytics-{platform}"
        self.id = identity
        self.context = (
            f'{{"device":{{"id":"{identity}","type":"{platform}","model":"{model}"}},'
            f'"library":{{"name":"{library}","version":"4.1.0"}}'
        )


def export(rng: Random, setting: Setting, calendar: Calendar, block: Block, pages: Pages) -> None:
    """Writes what app and web tell of a block."""
    tablets = _tablets(rng, block)
    logins: list[Login] = []
    for record in block.records["digital"]:
        person = record.who
        assert isinstance(person, Person)
        stated = state(rng, setting, record)
        devices = [_device(rng, app=True)]
        if rng.random() < SECOND_DEVICE:
            devices.append(_device(rng, app=False))
        first = max(setting.until - KEPT_DAYS + 1, record.made_on)
        if rng.random() < VISITED_BEFORE:
            day = max(calendar.start, record.stated_on - 9)
            block.visits += _visits(rng, calendar, devices[-1], day, pages, person)
            moment = _moment(rng, iso_day(record.stated_on))
            pages.of(ALIASES).append(
                f'{{"type":"alias","messageId":"{_id(rng)}","previousId":"{devices[-1].id}","userId":"{record.key}",'
                f'"timestamp":"{moment}"}}'
            )
        tablet = tablets.get(person.household)
        if tablet:
            devices.append(tablet)
        _identify(rng, block, record, stated, devices, pages)
        logins += _logins(rng, calendar, record, devices, first, pages)
    for _ in range(int(len(block.records["digital"]) * NEVER_KNOWN)):
        day = setting.until - below(rng, KEPT_DAYS)
        block.visits += _visits(rng, calendar, _device(rng, app=False), day, pages)
    _beside(rng, calendar, logins, tablets, pages, block)


def _tablets(rng: Random, block: Block) -> dict[Household, Device]:
    """Tablets that everybody at home uses, where two or more use the app at all."""
    users: dict[Household, list[Person]] = {}
    for record in block.records["digital"]:
        assert isinstance(record.who, Person)
        users.setdefault(record.who.household, []).append(record.who)
    tablets = {}
    for home, people in users.items():
        if len(people) > 1 and rng.random() < figure("device.shared_at_home"):
            tablets[home] = Device(_id(rng), "android", "Tab A9")
            block.events += [Event("shared_device", people[0].id, other.id, 0) for other in people[1:]]
    return tablets


def _id(rng: Random) -> str:
    return f"{rng.getrandbits(96):024x}"


def _device(rng: Random, *, app: bool) -> Device:
    platform, model = _PHONES[below(rng, len(_PHONES))] if app else ("web", "Chrome")
    return Device(_id(rng), platform, model)


def _moment(rng: Random, day: str) -> str:
    return f"{day}T{MINUTES[180 + below(rng, 1000)]}:{SECONDS[below(rng, 60)]}.{100 + below(rng, 900)}Z"


def _identify(
    rng: Random, block: Block, record: Record, stated: Stated, devices: list[Device], pages: Pages
) -> None:
    verified = figure("digital.verified")
    traits: dict[str, object] = {"firstName": stated.given}
    if stated.family:
        traits["lastName"] = stated.family
    if stated.email:
        traits |= {"email": stated.email, "emailVerified": rng.random() < verified}
    if stated.phone:
        traits |= {"phone": f"+{stated.phone}", "phoneVerified": rng.random() < verified}
    if stated.born is not None:
        traits["birthday"] = iso_day(stated.born)
    bank = next((it for it in block.records["core-banking"] if it.who is record.who), None)
    if bank and rng.random() < figure("digital.customer_number"):
        traits["customerNumber"] = bank.key
    consent = ""
    if rng.random() < figure("consent.segment_context"):
        ads, learning = (rng.random() < 0.55, rng.random() < 0.65)
        choices = {"categoryPreferences": {"Advertising": ads, "Analytics": learning}}
        consent = f',"consent":{msgspec.json.encode(choices).decode()}'
    encoded = msgspec.json.encode(traits).decode()
    for at, device in enumerate(devices):
        moment = _moment(rng, iso_day(record.stated_on + (at > 0)))
        pages.of(IDENTIFIES).append(
            f'{{"type":"identify","messageId":"{_id(rng)}","anonymousId":"{device.id}","userId":"{record.key}",'
            f'"traits":{encoded},"context":{device.context}{consent}}},"timestamp":"{moment}"}}'
        )


def _logins(
    rng: Random, calendar: Calendar, record: Record, devices: list[Device], first: int, pages: Pages
) -> Iterator[Login]:
    person, start = record.who, calendar.start
    assert isinstance(person, Person)
    level = rng.random()
    weekly = next(logins for share, logins in WEEKLY_LOGINS if level <= share)
    quiet = [(person.life[kind], left) for kind, left in QUIET.items() if kind in person.life]
    back = person.life.get("new_job", calendar.until + 1)
    track, user = pages.of(TRACKS).append, record.key
    at = first + rng.expovariate(weekly / 7)
    while at < calendar.until + 1:
        day = int(at)
        at += rng.expovariate(weekly / 7)
        if any(since <= day < back and rng.random() >= left for since, left in quiet):
            continue
        device = devices[below(rng, len(devices))]
        if rng.random() < figure("device.kiosk_login"):
            device = Device(f"{_KIOSK}{below(rng, _KIOSKS):02d}", "web", "Branch kiosk")
        moment = _moment(rng, calendar.iso[day - start])
        track(_call("track", rng, device, user, moment, '"event":"Logged In","properties":{"method":"pin"}'))
        yield Login(device.id, person, user, moment)
        chance = rng.random()
        if chance < 0.08:
            amount = 50_000 * (1 + below(rng, 60))
            what = f'"event":"Transfer Made","properties":{{"amount":{amount},"currency":"UZS"}}'
            track(_call("track", rng, device, user, moment, what))
        elif chance < 0.22:
            pages.of(PAGES).append(_call("page", rng, device, user, moment, _page(rng)))


def _visits(
    rng: Random, calendar: Calendar, device: Device, day: int, pages: Pages, who: Person | None = None
) -> Iterator[Visit]:
    """Pages seen before anybody says who they are."""
    if not calendar.start <= day <= calendar.until:
        return
    for _ in range(1 + below(rng, 4)):
        moment = _moment(rng, calendar.iso[day - calendar.start])
        message = _id(rng)
        pages.of(PAGES).append(_call("page", rng, device, "", moment, _page(rng), message))
        yield Visit(message, device.id, who.id if who else "")


def _page(rng: Random) -> str:
    path = _PAGES[below(rng, len(_PAGES))]
    return f'"name":"{path.strip("/") or "home"}","properties":{{"path":"{path}"}}'


def _call(
    kind: str, rng: Random, device: Device, user: str, moment: str, what: str, message: str = ""
) -> str:
    who = f'"userId":"{user}",' if user else ""
    return (
        f'{{"type":"{kind}","messageId":"{message or _id(rng)}","anonymousId":"{device.id}",{who}{what},'
        f'"context":{device.context}}},"timestamp":"{moment}"}}'
    )


def _beside(
    rng: Random,
    calendar: Calendar,
    logins: list[Login],
    tablets: dict[Household, Device],
    pages: Pages,
    block: Block,
) -> None:
    """Logouts, and what is done around logins by people whom no call names."""
    shared: dict[str, Household | None] = {it.id: home for home, it in tablets.items()}
    shared |= {it.device: None for it in logins if it.device.startswith(_KIOSK)}
    end = calendar.iso[-1] + "T23:59"
    for it in around(rng, logins, shared):
        device = Device(it.device, "web", "Chrome")
        if not calendar.iso[0] <= it.moment <= end:
            continue
        if isinstance(it, Logout):
            out = '"event":"Logged Out","properties":{}'
            pages.of(TRACKS).append(_call("track", rng, device, it.user, it.moment, out))
        else:
            pages.of(PAGES).append(_call("page", rng, device, "", it.moment, _page(rng), it.visit.message))
            block.visits.append(it.visit)
