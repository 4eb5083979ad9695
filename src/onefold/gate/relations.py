"""To whom a customer stands how: relations that sources state, guardians, households, holders of one account.

Rules.
- A relation points at fragments of parties and is resolved to customers only here, when it is read. So it
  follows merges and their undoing, and is evidence for neither.
- Each end is decided for itself. The relation has to be readable on the customer's own side: its source may
  serve the purpose, and the record it hangs on permits who they are to be used. Of the other end is told who
  it is where the same permit would show that customer (portfolio, sensitive groups, consent, erased or not),
  and where the very record that the relation names may be used for it.
- Else the relation is counted and nothing of it is told: neither what kind it is, since `ward` names a minor,
  nor which of the reasons it was, since that would tell the group or the portfolio by elimination. The name
  of a household is left out with any of its members.
- Nothing is guessed: people of one address and name are no household unless a source says so.
- Where a source says of two records that they stand to each other, and they are held to be one customer, one
  of the two is wrong. It is told, for a steward to look at.
- Of who was erased nothing is told, not even that there was somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from onefold.customer.profile.model import Survivorship
from onefold.gate.dossier import Dossier
from onefold.gate.model import Withheld
from onefold.gate.narrowing import held_of
from onefold.gate.scope import Scope, Standing
from onefold.gate.views import golden_of, shown_name
from onefold.kernel.ids import id_text
from onefold.kernel.time import day_of, iso_day
from onefold.record.canon.relations import HOUSEHOLD, KINDS

ENDS_MAX = 100
"""Others that are told of at most: whoever employs thousands is asked about from the other side."""
LINKS_AT_ONCE = 1000
_LINKS_MAX = 20_000
"""Statements about one customer that are looked at; of them those who come first are told of."""
_OF_ROLES = {
    "owner": "account_owner",
    "joint": "joint_holder",
    "authorised": "account_user",
    "guardian": "account_guardian",
}
_OF_ACCOUNTS = tuple(_OF_ROLES.values())
ORDER = (*dict.fromkeys(word for name, it in KINDS.items() for word in (name, it.reverse)), *_OF_ACCOUNTS)
"""Every word for what somebody is to a customer, in the order in which they are told."""
TITLED = frozenset(KINDS)
"""Words with which a title is the other's; with the others it is the customer's."""


class RelationView(msgspec.Struct, frozen=True):
    """What somebody is to the customer: `kind` reads *they are the customer's …*.

    `name` is empty where names are hidden. `party` is person or organisation. `title` is what the source
    calls whoever of the two is the guardian, the spouse, the director …; `share` is how much of the firm is
    theirs, in percent as it writes it. `since` and `until` are days, where they are known; `ended` is over.
    `household` is its name, `account` the product they share, by id, and `product` its name.
    `is_themselves`: the two are held to be one customer, so this or that is wrong.
    """

    kind: str
    customer: str
    name: str
    party: str
    title: str
    share: str
    since: str
    until: str
    ended: bool
    household: str
    account: str
    product: str
    is_themselves: bool
    sources: tuple[str, ...]


class Relations(msgspec.Struct, frozen=True):
    """The relations of one customer, those that stand first. `more`: there are others than these."""

    customer: str
    purpose: str
    items: tuple[RelationView, ...]
    more: bool
    withheld: tuple[Withheld, ...]
    decision: str
    """Id of the audit record of this answer."""


class _Tie(NamedTuple):
    """One statement: that the party `end` is `kind` of the customer. Days are None where nobody says."""

    kind: str
    end: bytes
    source: str
    title: str = ""
    share: str = ""
    since: int | None = None
    until: int | None = None
    household: bytes = b""
    account: bytes = b""
    over: bool = False


class _Line(NamedTuple):
    """What makes one line of several statements."""

    ended: bool
    kind: str
    household: bytes
    account: bytes
    end: bytes
    """The customer; the party where there is none."""


@dataclass(slots=True)
class Told:
    """The answer, but for the id of its record, and the dossiers of the others who are named in it."""

    relations: Relations
    others: list[Dossier] = field(default_factory=list)
    fragments: tuple[bytes, ...] = ()


Seen = Callable[[bytes], Dossier | None]
"""The dossier of a customer whom nobody asked for; None where nothing of them may be shown."""


def relations_of(
    scope: Scope, many: Scope, dossier: Dossier, policy: Sequence[Survivorship], seen: Seen, now: int
) -> Told:
    """What of a customer's relations may be told; `many` is what the permit may see of anybody."""
    ties = [*_stated(scope, many, dossier), *_guardians(many, dossier), *_holders(scope, many, dossier)]
    ties = _of_who_is_left(scope, ties)
    whose = scope.reader.customers_of(list({it.end for it in ties}))
    lines: defaultdict[_Line, list[_Tie]] = defaultdict(list)
    for it in ties:
        over = it.over or (it.until is not None and it.until < day_of(now))
        end = whose.get(it.end, it.end)
        lines[_Line(over, it.kind, it.household, it.account, end)].append(it)
    order = sorted(lines, key=lambda it: (it.ended, ORDER.index(it.kind), it.end))
    asked = list(dict.fromkeys(it.end for it in order))[:ENDS_MAX]
    telling = _Telling(scope, many, dossier, policy, seen)
    told = [(it, telling.line(it, lines[it])) for it in order if it.end in asked]
    hidden = [line for line, view in told if view is None]
    closed = {it.household for it in hidden}
    items = [
        msgspec.structs.replace(view, household="") if line.household in closed else view
        for line, view in told
        if view is not None
    ]
    items.sort(key=lambda it: (it.ended, ORDER.index(it.kind), it.name, it.customer, it.product))
    found = Relations(
        customer=id_text(dossier.customer),
        purpose=scope.permit.purpose,
        items=tuple(items),
        more=len({it.end for it in order}) > len(asked),
        withheld=(*dossier.withheld, *_withheld(scope, len(hidden))),
        decision="",
    )
    return Told(found, telling.others, tuple(dossier.of("identity")))


