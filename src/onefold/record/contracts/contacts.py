"""Transforms of what names or reaches a person: phones, e-mails, identifiers.

People's systems are full of values that fill a field and reach nobody. These, and values that are not
of their kind, say nothing (absent), so that one bad phone does not cost the row; `invalid: fault` makes
the second kind a fault.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

import phonenumbers

from onefold.kernel.memory import remembered
from onefold.record.contracts.errors import BadOption, Reason, RowFault
from onefold.record.contracts.patterns import Matches, matcher
from onefold.record.contracts.texts import Transform, plain

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@(?:[^\s@.,;:/]{1,63}\.){1,8}[^\s@.,;:/]{2,63}")
_EMAIL_PLACEHOLDERS = frozenset(
    "none no noemail no-email nomail no.email na n.a null unknown test email mail example dummy x xxx aaa "
    "nobody".split()
)
_EXAMPLE_DOMAINS = ("@example.", "@test.", "@none.", "@email.", "@noemail.")
_SEPARATORS = re.compile(r"[\s./\\\-–()]+")


def _invalid(options: dict[str, Any]) -> None:
    """Says nothing, or says that it is a fault."""
    if options.get("invalid") == "fault":
        raise RowFault(Reason.BAD_TYPE)


def email(options: dict[str, Any]) -> Transform:
    """An address in lower case; fillers such as none@ or @example. say nothing."""

    def apply(raw: Any) -> str | None:
        address = plain(raw).lower()
        if not address:
            return None
        if not _EMAIL.fullmatch(address):
            _invalid(options)
            return None
        local, _, domain = address.partition("@")
        if local in _EMAIL_PLACEHOLDERS or f"@{domain}".startswith(_EXAMPLE_DOMAINS):
            return None
        return address

    return apply


@remembered(65_536)
def _e164(written: str, country: str | None) -> str | None:
    try:
        parsed = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _fills_a_field(e164: str) -> bool:
    """One digit over and over, or counting up: 000000000, 1234567."""
    tail = e164[-7:]
    return len(set(tail)) == 1 or tail in {"1234567", "2345678", "3456789", "7654321"}


def phone(options: dict[str, Any]) -> Transform:
    """E.164; a number without a country code is of `country` (ISO 3166-1 alpha-2)."""
    country = options.get("country", "").upper() or None
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        raise BadOption(f"{country} is not a country with phone numbers")

    def apply(raw: Any) -> str | None:
        written = plain(raw)
        if not written:
            return None
        found = _e164(written, country)
        if found is None:
            _invalid(options)
            return None
        return None if _fills_a_field(found) else found

    return apply


def identifier(options: dict[str, Any]) -> Transform:
    """A state, tax or firm number in upper case without separators, if it passes its check.

    `check` names a module of python-stdnum (`cz.rc`, `in_.aadhaar`), `pattern` is a regular expression
    for the rest; with neither, four characters or more that are not one character repeated.
    """
    check = options.get("check", "")
    valid = _stdnum(check) if check else None
    fits = _fitting(options.get("pattern", ".{4,64}"))

    def apply(raw: Any) -> str | None:
        number = _SEPARATORS.sub("", plain(raw)).upper()
        if not number or len(set(number)) == 1:
            return None
        if not fits(number) or (valid and not valid(number)):
            _invalid(options)
            return None
        return number

    return apply


def _fitting(pattern: str) -> Matches:
    try:
        return matcher(pattern)
    except BadOption as error:
        raise BadOption(f"pattern {pattern} {error}") from None


def _stdnum(check: str) -> Any:
    if not re.fullmatch(r"[a-z]{2}_?\.[a-z0-9_]+", check):
        raise BadOption(f"check {check} is not a module of python-stdnum such as cz.rc")
    try:
        return importlib.import_module(f"stdnum.{check}").is_valid
    except (ImportError, AttributeError):
        raise BadOption(f"check {check} is not known to python-stdnum") from None
