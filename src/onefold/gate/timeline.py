"""What happened with one customer, newest first.

Contacts, cases, alerts, consents, suppressions, products opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import merge
from itertools import islice

from onefold.gate.model import Moment, Timeline
from onefold.gate.paging import Place, cursor_of, place_of
from onefold.gate.products import Holding
from onefold.gate.scope import Scope, Standing
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_text
from onefold.kernel.time import MS_PER_DAY, iso_instant

KINDS = ("interaction", "case", "risk", "consent", "suppression", "product")
_OF_PARTY = {
    "interaction": "interaction.party",
    "case": "case.party",
    "risk": "risk.party",
    "consent": "consent.party",
    "suppression": "suppression.party",
}
_OF_ACCOUNT = {"case": "case.account", "risk": "risk.account"}
_OF_DEVICE = {"interaction": "interaction.device"}
_DEVICES_MAX = 100

Line = tuple[int, bytes, str]
"""(at, fragment id, kind)."""


def timeline_page(
    scope: Scope,
    party_ids: Sequence[bytes],
    holdings: dict[bytes, Holding],
    *,
    kind: str,
    cursor: str,
    limit: int,
) -> Timeline:
    """One page of one kind of moment, or of all."""
    if kind and kind not in KINDS:
        raise CallerError("There is no such kind of moment.", hint=f"The kinds are {', '.join(KINDS)}.")
    before = place_of(cursor)
    lines = _lines(scope, party_ids, holdings, kind, before, limit + 1)
    page = lines[:limit]
    standing = scope.standing(from_id for _, from_id, _ in page)
    items = [
        _moment(scope, standing[from_id], at, found) for at, from_id, found in page if from_id in standing
    ]
    more = len(lines) > limit
    return Timeline(tuple(items), cursor_of(page[-1][:2]) if more else None)


def _lines(
    scope: Scope,
    party_ids: Sequence[bytes],
    holdings: dict[bytes, Holding],
    kind: str,
    before: Place | None,
    most: int,
) -> list[Line]:
    """The newest places below `before`, each once, over every relation that leads to a moment."""
    devices = [from_id for _, from_id, _ in scope.reader.linked(party_ids, "device.party", most=_DEVICES_MAX)]
    ranges = []
    for relations, owners in ((_OF_PARTY, party_ids), (_OF_ACCOUNT, list(holdings)), (_OF_DEVICE, devices)):
        for found, relation in relations.items():
            if owners and kind in ("", found):
                links = scope.reader.linked(owners, relation, before=before, most=most)
                ranges.append([(at, from_id, found) for at, from_id, _ in links])
    if kind in ("", "product"):
        ranges.append(_openings(holdings.values(), before))
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


def _moment(scope: Scope, it: Standing, at: int, kind: str) -> Moment:
    title, text = _WORDS[kind](scope, it)
    return Moment(
        id=id_text(it.fragment.fragment_id),
        at=iso_instant(at),
        kind=kind,
        title=title[:1].upper() + title[1:],
        source=it.fragment.source,
        text=text,
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _interaction(scope: Scope, it: Standing) -> tuple[str, str]:
    what = _joined(scope.text(it, "action"), scope.text(it, "topic"))
    title = _joined(f"{what} {scope.text(it, 'quantity')}".strip(), scope.text(it, "channel"))
    return title or "contact", scope.text(it, "text")


def _case(scope: Scope, it: Standing) -> tuple[str, str]:
    return _joined(scope.text(it, "topic") or "case", scope.text(it, "status")), scope.text(it, "text")


def _risk(scope: Scope, it: Standing) -> tuple[str, str]:
    title = _joined(f"risk {scope.text(it, 'kind')}".strip(), scope.text(it, "status"))
    return title, _joined(scope.text(it, "rule"), scope.text(it, "score"))


def _consent(scope: Scope, it: Standing) -> tuple[str, str]:
    about = f"{scope.text(it, 'purpose')} by {scope.text(it, 'channel')}"
    return f"consent {scope.text(it, 'fact')}: {about}", scope.text(it, "evidence")


def _suppression(scope: Scope, it: Standing) -> tuple[str, str]:
    state = "off" if it.values.get("state") == "off" else "on"
    return f"do not contact {state}: {scope.text(it, 'channel') or 'any'}", scope.text(it, "reason")


def _product(scope: Scope, it: Standing) -> tuple[str, str]:
    return _joined(f"{scope.text(it, 'product') or 'product'} opened", scope.text(it, "name")), ""


_WORDS: dict[str, Callable[[Scope, Standing], tuple[str, str]]] = {
    "interaction": _interaction,
    "case": _case,
    "risk": _risk,
    "consent": _consent,
    "suppression": _suppression,
    "product": _product,
}
