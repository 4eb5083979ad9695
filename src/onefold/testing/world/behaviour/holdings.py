"""Which products of the bank each of its customers holds, alone or with others."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from onefold.testing.world.draws import below, numbered
from onefold.testing.world.model import Block, Company, Event, Person, Record, Setting
from onefold.testing.world.names.naming import Pool

HAS_CURRENT, HAS_SAVINGS, HAS_LOAN, HAS_POLICY, HAS_CARD = 0.52, 0.16, 0.10, 0.07, 0.60
JOINT, AUTHORISED = 0.30, 0.12
"""Of partners who both bank here: those who share an account, those of whom one may use the other's."""

_BRANCHES = Pool([f"{number:03d}" for number in range(1, 41)])
_SLOTS = 8


@dataclass(slots=True, eq=False)
class Account:
    """One account: `kind` is current, savings, junior or business; the first holder owns it."""

    number: str
    kind: str
    currency: str
    branch: str
    opened: int
    holders: list[tuple[Record, str]]
    orders: list[tuple[str, str, int]] = field(default_factory=list)
    loan: Loan | None = None

    @property
    def owner(self) -> Record:
        """The record of the first holder."""
        return self.holders[0][0]


@dataclass(slots=True, eq=False)
class Loan:
    """A loan repaid from an account; amounts in minor units."""

    number: str
    principal: int
    payment: int
    months: int
    granted: int


@dataclass(slots=True, eq=False)
class Card:
    """A card of one holder of an account."""

    number: str
    masked: str
    account: Account
    holder: Record
    kind: str
    issued: int


@dataclass(slots=True, eq=False)
class Policy:
    """An insurance policy; amounts in minor units."""

    number: str
    holder: Record
    kind: str
    insured: int
    premium: int
    started: int


@dataclass(slots=True)
class Holdings:
    """Everything that the customers of one block hold."""

    accounts: list[Account] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)


def hold(rng: Random, setting: Setting, block: Block) -> Holdings:
    """Hands out products to the records of core banking."""
    held = Holdings()
    first: dict[Person | Company, Record] = {}
    for record in block.records["core-banking"]:
        first.setdefault(record.who, record)
    current: dict[Person, Account] = {}
    for record in block.records["core-banking"]:
        if isinstance(record.who, Company):
            account = _account(rng, setting, record, "business", 0)
            owner = first.get(record.who.owner)
            if owner:
                account.holders.append((owner, "A"))
            held.accounts.append(account)
        elif not record.who.adult:
            account = _account(rng, setting, record, "junior", 0)
            guardian = record.who.guardian
            if guardian in first:
                account.holders.append((first[guardian], "G"))
            held.accounts.append(account)
        elif record.duplicate:
            if rng.random() < 0.5:
                held.accounts.append(_account(rng, setting, record, "savings", 1))
        else:
            _grown(rng, setting, block, held, record, current, first)
    return held


def _grown(
    rng: Random,
    setting: Setting,
    block: Block,
    held: Holdings,
    record: Record,
    current: dict[Person, Account],
    first: dict[Person | Company, Record],
) -> None:
    person = record.who
    assert isinstance(person, Person)
    shared = current.get(person.partner) if person.partner else None
    if shared and rng.random() < JOINT + AUTHORISED:
        joint = rng.random() < JOINT / (JOINT + AUTHORISED)
        shared.holders.append((record, "J" if joint else "A"))
        block.events.append(
            Event("joint_account" if joint else "authorised", shared.owner.who.id, person.id, 0)
        )
        account = shared
    elif rng.random() < HAS_CURRENT:
        account = current[person] = _account(rng, setting, record, "current", 0)
        _commit(rng, setting, account, person)
        held.accounts.append(account)
    else:
        account = None
    if account and rng.random() < HAS_CARD:
        held.cards.append(_card(rng, setting, account, record))
    if rng.random() < HAS_SAVINGS:
        held.accounts.append(_account(rng, setting, record, "savings", 2))
    if rng.random() < HAS_POLICY:
        held.policies.append(_policy(rng, setting, record))


def _serial(setting: Setting, record: Record, slot: int) -> int:
    who = record.who
    index = who.index if isinstance(who, Person) else setting.people + who.owner.index
    return numbered(index * _SLOTS + slot, 10**9, setting.seed + 5)


def _account(rng: Random, setting: Setting, record: Record, kind: str, slot: int) -> Account:
    code = {"current": "20206", "savings": "20406", "junior": "20407", "business": "20208"}[kind]
    currency = "USD" if kind == "savings" and rng.random() < 0.25 else "UZS"
    latest = max(1, setting.until - 40 - record.made_on)
    opened = record.made_on + (below(rng, latest) if rng.random() < 0.3 else 0)
    return Account(
        number=f"{code}{'840' if currency == 'USD' else '000'}{_serial(setting, record, slot):012d}",
        kind=kind,
        currency=currency,
        branch=_BRANCHES.draw(rng),
        opened=opened,
        holders=[(record, "O")],
    )


def _commit(rng: Random, setting: Setting, account: Account, person: Person) -> None:
    """Standing orders and a loan that the income can carry."""
    income = max(person.income, 2_000_000) * 100
    if rng.random() < 0.30:
        account.orders.append(("RENT", _other_account(rng), _round(income * (0.16 + 0.14 * rng.random()))))
    if rng.random() < 0.28:
        account.orders.append(("UTIL", _other_account(rng), _round(income * (0.03 + 0.05 * rng.random()))))
    if rng.random() < 0.10:
        account.orders.append(("INSR", _other_account(rng), _round(income * 0.03)))
    if person.income and rng.random() < HAS_LOAN:
        months = 12 * (1 + below(rng, 5))
        payment = _round(income * (0.10 + 0.12 * rng.random()))
        granted = max(account.opened, setting.until - below(rng, months * 30))
        account.loan = Loan(
            f"L{_serial(setting, account.owner, 3):09d}", payment * months * 8 // 10, payment, months, granted
        )


def _other_account(rng: Random) -> str:
    return f"20208000{int(rng.random() * 10**12):012d}"


def _round(minor: float) -> int:
    """Whole thousands of the currency, in minor units."""
    return max(100_000, int(minor) // 100_000 * 100_000)


def _card(rng: Random, setting: Setting, account: Account, record: Record) -> Card:
    serial = _serial(setting, record, 4)
    issued = max(account.opened, setting.until - 30 - below(rng, 1400))
    kind = ("classic", "classic", "gold", "junior")[below(rng, 4)] if rng.random() < 0.4 else "classic"
    return Card(f"K{serial:09d}", f"860049******{serial % 10_000:04d}", account, record, kind, issued)


def _policy(rng: Random, setting: Setting, record: Record) -> Policy:
    kind = ("MOTOR", "HOME", "LIFE", "TRAVEL")[below(rng, 4)]
    insured = _round(5_000_000_00 * (1 + 40 * rng.random()))
    started = setting.until - below(rng, 1100)
    return Policy(
        f"P{_serial(setting, record, 5):09d}", record, kind, insured, _round(insured * 0.012), started
    )
