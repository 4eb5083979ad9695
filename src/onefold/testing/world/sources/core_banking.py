"""Core banking: twelve semicolon files in an old code page, upper-case columns, days first, decimal commas.

The register of signed forms is in `agreements`, that of who stands to whom in `relations`.
"""

from __future__ import annotations

from random import Random

from onefold.kernel.time import date_from_day
from onefold.testing.world.behaviour.calendar import MINUTES, SECONDS, Calendar
from onefold.testing.world.behaviour.holdings import Account, Holdings
from onefold.testing.world.behaviour.ledger import Ledger
from onefold.testing.world.draws import below, own
from onefold.testing.world.errors import Stated, state
from onefold.testing.world.figures import figure
from onefold.testing.world.model import Block, Company, Event, Person, Record, Setting
from onefold.testing.world.names.scripts import old_code_page
from onefold.testing.world.sheets import Pages, Sheet, Spoil, quoted

_ENCODING = "cp1251"
EMAIL_PROVEN, PHONE_PROVEN = 0.25, 0.55
BALANCE_DAYS = 92
"""The nightly file of balances is kept so long: a quarter."""

_MANAGERS = 24


def _sheet(name: str, columns: str, key: str, *spoils: Spoil) -> Sheet:
    return Sheet(f"core-banking/{name}.csv", tuple(columns.split()), ";", _ENCODING, key=key, spoils=spoils)


CUSTOMERS = _sheet(
    "CUSTOMERS",
    "CUST_NO CUST_TYPE SURNAME NAME PATRONYMIC ORG_NAME BIRTH_DATE SEX PINFL TIN PHONE PHONE_CONF "
    "EMAIL EMAIL_CONF ADDRESS CITY REGION POSTCODE LANG SEGMENT BRANCH MANAGER GUARDIAN_NO OPENED "
    "CHANGED STATUS CARE",
    "CUST_NO",
    Spoil("bad_date", "BIRTH_DATE", "31.02.1984"),
    Spoil("missing_key", "CUST_NO", None),
    Spoil("unknown_code", "CUST_TYPE", "Z"),
)
ACCOUNTS = _sheet(
    "ACCOUNTS",
    "ACC_NO PRODUCT CCY OPENED CLOSED STATUS BRANCH",
    "ACC_NO",
    Spoil("unknown_code", "PRODUCT", "CUR9"),
    Spoil("bad_date", "OPENED", "00.00.0000"),
)
HOLDERS = _sheet("HOLDERS", "ACC_NO CUST_NO ROLE", "ACC_NO", Spoil("unknown_code", "ROLE", "?"))
CARDS = _sheet(
    "CARDS", "CARD_ID PAN ACC_NO CUST_NO TYPE ISSUED STATUS", "CARD_ID", Spoil("unknown_code", "STATUS", "X")
)
LOANS = _sheet(
    "LOANS",
    "LOAN_NO ACC_NO CUST_NO PRINCIPAL PAYMENT MONTHS GRANTED STATUS",
    "LOAN_NO",
    Spoil("bad_amount", "PRINCIPAL", "12.5E"),
)
POLICIES = _sheet(
    "POLICIES",
    "POLICY_NO CUST_NO PRODUCT SUM_INSURED PREMIUM STARTED STATUS",
    "POLICY_NO",
    Spoil("missing_key", "POLICY_NO", None),
)
ORDERS = _sheet(
    "ORDERS", "ORDER_NO ACC_NO AMOUNT CCY CATEGORY TO_ACC", "ORDER_NO", Spoil("bad_amount", "AMOUNT", "n/a")
)
BALANCES = _sheet(
    "BALANCES",
    "ACC_NO DAY AMOUNT CCY",
    "ACC_NO",
    Spoil("bad_date", "DAY", "32.01.2026"),
    Spoil("bad_amount", "AMOUNT", "1.000.000"),
)
TRANSACTIONS = _sheet(
    "TRANSACTIONS",
    "TXN_ID ACC_NO BOOKED DC AMOUNT CCY BALANCE OPER CATEGORY TEXT CP_NAME CP_ACC",
    "TXN_ID",
    Spoil("bad_date", "BOOKED", "29.02.2026 10:00:00"),
    Spoil("missing_key", "TXN_ID", None),
    Spoil("unknown_code", "OPER", "999"),
    Spoil("bad_amount", "AMOUNT", "1.000.000"),
    Spoil("future_date", "BOOKED", "01.01.2099 10:00:00"),
    Spoil("broken_line", "BOOKED", None),
)
SHEETS = (CUSTOMERS, ACCOUNTS, HOLDERS, CARDS, LOANS, POLICIES, ORDERS, BALANCES, TRANSACTIONS)

