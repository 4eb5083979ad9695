"""Which sensitive groups a customer belongs to. Pure; the day is an argument.

Theory. Some signs of a group are a function of what was said and of nothing else: the days of birth, and the
groups that a record or a suppression names. These can be kept in the state (law L2). What an age makes of a
day of birth depends on now, so it is worked out when somebody asks, as two days: who is born after the one is
a minor, who is born until the other a senior. A million customers are then two comparisons each.

Every record of a customer counts, whatever it may serve: one that says so is enough. So merging never takes
a protection away, and the youngest day of birth makes a minor though another record knows a grown person.
A day of birth that nobody knows makes nobody a minor.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec

from onefold.customer.consent.model import Suppression
from onefold.customer.fragments.model import Values
from onefold.kernel.time import date_from_day, day_from_date, day_of
from onefold.record.canon.groups import SAID, Group, Groups

NO_YOUNGEST, NO_ELDEST = -(1 << 62), 1 << 62
"""The youngest and the eldest day of birth of a customer of whom none is known."""


class Ages(msgspec.Struct, frozen=True):
    """In whole years: who is younger than `adult` is a minor, who has reached `senior` is a senior."""

    adult: int = 18
    senior: int = 65


USUAL = Ages()
"""The ages where a house says nothing else."""


class Births(NamedTuple):
    """Days since the epoch: who is born after the one is a minor, who is born until the other a senior."""

    minor_after: int
    senior_until: int


class Signs(NamedTuple):
    """All that tells the groups of a customer, at every instant: days since the epoch, and what was said."""

    youngest: int
    eldest: int
    said: Groups


@lru_cache(maxsize=64)
def _births(ages: Ages, today: int) -> Births:
    return Births(_years_before(today, ages.adult), _years_before(today, ages.senior))


def births_at(ages: Ages, now: int) -> Births:
    """What the ages mean on the day of an instant (UTC)."""
    return _births(ages, day_of(now))


def signs_of(records: Iterable[Values | None], suppressions: Iterable[Suppression]) -> Signs:
    """The signs of a customer by the values of its records, and by what suppressions in force say.

    Records that are deleted (None) say nothing.
    """
    youngest, eldest = NO_YOUNGEST, NO_ELDEST
    said: set[Group] = set()
    for values in records:
        if not values:
            continue
        born = values.get("birth_date")
        if born is not None:
            youngest, eldest = max(youngest, born), min(eldest, born)
        said.update(it for it in SAID if values.get(it.value) is True)
    if any(it.reason == Group.VULNERABLE for it in suppressions):
        said.add(Group.VULNERABLE)
    return Signs(youngest, eldest, frozenset(said))


def groups_of(signs: Signs, births: Births) -> Groups:
    """The groups that the signs make on a day."""
    if signs.youngest <= births.minor_after and signs.eldest > births.senior_until:
        return signs.said
    minor = {Group.MINOR} if signs.youngest > births.minor_after else set()
    senior = {Group.SENIOR} if signs.eldest <= births.senior_until else set()
    return signs.said | minor | senior


def _years_before(today: int, years: int) -> int:
    """The last day on which who has so many years today was born; whoever is born on 29 February waits."""
    day = date_from_day(today)
    try:
        return day_from_date(day.replace(year=day.year - years))
    except ValueError:
        return day_from_date(date(day.year - years, day.month, 28))
