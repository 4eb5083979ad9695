"""Telecom billing: comma CSV and Parquet, seconds since 1970, one name field."""

from __future__ import annotations

from random import Random

import pyarrow as pa

from onefold.kernel.time import date_from_day
from onefold.testing.world.behaviour.calendar import ZONE_HOURS, Calendar
from onefold.testing.world.draws import below
from onefold.testing.world.errors import Stated, state
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Person, Record, Setting
from onefold.testing.world.sheets import Pages, Sheet, Spoil, quoted

SUBSCRIBERS = Sheet(
    "telecom/subscribers.csv",
    tuple(
        "subscriber_id kind full_name birth_date document_no tax_no contact_phone email address city "
        "postcode created_at changed_at status".split()
    ),
    ",",
    key="subscriber_id",
    spoils=(Spoil("bad_date", "birth_date", "19851399"), Spoil("missing_key", "subscriber_id", None)),
)
SUBSCRIPTIONS = Sheet(
    "telecom/subscriptions.csv",
    tuple(
        "subscription_id subscriber_id msisdn tariff monthly_fee activated_at terminated_at status".split()
    ),
    ",",
    key="subscription_id",
    spoils=(Spoil("unknown_code", "status", "9"),),
)
USAGE = Sheet(
    "telecom/usage.parquet",
    key="usage_id",
    schema=pa.schema(
        [("usage_id", pa.string()), ("subscription_id", pa.string()), ("subscriber_id", pa.string()),
         ("period_end", pa.int64()), ("kind", pa.string()), ("quantity", pa.int64())]
    ),
    spoils=(Spoil("unknown_code", "kind", "SMELL"), Spoil("future_date", "period_end", 4_070_908_800)),
)  # fmt: skip
INVOICES = Sheet(
    "telecom/invoices.parquet",
    key="invoice_id",
    schema=pa.schema(
        [("invoice_id", pa.string()), ("subscription_id", pa.string()), ("issued_at", pa.int64()),
         ("amount", pa.int64()), ("currency", pa.string()), ("text", pa.string())]
    ),
    spoils=(Spoil("missing_amount", "amount", None), Spoil("future_date", "issued_at", 4_070_908_800)),
)  # fmt: skip
SHEETS = (SUBSCRIBERS, SUBSCRIPTIONS, USAGE, INVOICES)

USAGE_MONTHS = 3
TARIFFS = (("Start", 35_000), ("Oila", 60_000), ("Plus", 80_000), ("Maksimum", 130_000))
_SECONDS_A_DAY = 86_400


def export(rng: Random, setting: Setting, calendar: Calendar, block: Block, pages: Pages) -> None:
    """Writes what telecom billing holds of a block."""
    for record in block.records["telecom"]:
        stated = state(rng, setting, record)
        who = record.who
        ended = _ended(setting, record, stated)
        pages.of(SUBSCRIBERS).append(_subscriber(rng, record, stated, ended))
        _line(rng, calendar, record, stated.phone, 0, ended, pages)
        if (
            isinstance(who, Person)
            and not record.duplicate
            and rng.random() < figure("telecom.line_of_relative")
        ):
            others = [
                it for it in who.household.members if it is not who and it.phone_lender is None and it.phones
            ]
            if others:
                relative = others[below(rng, len(others))]
                _line(rng, calendar, record, relative.phone_on(setting.until), 1, ended, pages)


def _ended(setting: Setting, record: Record, stated: Stated) -> int | None:
    """The day the line was given up: the number changed since, or its holder left."""
    who = record.who
    if not isinstance(who, Person):
        return None
    lender = who.phone_lender or who
    later = [since for since, _ in lender.phones if since > record.stated_on]
    days = later[:1]
    if "leaving" in who.life:
        days.append(who.life["leaving"] + 10)
    day = min(days, default=setting.until + 1)
    return day if record.made_on < day <= setting.until else None


def _subscriber(rng: Random, record: Record, stated: Stated, ended: int | None) -> str:
    name = (
        " ".join(part for part in (stated.family, stated.given, stated.middle) if part) or stated.organisation
    )
    if record.made_on % 2:
        name = name.upper()
    born = f"{date_from_day(stated.born):%Y%m%d}" if stated.born is not None else ""
    return ",".join(
        (
            record.key,
            "1" if isinstance(record.who, Person) else "2",
            quoted(name, ","),
            born,
            stated.national_id,
            stated.tax_id,
            stated.phone,
            stated.email,
            quoted(stated.address, ","),
            stated.city,
            stated.postcode,
            str(_moment(record.made_on, 36_000 + below(rng, 20_000))),
            str(_moment(record.stated_on, 36_000 + below(rng, 20_000))),
            "0" if ended else "1",
        )
    )


def _moment(day: int, second: int) -> int:
    """Seconds since 1970 of a local time of a day."""
    return day * _SECONDS_A_DAY + second - ZONE_HOURS * 3600


def _line(
    rng: Random, calendar: Calendar, record: Record, msisdn: str, at: int, ended: int | None, pages: Pages
) -> None:
    """One subscription with its months of usage and, if it is not prepaid, its invoices."""
    name, fee = TARIFFS[below(rng, len(TARIFFS))]
    key = f"{record.key}-{at + 1}"
    active = _moment(record.made_on, 40_000)
    over = str(_moment(ended, 50_000)) if ended else ""
    pages.of(SUBSCRIPTIONS).append(
        f"{key},{record.key},{msisdn},{name},{fee}.00,{active},{over},{0 if ended else 1}"
    )
    level = rng.lognormvariate(0, 0.7)
    postpaid = rng.random() < 0.45
    usage, invoices = pages.of(USAGE), pages.of(INVOICES)
    last = ended or calendar.until
    for number, month in enumerate(calendar.months):
        if not month.whole or month.last > last or month.first < record.made_on:
            continue
        end = _moment(month.last + 1, 0) - 1
        if number >= len(calendar.months) - USAGE_MONTHS - 1:
            voice = int(180 * level * (0.6 + 0.8 * rng.random()))
            data = int(9_000 * level * (0.6 + 0.8 * rng.random()))
            usage.append((f"{key}-{number}V", key, record.key, end, "VOICE", voice))
            usage.append((f"{key}-{number}D", key, record.key, end, "DATA", data))
        if postpaid:
            amount = fee * 100 + below(rng, 20) * 100_000
            invoices.append((f"I{key}-{number}", key, end + 3_600, amount, "UZS", f"{name} {month.label}"))
