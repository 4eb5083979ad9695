"""Compare two models of identity on a house: who would merge, who would split, and what segments would hold.

Nothing changes. Sums of a segment are kept by account and by record, not by customer, so a segment is counted
over customers that there are not by its own statement, with other customers laid over the state. Who is a
member then is who will be once the model is adopted, if nothing else is said meanwhile.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from onefold.customer.identity.deciding import partition
from onefold.gate.model import Permit
from onefold.insight.segments.model import Segment
from onefold.insight.segments.service import members
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_day
from onefold.usecases.model_shelf import Told
from onefold.usecases.models import ModelHouse, judgements_in, noted, population_in, provider_of

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
    """A segment as the two count it for a day: its members by the old one, and `then`, by the new one.

    `entering` are members then who hold no record of a member of before, `leaving` members of before none of
    whose records is in a member then. The rest of the difference are members who become one, or several:
    `merging` and `splitting` of those of before.
    """

    segment: str
    as_of: str
    members: int
    then: int
    entering: int
    leaving: int
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
    permit: Permit, house: ModelHouse, old: str, new: str, told: Told, examples: int = 10
) -> Compared:
    """Two versions, or `rules`, over the records that stand now; `NotFound` where one is not there."""
    permit.needs("compare_models")
    for it in (old, new):
        provider_of(house.shelf, it)  # A version that is not there is told before hours of work.
    with house.reader.snapshot() as reader:
        population = population_in(reader, told)
        standing = judgements_in(reader)

        def found(version: str) -> Mapping[bytes, bytes]:
            if version == house.standing.version:
                return population.members
            weighed, task = 0, f"pairs weighed by {version}"

            def heard(pairs: int) -> None:
                nonlocal weighed
                weighed = pairs
                told(task, pairs, None)

            heard(0)
            made = partition(population.portraits, standing, provider_of(house.shelf, version), heard)
            told(task, weighed, weighed)
            return made

        before, after = found(old), found(new)
        merging, splitting = _joined(before, after), _joined(after, before)
        segments = _touched(house, before, after, merging, splitting, told)
    noted(house, permit, "compare", new, against=old)
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
    before: Mapping[bytes, bytes],
    after: Mapping[bytes, bytes],
    merging: Mapping[bytes, object],
    splitting: Mapping[bytes, object],
    told: Told,
) -> tuple[SegmentTouched, ...]:
    """Every segment, counted over customers of before and of after."""
    segments = sorted(house.segments.items())
    days = {name: house.newest_day(it) for name, it in segments}
    now = _counted(house, segments, days, before, told, 0)
    then = _counted(house, segments, days, after, told, len(segments))
    merge = {of for it, of in before.items() if after[it] in merging}
    lines = []
    for name, _ in segments:
        inside, later = now[name], then[name]
        held = {after[it] for it, of in before.items() if of in inside}
        kept = {before[it] for it, of in after.items() if of in later}
        lines.append(
            SegmentTouched(
                name,
                iso_day(days[name]),
                len(inside),
                len(later),
                len(later - held),
                len(inside - kept),
                len(inside & merge),
                len(inside & splitting.keys()),
            )
        )
    return tuple(lines)


def _counted(
    house: ModelHouse,
    segments: Sequence[tuple[str, Segment]],
    days: Mapping[str, int],
    customers: Mapping[bytes, bytes],
    told: Told,
    done: int,
) -> dict[str, set[bytes]]:
    """Who is in each segment, if customers are these."""
    found: dict[str, set[bytes]] = {}
    with house.bulk.supposing(customers) as reader:
        for name, segment in segments:
            told("segments", done + len(found), 2 * len(segments))
            found[name] = set(members(segment, reader, days[name]))
        told("segments", done + len(found), 2 * len(segments))
    return found
