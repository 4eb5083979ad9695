"""Until when a request is to be answered, as the laws of the settings say. Pure.

A period in months ends on the day of the same number, or on the last of a month that has no such day
(Regulation 1182/71, article 3(2)(c)). Days are UTC. That a period ends later where its last day is a holiday
is not counted on: who answers by the earlier day answers in time.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping

import msgspec

from onefold.kernel.errors import CallerError
from onefold.kernel.time import date_from_day, day_from_date, day_of
from onefold.record.requests.model import Kind


class Term(msgspec.Struct, frozen=True):
    """So long; either is 0."""

    months: int = 0
    days: int = 0

    def after(self, day: int) -> int:
        """The last day of the term that begins with the event of a day."""
        start = date_from_day(day)
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return day_from_date(start.replace(year=year, month=month, day=min(start.day, last))) + self.days


class Law(msgspec.Struct, frozen=True):
    """One law: how long an answer may take, by kind where that differs, and how much longer, once."""

    name: str
    title: str
    jurisdictions: frozenset[str]
    answer: Term
    extension: Term
    kinds: Mapping[Kind, Term] = {}

    def due_on(self, kind: Kind, received_at: int) -> int:
        """The last day to answer what was received at an instant."""
        return self.kinds.get(kind, self.answer).after(day_of(received_at))

    def extended(self, kind: Kind, received_at: int) -> int:
        """The last day with more time; `CallerError` where the law gives none."""
        if self.extension == Term():
            raise CallerError("The law that applies gives no more time.", detail=self.title)
        own = self.kinds.get(kind, self.answer)
        both = Term(own.months + self.extension.months, own.days + self.extension.days)
        return both.after(day_of(received_at))


class Laws(msgspec.Struct, frozen=True):
    """The laws by name. `otherwise` is the law of a jurisdiction that none of them names.

    `keep`: kind of record → for how many days it is kept, as people are told who ask what is held of them.
    `packages_days`: for how long a package lies with us that answered somebody.
    """

    laws: Mapping[str, Law]
    otherwise: str
    keep: Mapping[str, int] = {}
    packages_days: int = 30

    def of(self, name: str, jurisdiction: str) -> Law:
        """The law of that name or, where none is named, that of a jurisdiction; `CallerError`."""
        if name:
            found = self.laws.get(name)
            if found is None:
                raise CallerError("There is no such law.", hint=f"Known: {', '.join(self.laws)}.")
            return found
        return next(
            (it for it in self.laws.values() if jurisdiction in it.jurisdictions), self.laws[self.otherwise]
        )
