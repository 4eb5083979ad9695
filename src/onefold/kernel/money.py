"""Money as integer minor units and a currency, never a float.

Minor units follow ISO 4217: two decimals unless listed. Rounding is refused: an amount with more
decimals than its currency has is the source's mistake, not ours to hide.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from onefold.kernel.errors import SourceError

_EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "ISK": 0,
    "BHD": 3,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "JOD": 3,
}
_LIMIT = 1 << 62
_DIGITS_MAX = 20
"""More digits before the point than any amount below the limit has: an exponent is never written out."""
_EXACT = Context(prec=60, traps=[InvalidOperation, Overflow, Inexact])


def exponent_of(currency: str) -> int:
    """Decimals of a currency's minor unit."""
    return _EXPONENTS.get(currency, 2)


def minor_units(text: str, currency: str) -> int:
    """`"700.50"` in CZK is 70050; `SourceError` when it is no exact amount of that currency."""
    try:
        stated = Decimal(text)
    except (InvalidOperation, ValueError):
        stated = Decimal("NaN")
    if not stated.is_finite():
        raise SourceError("An amount is not a number.", hint="Write it as digits with a decimal point.")
    try:
        scaled = _EXACT.scaleb(stated, exponent_of(currency)) if stated.adjusted() < _DIGITS_MAX else None
    except (Inexact, Overflow):
        scaled = None
    if stated.is_zero():
        return 0
    if scaled is None or scaled != scaled.to_integral_value() or abs(scaled) >= _LIMIT:
        raise SourceError(
            "An amount cannot be held exactly.",
            detail=f"{currency} has {exponent_of(currency)} decimals.",
            hint="Send exact amounts; mend the mapping if the unit is another.",
        )
    return int(scaled)


def decimal_text(minor: int, currency: str) -> str:
    """The amount with its decimals, for people: 70050 CZK is `700.50`."""
    exponent = exponent_of(currency)
    if not exponent:
        return str(minor)
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"
