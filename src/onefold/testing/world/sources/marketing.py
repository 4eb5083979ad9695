"""Marketing: comma CSV with ISO instants in UTC; contacts, consents, do-not-contact, sends, engagements."""

from __future__ import annotations

from random import Random

from onefold.kernel.time import iso_day
from onefold.testing.world.behaviour.calendar import MINUTES, Calendar
from onefold.testing.world.draws import below
from onefold.testing.world.errors import Stated, state
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Person, Record, Setting
from onefold.testing.world.sheets import Pages, Sheet, Spoil, quoted


def _sheet(name: str, columns: str, key: str, *spoils: Spoil) -> Sheet:
    return Sheet(f"marketing/{name}.csv", tuple(columns.split()), ",", key=key, spoils=spoils)


CONTACTS = _sheet(
    "contacts",
    "contact_id kind first_name last_name company birth_date email mobile street city postcode language "
    "created_at updated_at",
    "contact_id",
    Spoil("bad_date", "birth_date", "1990-02-30"),
    Spoil("missing_key", "contact_id", None),
)
CONSENTS = _sheet(
    "consents",
    "consent_id contact_id purpose channel action at until evidence",
    "consent_id",
    Spoil("unknown_code", "purpose", "WHATEVER"),
    Spoil("bad_date", "at", "soon"),
)
SUPPRESSIONS = _sheet(
    "suppressions",
    "contact_id channel reason state since",
    "contact_id",
    Spoil("unknown_code", "reason", "MOOD"),
)
SENDS = _sheet(
    "sends",
    "send_id contact_id campaign channel sent_at",
    "send_id",
    Spoil("future_date", "sent_at", "2099-01-01T08:00:00Z"),
    Spoil("unknown_code", "channel", "PIGEON"),
)
ENGAGEMENTS = _sheet(
    "engagements",
    "event_id send_id contact_id channel event at",
    "event_id",
    Spoil("unknown_code", "event", "SNEEZED"),
)
SHEETS = (CONTACTS, CONSENTS, SUPPRESSIONS, SENDS, ENGAGEMENTS)

CAMPAIGNS = (
    "spring-deposit",
    "cashback",
    "travel-card",
    "family-tariff",
    "home-insurance",
    "autumn-loan",
    "new-app",
)
_CHANNELS = ("EMAIL", "SMS", "PUSH")


def export(rng: Random, setting: Setting, calendar: Calendar, block: Block, pages: Pages) -> None:
    """Writes what the marketing system holds of a block."""
    for record in block.records["marketing"]:
        stated = state(rng, setting, record)
        pages.of(CONTACTS).append(_contact(rng, record, stated))
        allowed = _consents(rng, setting, record, pages)
        if isinstance(record.who, Person) and rng.random() < figure("suppression.any"):
            reason = ("WISH", "WISH", "BOUNCE", "LITIGATION", "DECEASED")[below(rng, 5)]
            channel = "EMAIL" if reason == "BOUNCE" else "ANY"
            since = iso_day(setting.until - below(rng, 600))
            pages.of(SUPPRESSIONS).append(f"{record.key},{channel},{reason},ON,{since}T06:00:00Z")
        if allowed:
            _sends(rng, calendar, record, allowed, pages)


def _contact(rng: Random, record: Record, stated: Stated) -> str:
    person = record.who if isinstance(record.who, Person) else record.who.owner
    return ",".join(
        (
            record.key,
            "P" if isinstance(record.who, Person) else "C",
            stated.given,
            stated.family,
            quoted(stated.organisation, ","),
            iso_day(stated.born) if stated.born is not None else "",
            stated.email.upper() if record.made_on % 11 == 0 else stated.email,
            f"+{stated.phone}" if stated.phone else "",
            quoted(stated.address, ","),
            stated.city,
            stated.postcode,
            {"uzbek": "uz", "russian": "ru"}.get(person.culture, "en"),
            _instant(rng, record.made_on),
            _instant(rng, record.stated_on),
        )
    )