def _of_who_is_left(scope: Scope, ties: Sequence[_Tie]) -> list[_Tie]:
    """Without those who were erased: a record of a ward still points at where its guardian was."""
    ends = scope.reader.fragments(list({it.end for it in ties}))
    return [it for it in ties if it.end not in ends or not ends[it.end].is_erased]


def _withheld(scope: Scope, hidden: int) -> Iterator[Withheld]:
    if hidden:
        what = "1 relation" if hidden == 1 else f"{hidden} relations"
        yield Withheld(what, f"who is at the other end may not be shown for {scope.permit.purpose}")


class _Telling:
    """Tells lines, and remembers whom it named."""

    def __init__(
        self, scope: Scope, many: Scope, dossier: Dossier, policy: Sequence[Survivorship], seen: Seen
    ) -> None:
        self._scope, self._many, self._own = scope, many, dossier
        self._policy, self._seen = policy, seen
        self._read: dict[bytes, Dossier | None] = {dossier.customer: dossier}
        self.others: list[Dossier] = []

    def line(self, line: _Line, ties: Sequence[_Tie]) -> RelationView | None:
        """One line; None where it may not be told who it is."""
        if line.end not in self._read:
            self._read[line.end] = self._seen(line.end)
        other = self._read[line.end]
        if other is None or not any(it.end in other.of("identity") for it in ties):
            return None
        if other is not self._own and other not in self.others:
            self.others.append(other)
        golden = golden_of(other, self._policy)
        since = [it.since for it in ties if it.since is not None]
        until = [it.until for it in ties if it.until is not None]
        return RelationView(
            kind=line.kind,
            customer=id_text(other.customer),
            name=shown_name(golden, self._scope.permit.fields),
            party=str(golden.value("kind") or "person"),
            title=next((it.title for it in ties if it.title), ""),
            share=next((it.share for it in ties if it.share), ""),
            since=iso_day(min(since)) if since else "",
            until=iso_day(max(until)) if until and len(until) == len(ties) else "",
            ended=line.ended,
            household=self._name_of(self._many, line.household),
            account=id_text(line.account) if line.account else "",
            product=self._name_of(self._scope, line.account),
            is_themselves=other is self._own,
            sources=tuple(sorted({it.source for it in ties})),
        )

    def _name_of(self, scope: Scope, thing: bytes) -> str:
        found = scope.standing([thing]).get(thing) if thing else None
        return scope.text(found, "name") if found else ""


