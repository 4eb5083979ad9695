"""Rows of any values, the whole way; and every transform of a contract by itself."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from onefold.kernel.canonical import canonical_bytes, from_canonical
from onefold.kernel.errors import CallerError, SourceError
from onefold.kernel.money import decimal_text, exponent_of, minor_units
from onefold.record.canon.entities import FieldType
from onefold.record.contracts.errors import RowFault
from onefold.record.contracts.texts import Transform, plain
from onefold.record.contracts.transforms import TRANSFORMS
from onefold.record.intake.model import Offered
from tests.fuzz import hostile
from tests.fuzz.bank import offer_rows
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

OBJECTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "core",
        "client",
        {
            "id": "1",
            "messageId": "m",
            "op": "U",
            "at": "2025-05-01T10:00:00Z",
            "name": "Anna",
            "traits": {"mail": "anna@bank.uz", "born": "1990-01-02", "secret": "x"},
            "more": {"a": [1]},
            "list": [1],
            "tier": "gold",
            "points": 7,
        },
    ),
    (
        "core",
        "wish",
        {
            "id": "1",
            "who": "1",
            "purpose": "marketing",
            "channel": "email",
            "fact": "withdrawn",
            "at": "2025-05-01",
            "form": "f",
        },
    ),
    (
        "core",
        "deal",
        {
            "id": "1",
            "amount": "12.50",
            "currency": "CZK",
            "months": 12,
            "opened": "01.02.20",
            "closed": "2030-01-01",
            "state": "1",
            "owner": "1",
        },
    ),
    (
        "core",
        "payment",
        {"id": "1", "account": "1", "at": 1_746_093_600_000, "amount": "-12.50", "text": "shop"},
    ),
    (
        "core",
        "chat",
        {
            "id": "1",
            "who": "1",
            "messages": [{"author": "Anna", "at": "2025-05-01T10:00:00Z", "text": "hello"}],
            "people": ["Anna"],
            "note": "card",
        },
    ),
    (
        "digital",
        "identify",
        {"messageId": "m", "userId": "1", "traits": {"email": "a@bank.uz", "birthday": "1990-01-02"}},
    ),
)

_NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    2**31,
    2**53 + 1,
    2**62 - 1,
    2**62,
    2**63 - 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**18,
    10**400,
    10**4000,
    0.1,
    -0.0,
    1e15,
    1e16,
    1e308,
    5e-324,
    1.5,
    True,
    False,
    None,
    1_746_093_600_000,
    253_402_300_800_000,
    7_258_118_400_000,
    float("inf"),
    float("nan"),
)
_TEXTS = (
    *tuple(text for raw in hostile.TEXTS for text in [raw.decode("utf-8", "replace")] if "\\u" not in text),
    "1E+999997",
    "1E+99999",
    "0." + "1" * 60,
    "9" * 400,
    "2024-05-01" + " " * 9000,
    "12.5000",
    "(5)",
    "5-",
    "\ufeff1",
)


def scalar(draws: Draws) -> Any:
    """One value as readers of files and of JSON give it."""
    kind = draws.number(0, 5)
    if kind <= 1:
        return draws.choice(_NUMBERS)
    return draws.text(30) if kind == 2 else draws.choice(_TEXTS)


def tree(draws: Draws, depth: int = 0) -> Any:
    """A value that may hold others, sometimes very deep ones."""
    kind = draws.number(0, 7)
    if kind == 0 and depth < 4:
        return draws.many(lambda: tree(draws, depth + 1), 3)
    if kind == 1 and depth < 4:
        return {
            draws.choice(("a", "author", "at", "text", "", "id")): tree(draws, depth + 1) for _ in range(3)
        }
    if kind == 2 and depth < 4:
        found: Any = scalar(draws)
        for _ in range(draws.choice(hostile.DEEP[:-2])):
            found = [found]
        return found
    return scalar(draws)


def _row(draws: Draws, right: dict[str, Any]) -> dict[str, Any]:
    row = dict(right)
    for name in right:
        kind = draws.number(0, 7)
        if kind == 0:
            row[name] = tree(draws)
        elif kind == 1:
            row[name] = scalar(draws)
        elif kind == 2:
            row.pop(name)
        elif kind == 3 and isinstance(right[name], dict):
            row[name] = _row(draws, right[name])
    if draws.number(0, 5) == 0:
        row[draws.choice(("gone", "card", "op", "traits", "unknown"))] = tree(draws)
    return row


def run_rows(data: bytes) -> None:
    """Rows of one object in one delivery."""
    draws = Draws(data)
    source, name, right = draws.choice(OBJECTS)
    rows = [Offered(_row(draws, right), line) for line in range(1, draws.number(1, 4) + 1)]
    if all(_is_json(it.row) for it in rows):
        offer_rows(source, name, rows)


def _is_json(row: Any) -> bool:
    """What no reader gives: numbers that JSON does not have."""
    return "inf" not in (text := repr_of(row)) and "nan" not in text


def repr_of(row: Any) -> str:
    """The words of a row; nothing for one that is too deep to be shown."""
    try:
        return repr(row)
    except RecursionError:
        return ""


_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("text", {}),
    ("text", {"prefix": "p-", "limit": 10}),
    ("lower", {}),
    ("upper", {}),
    ("join", {}),
    ("passage", {"limit": 100}),
    ("talk", {}),
    ("talk", {"clock": "seconds"}),
    ("talk", {"format": "epoch_s"}),
    ("list", {}),
    ("list", {"each": "a"}),
    ("integer", {}),
    ("integer", {"round": True}),
    ("flag", {}),
    ("values", {"values": {"1": "a"}, "caseless": True}),
    ("values", {"values": {"a": 1}, "default": 7}),
    ("sign", {"positive": "credit", "negative": "debit"}),
    ("sign", {"positive": "credit", "negative": "debit", "decimal": ","}),
    ("money", {"currency": "CZK"}),
    ("money", {"currency": "JPY", "absolute": True}),
    ("money", {"currency": "BHD", "decimal": ","}),
    ("money", {"currency": "CZK", "unit": "minor"}),
    ("date", {}),
    ("date", {"format": "DD.MM.YYYY"}),
    ("date", {"format": "YYMMDD", "pivot": 30}),
    ("date", {"format": "DD-MON-YYYY"}),
    ("instant", {}),
    ("instant", {"zone": "Asia/Tashkent"}),
    ("instant", {"format": "YYYY-MM-DD HH:mm:ss"}),
    ("instant", {"format": "epoch_s"}),
    ("instant", {"format": "epoch_ms"}),
    ("czech_birth_number", {"part": "date"}),
    ("czech_birth_number", {"part": "gender"}),
    ("phone", {"country": "UZ"}),
    ("phone", {"invalid": "fault"}),
    ("email", {}),
    ("identifier", {}),
    ("identifier", {"check": "cz.rc"}),
    ("identifier", {"check": "in_.aadhaar", "pattern": ".+"}),
)
assert {name for name, _ in _OPTIONS} == {name for name, it in TRANSFORMS.items() if it.build}
_BUILT: dict[int, Transform] = {}
_KINDS: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.INTEGER: (int,),
    FieldType.FLAG: (bool,),
    FieldType.DAY: (int,),
    FieldType.INSTANT: (int,),
    FieldType.MONEY: (int,),
}


def run_transform(data: bytes) -> None:
    """A value, a fault, or nothing; a value is of its type, can be stored, and comes out the same again."""
    draws = Draws(data)
    number = draws.number(0, len(_OPTIONS) - 1)
    name, options = _OPTIONS[number]
    spec = TRANSFORMS[name]
    if number not in _BUILT:
        assert spec.build is not None
        _BUILT[number] = spec.build(options)
    raw = tree(draws) if draws.flag() else scalar(draws)
    if raw is None or raw == "":
        return
    found = _applied(_BUILT[number], raw)
    assert found == _applied(_BUILT[number], raw), "the same value twice, two answers"
    assert spec.build is not None
    assert found == _applied(spec.build(options), raw), "what came before it makes a difference"
    if found is not None and not isinstance(found, RowFault):
        if name != "values":
            assert isinstance(found, tuple(kind for it in spec.gives for kind in _KINDS[it]))
        assert from_canonical(canonical_bytes(found)) == found
        assert not isinstance(found, int) or abs(found) < 1 << 63


class _Fault:
    def __init__(self, fault: RowFault) -> None:
        self.reason = fault.reason


def _applied(transform: Transform, raw: Any) -> Any:
    try:
        return transform(raw)
    except RowFault as fault:
        says_nothing_personal(fault)
        return None


def run_money(data: bytes) -> None:
    """An amount is exact or none: what comes out says what went in."""
    draws = Draws(data)
    currency = draws.choice(("CZK", "JPY", "KWD"))
    text = draws.choice(_TEXTS) if draws.flag() else draws.take(60).decode("latin-1")
    try:
        minor = minor_units(text, currency)
    except SourceError as error:
        says_nothing_personal(error)
        return
    try:
        stated = Decimal(text)
    except InvalidOperation:
        raise AssertionError("an amount that is no number") from None
    assert Decimal(minor).scaleb(-exponent_of(currency)) == stated, "an amount was changed"
    assert minor_units(decimal_text(minor, currency), currency) == minor


def run_text(data: bytes) -> None:
    """The text of a scalar is the same whether it came as JSON or not."""
    draws = Draws(data)
    raw = scalar(draws)
    if not isinstance(raw, str | int | float) or not _is_json(raw):
        return
    try:
        text = plain(raw)
    except (RowFault, CallerError):
        return
    again = msgspec.json.decode(json.dumps(raw)) if not isinstance(raw, int) or abs(raw) < 10**400 else raw
    assert plain(again) == text


_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 60)) for number in range(0, 60, 3))

TARGETS = (
    Target("rows-whole", run_rows, _SEEDS, share=3),
    Target(
        "rows-transforms",
        run_transform,
        _SEEDS,
        (b"2024-05-01", b"12.50", b"E+", b"+998", b"@bank.uz"),
        share=50,
    ),
    Target(
        "rows-money",
        run_money,
        (b"\0\0\x0612.50", b"\0\0\x091E+999997", *_SEEDS[:3]),
        (b"E+", b"E-", b"."),
        share=50,
    ),
    Target("rows-scalars", run_text, _SEEDS, share=5),
)
