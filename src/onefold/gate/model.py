"""Who asks, for what, through which door, and what the gate answers. All frozen.

Only the gate mints a `Permit`; use cases take one as their first argument, so nothing below can be
called from outside without it. Only a `View` leaves: it holds what was granted and names what was not.
"""

from __future__ import annotations

import msgspec

from onefold.customer.consent.model import OURSELVES
from onefold.gate.portfolios import Glass, Relation
from onefold.gate.shields import Shield
from onefold.gate.words import OURS_ALONE
from onefold.kernel.errors import Refused
from onefold.kernel.ids import Cell

Shown = str | int | bool
"""A value as people read it: days and instants ISO 8601, money decimal text, ids 32 hexadecimal digits."""


class Bounds(msgspec.Struct, frozen=True):
    """All that a program may use its role for: purposes and actions. Bounds narrow, they never grant."""

    purposes: tuple[str, ...]
    actions: tuple[str, ...]

    def against(self, action: str, purpose: str) -> tuple[str, ...]:
        """Why this is out of bounds; nothing where it is not."""
        found = [] if action in self.actions else ["its credential is not for this action"]
        return (*found, *(() if purpose in self.purposes else ("its credential is not for this purpose",)))


class Actor(msgspec.Struct, frozen=True):
    """Somebody known: a login name or client id, never a person's name. `roles` as in the policies."""

    id: str
    roles: tuple[str, ...]
    cell: Cell
    bounds: Bounds | None = None
    portfolios: tuple[str, ...] = ()
    """The names under which sources know whose customers these are (portfolios.py); none: no limit."""
    controller: str = OURSELVES
    """Which firm uses what this actor is given: a partner, a company of the group; empty: we ourselves."""

    def against(self, action: str, purpose: str) -> tuple[str, ...]:
        """Why this is nothing for this actor, whatever its roles may; nothing where it is not so."""
        bounds = self.bounds.against(action, purpose) if self.bounds is not None else ()
        if self.controller != OURSELVES and action in OURS_ALONE:
            return (*bounds, "it counts all customers, and this credential is another firm's")
        return bounds


class Permit(msgspec.Struct, frozen=True):
    """The right to do one kind of thing now. Minted by the gate alone; short-lived by construction."""

    actor: Actor
    role: str
    purpose: str
    channel: str
    action: str
    policy_version: str
    fields: dict[str, str]
    """Field class → how it may be shown: full, masked, token, hidden."""
    relations: tuple[Relation, ...] = (Relation.ANY,)
    """Whose customers it holds for (portfolios.py)."""
    glass: Glass | None = None
    """The one customer beyond these that it holds for, because the glass was broken."""
    shields: frozenset[Shield] = frozenset()
    """The customers of sensitive groups it does not hold for (shields.py)."""
    obligations: tuple[str, ...] = ()
    """What whoever acts under it has to do (obligations.py), by name."""
    tells: tuple[str, ...] = ()
    """Reasons to leave somebody alone that it is told, of those that not everybody is (untold.py)."""

    def obliges(self, obligation: str) -> bool:
        """Whether it comes with an obligation."""
        return obligation in self.obligations

    def needs(self, action: str) -> None:
        """Lets the use case of this action go on; `Refused` for a permit that was given for another."""
        if self.action != action:
            raise Refused(
                "This permit is for something else.", reasons=(f"it allows {self.action}, not {action}",)
            )
        if against := self.actor.against(action, self.purpose):
            raise Refused("This permit is for nobody who may use it.", reasons=against)


class Withheld(msgspec.Struct, frozen=True):
    """Something that exists and was not shown, and why."""

    what: str
    reason: str


class Value(msgspec.Struct, frozen=True):
    """One value of the golden record. `source` and `fragment` say where it came from, `at` when (ISO)."""

    value: Shown
    source: str
    fragment: str
    at: str
    rule: str
    candidates: tuple[Candidate, ...] = ()
    masked: bool = False


class Candidate(msgspec.Struct, frozen=True):
    """A value that was offered for a field and did not (or did) win."""

    value: Shown
    source: str
    fragment: str
    at: str


class FragmentView(msgspec.Struct, frozen=True):
    """One fragment behind a customer as the asker may see it."""

    id: str
    source: str
    key: str
    at: str
    values: dict[str, Shown]
    permits: bool


class AccountView(msgspec.Struct, frozen=True):
    """One product: canonical account values, the customer's role in it, and the balance now."""

    id: str
    source: str
    product: str
    name: str
    number: str
    currency: str
    status: str
    role: str
    holders: int
    opened_on: str
    amount: str | None
    balance: str | None
    balance_at: str | None
    transactions: int
    moved_on: str | None
    """The day of the newest transaction."""


class ConsentView(msgspec.Struct, frozen=True):
    """What stands for one purpose and channel, from which fact, since when.

    It is granted where it is for every one of the customer's `records`; `granted` says for how many it is.
    Where the others say nothing, the fact is one of those grants.
    """

    purpose: str
    channel: str
    state: str
    since: str
    source: str
    evidence: str
    until: str | None
    granted: int
    records: int