def _stated(scope: Scope, many: Scope, dossier: Dossier) -> Iterator[_Tie]:
    """What sources say in so many words, from either end, and who else is of the households."""
    own = list(dossier.of("identity"))
    members = dossier.members
    households: dict[bytes, list[Standing]] = {}
    for it in _referring(scope, own, "relation.party"):
        kind, other, household = it.values.get("kind"), it.values.get("other"), it.values.get("household")
        if kind == HOUSEHOLD and household is not None:
            households.setdefault(household, []).append(it)
        elif kind in KINDS and other is not None:
            yield _tie(scope, it, kind, other)
    for it in _referring(scope, own, "relation.other"):
        kind, party = it.values.get("kind"), it.values.get("party")
        if kind in KINDS and party is not None and party not in members:
            # A word for the one end of a marriage is none for the other, and nothing tells them apart.
            tie = _tie(scope, it, KINDS[kind].reverse, party)
            yield tie._replace(title="") if tie.kind == kind else tie
    for it in _referring(many, list(households), "relation.household"):
        party = it.values.get("party")
        if it.values.get("kind") == HOUSEHOLD and party is not None and party not in members:
            yield from _together(households[it.values["household"]], it, party)


def _tie(scope: Scope, it: Standing, kind: str, end: bytes) -> _Tie:
    since, until = it.values.get("since_on"), it.values.get("until_on")
    return _Tie(kind, end, it.fragment.source, scope.text(it, "title"), scope.text(it, "share"), since, until)


def _together(own: Iterable[Standing], theirs: Standing, party: bytes) -> Iterator[_Tie]:
    """Two of one household, for as long as both are of it; not where the one had left when the other came."""
    for mine in own:
        since = [it for one in (mine, theirs) if (it := one.values.get("since_on")) is not None]
        until = [it for one in (mine, theirs) if (it := one.values.get("until_on")) is not None]
        if not since or not until or max(since) <= min(until):
            yield _Tie(
                HOUSEHOLD,
                party,
                theirs.fragment.source,
                since=max(since, default=None),
                until=min(until, default=None),
                household=theirs.values["household"],
            )


def _guardians(many: Scope, dossier: Dossier) -> Iterator[_Tie]:
    """Who acts for the customer, and for whom the customer acts, as their own records say."""
    own = dossier.of("identity")
    for key in own:
        it = dossier.permitting[key]
        if (guardian := it.values.get("guardian")) is not None:
            yield _Tie("guardian", guardian, it.fragment.source)
    for it in _referring(many, list(own), "party.guardian"):
        if it.fragment.fragment_id not in dossier.members:
            yield _Tie("ward", it.fragment.fragment_id, it.fragment.source)


def _holders(scope: Scope, many: Scope, dossier: Dossier) -> Iterator[_Tie]:
    """Who else holds an account of the customer, or may use it."""
    held = held_of(scope, dossier, ("account",))
    for holding in held.values():
        party = holding.account.values.get("party")
        if party is not None and party not in dossier.members:
            yield _on_account(holding.account, party, "owner", holding.account.fragment.source)
    for it in _referring(many, list(held), "holder.account"):
        party = it.values.get("party")
        if party is not None and party not in dossier.members:
            account = held[it.values["account"]].account
            yield _on_account(account, party, it.values.get("role") or "owner", it.fragment.source)


def _on_account(account: Standing, party: bytes, role: str, source: str) -> _Tie:
    closed = account.values.get("status") == "closed"
    kind = _OF_ROLES.get(role, "account_user")
    return _Tie(kind, party, source, account=account.fragment.fragment_id, over=closed)


def _referring(scope: Scope, ids: Sequence[bytes], relation: str) -> Iterator[Standing]:
    """Records that refer to any of the ids; in parts, since of a firm there may be thousands."""
    before, left = None, _LINKS_MAX if ids else 0
    while left > 0:
        links = scope.reader.linked(ids, relation, before=before, most=LINKS_AT_ONCE)
        yield from scope.standing(from_id for _, from_id, _ in links).values()
        left = left - len(links) if len(links) == LINKS_AT_ONCE else 0
        before = links[-1][:2] if links else None
