"""Cutting, apart from releasing: what a permit may see of one committed state.

A cut is not an answer. It is read and made here, and nothing is written down; the gate (service.py) writes
its record and only then hands it over. Being a function of a question and the state alone, a cut can be made
wherever the state can be read: by this thread, or by a process that has another core.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from onefold.customer.profile import attribution
from onefold.customer.profile.attribution import DeviceRules
from onefold.customer.profile.groups import USUAL, Ages
from onefold.customer.profile.model import Survivorship
from onefold.customer.profile.ports import CustomerReader
from onefold.customer.profile.rules import default_policy
from onefold.gate.balances import balance_series
from onefold.gate.consented import Noted, Uses, uses_of
from onefold.gate.conversations import conversation, heard_page
from onefold.gate.dossier import Dossier, read_dossier
from onefold.gate.fetching.model import Fetchable, Wanted
from onefold.gate.gathering import Gathered
from onefold.gate.kept import Kept, Span
from onefold.gate.masks import Minting
from onefold.gate.model import (
    BalanceSeries,
    Conversation,
    Found,
    FoundPage,
    Heard,
    HeardPage,
    Permit,
    Timeline,
    TransactionFilter,
    TransactionPage,
    View,
)
from onefold.gate.narrowing import held_of, narrowed
from onefold.gate.owning import owned_by
from onefold.gate.portfolios import Barred, Relation
from onefold.gate.references import wanted_of
from onefold.gate.revealing import check_shows
from onefold.gate.scope import Scope
from onefold.gate.search import find_customers
from onefold.gate.shields import Shield, Shielded
from onefold.gate.timeline import timeline_page
from onefold.gate.transactions import transaction_page
from onefold.gate.views import cut_view, without_decision
from onefold.kernel import memory
from onefold.kernel.errors import NotFound
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.data_classes import ANY_DATA
from onefold.record.tokens.model import Minted


class OneCustomer(msgspec.Struct, frozen=True, tag=True):
    """The view of the customer behind an id."""

    customer: bytes


class Movements(msgspec.Struct, frozen=True, tag=True):
    """One page of movements on the customer's accounts, or on one of them."""

    customer: bytes
    wanted: TransactionFilter


class Balances(msgspec.Struct, frozen=True, tag=True):
    """The balance of one of the customer's accounts through time."""

    customer: bytes
    account: bytes


class Moments(msgspec.Struct, frozen=True, tag=True):
    """One page of what happened."""

    customer: bytes
    kind: str
    cursor: str
    limit: int
    words: tuple[str, ...] = ()


class OneConversation(msgspec.Struct, frozen=True, tag=True):
    """One thing that was said or written, whole."""

    customer: bytes
    moment: bytes
    words: tuple[str, ...]


class Said(msgspec.Struct, frozen=True, tag=True):
    """Customers by words of conversations with them."""

    words: tuple[str, ...]
    cursor: str
    limit: int


class OneValue(msgspec.Struct, frozen=True, tag=True):
    """Whether a field of a record is the customer's own and may be seen in full: what a token stood for."""

    customer: bytes
    record: bytes
    field: str


class OnDemand(msgspec.Struct, frozen=True, tag=True):
    """What of the customer may be fetched from the sources."""

    customer: bytes


class Search(msgspec.Struct, frozen=True, tag=True):
    """Customers by what a person typed."""

    text: str


Asked = OneCustomer | Movements | Balances | Moments | OneConversation | OneValue | OnDemand | Search | Said
ANSWERS: Mapping[type, Any] = {
    OneCustomer: View,
    Movements: TransactionPage,
    Balances: BalanceSeries,
    Moments: Timeline,
    OneConversation: Conversation,
    OneValue: bool,
    Said: HeardPage,
    OnDemand: tuple[Wanted, ...],
    Search: FoundPage,
}


class Question(msgspec.Struct, frozen=True, tag=True):
    """All that a cut depends on but the state: who asks, for what, when, and what the contracts allow now.

    `purposes`: source → purposes its contract allows. `trusted`: the sources to be believed first.
    `fetchable`: source → what it gives only on demand. `classes`: source → its stricter classes. `ages`: who
    is a minor and who a senior. `token_key`: what tokens are made with, where the permit sees some.
    `as_bytes`: a view is wanted as the answer that is made of it (views.py), by who looks no further into it.
    """

    permit: Permit
    asked: Asked
    now_ms: int
    purposes: dict[str, tuple[str, ...]]
    trusted: tuple[str, ...]
    fetchable: dict[str, tuple[Fetchable, ...]] = {}
    classes: dict[str, dict[str, str]] = {}
    ages: Ages = USUAL
    devices: DeviceRules = attribution.USUAL
    token_key: bytes = b""
    as_bytes: bool = False


