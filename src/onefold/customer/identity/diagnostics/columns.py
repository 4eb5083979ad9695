"""How well each column of each source is filled: what is missing, is a filler, or cannot be true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from onefold.customer.identity.diagnostics.model import ColumnFacts, Said
from onefold.customer.identity.normal.dates import DateState, day, order_of
from onefold.customer.identity.normal.emails import EmailState, email
from onefold.customer.identity.normal.genders import gender
from onefold.customer.identity.normal.national_ids import compact, kinds_that_fit
from onefold.customer.identity.normal.phones import PhoneState, phone

SHARED_MOST = 10
"""So many records of one source may share a value before it counts as shared."""

FORMATS_SHOWN = 3
_ID_OF_ONE_KIND = 0.6
_WITH_FORMATS = frozenset({"phone", "birth_date", "postcode", "identifier"})
_FILLERS = frozenset(
    """- -- . ? n/a na none null nil nan unknown undefined test tester testing dummy fake xxx xx x asdf qwerty
    tbd todo anonymous noname unnamed""".split()
)
_NOT_PLAIN = re.compile(r"[^\w/?.-]+")
_PHONES = {
    PhoneState.PLACEHOLDER: "placeholder", PhoneState.SHORT: "invalid", PhoneState.IMPOSSIBLE: "invalid",
    PhoneState.EMPTY: "invalid", PhoneState.NO_REGION: "unchecked",
}  # fmt: skip
_EMAILS = {
    EmailState.PLACEHOLDER: "placeholder",
    EmailState.MALFORMED: "invalid",
    EmailState.EMPTY: "invalid",
}
_DATES = {
    DateState.PLACEHOLDER: "placeholder",
    DateState.IMPOSSIBLE: "invalid",
    DateState.EMPTY: "invalid",
}


class Health(StrEnum):
    """What a value is good for."""

    GOOD = "good"
    PLACEHOLDER = "placeholder"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


Judge = Callable[[str], Health]


def columns_of(said: Said, today: date, watch: Callable[[int, int], None]) -> tuple[ColumnFacts, ...]:
    """Every recognised column of every source that has it; `watch` hears of columns done, of how many."""
    region = _region(said)
    found: list[ColumnFacts] = []
    for done, (column, kind) in enumerate(said.kinds.items(), start=1):
        if column in said.texts:
            judge = judge_of(
                kind, Counter(it.strip() for it in said.texts[column] if it.strip()), today, region
            )
            for source, values in _by_source(said, column).items():
                found.append(_facts(source, column, kind, values, judge))
        watch(done, len(said.kinds))
    return tuple(sorted(found, key=lambda it: (it.source, list(said.kinds).index(it.column))))


def judge_of(kind: str, values: Mapping[str, int], today: date, region: str = "") -> Judge:
    """What tells good values of a kind from others; `values` are the column's, with how often they stand."""
    if kind == "phone":
        return lambda text: Health(_PHONES.get(phone(text, region).state, "good"))
    if kind == "email":
        return lambda text: Health(_EMAILS.get(email(text).state, "good"))
    if kind == "birth_date":
        order = order_of(values)
        return lambda text: Health(_DATES.get(day(text, today, order).state, "good"))
    if kind == "identifier":
        return _of_ids(values)
    if kind == "gender":
        return lambda text: Health.GOOD if gender(text) else _word(text, Health.UNCHECKED)
    return lambda text: _word(text, Health.GOOD)


def shape_of(text: str) -> str:
    """A text with 9 for each digit and a for a row of letters: what it looks like and not what it says."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text))[:40]


def _word(text: str, else_: Health) -> Health:
    """A word that is typed to fill a field, or one sign over and over."""
    plain = _NOT_PLAIN.sub("", text.casefold())
    fills = plain in _FILLERS or not plain or (len(plain) > 2 and len(set(plain)) == 1)
    return Health.PLACEHOLDER if fills else else_


def _of_ids(values: Mapping[str, int]) -> Judge:
    """Numbers are held to the check that most of their column passes; without one, nobody can tell."""
    fits: Counter[tuple[str, str]] = Counter()
    for text, count in values.items():
        for it in kinds_that_fit(compact(text)):
            if it.strict:
                fits[it.country, it.kind] += count
    total = sum(values.values())
    best = max(fits, key=lambda it: (fits[it], it)) if fits else None
    strict = best if best and fits[best] >= _ID_OF_ONE_KIND * total else None

    def judge(text: str) -> Health:
        number = compact(text)
        if not number:
            return Health.PLACEHOLDER
        kinds = {(it.country, it.kind) for it in kinds_that_fit(number)}
        if strict is None:
            return Health.GOOD if kinds else Health.UNCHECKED
        return Health.GOOD if strict in kinds else Health.INVALID

    return judge


def _region(said: Said) -> str:
    """Whose numbers have no country code: the region of most numbers that carry one; "" where none does."""
    regions: Counter[str] = Counter()
    for column, kind in said.kinds.items():
        if kind == "phone":
            numbers = {it.strip() for it in said.texts.get(column, ()) if it.strip()}
            regions.update(found for it in numbers if (found := phone(it).region))
    return max(regions, key=lambda it: (regions[it], it)) if regions else ""


def _by_source(said: Said, column: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {it: [] for it in said.holders.get(column, ())}
    for source, text in zip(said.sources.tolist(), said.texts[column], strict=True):
        if source in found:
            found[source].append(text.strip())
    return found


def _facts(source: int, column: str, kind: str, values: Sequence[str], judge: Judge) -> ColumnFacts:
    counts = Counter(it for it in values if it)
    health: Counter[Health] = Counter()
    shapes: Counter[str] = Counter()
    for text, count in counts.items():
        health[judge(text)] += count
        if kind in _WITH_FORMATS:
            shapes[shape_of(text)] += count
    return ColumnFacts(
        source,
        column,
        kind,
        records=len(values),
        filled=counts.total(),
        distinct=len(counts),
        placeholders=health[Health.PLACEHOLDER],
        invalid=health[Health.INVALID],
        unchecked=health[Health.UNCHECKED],
        shared=sum(it for it in counts.values() if it > SHARED_MOST),
        formats=tuple(_commonest(shapes.items())),
    )


def _commonest(shapes: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    yield from sorted(shapes, key=lambda it: (-it[1], it[0]))[:FORMATS_SHOWN]