_PRODUCTS = {"current": "CUR", "savings": "SAV", "junior": "JNR", "business": "BIZ"}
_LANGUAGES = {"uzbek": "uz", "russian": "ru", "indian": "en", "english": "en"}


def export(
    rng: Random, setting: Setting, calendar: Calendar, block: Block, held: Holdings, pages: Pages
) -> None:
    """Writes what core banking holds of a block."""
    _customers(rng, setting, block, pages)
    for account in held.accounts:
        closed = _closed(setting, account)
        _account(account, closed, pages)
        ledger = Ledger(rng, calendar, account)
        ledger.run()
        _movements(calendar, account, ledger, pages)
        _balances(calendar, account, ledger, closed, pages)
    _products(setting, held, pages)


def _customers(rng: Random, setting: Setting, block: Block, pages: Pages) -> None:
    numbers = {record.who: record.key for record in reversed(block.records["core-banking"])}
    rows = pages.of(CUSTOMERS)
    for record in block.records["core-banking"]:
        stated = state(rng, setting, record)
        rows.append(_customer(rng, setting, record, stated, numbers) + ";" + _care(setting, block, record))


def _care(setting: Setting, block: Block, record: Record) -> str:
    """What a branch noted of somebody who is vulnerable; the branch that entered them again does not know."""
    if not isinstance(record.who, Person) or record.duplicate:
        return ""
    if own(setting.seed, record.who.id, "care").random() >= figure("care.vulnerable"):
        return ""
    block.events.append(Event("vulnerable", record.who.id, "", record.stated_on))
    return "V"


def _customer(
    rng: Random, setting: Setting, record: Record, stated: Stated, numbers: dict[Person | Company, str]
) -> str:
    who = record.who
    person = who if isinstance(who, Person) else who.owner
    is_person = isinstance(who, Person)
    income = person.income if is_person else 0
    segment = (
        "BUS" if not is_person else "PRV" if income > 22_000_000 else "AFF" if income > 11_000_000 else "MASS"
    )
    manager = f"RM{person.index % _MANAGERS:02d}" if segment in ("PRV", "AFF", "BUS") else ""
    guardian = numbers.get(person.guardian, "") if is_person and person.guardian else ""
    upper = person.style != 0
    names = [stated.family, stated.given, stated.middle]
    if stated.cyrillic:
        names = [old_code_page(name) for name in names]
    if upper:
        names = [name.upper() for name in names]
    status = "C" if person.life.get("leaving", setting.until) < setting.until - 60 else "A"
    return ";".join(
        (
            record.key,
            "P" if is_person else "O",
            *names,
            quoted(stated.organisation, ";"),
            f"{date_from_day(stated.born):%d.%m.%Y}" if stated.born is not None else "",
            ("F" if person.woman else "M") if is_person else "",
            stated.national_id,
            stated.tax_id,
            phone_text(stated.phone, below(rng, 3)),
            "Y" if stated.phone and rng.random() < PHONE_PROVEN else "N",
            stated.email,
            "Y" if stated.email and rng.random() < EMAIL_PROVEN else "N",
            quoted(old_code_page(stated.address), ";"),
            old_code_page(stated.city),
            stated.region,
            stated.postcode,
            _LANGUAGES[person.culture],
            segment,
            f"{1 + person.index % 40:03d}",
            manager,
            guardian,
            f"{date_from_day(record.made_on):%d.%m.%Y}",
            f"{date_from_day(record.stated_on):%d.%m.%Y} {MINUTES[540 + below(rng, 480)]}:00",
            status,
        )
    )


def phone_text(digits: str, form: int) -> str:
    """A phone as a clerk types it: all digits, with plus and spaces, or without the country."""
    if not digits or form == 0:
        return digits
    if form == 1:
        return f"+{digits[:3]} {digits[3:5]} {digits[5:8]}-{digits[8:10]}-{digits[10:]}"
    return f"{digits[3:5]} {digits[5:8]} {digits[8:]}"


