"""Core banking's register of who stands to whom: households, guardians, marriages, firms and their people.

A row is what a customer brought papers for, or a branch wrote down; of most people nothing is in it. What is
drawn here comes from a randomness of each household's and firm's own, so it moves nothing in any other file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from onefold.kernel.time import date_from_day
from onefold.testing.world import truth
from onefold.testing.world.draws import below, own
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Company, Household, Person, Record, Setting
from onefold.testing.world.names.spelling import OWN, spell
from onefold.testing.world.sheets import Pages, Sheet, Spoil

HOUSEHOLDS = Sheet("core-banking/HOUSEHOLDS.csv", ("HH_NO", "NAME", "OPENED"), ";", "cp1251", key="HH_NO")
RELATIONS = Sheet(
    "core-banking/RELATIONS.csv",
    tuple("REL_NO CUST_NO KIND OTHER_NO HH_NO TITLE SHARE SINCE UNTIL".split()),
    ";",
    "cp1251",
    key="REL_NO",
    spoils=(
        Spoil("unknown_code", "KIND", "FRD"),
        Spoil("missing_key", "REL_NO", None),
        Spoil("bad_date", "SINCE", "31.02.2020"),
    ),
)
SHEETS = (HOUSEHOLDS, RELATIONS)
CODES = {
    "household": "HH", "guardian": "GUA", "spouse": "SPO", "director": "DIR", "authorised_person": "AUT",
    "beneficial_owner": "UBO", "employee": "EMP", "parent_firm": "GRP",
}  # fmt: skip
"""Relation → how the register writes it."""

_WED_AT = 9_000
"""The age, in days, of the younger of two of whom nothing else says when they married."""
_STAFF = 3
"""Employees of one firm at most, in the register."""

Kept = Mapping[Person | Company, Record]
"""Whoever is a customer → the first record of theirs."""


class _Stated(NamedTuple):
    """One row of the register."""

    kind: str
    who: Record
    other: Record | None = None
    household: str = ""
    title: str = ""
    share: int = 0
    since: int = 0
    until: int = 0


def export(setting: Setting, block: Block, pages: Pages) -> None:
    """Writes the register of a block, and its truth."""
    kept = {record.who: record for record in reversed(block.records["core-banking"])}
    rows: list[_Stated] = []
    for home in block.households:
        rng = own(setting.seed, home.id, "relations")
        rows += _household(rng, setting, home, kept, pages)
        rows += _families(rng, setting, home, kept)
    firms = [it for it in block.companies if it in kept]
    staff = [it for it in block.people if it.adult and it.employed and it in kept]
    for at, firm in enumerate(firms):
        rng = own(setting.seed, firm.id, "relations")
        rows += _firm(rng, setting, firm, kept, staff)
        if at and rng.random() < figure("relation.parent_firm"):
            above = kept[firms[below(rng, at)]]
            share = 5_100 + 100 * below(rng, 50)
            rows.append(
                _Stated("parent_firm", kept[firm], above, share=share, since=_since(kept[firm], above))
            )
    serials: dict[str, int] = {}
    for row in rows:
        serial = serials[row.who.key] = serials.get(row.who.key, 0) + 1
        pages.of(RELATIONS).append(_line(f"R{row.who.key}{serial:02d}", row))
        pages.of(truth.RELATIONS).append(_true(f"R{row.who.key}{serial:02d}", row))


def _household(rng: Random, setting: Setting, home: Household, kept: Kept, pages: Pages) -> list[_Stated]:
    members = [kept[it] for it in home.members if it in kept]
    if len(members) < 2 or rng.random() >= figure("relation.household"):
        return []
    since = max(it.made_on for it in members)
    number = f"HH{home.index:08d}"
    name = spell(home.members[0].family, home.members[0].culture, OWN)
    pages.of(HOUSEHOLDS).append(f"{number};{name};{_day(since)}")
    rows = [_Stated("household", it, household=number, since=max(it.made_on, since)) for it in members]
    leaver = rows[-1]
    grown = isinstance(leaver.who.who, Person) and leaver.who.who.adult
    if grown and len(rows) > 2 and rng.random() < figure("relation.moved_out"):
        rows[-1] = leaver._replace(until=since + below(rng, max(1, setting.until - since)))
    return rows


def _families(rng: Random, setting: Setting, home: Household, kept: Kept) -> list[_Stated]:
    rows = []
    for it in home.members:
        if it not in kept:
            continue
        if it.guardian in kept and rng.random() < figure("relation.guardian"):
            assert it.guardian is not None
            title = "mother" if it.guardian.woman else "father"
            rows.append(_Stated("guardian", kept[it], kept[it.guardian], title=title, since=kept[it].made_on))
        if it.partner in kept and not it.woman and rng.random() < figure("relation.spouse"):
            assert it.partner is not None
            grown = max(it.born, it.partner.born) + _WED_AT
            since = it.partner.married_on or min(grown, setting.until - 30)
            rows.append(_Stated("spouse", kept[it], kept[it.partner], since=since))
    return rows


def _firm(rng: Random, setting: Setting, firm: Company, kept: Kept, staff: Sequence[Person]) -> list[_Stated]:
    """Who owns a firm, who directs it and did, who may sign for it, who works there."""
    record, rows = kept[firm], []
    owner, partner = firm.owner, firm.owner.partner
    shares = 5_000 if partner in kept and rng.random() < figure("relation.partner_owns") else 10_000
    if owner in kept:
        since = _since(record, kept[owner])
        rows.append(_Stated("beneficial_owner", record, kept[owner], share=shares, since=since))
        rows.append(_Stated("director", record, kept[owner], title="director", since=since))
    if partner is not None and shares == 5_000:
        since = _since(record, kept[partner])
        rows.append(_Stated("beneficial_owner", record, kept[partner], share=shares, since=since))
    others = [it for it in staff if it not in (owner, partner)]
    if others and rng.random() < figure("relation.former_director"):
        until = firm.since + below(rng, setting.until - firm.since)
        former = kept[others[below(rng, len(others))]]
        rows.append(_Stated("director", record, former, title="director", since=firm.since, until=until))
    if others and rng.random() < figure("relation.authorised"):
        other = kept[others[below(rng, len(others))]]
        since = _since(record, other)
        rows.append(_Stated("authorised_person", record, other, title="chief accountant", since=since))
    hired = _chosen(rng, others, below(rng, _STAFF + 1))
    return rows + [_Stated("employee", record, kept[it], since=_since(record, kept[it])) for it in hired]


def _chosen(rng: Random, people: Sequence[Person], count: int) -> list[Person]:
    found: dict[Person, None] = {}
    for _ in range(count if people else 0):
        found[people[below(rng, len(people))]] = None
    return list(found)


def _since(one: Record, other: Record) -> int:
    """Nobody stands to anybody in the register before both are customers."""
    return max(one.made_on, other.made_on)


def _day(day: int) -> str:
    return f"{date_from_day(day):%d.%m.%Y}" if day else ""


def _line(number: str, row: _Stated) -> str:
    share = f"{row.share // 100},{row.share % 100:02d}" if row.share else ""
    other = row.other.key if row.other else ""
    days = _day(row.since), _day(row.until)
    return ";".join((number, row.who.key, CODES[row.kind], other, row.household, row.title, share, *days))


def _true(number: str, row: _Stated) -> tuple[object, ...]:
    other = row.other.who.id if row.other else None
    household = row.household.replace("HH", "h") or None
    days = row.since or None, row.until or None
    return "core-banking", number, row.kind, row.who.who.id, other, household, *days
