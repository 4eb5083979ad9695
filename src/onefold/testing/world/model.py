"""The truth while it is made: people, households and companies of one block. Days are days since 1970."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from onefold.testing.world.places import Home

BLOCK_PEOPLE = 500
"""People a block; a block is what one worker holds at a time, so it bounds the memory of a run."""

WINDOW_DAYS = 365
"""Behaviour is told for the days (until - 365, until]."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is a function of. `latin` leaves Cyrillic out, romanisations stay."""

    seed: int
    people: int
    until: int
    latin: bool = False

    @property
    def start(self) -> int:
        """The first day of the window."""
        return self.until - WINDOW_DAYS + 1


class Since(NamedTuple):
    """A text that holds from a day on: a phone number, an e-mail."""

    day: int
    text: str


class Event(NamedTuple):
    """Something true about a person, perhaps with another, from a day on (0: no day)."""

    kind: str
    person: str
    other: str
    day: int


class Visit(NamedTuple):
    """A call that names nobody, on a device, and who made it; `person` is empty for whoever walked in."""

    message: str
    device: str
    person: str


@dataclass(slots=True, eq=False)
class Person:
    """One person as they are. Names are list spellings; `style` is how they write themselves in Latin."""

    index: int
    household: Household
    culture: str
    woman: bool
    born: int
    given: str
    middle: str
    family: str
    style: int
    maiden: str = ""
    married_on: int = 0
    national_id: str = ""
    phones: list[Since] = field(default_factory=list)
    emails: list[Since] = field(default_factory=list)
    phone_lender: Person | None = None
    email_lender: Person | None = None
    guardian: Person | None = None
    partner: Person | None = None
    income: int = 0
    employed: bool = False
    life: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of this person in the truth."""
        return f"p{self.index:08d}"

    def age(self, day: int) -> int:
        """Whole years on a day, near enough."""
        return int((day - self.born) / 365.25)

    def family_on(self, day: int) -> str:
        """The family name borne on a day."""
        return self.maiden if self.maiden and day < self.married_on else self.family

    def phone_on(self, day: int) -> str:
        """E.164 digits of the number used on a day; empty if none."""
        return _on((self.phone_lender or self).phones, day)

    def email_on(self, day: int) -> str:
        """The mailbox used on a day; empty if none."""
        return _on((self.email_lender or self).emails, day)

    @property
    def adult(self) -> bool:
        """Of age at the end of the world."""
        return self.guardian is None


@dataclass(slots=True, eq=False)
class Household:
    """People who live together, and where since when."""

    index: int
    members: list[Person] = field(default_factory=list)
    homes: list[tuple[int, Home]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The name of this household in the truth: that of its first person, with `h`."""
        return f"h{self.index:08d}"

    def home_on(self, day: int) -> Home:
        """Where they lived on a day."""
        found = self.homes[0][1]
        for since, home in self.homes:
            if since > day:
                break
            found = home
        return found


@dataclass(slots=True, eq=False)
class Company:
    """A small firm of one owner, met in the sources as an organisation."""

    owner: Person
    name: str
    form: int
    tax_id: str
    since: int
    phone: str
    email: str
    home: Home

    @property
    def id(self) -> str:
        """The name of this company in the truth."""
        return f"c{self.owner.index:08d}"


@dataclass(slots=True, eq=False)
class Record:
    """That a source holds somebody: under which key, since when, and the day its row speaks of."""

    source: str
    key: str
    who: Person | Company
    made_on: int
    stated_on: int
    duplicate: bool = False
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """Some hundred people who share nothing with those of other blocks."""

    number: int
    people: list[Person]
    households: list[Household]
    companies: list[Company] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


def _on(history: list[Since], day: int) -> str:
    if not history:
        return ""
    found = history[0].text
    for since, text in history:
        if since > day:
            break
        found = text
    return found
