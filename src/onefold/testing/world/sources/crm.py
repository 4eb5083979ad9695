"""CRM: JSON Lines in camelCase, instants with an offset, names as agents type them, notes, cases."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from onefold.kernel.time import iso_day
from onefold.testing.world.behaviour.calendar import MINUTES, Calendar
from onefold.testing.world.behaviour.holdings import Account, Holdings
from onefold.testing.world.draws import below
from onefold.testing.world.errors import Stated, state
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Company, Event, Person, Record, Setting
from onefold.testing.world.sheets import Pages, Sheet, Spoil
from onefold.testing.world.sources.core_banking import phone_text
from onefold.testing.world.sources.talk import CASE_TEXTS, NOTE_TEXTS

CONTACTS = Sheet(
    "crm/contacts.jsonl",
    key="contactId",
    spoils=(Spoil("bad_date", "birthDate", "1985-13-01"), Spoil("missing_key", "contactId", None)),
)
NOTES = Sheet(
    "crm/notes.jsonl",
    key="noteId",
    spoils=(
        Spoil("unknown_code", "channel", "telepathy"),
        Spoil("future_date", "at", "2099-05-01T10:00:00+05:00"),
    ),
)
CASES = Sheet(
    "crm/cases.jsonl",
    key="caseId",
    spoils=(Spoil("unknown_code", "status", "SOMEWHERE"), Spoil("bad_date", "openedAt", "yesterday")),
)
SHEETS = (CONTACTS, NOTES, CASES)

NOTES_A_YEAR, COMPLAINTS = 0.9, 0.04
_AGENTS = 40
_CHANNELS = ("phone", "phone", "phone", "branch", "chat", "email")
_TOPICS = ("loan", "deposit", "card", "tariff", "app", "address")


def export(
    rng: Random, setting: Setting, calendar: Calendar, block: Block, held: Holdings, pages: Pages
) -> None:
    """Writes what CRM holds of a block."""
    numbers = {record.who: record.key for record in reversed(block.records["core-banking"])}
    accounts = {account.owner.who: account for account in reversed(held.accounts)}
    for record in block.records["crm"]:
        stated = state(rng, setting, record)
        number = _customer_number(rng, block, record, numbers)
        pages.of(CONTACTS).append(_json(_contact(rng, record, stated, number)))
        _notes(rng, calendar, record, pages)
        if isinstance(record.who, Person):
            _cases(rng, setting, calendar, record, accounts.get(record.who), pages)


def _json(document: dict[str, Any]) -> str:
    return msgspec.json.encode(document).decode()


def _customer_number(
    rng: Random, block: Block, record: Record, numbers: dict[Person | Company, str]
) -> str | None:
    """The bank's number of the customer, now and then that of somebody at home."""
    if record.who not in numbers or rng.random() >= figure("crm.customer_number"):
        return None
    if isinstance(record.who, Person) and rng.random() < figure("crm.wrong_customer_number"):
        relatives = [it for it in record.who.household.members if it is not record.who and it in numbers]
        if relatives:
            other = relatives[below(rng, len(relatives))]
            block.events.append(Event("wrong_customer_number", record.who.id, other.id, record.made_on))
            return numbers[other]
    return numbers[record.who]


def _contact(rng: Random, record: Record, stated: Stated, number: str | None) -> dict[str, Any]:
    person = record.who if isinstance(record.who, Person) else record.who.owner
    document: dict[str, Any] = {
        "contactId": record.key,
        "customerNo": number,
        "type": "person" if isinstance(record.who, Person) else "company",
        "name": {
            "first": stated.given or None,
            "last": stated.family or None,
            "middle": stated.middle or None,
        },
        "company": stated.organisation or None,
        "birthDate": iso_day(stated.born) if stated.born is not None else None,
        "idNumber": stated.national_id or None,
        "taxNumber": stated.tax_id or None,
        "email": stated.email or None,
        "phone": phone_text(stated.phone, below(rng, 3)) or None,
        "address": None,
        "language": {"uzbek": "uz", "russian": "ru"}.get(person.culture, "en"),
        "doNotCall": rng.random() < figure("suppression.do_not_call"),
        "owner": f"AG{person.index % _AGENTS:02d}",
        "createdAt": f"{iso_day(record.made_on)}T{MINUTES[540 + below(rng, 500)]}:00+05:00",
        "updatedAt": f"{iso_day(record.stated_on)}T{MINUTES[540 + below(rng, 500)]}:00+05:00",
    }
    if stated.address:
        document["address"] = {"street": stated.address, "city": stated.city, "postcode": stated.postcode}
    return document


def _notes(rng: Random, calendar: Calendar, record: Record, pages: Pages) -> None:
    person = record.who if isinstance(record.who, Person) else record.who.owner
    language = {"uzbek": "uz", "russian": "ru"}.get(person.culture, "en")
    days = [
        calendar.start + below(rng, 365)
        for _ in range(int(NOTES_A_YEAR * 2 * rng.random() + rng.random() * 0.5))
    ]
    topics = [(day, _TOPICS[below(rng, len(_TOPICS))]) for day in days]
    topics += [
        (day + 2, kind) for kind, day in person.life.items() if kind in NOTE_TEXTS and rng.random() < 0.6
    ]
    for at, (day, topic) in enumerate(topics):
        if calendar.start <= day <= calendar.until:
            note = {
                "noteId": f"N-{record.key[2:]}-{at}",
                "contactId": record.key,
                "channel": _CHANNELS[below(rng, len(_CHANNELS))],
                "at": f"{calendar.iso[day - calendar.start]}T{MINUTES[545 + below(rng, 520)]}:00+05:00",
                "employee": f"AG{below(rng, _AGENTS):02d}",
                "subject": topic.replace("_", " "),
                "text": NOTE_TEXTS[topic][language],
            }
            pages.of(NOTES).append(_json(note))


def _cases(
    rng: Random, setting: Setting, calendar: Calendar, record: Record, account: Account | None, pages: Pages
) -> None:
    person = record.who
    assert isinstance(person, Person)
    found: list[tuple[str, int]] = [
        (kind, person.life[kind] + 1 + below(rng, 4)) for kind in ("dispute", "fraud") if kind in person.life
    ]
    if rng.random() < COMPLAINTS:
        found.append(("complaint", calendar.start + below(rng, 360)))
    for at, (kind, day) in enumerate(found):
        if day > setting.until or record.duplicate:
            continue
        closed = day + 8 + below(rng, 35)
        done = closed <= setting.until and rng.random() < 0.85
        case = {
            "caseId": f"S-{record.key[2:]}-{at}",
            "contactId": record.key,
            "accountNo": account.number if account and kind != "complaint" else None,
            "type": kind,
            "status": "CLOSED" if done else "WAITING" if rng.random() < 0.4 else "OPEN",
            "openedAt": f"{calendar.iso[day - calendar.start]}T{MINUTES[600 + below(rng, 400)]}:00+05:00",
            "closedAt": f"{calendar.iso[closed - calendar.start]}T17:00:00+05:00" if done else None,
            "description": CASE_TEXTS[kind],
        }
        pages.of(CASES).append(_json(case))
