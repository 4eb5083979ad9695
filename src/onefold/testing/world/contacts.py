"""Phones, mailboxes and state identifiers: unique without a counter, and some of them recycled."""

from __future__ import annotations

from datetime import date
from random import Random

from onefold.kernel.time import date_from_day
from onefold.testing.world.draws import below, numbered
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Event, Person, Setting, Since
from onefold.testing.world.names.spelling import OWN, spell

FROM_YEARS = 12
_MOBILE = ("90", "91", "93", "94", "95", "97", "98", "99", "33", "88")
_NUMBERS = 10**8
_GENERATIONS = 4
_REST_DAYS = 90
_DOMAINS = ("mail.example", "mail.example", "post.example", "inbox.example", "pochta.example")
_PLAIN = str.maketrans("", "", "' -")


def phone_number(setting: Setting, index: int, generation: int) -> str:
    """E.164 digits of somebody's first, second … number; unique while people × 8 is under 100 million."""
    serial = numbered(index * _GENERATIONS + generation, _NUMBERS, setting.seed)
    return f"998{_MOBILE[serial % 10]}{serial // 10:07d}"


def own_phones(rng: Random, setting: Setting, index: int, first_day: int) -> list[Since]:
    """The numbers a person has had since they first had one."""
    phones = [Since(first_day, phone_number(setting, index, 0))]
    for year in range(FROM_YEARS):
        if rng.random() < figure("year.new_phone") and len(phones) < _GENERATIONS:
            day = setting.until - (FROM_YEARS - year) * 365 + below(rng, 365)
            if day > phones[-1].day:
                phones.append(Since(day, phone_number(setting, index, len(phones))))
    return phones


def recycle_phones(rng: Random, people: list[Person]) -> list[Event]:
    """Some changes end on a number that a stranger gave up long enough before."""
    free = sorted(
        (person.phones[1].day, person.index, person.phones[0].text)
        for person in people
        if len(person.phones) > 1
    )
    by_index = {person.index: person for person in people}
    events = []
    for person in people:
        for at, (day, _) in enumerate(person.phones[1:], start=1):
            if rng.random() >= figure("phone.recycled"):
                continue
            fitting = [
                it
                for it in free
                if it[0] + _REST_DAYS <= day and by_index[it[1]].household is not person.household
            ]
            if fitting:
                given_up = fitting[below(rng, len(fitting))]
                free.remove(given_up)
                person.phones[at] = Since(day, given_up[2])
                events.append(Event("recycled_phone", person.id, by_index[given_up[1]].id, day))
    return events


def own_emails(rng: Random, setting: Setting, person: Person, first_day: int) -> list[Since]:
    """The mailboxes a person has had. A serial in the name keeps them apart from everybody else's."""
    emails = [Since(first_day, _mailbox(rng, setting, person, 0))]
    for year in range(FROM_YEARS):
        if rng.random() < figure("year.new_email") and len(emails) < 3:
            day = setting.until - (FROM_YEARS - year) * 365 + below(rng, 365)
            if day > emails[-1].day:
                emails.append(Since(day, _mailbox(rng, setting, person, len(emails))))
    return emails


def _mailbox(rng: Random, setting: Setting, person: Person, generation: int) -> str:
    serial = numbered(person.index * 3 + generation, 10**8, setting.seed)
    given = spell(person.given, person.culture, OWN).translate(_PLAIN).lower()
    family = spell(person.maiden or person.family, person.culture, OWN).translate(_PLAIN).lower()
    form = below(rng, 5)
    if form == 0:
        local = f"{given}.{family}{serial}"
    elif form == 1:
        local = f"{given[0]}.{family}.{serial}"
    elif form == 2:
        local = f"{family}_{given[:3]}{serial:x}"
    elif form == 3:
        local = f"{given}{date_from_day(person.born).year}.{serial:x}"
    else:
        local = f"{family}{serial:x}"
    return f"{local}@{_DOMAINS[below(rng, len(_DOMAINS))]}"


def company_mailbox(name: str, serial: int) -> str:
    """The office mailbox of a small company."""
    plain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    return f"office@{plain}{serial}.example"


def national_id(setting: Setting, index: int, born: int, *, woman: bool) -> str:
    """Fourteen digits: sex and century, birth date, district, serial, check digit with weights 7, 3, 1.

    Unique below a million people; beyond, about one in 13,000 shares sex, birthday and serial with another.
    """
    day = date_from_day(born)
    first = (4 if woman else 3) if day.year < 2000 else (6 if woman else 5)
    serial = numbered(index, 10**6, setting.seed)
    return with_check_digit(f"{first}{day:%d%m%y}{serial:06d}")


def with_check_digit(digits: str) -> str:
    """The digits and their sum under the weights 7, 3, 1, 7, 3, 1 … modulo ten."""
    return digits + str(sum(int(digit) * (7, 3, 1)[at % 3] for at, digit in enumerate(digits)) % 10)


def tax_id(setting: Setting, index: int) -> str:
    """Nine digits of a company."""
    return f"3{numbered(index, 10**8, setting.seed):08d}"


def year_of(day: int) -> int:
    """The calendar year of a day."""
    found: date = date_from_day(day)
    return found.year
