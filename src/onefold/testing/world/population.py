"""The people of one block with what is theirs: homes, phones, mailboxes, identifiers, income, firms."""

from __future__ import annotations

from random import Random

from onefold.testing.world.contacts import (
    FROM_YEARS,
    company_mailbox,
    national_id,
    own_emails,
    own_phones,
    phone_number,
    recycle_phones,
    tax_id,
)
from onefold.testing.world.draws import below, stream
from onefold.testing.world.families import Families
from onefold.testing.world.figures import figure
from onefold.testing.world.model import BLOCK_PEOPLE, Block, Company, Event, Household, Person, Setting
from onefold.testing.world.names.spelling import OWN, spell
from onefold.testing.world.places import draw_home

_FIRM_WORDS = """
Trade Stroy Textil Agro Servis Logistik Media Plast Metall Food Mebel Auto Pharm Consult Travel Print Tech
Invest Market Bunyod Ziyo Baraka Omad Nur Sharq Vostok Sever Alfa Delta Omega Astra Sigma Orion Vega
""".split()
FIRM_FORMS = (("MChJ", "OOO", "LLC"), ("XK", "ChP", "PE"), ("MChJ", "ООО", "LLC"))
"""Legal forms as Uzbek, Russian and English papers write them."""

PHONE_AGE, MAILBOX_AGE = 11, 15
SALARY_MEDIAN, PENSION = 5_400_000, 2_600_000


def populate(setting: Setting, number: int) -> Block:
    """The people, households and companies of one block, and what is known about them."""
    rng = stream(setting.seed, number, "people")
    first = number * BLOCK_PEOPLE
    last = min(setting.people, first + BLOCK_PEOPLE)
    families = Families(rng, setting.until)
    households: list[Household] = []
    while first < last:
        home = families.household(first, last - first)
        households.append(home)
        first += len(home.members)
    people = [person for home in households for person in home.members]
    block = Block(number, people, households, events=families.events)
    for home in households:
        _settle(rng, setting, home, block.events)
        for person in home.members:
            _equip(rng, setting, person)
        _share(rng, setting, home, block.events)
    block.events += recycle_phones(rng, people)
    block.companies = [_company(rng, setting, it) for it in people if _owns(rng, it, setting.until)]
    return block


def _settle(rng: Random, setting: Setting, home: Household, events: list[Event]) -> None:
    home.homes.append((0, draw_home(rng)))
    for year in range(FROM_YEARS):
        if rng.random() < figure("year.moves"):
            day = setting.until - (FROM_YEARS - year) * 365 + below(rng, 365)
            home.homes.append((day, draw_home(rng)))
            if day >= setting.start:
                events += [Event("moved", person.id, "", day) for person in home.members]


def _equip(rng: Random, setting: Setting, person: Person) -> None:
    age = person.age(setting.until)
    person.national_id = national_id(setting, person.index, person.born, woman=person.woman)
    if age >= PHONE_AGE:
        person.phones = own_phones(rng, setting, person.index, person.born + int(PHONE_AGE * 365.25))
    if age >= MAILBOX_AGE:
        person.emails = own_emails(rng, setting, person, person.born + int(MAILBOX_AGE * 365.25))
    if age >= 60:
        person.income = int(PENSION * (0.7 + 0.6 * rng.random()))
    elif age >= 19 and rng.random() < 0.80:
        person.employed = True
        person.income = int(SALARY_MEDIAN * min(8.0, rng.lognormvariate(0, 0.5)))
    person.income -= person.income % 50_000


def _share(rng: Random, setting: Setting, home: Household, events: list[Event]) -> None:
    """Phones and mailboxes that several people of a household use as theirs."""
    grown = [person for person in home.members if 18 <= person.age(setting.until) < 65]
    for person in home.members:
        if not person.phones:
            person.phone_lender = person.guardian
        elif grown and person.age(setting.until) > 70 and rng.random() < figure("phone.of_grown_child"):
            person.phone_lender = grown[below(rng, len(grown))]
        elif person.woman and person.partner and rng.random() < figure("phone.shared_by_couple"):
            person.phone_lender = person.partner
        if person.woman and person.partner and rng.random() < figure("email.shared_by_couple"):
            person.email_lender = person.partner
        if person.phone_lender:
            events.append(Event("shared_phone", person.id, person.phone_lender.id, 0))
        if person.email_lender:
            events.append(Event("shared_email", person.id, person.email_lender.id, 0))


def _owns(rng: Random, person: Person, until: int) -> bool:
    return 24 <= person.age(until) <= 70 and rng.random() < figure("company.owned")


def _company(rng: Random, setting: Setting, owner: Person) -> Company:
    word = _FIRM_WORDS[below(rng, len(_FIRM_WORDS))]
    family = spell(
        owner.family.removesuffix("а") if owner.culture == "russian" else owner.family, owner.culture, OWN
    )
    name = f"{family.replace(chr(39), '')} {word}" if rng.random() < 0.4 else _coined(rng, word)
    day = setting.until - 200 - below(rng, 4000)
    own_phone = rng.random() < 0.55
    return Company(
        owner=owner,
        name=name,
        form=below(rng, len(FIRM_FORMS)),
        tax_id=tax_id(setting, owner.index),
        since=day,
        phone=owner.phone_on(day) if own_phone else phone_number(setting, owner.index + setting.people, 3),
        email=owner.email_on(day) if rng.random() < 0.3 else company_mailbox(name, owner.index),
        home=owner.household.home_on(day) if rng.random() < 0.3 else draw_home(rng),
    )


def _coined(rng: Random, word: str) -> str:
    other = _FIRM_WORDS[below(rng, len(_FIRM_WORDS))]
    return f"{word} {other}" if other != word else f"{word} {1 + below(rng, 99)}"
