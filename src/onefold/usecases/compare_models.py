"""Compare two models of identity on a house: who would merge and who would split. Nothing changes.

A segment cannot be counted under customers that there are not: its sums are those of the state. So what is
told of a segment is how many of its members hold a record whose customer would be another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from onefold.customer.identity.deciding import partition
from onefold.insight.segments.service import members
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_day
from onefold.usecases.model_shelf import ModelNote, Told
from onefold.usecases.models import ModelHouse, Population, judgements_in, population_in, provider_of

SIZES = (1, 2, 3, 4, 5)
"""Customers of so many records are counted; the last stands for itself and all above."""


class Sized(msgspec.Struct, frozen=True):
    """A customer by its id, and how many records it has."""

    customer: str
    records: int


class Change(msgspec.Struct, frozen=True):
    """Customers that would become one, or one that would become several."""

    before: tuple[Sized, ...]
    after: tuple[Sized, ...]


class Side(msgspec.Struct, frozen=True):
    """Customers as one of the two finds them. `sizes` counts them by records, `largest` has most."""

    name: str
    customers: int
    sizes: tuple[int, ...]
    largest: int


class SegmentTouched(msgspec.Struct, frozen=True):
    """A segment as it is counted now, for a day, and how many of its members would merge or split."""

    segment: str
    as_of: str
    members: int
    merging: int
    splitting: int


class Compared(msgspec.Struct, frozen=True):
    """What would be otherwise. `moved` records would be of another customer's id.

    `merges` counts customers that would be made of several, `splits` those that would be parted; the first
    of each by id are `merging` and `splitting`.
    """

    records: int
    old: Side
    new: Side
    moved: int
    merges: int
    splits: int
    merging: tuple[Change, ...]
    splitting: tuple[Change, ...]
    segments: tuple[SegmentTouched, ...]


def compare_models(
    house: ModelHouse, old: str, new: str, by: str, told: Told, examples: int = 10
) -> Compared:
    """Two versions, or `rules`, over the records that stand now; `NotFound` where one is not there."""
    for it in (old, new):
        provider_of(house.shelf, it)  # A version that is not there is told before hours of work.
    with house.reader.snapshot() as reader:
        population = population_in(reader, told)
        standing = judgements_in(reader)

        def found(version: str) -> Mapping[bytes, bytes]:
            if version == house.standing.version:
                return population.members
            told(f"who is who by {version}", 0, None)
            made = partition(population.portraits, standing, provider_of(house.shelf, version))
            told(f"who is who by {version}", 1, 1)
            return made

        before, after = found(old), found(new)
        merging, splitting = _joined(before, after), _joined(after, before)
        segments = _touched(house, population, before, after, merging, splitting, told)
    house.shelf.note(ModelNote("compare", new, by, house.now_ms(), against=old))
    return Compared(
        len(population.portraits),
        _side(old, before),
        _side(new, after),
        sum(before[it] != after[it] for it in before),
        len(merging),
        len(splitting),
        tuple(_change(merging[it], [it], before, after) for it in sorted(merging)[:examples]),
        tuple(_change([it], splitting[it], before, after) for it in sorted(splitting)[:examples]),
        segments,
    )


def _joined(one: Mapping[bytes, bytes], other: Mapping[bytes, bytes]) -> dict[bytes, list[bytes]]:
    """Customers of `other` that hold records of several of `one`: which, in order of id."""
    parts: dict[bytes, set[bytes]] = defaultdict(set)
    for record, customer in other.items():
        parts[customer].add(one[record])
    return {customer: sorted(of) for customer, of in parts.items() if len(of) > 1}


def _side(name: str, customers: Mapping[bytes, bytes]) -> Side:
    sizes = Counter(customers.values())
    by_size = Counter(min(it, SIZES[-1]) for it in sizes.values())
    return Side(name, len(sizes), tuple(by_size[it] for it in SIZES), max(sizes.values(), default=0))


def _change(
    ones: list[bytes], others: list[bytes], before: Mapping[bytes, bytes], after: Mapping[bytes, bytes]
) -> Change:
    meant = {*ones}, {*others}
    counts = (
        Counter(it for it in customers.values() if it in wanted)
        for customers, wanted in zip((before, after), meant, strict=True)
    )
    told = [tuple(Sized(id_text(it), count[it]) for it in sorted(count)) for count in counts]
    return Change(*told)


def _touched(
    house: ModelHouse,
    population: Population,
    before: Mapping[bytes, bytes],
    after: Mapping[bytes, bytes],
    merging: Mapping[bytes, object],
    splitting: Mapping[bytes, object],
    told: Told,
) -> tuple[SegmentTouched, ...]:
    """Every segment, counted as customers are now."""
    merge = {of for it, of in population.members.items() if after[it] in merging}
    split = {of for it, of in population.members.items() if before[it] in splitting}
    lines = []
    for done, (name, segment) in enumerate(sorted(house.segments.items()), start=1):
        day = house.newest_day(segment)
        inside = set(members(segment, house.bulk, day))
        lines.append(
            SegmentTouched(name, iso_day(day), len(inside), len(inside & merge), len(inside & split))
        )
        told("segments", done, len(house.segments))
    return tuple(lines)
