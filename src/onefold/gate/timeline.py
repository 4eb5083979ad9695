"""What happened with one customer, newest first.

Contacts, cases, alerts, consents, suppressions, products opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import islice

from onefold.gate.conversations import heard, may_search, moment_of, withheld_from
from onefold.gate.model import Moment, Timeline
from onefold.gate.owning import Owned
from onefold.gate.paging import Place, cursor_of, place_of
from onefold.gate.products import Holding
from onefold.gate.scope import Scope, Standing
from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY, day_of, iso_day, iso_instant

KINDS = ("interaction", "case", "risk", "consent", "suppression", "product")
_OF_PARTY = {
    "interaction": "interaction.party",
    "case": "case.party",
    "risk": "risk.party",
    "consent": "consent.party",
    "suppression": "suppression.party",
}
_OF_ACCOUNT = {"case": "case.account", "risk": "risk.account"}

Line = tuple[int, bytes, str]
"""(at, fragment id, kind)."""


def timeline_page(
    scope: Scope,
    owned: Owned,
    *,
    kind: str,
    cursor: str,
    limit: int,
    words: Sequence[str] = (),
) -> Timeline:
    """One page of one kind of moment, or of all; with `words`, of conversations that have them."""
    if kind and kind not in KINDS:
        raise CallerError("There is no such kind of moment.", hint=f"The kinds are {', '.join(KINDS)}.")
    before = place_of(cursor)
    if words:
        return _searched(scope, owned, kind, before, limit, words)
    lines = _lines(scope, owned, kind, before, limit + 1)
    page = lines[:limit]
    standing = scope.standing(from_id for _, from_id, _ in page)
    items = [
        _moment(scope, owned, standing[from_id], at, found)
        for at, from_id, found in page
        if from_id in standing
    ]
    more = len(lines) > limit
    return Timeline(tuple(items), cursor_of(page[-1][:2]) if more else None)


def _searched(
    scope: Scope, owned: Owned, kind: str, before: Place | None, limit: int, words: Sequence[str]
) -> Timeline:
    """One page of conversations by their words."""
    if not may_search(scope):
        return Timeline((), None, (withheld_from(scope),))
    rows, after = heard(scope, words, owned.named(), kind, before, limit, lambda it: owned.has(scope, it))
    items = [
        moment_of(scope, it, iso_instant(at), it.fragment.entity, words, owned.reason(it)) for at, it in rows
    ]
    return Timeline(tuple(items), after)


def _lines(
    scope: Scope,
    owned: Owned,
    kind: str,
    before: Place | None,
    most: int,
) -> list[Line]:
    """The newest places below `before`, each once, over every relation that leads to a moment."""
    ranges = []
    for relations, owners in ((_OF_PARTY, owned.parties), (_OF_ACCOUNT, list(owned.holdings))):
        for found, relation in relations.items():
            if owners and kind in ("", found):
                links = scope.reader.linked(owners, relation, before=before, most=most)
                ranges.append([(at, from_id, found) for at, from_id, _ in links])
    if kind in ("", "interaction"):
        unnamed = owned.attributed.newest(scope, before, most)
        ranges.append([(at, from_id, "interaction") for at, from_id in unnamed])
    if kind in ("", "product"):
        ranges.append(_openings(owned.holdings.values(), before))
    unique: dict[bytes, Line] = {}
    for line in merge(*ranges, reverse=True):
        unique.setdefault(line[1], line)
        if len(unique) == most:
            break
    return list(islice(unique.values(), most))


def _openings(holdings: Iterable[Holding], before: Place | None) -> list[Line]:
    found = []
    for holding in holdings:
        day = holding.account.values.get("opened_on")
        if day is not None:
            line = (day * MS_PER_DAY, holding.account.fragment.fragment_id, "product")
            if before is None or line[:2] < before:
                found.append(line)
    return sorted(found, reverse=True)


def _moment(scope: Scope, owned: Owned, it: Standing, at: int, kind: str) -> Moment:
    # A product is opened on a day: no source says at which hour.
    said_at = iso_day(day_of(at)) if kind == "product" else iso_instant(at)
    return moment_of(scope, it, said_at, kind, because=owned.reason(it))
