"""What a source writes about a person: the truth of a day, bent by the habits of that source.

Every bend is named in `Stated.faults`, which goes into the truth beside the record and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from onefold.kernel.time import date_from_day, day_from_date
from onefold.testing.world.draws import below
from onefold.testing.world.habits import HABITS, Habits
from onefold.testing.world.model import Company, Person, Record, Setting
from onefold.testing.world.names.nicknames import NICKNAMES
from onefold.testing.world.names.spelling import CYRILLIC, LOOSE, spell
from onefold.testing.world.places import CITIES, Home, street_line
from onefold.testing.world.population import FIRM_FORMS

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_BESIDE = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)
}
_PLACEHOLDERS = (day_from_date(date(1900, 1, 1)), day_from_date(date(1970, 1, 1)))


@dataclass(slots=True)
class Stated:
    """What one record says. Empty texts and a None birth day are fields left blank; phones are digits."""

    given: str = ""
    middle: str = ""
    family: str = ""
    organisation: str = ""
    born: int | None = None
    national_id: str = ""
    tax_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    cyrillic: bool = False
    faults: list[str] = field(default_factory=list)


def slip(rng: Random, text: str) -> str:
    """One typing slip after the first letter: lost, doubled, swapped or neighbouring key."""
    if len(text) < 3:
        return text + text[-1:]
    at = 1 + below(rng, len(text) - 2)
    kind = below(rng, 4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    beside = _BESIDE.get(text[at].lower(), "e")
    return text[:at] + beside[below(rng, len(beside))] + text[at + 1 :]


def other_digit(rng: Random, digits: str, first: int, last: int) -> str:
    """The digits with one of those in [first, last) changed."""
    at = first + below(rng, last - first)
    return digits[:at] + str((int(digits[at]) + 1 + below(rng, 9)) % 10) + digits[at + 1 :]


def state(rng: Random, setting: Setting, record: Record) -> Stated:
    """What a record says about whom it is of; its faults are noted on the record too."""
    habits = HABITS[record.source]
    if isinstance(record.who, Company):
        stated = _state_company(rng, setting, habits, record.who)
    else:
        stated = _state_person(rng, setting, habits, record.who, record.stated_on)
    record.faults = tuple(stated.faults)
    return stated


def _state_person(rng: Random, setting: Setting, habits: Habits, person: Person, day: int) -> Stated:
    stated = Stated()
    _state_names(rng, setting, habits, person, day, stated)
    stated.born = _birth(rng, habits, person.born, stated.faults)
    if rng.random() >= habits.national_missing:
        stated.national_id = person.national_id
        if rng.random() < habits.national_wrong:
            stated.national_id = other_digit(rng, person.national_id, 7, 13)
            stated.faults.append("national_wrong")
    _state_reach(rng, habits, stated, person.phone_on(day), person.email_on(day))
    _state_home(rng, habits, stated, person.household.home_on(day))
    return stated


def _state_names(
    rng: Random, setting: Setting, habits: Habits, person: Person, day: int, stated: Stated
) -> None:
    culture, faults = person.culture, stated.faults
    share = habits.cyrillic if culture in ("uzbek", "russian") else habits.cyrillic / 3
    style = person.style
    if not setting.latin and rng.random() < share:
        style, stated.cyrillic = CYRILLIC, True
        faults.append("cyrillic")
    elif rng.random() < habits.other_style:
        style = (style + 1 + below(rng, 2)) % (LOOSE + 1)
        faults.append("other_style")
    given, family = person.given, person.family_on(day)
    if person.maiden and family != person.maiden and rng.random() < habits.maiden:
        family = person.maiden
        faults.append("maiden")
    short = NICKNAMES[culture].get(given)
    if short and rng.random() < habits.nickname:
        given = short[below(rng, len(short))]
        faults.append("nickname")
    stated.given, stated.family = spell(given, culture, style), spell(family, culture, style)
    if person.middle and rng.random() >= habits.middle_missing:
        stated.middle = " ".join(spell(part, culture, style) for part in person.middle.split())
    if rng.random() < habits.initial:
        stated.given = stated.given[0] + "."
        faults.append("initial")
    if rng.random() < habits.typo:
        _mistype(rng, stated)
        if rng.random() < habits.second_typo / habits.typo:
            _mistype(rng, stated)
    if rng.random() < habits.family_missing:
        stated.family = ""
    elif rng.random() < habits.swapped:
        stated.given, stated.family = stated.family, stated.given
        faults.append("swapped")


def _mistype(rng: Random, stated: Stated) -> None:
    if rng.random() < 0.4 and len(stated.given) > 2:
        stated.given = slip(rng, stated.given)
    else:
        stated.family = slip(rng, stated.family)
    stated.faults.append("typo")


def _birth(rng: Random, habits: Habits, born: int, faults: list[str]) -> int | None:
    if rng.random() < habits.birth_missing:
        return None
    chance = rng.random()
    if chance < habits.birth_placeholder:
        faults.append("birth_placeholder")
        form = below(rng, 3)
        return _PLACEHOLDERS[form] if form < 2 else day_from_date(date_from_day(born).replace(month=1, day=1))
    if chance < habits.birth_placeholder + habits.birth_wrong:
        faults.append("birth_wrong")
        return _wrong_day(rng, date_from_day(born))
    return born


def _wrong_day(rng: Random, born: date) -> int:
    if born.day <= 12 and born.day != born.month and rng.random() < 0.5:
        return day_from_date(born.replace(month=born.day, day=born.month))
    years = (-10, -1, 1)[below(rng, 3)]
    if rng.random() < 0.5:
        return day_from_date(born) + (-1, 1, 10)[below(rng, 3)]
    return day_from_date(born.replace(year=born.year + years, day=min(born.day, 28)))


def _state_reach(rng: Random, habits: Habits, stated: Stated, phone: str, email: str) -> None:
    if phone and rng.random() >= habits.phone_missing:
        stated.phone = phone
        if rng.random() < habits.phone_wrong:
            stated.phone = other_digit(rng, phone, 6, 12)
            stated.faults.append("phone_wrong")
    if email and rng.random() >= habits.email_missing:
        stated.email = email
        if rng.random() < habits.email_wrong:
            local, _, domain = email.partition("@")
            stated.email = f"{slip(rng, local)}@{domain}"
            stated.faults.append("email_wrong")


def _state_home(rng: Random, habits: Habits, stated: Stated, home: Home) -> None:
    if rng.random() < habits.address_missing:
        return
    city = CITIES[home.city]
    stated.address = street_line(home, below(rng, 4), cyrillic=stated.cyrillic)
    stated.city = city.russian if stated.cyrillic else city.uzbek if rng.random() < 0.6 else city.english
    stated.region, stated.postcode = city.region, home.postcode


def _state_company(rng: Random, setting: Setting, habits: Habits, company: Company) -> Stated:
    forms = FIRM_FORMS[company.form]
    form = forms[below(rng, 2 if setting.latin else 3)].replace("ООО", "OOO" if setting.latin else "ООО")
    name = company.name
    stated = Stated()
    if rng.random() < habits.typo:
        name = slip(rng, name)
        stated.faults.append("typo")
    quoted = rng.random() < 0.35
    stated.organisation = f'{form} "{name}"' if quoted else f"{name} {form}"
    if rng.random() >= habits.national_missing:
        stated.tax_id = company.tax_id
    _state_reach(rng, habits, stated, company.phone, company.email)
    _state_home(rng, habits, stated, company.home)
    return stated
