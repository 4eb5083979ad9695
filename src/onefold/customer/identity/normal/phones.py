"""Phone numbers as E.164, and what kind of nothing the others are.

A number without a country code is of the region that the caller names. What cannot be dialled says which
way it fails, so that a report can count them; a placeholder is never an identifier, however well it is
formed.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec
import phonenumbers
from phonenumbers import PhoneNumber, ValidationResult

from onefold.customer.identity.normal.numbering import quickly
from onefold.kernel.memory import remembered


class PhoneState(StrEnum):
    """What is known of a number. Only `VALID` and `POSSIBLE` ones have E.164."""

    VALID = "valid"
    POSSIBLE = "possible"
    SHORT = "short"
    IMPOSSIBLE = "impossible"
    PLACEHOLDER = "placeholder"
    NO_REGION = "no_region"
    EMPTY = "empty"


class Phone(msgspec.Struct, frozen=True, gc=False):
    """`e164` is empty unless somebody may answer it; `last` are up to seven last digits, for blocking."""

    e164: str
    state: PhoneState
    region: str = ""
    extension: str = ""
    last: str = ""


_LETTERS = re.compile(r"[A-Za-z#*]")
_DIGITS = re.compile(r"\d")
_SEVERAL = re.compile(r"[;,|]|\s/\s|\bor\b|\bили\b", re.IGNORECASE)
_FLOAT_TAIL = re.compile(r"(?<=\d)\.0+$")
_EXPONENT = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d+$")
_RUNS = ("0123456789", "9876543210", "1234567890")
_SHORTEST, _SHORT_MOST, _LONGEST = 3, 6, 15
_TAIL = 7
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|доб\.?|#)\s*\d{1,6}$", re.IGNORECASE)
_COMPARED_LEAST, _COMPARED_DIGITS = 5, 9
_REGULAR_TAIL = 6
"""So many digits at the end that are one digit, or count up or down, were typed to fill a field."""


@remembered(65_536)
def phone(text: str, region: str = "") -> Phone:
    """The first number of a text. `region` (ISO 3166-1 alpha-2) is whose numbers have no country code."""
    first = _SEVERAL.split(text.strip(), maxsplit=1)[0]
    first = _FLOAT_TAIL.sub("", first.strip())
    if _EXPONENT.match(first):
        return Phone("", PhoneState.IMPOSSIBLE)
    digits = "".join(str(int(it)) for it in _DIGITS.findall(first))
    if not digits:
        return Phone("", PhoneState.EMPTY)
    if _fills_a_field(digits):
        return Phone("", PhoneState.PLACEHOLDER)
    if len(digits) < _SHORTEST or len(digits) > _LONGEST + 5:
        return Phone("", PhoneState.IMPOSSIBLE)
    last = digits[-_TAIL:]
    plain = first.isascii() and not _LETTERS.search(first)
    if plain and (quick := quickly(digits, region.upper(), international=first.lstrip("(").startswith("+"))):
        e164, place = quick
        return Phone(e164, PhoneState.VALID, place, last=last)
    number = _reached(first, digits, region.upper())
    if number is None:
        state = PhoneState.SHORT if len(digits) <= _SHORT_MOST else PhoneState.IMPOSSIBLE
        unplaced = not region and not first.startswith("+") and state is PhoneState.IMPOSSIBLE
        return Phone("", PhoneState.NO_REGION if unplaced else state, last=last)
    return _judged(number, last)


def dialled(text: str) -> str:
    """The digits of the first number as they are dialled at home, as far as that is known without a region.

    A country code goes where a plus or two zeros say that it is one, and so do zeros in front; of longer
    numbers the last nine digits are left, in which a code that nothing says is gone too. Empty for
    placeholders and for what is too short. For comparing numbers of a table, not for dialling.
    """
    first = _SEVERAL.split(text.strip(), maxsplit=1)[0].strip()
    first = _EXTENSION.sub("", _FLOAT_TAIL.sub("", first))
    digits = "".join(_DIGITS.findall(first))
    if not digits.isascii():
        digits = "".join(str(int(it)) for it in digits)
    if len(digits) < _COMPARED_LEAST or _EXPONENT.match(first) or _fills_a_field(digits):
        return ""
    abroad = first.lstrip("( ").startswith("+")
    if digits.startswith("00") or abroad:
        digits = digits.removeprefix("00")
        sizes = (size for size in (1, 2, 3) if int(digits[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
        digits = digits[next(sizes, 0) :]
    return digits.lstrip("0")[-_COMPARED_DIGITS:]


def _reached(written: str, digits: str, region: str) -> PhoneNumber | None:
    """As written, then as an international number whose plus was lost."""
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    attempts: list[tuple[str, str | None]] = [(written, known)]
    if not written.lstrip("(").startswith("+"):
        attempts.append((f"+{digits.removeprefix('00')}", None))
    found = []
    for attempt, place in attempts:
        try:
            number = phonenumbers.parse(attempt, place)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
        found.append((number, place))
    return next((number for number, place in found if place or written.startswith("+")), None)


def _judged(number: PhoneNumber, last: str) -> Phone:
    """What the library says of a parsed number."""
    fits = phonenumbers.is_possible_number_with_reason(number)
    if fits in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return Phone("", PhoneState.SHORT, last=last)
    if fits != ValidationResult.IS_POSSIBLE:
        return Phone("", PhoneState.IMPOSSIBLE, last=last)
    region = phonenumbers.region_code_for_number(number) or ""
    extension = number.extension or ""
    number.extension = None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _fills_a_field(str(number.national_number)):
        return Phone("", PhoneState.PLACEHOLDER)
    # Zeros in front of a number are taken off one by one: what is not its own E.164 is no number.
    if phonenumbers.parse(e164, None) != number:
        return Phone("", PhoneState.IMPOSSIBLE, last=last)
    state = PhoneState.VALID if region else PhoneState.POSSIBLE
    return Phone(e164, state, region, extension, e164[-_TAIL:])


def _fills_a_field(digits: str) -> bool:
    """One digit over and over, or counting: 0000000, 5555555, 1234567, and the same after a code."""
    tail = digits[-_REGULAR_TAIL - 1 :]
    if len(tail) < _REGULAR_TAIL:
        return len(set(digits)) == 1 or any(digits in run for run in _RUNS if len(digits) > 4)
    return len(set(tail)) == 1 or any(tail in run * 2 for run in _RUNS)
