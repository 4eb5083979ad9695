"""A model of Splink as a house can adopt it: what moves with the tables it is run on is pinned.

Theory
------
Splink decides a table: its term frequencies are those of the table, its columns those of an extract, and its
blocking rules say which pairs are looked at. What decides records one at a time has to say the same of two
records whoever else there is (ADR 0039). So three things are added to the file, once, when it is imported:

- *Columns*: of each, the canonical fields whose values it has, joined by a space where it is made of several.
- *Terms*: how often each value occurs among the records of the house that day, by digest. As in a model of
  our own (linking/model.py) only those are listed that many customers share, and of names and places alone;
  any other value counts as often as those that are left out do on average.
- *Keys*: of each rule, what its equalities compare. Two records meet where the left values of one are the
  right values of the other; whatever else the rule asks for is not asked, so more pairs are looked at than
  Splink would look at, and each weighs what Splink says. A key that more than `hub_limit` records have
  brings nobody together, where Splink would compare them all.

The weights are Splink's own, of the comparisons as they stand in the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from onefold.customer.identity.linking.model import COUNT_MOST, HUBS_MOST, LISTED_LEAST, digest_of
from onefold.customer.identity.model import LIKENESS, Portrait
from onefold.customer.identity.rules import FIRST_DAY, LAST_DAY
from onefold.customer.identity.splink.model import SplinkModel, model_from_splink
from onefold.customer.identity.splink.sql import columns_of
from onefold.kernel.errors import CallerError
from onefold.kernel.time import date_from_day, iso_day

FORMAT = "onefold-splink-model/1"
HUB_LIMIT = 100
"""As many as the linker takes for a hub."""
BIRTH_DATE = "birth_date"
FIELDS = (*LIKENESS, BIRTH_DATE)
"""What a column can be made of."""
_TOLD_APART = {"email", "phone", "national_id", "tax_id", "customer_number", "address", BIRTH_DATE}
"""Fields of which no value is listed, since it would tell of somebody."""
_KINDS = {"organisation": "organisation_name", "street": "address"}
_PLACES = {name: at for at, name in enumerate(LIKENESS)}


class Terms(msgspec.Struct, frozen=True):
    """In how many of the `said` records a value stands, by digest; `unlisted` is that of any other."""

    said: int
    unlisted: float
    frequencies: dict[str, int]

    def share_of(self, value: str) -> float:
        """The share of records that say a value."""
        return self.frequencies.get(digest_of(value), self.unlisted) / self.said


class PinnedSplink(msgspec.Struct, frozen=True):
    """A file of Splink (`splink`) with what was pinned when it was imported; `dates` are given as days."""

    format: str
    version: str
    data_digest: str
    imported_on: str
    author: str
    records: int
    duckdb: int
    hub_limit: int
    columns: dict[str, str]
    dates: tuple[str, ...]
    terms: dict[str, Terms]
    splink: dict[str, Any]

    def to_json(self) -> bytes:
        """Indented JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)

    def model(self) -> SplinkModel:
        """The model in it."""
        return model_from_splink(msgspec.json.encode(self.splink), self.duckdb)


def is_pinned(data: bytes) -> bool:
    """Whether a file of a shelf is one of these."""
    try:
        return msgspec.json.decode(data, type=_Format).format == FORMAT
    except msgspec.MsgspecError:
        return False


class _Format(msgspec.Struct):
    format: str = ""


def pinned_from_json(data: bytes) -> PinnedSplink:
    """Reads one; `CallerError` where it is none that this release can weigh pairs by."""
    try:
        pinned = msgspec.json.decode(data, type=PinnedSplink)
    except msgspec.MsgspecError as error:
        raise CallerError("This is no model of Splink that was imported.", detail=str(error)) from error
    model = pinned.model()
    numbers = [it for terms in pinned.terms.values() for it in (terms.said, terms.unlisted)]
    counts = [it for terms in pinned.terms.values() for it in terms.frequencies.values()]
    if (
        pinned.format != FORMAT
        or not 2 <= pinned.hub_limit <= HUBS_MOST
        or not set(columns_in(model)) <= pinned.columns.keys()
        or any(not set(it.split("+")) <= set(FIELDS) for it in pinned.columns.values())
        or not set(model.terms) <= pinned.terms.keys()
        or any(not 0 < it <= COUNT_MOST for it in (*numbers, *counts))
    ):
        raise CallerError(
            "This is no model that this release can use.", hint="Import it again: onefold model import."
        )
    return pinned