class Cut(msgspec.Struct, frozen=True):
    """What was made, and what its record must name: the customers, the records used, counts of what is in it.

    `made` is None where no record of the customer permits the purpose, or where `barred` says whose customer
    it is, or `shielded` of which groups, for which the permit does not hold. `sequence` is the one of the log
    that the state had reached, `members` are the fragments held to be each of the customers, `uses` which of
    them permit which class of data, where somebody told classes apart: nothing for a customer of whom all was
    asked at once.
    """

    customers: tuple[bytes, ...]
    fragments: tuple[bytes, ...]
    counts: dict[str, int]
    made: Any
    sequence: int = 0
    members: tuple[tuple[bytes, ...], ...] = ()
    uses: tuple[Uses, ...] = ()
    barred: Relation | None = None
    through: bool = False
    """Whether it took the broken glass of the permit to make it."""
    shielded: Shield | None = None
    minted: tuple[Minted, ...] = ()
    """What the tokens in it stand for: to be kept before it leaves."""


class Cutting(Protocol):
    """Whoever makes cuts; thread-safe."""

    def cut(self, question: Question) -> Cut:
        """One cut of one committed state.

        `NotFound` where the caller may not know of any such customer; `CallerError` for a cursor or an
        account that is not one; `Unavailable` where the state cannot be read now.
        """
        ...

    async def cut_soon(self, question: Question) -> Cut:
        """`cut`, awaited: by an event loop, which must not wait for what takes long."""
        ...

    def forget(self, ids: AbstractSet[bytes]) -> int:
        """Lets go of every cut that is kept and for which something with one of these ids was read: how many.

        `Unavailable` where that cannot be done now.
        """
        ...


_KEYS = msgspec.msgpack.Encoder()


def _span_of(dossier: Dossier, now: int) -> Span:
    """Within which time alone changes nothing: no fact of consent begins or ends, nobody comes of age."""
    midnight = now - now % MS_PER_DAY
    since, until = dossier.consents.span
    tomorrow = midnight + MS_PER_DAY
    return max(since, midnight), tomorrow if until is None else min(until, tomorrow)


class _Purposes:
    """The contracts as they were when the question was put."""

    def __init__(self, purposes: Mapping[str, Sequence[str]]) -> None:
        self._purposes = {source: frozenset(it) for source, it in purposes.items()}

    def purposes_of(self, source: str) -> frozenset[str]:
        return self._purposes.get(source, frozenset())

    def sources(self) -> Sequence[str]:
        return sorted(self._purposes)


