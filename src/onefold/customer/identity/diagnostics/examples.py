"""Examples to look at: twenty of each kind, chosen by what they show and never by chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from onefold.customer.identity.diagnostics.model import Example, Examples, Said, Shown
from onefold.customer.identity.linking.columns import Flags, Ints
from onefold.customer.identity.linking.comparing import compare, compared_names
from onefold.customer.identity.linking.copies import lots_of
from onefold.customer.identity.linking.fields import KINDS
from onefold.customer.identity.linking.levels import scale_of
from onefold.customer.identity.normal.dates import DateState, day, order_of
from onefold.customer.identity.normal.national_ids import compact, kinds_that_fit

SHOWN = 20
RECORDS_SHOWN = 4
SURE, DOUBTFUL = 0.99, (0.1, 0.9)
KINDS_OF_EXAMPLES = (
    "sure duplicates", "doubtful pairs joined", "doubtful pairs left apart", "conflicts inside one customer",
    "alike but apart", "exact copies",
)  # fmt: skip


def examples_of(said: Said, today: date) -> tuple[Examples, ...]:
    """Every kind, in the order of `KINDS_OF_EXAMPLES`."""
    linked = said.linked
    left, right, given = linked.candidates.left, linked.candidates.right, linked.pair_probabilities
    together: Flags = linked.labels[left] == linked.labels[right]
    lots = lots_of(said.fields)
    copied: Flags = (lots[left] == lots[right]) & (lots[left] >= 0)
    sure = np.flatnonzero(together & (given >= SURE) & ~copied)
    joined = np.flatnonzero(together & (given < DOUBTFUL[1]))
    apart = np.flatnonzero(~together & (given > DOUBTFUL[0]))
    related = np.flatnonzero(~together & (given <= DOUBTFUL[0]) & _alike(said, left, right))
    pairs = (
        (sure, sure),
        (joined, joined[np.argsort(given[joined], kind="stable")]),
        (apart, apart[np.argsort(-given[apart], kind="stable")]),
        (related, related[np.argsort(-given[related], kind="stable")]),
    )
    chosen = [np.array(_apart_from_each_other(said, order), dtype=np.int64) for _, order in pairs]
    shown = [_pairs(said, it) for it in chosen]
    totals = [len(every) for every, _ in pairs]
    conflicts, all_conflicts = _conflicts(said, today)
    copies, all_copies = _copies(said, lots)
    by_kind = (
        (totals[0], shown[0]), (totals[1], shown[1]), (totals[2], shown[2]), (all_conflicts, conflicts),
        (totals[3], shown[3]), (all_copies, copies),
    )  # fmt: skip
    return tuple(
        Examples(kind, total, tuple(some))
        for kind, (total, some) in zip(KINDS_OF_EXAMPLES, by_kind, strict=True)
    )


def _alike(said: Said, left: Ints, right: Ints) -> Flags:
    """Pairs who share a family name (or that of a firm), and a home, a phone or a day of birth."""
    equal = {
        it.name: (it.column.codes[left] == it.column.codes[right]) & (it.column.codes[left] > 0)
        for it in said.fields
        if it.kind in {"name", "birth_date", "street", "phone", "organisation"}
    }
    nothing = np.zeros(len(left), dtype=np.bool_)
    shared: Flags = np.logical_or.reduce(
        [equal.get(it, nothing) for it in ("street", "phone", "birth_date")] or [nothing]
    )
    name = equal.get("family_name", equal.get("organisation", nothing))
    return np.asarray(name & shared)


def _apart_from_each_other(said: Said, order: Ints) -> list[int]:
    """The first candidates whose customers were not shown yet: twenty faces rather than one crowd."""
    seen: set[int] = set()
    found: list[int] = []
    labels = said.linked.labels
    for at in order.tolist():
        one, two = said.linked.candidates.left[at], said.linked.candidates.right[at]
        who = int(labels[one]), int(labels[two])
        if seen.isdisjoint(who):
            seen.update(who)
            found.append(at)
            if len(found) == SHOWN:
                break
    return found


def _pairs(said: Said, at: Ints) -> list[Example]:
    left, right = said.linked.candidates.left[at], said.linked.candidates.right[at]
    levels = _levels(said, left, right)
    given = said.linked.pair_probabilities[at].tolist()
    return [
        Example((_shown(said, one), _shown(said, two)), level, chance)
        for one, two, level, chance in zip(left.tolist(), right.tolist(), levels, given, strict=True)
    ]


def _levels(said: Said, left: Ints, right: Ints) -> list[tuple[tuple[str, str], ...]]:
    """What was compared of each pair, and how it came out; what one of the two does not say is left out."""
    found = compare(said.fields, left, right)
    names = compared_names(said.fields)
    return [
        tuple(
            (name, scale_of(name, kind).names[int(levels[row]) - 1])
            for (name, kind), levels in zip(names, found, strict=True)
            if levels[row]
        )
        for row in range(len(left))
    ]


def _shown(said: Said, row: int) -> Shown:
    place = int(said.order[row])
    source = int(said.sources[place])
    first = int(np.searchsorted(said.sources, source))
    values = sorted(
        (
            (KINDS.index(kind), column, text.strip())
            for column, kind in said.kinds.items()
            if column in said.texts and (text := said.texts[column][place]).strip()
        ),
        key=lambda it: it[:2],
    )
    return Shown(
        source,
        place - first + 1,
        said.ids[place],
        tuple((KINDS[kind], column, text) for kind, column, text in values),
    )


def _copies(said: Said, lots: Ints) -> tuple[list[Example], int]:
    """Records that say the same in everything that is compared; the total counts records beyond the first."""
    rows = np.flatnonzero(lots >= 0)
    order = rows[np.argsort(lots[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(lots[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    several = np.flatnonzero(sizes > 1)
    total = int((sizes[several] - 1).sum())
    largest = several[np.argsort(-sizes[several], kind="stable")][:SHOWN]
    found = []
    for at in largest.tolist():
        members = order[starts[at] : starts[at] + sizes[at]]
        one = len(np.unique(said.linked.labels[members])) == 1
        note = f"{len(members):,} records, {'one customer' if one else 'not all of them one customer'}"
        found.append(Example(tuple(_shown(said, it) for it in members[:2].tolist()), note=note))
    return found, total


def _conflicts(said: Said, today: date) -> tuple[list[Example], int]:
    """Customers with two whole days of birth, or two valid national ids of one kind."""

    def days(texts: Sequence[str]) -> Callable[[str], str]:
        order = order_of(texts)

        def read(text: str) -> str:
            found = day(text, today, order)
            return found.iso if found.state is DateState.WHOLE else ""

        return read

    found: dict[int, list[tuple[str, list[int]]]] = {}
    for kind, reader, what in (
        ("birth_date", days, "days of birth"),
        ("identifier", _valid_ids, "valid ids"),
    ):
        for label, rows in _told_twice(said, kind, reader):
            found.setdefault(label, []).append((f"{len(rows)} {what}", rows))
    sizes = np.bincount(said.linked.labels)
    shown = []
    for label in sorted(found, key=lambda it: (-len(found[it]), it))[:SHOWN]:
        rows = sorted({row for _, witnesses in found[label] for row in witnesses})[:RECORDS_SHOWN]
        note = f"{', '.join(note for note, _ in found[label])} in {sizes[label]:,} records"
        shown.append(Example(tuple(_shown(said, row) for row in rows), note=note))
    return shown, len(found)


def _valid_ids(_: Sequence[str]) -> Callable[[str], str]:
    """A number that passes exactly one strict check, under the kind that it is."""

    def read(text: str) -> str:
        number = compact(text)
        kinds = [it for it in kinds_that_fit(number) if it.strict]
        return f"{kinds[0].country} {kinds[0].kind}:{number}" if len(kinds) == 1 else ""

    return read


def _told_twice(
    said: Said, kind: str, reader: Callable[[Sequence[str]], Callable[[str], str]]
) -> Iterator[tuple[int, list[int]]]:
    """Customers whose columns of a kind say several different things, with a row that says each of them."""
    labels = said.linked.labels.tolist()
    heard: dict[int, dict[str, dict[str, int]]] = {}
    for column, its_kind in said.kinds.items():
        if its_kind != kind or column not in said.texts:
            continue
        texts = said.texts[column]
        distinct = sorted({it for it in texts if it.strip()})
        read = reader(distinct)
        meant = {it: read(it) for it in distinct}
        for row, place in enumerate(said.order.tolist()):
            if value := meant.get(texts[place], ""):
                sort, _, told = value.rpartition(":")
                heard.setdefault(labels[row], {}).setdefault(sort, {}).setdefault(told, row)
    for label, sorts in heard.items():
        most = max(sorts.values(), key=len)
        if len(most) > 1:
            yield label, list(most.values())