def columns_in(model: SplinkModel) -> dict[str, str]:
    """Every column that decides something, and what looks at it, in words."""
    found: dict[str, str] = {}
    for comparison in model.comparisons:
        for name in (*comparison.left, *comparison.right):
            found.setdefault(name, f"comparison {comparison.name!r}")
    for rule in model.rules:
        for name in (column.name for pair in rule.equal for tree in pair for column in columns_of(tree)):
            found.setdefault(name, f"blocking rule {rule.text!r}")
    for name in model.terms:
        found.setdefault(name, "a term frequency")
    return found


def fields_of_columns(
    model: SplinkModel, recognised: Mapping[str, str], stated: Mapping[str, str]
) -> dict[str, str]:
    """The fields of each column: as stated, or else as its name says.

    `CallerError` names what looks at a column that is none of the fields that identity keeps.
    """
    wanted = columns_in(model)
    unknown = sorted(stated.keys() - wanted.keys())
    if unknown:
        raise CallerError(
            f"The model does not look at a column {unknown[0]}.", detail=f"It looks at: {', '.join(wanted)}."
        )
    found: dict[str, str] = {}
    for name, looks in wanted.items():
        said = stated.get(name) or (name if name in FIELDS else "")
        kind = recognised.get(name, "")
        said = said or _KINDS.get(kind, kind if kind in FIELDS else "")
        if not said or not set(said.split("+")) <= set(FIELDS):
            raise CallerError(
                f"{looks[0].upper()}{looks[1:]} looks at {name}, which is no field that identity keeps.",
                hint=f"Say what it is made of: --map {name}=FIELD, or FIELD+FIELD, of {', '.join(FIELDS)}. "
                "What is none of these has to be left out: train without it.",
            )
        found[name] = said
    return found


def pinned_model(
    data: bytes,
    duckdb: int | None,
    columns: Mapping[str, str],
    dates: Iterable[str],
    portraits: Sequence[Portrait],
    customers: Mapping[bytes, bytes],
    imported_on: str,
    author: str,
) -> PinnedSplink:
    """The model with the frequencies that values have among these records, of these customers."""
    model = model_from_splink(data, duckdb)
    if model.link_type == "link_only":
        raise CallerError(
            "This model was trained with link_type link_only: it says nothing of two records of one source.",
            hint="Train it with link_and_dedupe or dedupe_only.",
        )
    terms = {name: _terms(columns[name], portraits, customers) for name in model.terms}
    splink = msgspec.json.decode(data)
    what = msgspec.json.encode([splink, sorted(columns.items()), sorted(dates), sorted(terms.items())])
    records = sha256(b"".join(sorted(it.fragment_id for it in portraits))).hexdigest()
    return PinnedSplink(
        FORMAT,
        f"splink-{sha256(what).hexdigest()[:12]}",
        records,
        imported_on,
        author,
        len(portraits),
        model.duckdb,
        HUB_LIMIT,
        dict(columns),
        tuple(sorted(dates)),
        terms,
        splink,
    )


def value_of(portrait: Portrait, fields: str, *, as_date: bool) -> Any:
    """What a record says in a column: a text, a day where that is asked for, None where it says nothing."""
    parts = fields.split("+")
    day = portrait.birth_date
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        day = None
    if as_date and parts == [BIRTH_DATE]:
        return None if day is None else date_from_day(day)
    said = portrait.said or [""] * len(LIKENESS)
    texts = [
        (iso_day(day) if day is not None else "") if it == BIRTH_DATE else said[_PLACES[it]] for it in parts
    ]
    return " ".join(it for it in texts if it) or None


def _terms(fields: str, portraits: Sequence[Portrait], customers: Mapping[bytes, bytes]) -> Terms:
    counts: Counter[str] = Counter()
    of: defaultdict[str, set[bytes]] = defaultdict(set)
    for it in portraits:
        value = value_of(it, fields, as_date=False)
        if value is not None:
            counts[value] += 1
            of[value].add(customers[it.fragment_id])
    hidden = bool(set(fields.split("+")) & _TOLD_APART)
    listed = {} if hidden else {it: counts[it] for it, some in of.items() if len(some) >= LISTED_LEAST}
    others = len(counts) - len(listed)
    rest = counts.total() - sum(listed.values())
    unlisted = rest / others if others else 1.0
    return Terms(max(counts.total(), 1), unlisted, {digest_of(it): count for it, count in listed.items()})