class Cutter:
    """Cuts in this process, one at a time: threads would take turns within each other's questions.

    They would end no sooner, and every one of them as late as the last. Nobody waits for a disk in here.
    With `kept`, which is of the same reader, views that are wanted as an answer are kept (kept.py).
    """

    def __init__(self, reader: CustomerReader, kept: Kept[Cut] | None = None) -> None:
        self._reader = reader
        self._kept = kept
        self._policy = lru_cache(maxsize=4)(default_policy)
        self._turn = threading.Lock()

    def cut(self, question: Question) -> Cut:
        """As the port says."""
        with self._turn, self._reader.snapshot() as reader:
            if self._kept is not None and question.as_bytes and not question.token_key:
                return self._kept_or_made(self._kept, reader.offset, question)
            return self._cut(reader, question)[0]

    def forget(self, ids: AbstractSet[bytes]) -> int:
        """As the port says; what pure functions remember here goes as well, whoever it is of."""
        with self._turn:
            memory.forget()
            return 0 if self._kept is None else self._kept.forget(ids)

    def _kept_or_made(self, kept: Kept[Cut], offset: int, question: Question) -> Cut:
        now = question.now_ms
        key = _KEYS.encode(msgspec.structs.replace(question, now_ms=0))
        found = kept.find(key, now)
        if found is not None:
            return msgspec.structs.replace(found, sequence=offset)
        with kept.reader.noted() as reading:
            made, dossier = self._cut(kept.reader, question)
        if dossier is not None and isinstance(made.made, bytes) and not made.through:
            kept.keep(key, made, len(made.made), reading, _span_of(dossier, now), now)
        return made

    def _cut(self, reader: CustomerReader, question: Question) -> tuple[Cut, Dossier | None]:
        """The cut, and the dossier where one customer's was opened and something made of it."""
        asked, policy = question.asked, self._policy(question.trusted)
        scope = Scope(
            question.permit,
            Gathered(reader),
            _Purposes(question.purposes),
            {} if isinstance(asked, Search | Said) else question.fetchable,
            question.classes,
            question.ages,
            question.devices,
        )
        if isinstance(asked, Search | Said):
            return self._found(scope, asked, policy, question.now_ms), None
        if question.token_key:
            scope = replace(scope, minting=Minting(question.token_key))
        try:
            dossier = read_dossier(scope, asked.customer, question.now_ms)
        except Barred as bar:
            return Cut((bar.customer,), (), {}, None, barred=bar.relation), None
        except Shielded as it:
            return Cut((it.customer,), (), {}, None, shielded=it.shield), None
        through = dossier.permit.glass is not None
        if not dossier.permitting:
            return Cut((dossier.customer,), (), {}, None, through=through), None
        made, counts = _made(narrowed(scope, dossier), dossier, asked, policy, question.now_ms)
        if question.as_bytes and isinstance(made, View):
            made = without_decision(made)
        cut = Cut(
            (dossier.customer,),
            tuple(dossier.permitting),
            counts,
            made,
            reader.offset,
            (tuple(dossier.members),),
            () if dossier.serving is None else uses_of([dossier.serving]),
            through=through,
            minted=scope.minted(),
        )
        return cut, dossier

    async def cut_soon(self, question: Question) -> Cut:
        """As the port says, but that the loop waits: for tests, and for a house whose callers are few."""
        return self.cut(question)

    def _found(self, scope: Scope, asked: Search | Said, policy: Sequence[Survivorship], now: int) -> Cut:
        page: FoundPage | HeardPage
        noted: Noted = {}
        if isinstance(asked, Said):
            page = heard_page(scope, policy, asked.words, asked.cursor, asked.limit, now, noted)
            shown: Sequence[Found | Heard] = page.items
        else:
            page = find_customers(scope, policy, asked.text, now, noted)
            shown = [it for it in page.items if not it.barred]
        customers = tuple(dict.fromkeys(bytes.fromhex(it.customer) for it in shown))
        members = tuple(tuple(scope.reader.fragments_of(it)) for it in customers)
        uses = uses_of([noted.get(it) for it in customers])
        return Cut(customers, (), {"found": len(page.items)}, page, scope.reader.offset, members, uses)


def _made(
    scope: Scope, dossier: Dossier, asked: Asked, policy: Sequence[Survivorship], now: int
) -> tuple[Any, dict[str, int]]:
    """What was asked for of one customer, and how much of it there is."""
    if isinstance(asked, OneCustomer):
        view = cut_view(scope, dossier, policy, now)
        return view, {"accounts": len(view.accounts)}
    parties = list(dossier.permitting)
    held = held_of(scope, dossier)
    if isinstance(asked, OneValue):
        check_shows(scope, parties, held, asked.record, asked.field)
        return True, {"values": 1}
    if isinstance(asked, OnDemand):
        records = (*dossier.permitting.values(), *(it.account for it in held.values()))
        wanted = wanted_of(scope, records)
        return wanted, {"records": len(wanted)}
    if isinstance(asked, Movements):
        accounts = list(held)
        if asked.wanted.account:
            accounts = [_one_of(accounts, bytes.fromhex(asked.wanted.account))]
        accounts = [it for it in accounts if scope.serves(it, "transaction")]
        page = transaction_page(scope, accounts, asked.wanted)
        page = msgspec.structs.replace(page, withheld=dossier.left_out(("transaction", "payee", "balance")))
        return page, {"transactions": len(page.items)}
    if isinstance(asked, Balances):
        series = balance_series(scope, held[_one_of(list(held), asked.account)].account)
        return series, {"days": len(series.points)}
    if isinstance(asked, OneConversation):
        found = conversation(scope, owned_by(scope, parties, held), asked.moment, asked.words)
        return found, {"turns": len(found.turns)}
    assert isinstance(asked, Moments)
    moments = timeline_page(
        scope,
        owned_by(scope, parties, held),
        kind=asked.kind,
        cursor=asked.cursor,
        limit=asked.limit,
        words=asked.words,
    )
    left_out = (*moments.withheld, *dossier.left_out(("conversation", "behaviour", ANY_DATA)))
    return msgspec.structs.replace(moments, withheld=left_out), {"moments": len(moments.items)}


def _one_of(accounts: Sequence[bytes], account_id: bytes) -> bytes:
    if account_id not in accounts:
        raise NotFound("This customer has no such account.")
    return account_id