def _instant(rng: Random, day: int) -> str:
    return f"{iso_day(day)}T{MINUTES[240 + below(rng, 700)]}:00Z"


def _consents(rng: Random, setting: Setting, record: Record, pages: Pages) -> dict[str, int]:
    """Writes the facts and answers until which day each channel may be used."""
    rows = pages.of(CONSENTS)
    if rng.random() < figure("consent.no_record"):
        return {}
    serial = record.key.partition("@")[0]
    notice = f"notice-{2 + record.made_on % 3}"
    if rng.random() < figure("consent.objected"):
        day = record.made_on + below(rng, setting.until - record.made_on)
        rows.append(f"{serial}-0,{record.key},MKT,ANY,OBJECTED,{_instant(rng, day)},,{notice}/form")
        return {}
    allowed: dict[str, int] = {}
    for at, channel in enumerate(_CHANNELS, start=1):
        share = figure("consent.granted") * (1.0 if channel == "EMAIL" else 0.6)
        if rng.random() >= share:
            continue
        until = iso_day(record.made_on + 1460) + "T00:00:00Z" if rng.random() < 0.25 else ""
        given = _instant(rng, record.made_on)
        rows.append(f"{serial}-{at}G,{record.key},MKT,{channel},GRANTED,{given},{until},{notice}/form")
        allowed[channel] = setting.until
        if rng.random() < figure("consent.withdrawn"):
            day = record.made_on + 10 + below(rng, max(1, setting.until - record.made_on - 10))
            allowed[channel] = day
            rows.append(
                f"{serial}-{at}W,{record.key},MKT,{channel},WITHDRAWN,{_instant(rng, day)},,{notice}/call"
            )
    if allowed and rng.random() < 0.5:
        rows.append(
            f"{serial}-9G,{record.key},ANL,ANY,GRANTED,{_instant(rng, record.made_on)},,{notice}/form"
        )
    return allowed


def _sends(rng: Random, calendar: Calendar, record: Record, allowed: dict[str, int], pages: Pages) -> None:
    serial = record.key.partition("@")[0]
    for at in range(12):
        day = calendar.start + 30 * at + below(rng, 28)
        channel = "EMAIL" if "EMAIL" in allowed and rng.random() < 0.75 else next(iter(allowed))
        if day > calendar.until or day < record.made_on or day >= allowed[channel] or rng.random() < 0.25:
            continue
        sent = calendar.iso[day - calendar.start]
        minute = 300 + below(rng, 600)
        key = f"{serial}-{at:02d}"
        campaign = CAMPAIGNS[(day // 30) % len(CAMPAIGNS)]
        pages.of(SENDS).append(f"{key},{record.key},{campaign},{channel},{sent}T{MINUTES[minute]}:00Z")
        _engage(rng, record, key, sent, minute, channel, day, allowed, pages)


def _engage(
    rng: Random,
    record: Record,
    key: str,
    sent: str,
    minute: int,
    channel: str,
    day: int,
    allowed: dict[str, int],
    pages: Pages,
) -> None:
    rows = pages.of(ENGAGEMENTS)
    if rng.random() < figure("campaign.opened"):
        opened = min(1430, minute + 3 + below(rng, 300))
        rows.append(f"{key}o,{key},{record.key},{channel},OPENED,{sent}T{MINUTES[opened]}:30Z")
        if rng.random() < figure("campaign.clicked"):
            rows.append(f"{key}c,{key},{record.key},{channel},CLICKED,{sent}T{MINUTES[opened + 1]}:10Z")
    if rng.random() < figure("campaign.unsubscribed"):
        at = f"{sent}T{MINUTES[min(1435, minute + 40)]}:00Z"
        rows.append(f"{key}u,{key},{record.key},{channel},UNSUBSCRIBED,{at}")
        pages.of(CONSENTS).append(f"{key}U,{record.key},MKT,{channel},WITHDRAWN,{at},,unsubscribe/{key}")
        allowed[channel] = day
