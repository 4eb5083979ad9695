"""Large files of core banking, cheap to write: rows that its contract takes, of accounts that are told first.

Words and amounts are drawn from a seeded generator; the layout and the codes are those of the generated bank.
Transactions come account by account, as an archive of statements does, or in order of time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(2026, 1, 1)
DAYS = 270
AS_OF = "2026-09-30"
_CODE_PAGE = "cp1251"
_LINES_A_WRITE = 20_000
_NAMES = ("Karimov", "Rahimova", "Yusupov", "Alimova", "Tursunov", "Saidova", "Umarov", "Ismoilova")
_KINDS = (
    ("D", "203", "GROC", "Card payment", "KORZINKA SUPERMARKET 12"),
    ("D", "203", "REST", "Card payment", "EVOS"),
    ("D", "203", "TRAN", "Card payment", "TOSHKENT METROPOLITENI"),
    ("D", "202", "RENT", "Rent", ""),
    ("D", "202", "UTIL", "Household payment", ""),
    ("D", "201", "CASH", "Cash machine", ""),
    ("C", "102", "SALA", "Salary", "ALFA TRADE MCHJ"),
    ("C", "102", "TRNF", "Transfer", ""),
    ("C", "301", "INTR", "Interest", ""),
    ("D", "302", "FEE", "Fee", ""),
)


def account_number(number: int) -> str:
    """The number of an account, of twenty digits."""
    return f"20206000{number:012d}"


def _write(path: Path, head: str, lines: Iterator[str]) -> Path:
    with path.open("w", encoding=_CODE_PAGE, newline="") as file:
        file.write(head + "\n")
        some: list[str] = []
        for line in lines:
            some.append(line)
            if len(some) == _LINES_A_WRITE:
                file.write("\n".join(some) + "\n")
                some = []
        if some:
            file.write("\n".join(some) + "\n")
    return path


def write_holders(folder: Path, accounts: int) -> list[Path]:
    """Customers, accounts, and who holds which: one account each."""
    customers = (
        f"C{number:08d};P;{_NAMES[number % len(_NAMES)]}{number};Aziz;;;"
        f"{1 + number % 28:02d}.{1 + number % 12:02d}.{1950 + number % 50};M;;;;;;;Navoi {number};"
        f"Toshkent;;100000;uz;MASS;;;;01.02.2015;05.01.2026 10:00:00;A;"
        for number in range(accounts)
    )
    head = (
        "CUST_NO;CUST_TYPE;SURNAME;NAME;PATRONYMIC;ORG_NAME;BIRTH_DATE;SEX;PINFL;TIN;PHONE;PHONE_CONF;EMAIL;"
        "EMAIL_CONF;ADDRESS;CITY;REGION;POSTCODE;LANG;SEGMENT;BRANCH;MANAGER;GUARDIAN_NO;OPENED;CHANGED;STATUS;CARE"
    )
    numbers = range(accounts)
    return [
        _write(folder / "CUSTOMERS.csv", head, customers),
        _write(
            folder / "ACCOUNTS.csv",
            "ACC_NO;PRODUCT;CCY;OPENED;CLOSED;STATUS;BRANCH",
            (f"{account_number(it)};CUR;UZS;01.02.2015;;OPEN;T01" for it in numbers),
        ),
        _write(
            folder / "HOLDERS.csv",
            "ACC_NO;CUST_NO;ROLE",
            (f"{account_number(it)};C{it:08d};O" for it in numbers),
        ),
    ]


def write_transactions(
    path: Path, rows: int, accounts: int, *, by_time: bool = False, seed: int = 7, details: int = 0
) -> int:
    """A file of transactions; the sum of their amounts in minor units, whichever way they go.

    `details`: how many characters of payment details each has besides, which compress no better than a half.
    """
    chance = random.Random(seed)  # a load, not a secret
    draw = chance.random
    days = [(FIRST_DAY + timedelta(it)).strftime("%d.%m.%Y") for it in range(DAYS)]
    total = 0

    def lines() -> Iterator[str]:
        nonlocal total
        for number in range(rows):
            account = number % accounts if by_time else number * accounts // rows
            place = number / rows if by_time else draw()
            amount, second, kind = int(draw() * 900_000) + 100, int(draw() * 86_400), _KINDS[number % 10]
            total += amount
            way, operation, category, text, other = kind
            if details:
                text = f"{text} {chance.randbytes(details // 2).hex()}"
            yield (
                f"T{number:017d};{account_number(account)};{days[int(place * DAYS)]} "
                f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d};{way};"
                f"{amount // 100},{amount % 100:02d};UZS;{int(draw() * 9e6)},{number % 100:02d};{operation};"
                f"{category};{text};{other};{'' if other else '20208000' + str(10**12 + number)[1:]}"
            )

    head = "TXN_ID;ACC_NO;BOOKED;DC;AMOUNT;CCY;BALANCE;OPER;CATEGORY;TEXT;CP_NAME;CP_ACC"
    _write(path, head, lines())
    return total


def write_balances(path: Path, rows: int, accounts: int) -> Path:
    """A snapshot of what accounts held, a row a day each, account by account."""
    days = [(FIRST_DAY + timedelta(it)).strftime("%d.%m.%Y") for it in range(DAYS)]
    each = -(-rows // accounts)
    assert each <= DAYS, "an account has one balance a day"
    return _write(
        path,
        "ACC_NO;DAY;AMOUNT;CCY",
        (
            f"{account_number(it // each)};{days[it % each]};{it * 37 % 10**7},{it % 100:02d};UZS"
            for it in range(rows)
        ),
    )