class Referenced(msgspec.Struct, frozen=True):
    """A field of one record that its source keeps to itself: it is fetched on demand, if anybody asks."""

    entity: str
    fragment: str
    field: str
    source: str


class View(msgspec.Struct, frozen=True):
    """One customer as cut for one permit. Dates are ISO 8601, money decimal text with its currency."""

    customer: str
    name: str
    kind: str
    purpose: str
    role: str
    profile: dict[str, Value]
    fragments: tuple[FragmentView, ...]
    accounts: tuple[AccountView, ...]
    consents: tuple[ConsentView, ...]
    flags: tuple[str, ...]
    referenced: tuple[Referenced, ...]
    """What the sources keep to themselves, as far as this role may see it for this purpose."""
    withheld: tuple[Withheld, ...]
    decision: str
    """Id of the audit record of this view."""
    obligations: tuple[str, ...] = ()
    """What was done to it as the policies oblige: mask, token, redact."""


class FetchedValue(msgspec.Struct, frozen=True):
    """One referenced field as its source has it now.

    `outcome` is `value`, `none` where the source has no value, or `unavailable`: `reason` says why.
    `asked_at` (ISO) is when the source was asked: just now, or where `recent` as long ago as its contract
    allows.
    """

    entity: str
    fragment: str
    field: str
    source: str
    outcome: str
    value: Shown | None
    masked: bool
    reason: str
    asked_at: str
    recent: bool


class References(msgspec.Struct, frozen=True):
    """What the sources say now of one customer, in the fields that a permit grants. Nothing of it is kept."""

    customer: str
    purpose: str
    items: tuple[FetchedValue, ...]
    decision: str
    """Id of the audit record of this answer."""


class TransactionView(msgspec.Struct, frozen=True):
    """One movement as the asker may see it; `amount` is signed decimal text."""

    id: str
    account: str
    at: str
    amount: str
    currency: str
    operation: str
    category: str
    text: str
    counterparty: str
    balance: str | None


class TransactionPage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues, None at the end."""

    items: tuple[TransactionView, ...]
    next: str | None
    withheld: tuple[Withheld, ...] = ()


class BalancePoint(msgspec.Struct, frozen=True):
    """Balance at the end of a day."""

    day: str
    balance: str


class BalanceSeries(msgspec.Struct, frozen=True):
    """The balance of one account through time."""

    account: str
    currency: str
    points: tuple[BalancePoint, ...]


class Piece(msgspec.Struct, frozen=True):
    """A part of a text, and whether it was asked for."""

    text: str
    found: bool


class Moment(msgspec.Struct, frozen=True):
    """One line of the timeline; a long text is an excerpt. `opens`: there is more, to be asked for by id.

    Where words were asked for, `found_title` and `found_text` are title and text again, in parts. `because`:
    why it is held to be of the customer, where nobody said whose it is.
    """

    id: str
    at: str
    kind: str
    title: str
    source: str
    text: str
    opens: bool = False
    found_title: tuple[Piece, ...] = ()
    found_text: tuple[Piece, ...] = ()
    because: str = ""


class Timeline(msgspec.Struct, frozen=True):
    """Newest first; `next` continues."""

    items: tuple[Moment, ...]
    next: str | None
    withheld: tuple[Withheld, ...] = ()


class Turn(msgspec.Struct, frozen=True):
    """What one person said, from when on (`0:01:05` after the beginning); a paragraph has neither."""

    at: str
    who: str
    said: tuple[Piece, ...]


class Conversation(msgspec.Struct, frozen=True):
    """One call, chat, mail or ticket, whole, as the asker may see it."""

    id: str
    at: str
    kind: str
    title: str
    source: str
    topic: str
    participants: str
    attachments: str
    employee: str
    is_talk: bool
    turns: tuple[Turn, ...]
    withheld: tuple[Withheld, ...]
    decision: str
    """Id of the audit record of this answer."""


class Heard(msgspec.Struct, frozen=True):
    """One conversation with words that were asked for, and the customer it was with."""

    customer: str
    name: str
    moment: Moment


class HeardPage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues."""

    items: tuple[Heard, ...]
    next: str | None
    withheld: tuple[Withheld, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """One customer found, and by what."""

    customer: str
    name: str
    kind: str
    matched: str
    matched_by: str
    birth_date: str
    city: str
    sources: tuple[str, ...]
    barred: bool = False
    """Of another portfolio: nothing is said of them but that they are there."""


class FoundPage(msgspec.Struct, frozen=True):
    """Up to 20 customers, best first."""

    items: tuple[Found, ...]
    more: bool
    withheld: tuple[Withheld, ...] = ()


class BrokenGlass(msgspec.Struct, frozen=True):
    """Leave to reach one customer of another portfolio until an instant, and the record that says so."""

    customer: str
    because: str
    until: str
    decision: str


class TransactionFilter(msgspec.Struct, frozen=True):
    """Which transactions are wanted; empty text means all. Days are ISO 8601, both included.

    `least` and `most` are decimal text without a sign, both included, whatever the currency.
    """

    account: str = ""
    text: str = ""
    direction: str = ""
    first_day: str = ""
    last_day: str = ""
    least: str = ""
    most: str = ""
    cursor: str = ""
    limit: int = 100
