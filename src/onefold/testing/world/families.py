"""Households: who lives with whom, who descends from whom, who bears whose name."""

from __future__ import annotations

from random import Random

from onefold.testing.world.contacts import year_of
from onefold.testing.world.draws import below
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Event, Household, Person
from onefold.testing.world.names.naming import family_name, gendered, given_name, middle_name
from onefold.testing.world.names.spelling import LOOSE, OWN, PASSPORT
from onefold.testing.world.names.uzbek import TWINS

_CULTURES = ("uzbek", "russian", "indian", "english")
_KINDS = ("single", "couple", "family", "three_generations", "siblings")


class Families:
    """Makes the households of one block, each with its people, and notes what is special about them."""

    def __init__(self, rng: Random, until: int) -> None:
        self._rng = rng
        self._until = until
        self.events: list[Event] = []

    def household(self, first_index: int, room_for: int) -> Household:
        """A household of at most `room_for` people, numbered from `first_index`."""
        rng = self._rng
        culture = _chosen(rng, _CULTURES, "culture")
        kind = _chosen(rng, _KINDS, "household")
        home = Household(first_index)
        family = family_name(rng, culture)
        head_age = rng.triangular(21, 84, 37)
        if kind == "siblings":
            father = given_name(rng, culture, woman=False)
            for _ in range(2 + (rng.random() < 0.3)):
                self._person(
                    home, culture, family, 18 + below(rng, 17), woman=rng.random() < 0.5, father=father
                )
        elif kind == "single":
            self._person(home, culture, family, head_age, woman=rng.random() < 0.55)
        elif kind == "couple":
            self._couple(home, culture, family, head_age)
        else:
            self._family(home, culture, family, 24 + head_age % 34, elders=kind == "three_generations")
        self._cut(home, room_for)
        return home

    def _cut(self, home: Household, room_for: int) -> None:
        """Lets go of those for whom the world has no room; parents stand before children and stay."""
        gone = {person.id for person in home.members[room_for:]}
        del home.members[room_for:]
        self.events = [it for it in self.events if it.person not in gone and it.other not in gone]
        for person in home.members:
            if person.partner and person.partner.id in gone:
                person.partner = None

    def _person(
        self,
        home: Household,
        culture: str,
        family: str,
        age: float,
        *,
        woman: bool,
        father: str = "",
        given: str = "",
    ) -> Person:
        rng = self._rng
        born = self._until - int(age * 365.25) - below(rng, 365)
        given = given or given_name(rng, culture, woman=woman)
        father = father or given_name(rng, culture, woman=False)
        style = rng.random()
        person = Person(
            index=home.index + len(home.members),
            household=home,
            culture=culture,
            woman=woman,
            born=born,
            given=given,
            middle=middle_name(rng, culture, father, year_of(born), woman=woman),
            family=gendered(family, culture, woman=woman),
            style=OWN if style < 0.6 else PASSPORT if style < 0.85 else LOOSE,
        )
        home.members.append(person)
        return person

    def _couple(self, home: Household, culture: str, family: str, age: float) -> tuple[Person, Person]:
        rng = self._rng
        husband = self._person(home, culture, family, age, woman=False)
        wife = self._person(home, culture, family, max(18.0, age - 7 + below(rng, 9)), woman=True)
        husband.partner, wife.partner = wife, husband
        former = gendered(family_name(rng, culture), culture, woman=True)
        wed = wife.born + int((18.5 + rng.random() * 9) * 365.25)
        wed = min(wed, self._until - 30)
        if rng.random() < figure("marriage.takes_name"):
            if former != wife.family:
                wife.maiden, wife.married_on = former, wed
                self.events.append(Event("married_name", wife.id, husband.id, wed))
        else:
            wife.family = former
        return husband, wife

    def _family(self, home: Household, culture: str, family: str, age: float, *, elders: bool) -> None:
        rng = self._rng
        if rng.random() < figure("family.one_parent"):
            father = given_name(rng, culture, woman=False)
            parents = [self._person(home, culture, family, age, woman=rng.random() < 0.8)]
            dad = None if parents[0].woman else parents[0]
        else:
            dad, mother = self._couple(home, culture, family, age)
            parents, father = [dad, mother], dad.given
        father = dad.given if dad else father
        for child in self._children(home, culture, family, age, father, dad):
            if self._until - child.born < 18 * 365.25:
                child.guardian = parents[below(rng, len(parents))]
                self.events.append(Event("guardian", child.id, child.guardian.id, 0))
        if elders:
            elder = age + 22 + below(rng, 10)
            if rng.random() < 0.4:
                self._couple(home, culture, family, elder)
            else:
                self._person(home, culture, family, elder, woman=rng.random() < 0.75)

    def _children(
        self, home: Household, culture: str, family: str, age: float, father: str, dad: Person | None
    ) -> list[Person]:
        rng = self._rng
        count = 1 + below(rng, 2) + (rng.random() < 0.45) + (rng.random() < 0.15)
        oldest = min(age - 20, 26.0)
        ages = sorted((rng.random() * oldest for _ in range(count)), reverse=True)
        ages = [age for age in ages if age >= 18 or rng.random() < figure("family.known_minor")]
        children: list[Person] = []
        for at, child_age in enumerate(ages):
            woman = rng.random() < 0.5
            given = ""
            if at == 0 and dad and not woman and rng.random() < figure("family.namesake"):
                given = dad.given
            taken = {child.given for child in children}
            while not given or given in taken:
                given = given_name(rng, culture, woman=woman)
            child = self._person(home, culture, family, child_age, woman=woman, father=father, given=given)
            if dad and child.given == dad.given:
                self.events.append(Event("father_and_son", dad.id, child.id, 0))
            children.append(child)
        if len(children) > 1 and rng.random() < figure("family.twins"):
            self._make_twins(*children[-2:])
        return children

    def _make_twins(self, one: Person, other: Person) -> None:
        if any(it.kind == "father_and_son" and it.other == one.id for it in self.events[-2:]):
            return
        other.born = one.born
        if one.culture == "uzbek" and one.woman == other.woman and self._rng.random() < 0.5:
            one.given, other.given = TWINS[one.woman]
        self.events.append(Event("twins", one.id, other.id, one.born))


def _chosen(rng: Random, names: tuple[str, ...], room: str) -> str:
    """One of the names by the figures of its room, which add up to one."""
    left = rng.random()
    for name in names:
        left -= figure(f"{room}.{name}")
        if left < 0:
            return name
    return names[-1]