def _closed(setting: Setting, account: Account) -> int | None:
    """The day an account was closed, where its owner left."""
    who = account.owner.who
    leaving = who.life.get("leaving") if isinstance(who, Person) else None
    return None if leaving is None or leaving >= setting.until - 60 else leaving + 40


def _account(account: Account, closed: int | None, pages: Pages) -> None:
    ended = "" if closed is None else f"{date_from_day(closed):%d.%m.%Y}"
    opened = f"{date_from_day(account.opened):%d.%m.%Y}"
    status = "OPEN" if closed is None else "CLOSED"
    pages.of(ACCOUNTS).append(
        f"{account.number};{_PRODUCTS[account.kind]};{account.currency};{opened};{ended};{status};{account.branch}"
    )
    holders = pages.of(HOLDERS)
    for record, role in account.holders:
        holders.append(f"{account.number};{record.key};{role}")
    for at, (category, other, amount) in enumerate(account.orders):
        pages.of(ORDERS).append(
            f"S{account.number[8:]}{at};{account.number};{_amount(amount)};{account.currency};{category};{other}"
        )


def _movements(calendar: Calendar, account: Account, ledger: Ledger, pages: Pages) -> None:
    number, currency, start, dotted = account.number, account.currency, calendar.start, calendar.dotted
    append = pages.of(TRANSACTIONS).append
    short = number[8:]
    for at, (entry, balance) in enumerate(ledger.booked):
        day, minute, amount, operation, category, text, party, other = entry
        size = -amount if amount < 0 else amount
        sign, rest = ("-", -balance) if balance < 0 else ("", balance)
        second = SECONDS[(at * 17 + day) % 60]
        append(
            f"T{short}{at:05d};{number};{dotted[day - start]} {MINUTES[minute]}:{second};"
            f"{'D' if amount < 0 else 'C'};{size // 100},{size % 100:02d};{currency};"
            f"{sign}{rest // 100},{rest % 100:02d};{operation};{category};{text};{party};{other}"
        )


def _balances(calendar: Calendar, account: Account, ledger: Ledger, closed: int | None, pages: Pages) -> None:
    """What the nightly file said: a row a day while the account was open, moved or not."""
    number, start = account.number, calendar.start
    first = max(calendar.until - BALANCE_DAYS + 1, account.opened)
    last = calendar.until if closed is None else min(calendar.until, closed)
    rows = pages.of(BALANCES)
    for stand in ledger.stands(first, last):
        held = f"{_amount(stand.balance)};{account.currency}"
        days = calendar.dotted[stand.first - start : stand.last - start + 1]
        rows += [f"{number};{day};{held}" for day in days]


def _products(setting: Setting, held: Holdings, pages: Pages) -> None:
    for card in held.cards:
        who = card.holder.who
        robbed = isinstance(who, Person) and "fraud" in who.life
        pages.of(CARDS).append(
            f"{card.number};{card.masked};{card.account.number};{card.holder.key};{card.kind};"
            f"{date_from_day(card.issued):%d.%m.%Y};{'B' if robbed else 'A'}"
        )
    for account in held.accounts:
        loan = account.loan
        if loan:
            who = account.owner.who
            late = isinstance(who, Person) and "job_loss" in who.life and "new_job" not in who.life
            pages.of(LOANS).append(
                f"{loan.number};{account.number};{account.owner.key};{_amount(loan.principal)};{_amount(loan.payment)};"
                f"{loan.months};{date_from_day(loan.granted):%d.%m.%Y};{'LATE' if late else 'RUN'}"
            )
    for policy in held.policies:
        running = policy.started > setting.until - 730
        pages.of(POLICIES).append(
            f"{policy.number};{policy.holder.key};{policy.kind};{_amount(policy.insured)};{_amount(policy.premium)};"
            f"{date_from_day(policy.started):%d.%m.%Y};{'RUN' if running else 'END'}"
        )


def _amount(minor: int) -> str:
    """An amount with a decimal comma."""
    sign, rest = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{rest // 100},{rest % 100:02d}"
