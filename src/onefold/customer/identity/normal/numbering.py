"""Valid phone numbers told quickly, from the metadata of phonenumbers; the rest is for that library.

The library takes hundreds of microseconds a number, since it asks for the type of a number pattern by
pattern. Here the patterns of a region are one regular expression. What this file answers, the library
answers alike (a test compares them over every region); where a region rewrites numbers, or nothing
matches, it answers nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
import phonenumbers
from phonenumbers import PhoneMetadata

_CODE_MOST = 3
_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager",
    "uan", "voicemail",
)  # fmt: skip


class _Plan(msgspec.Struct, frozen=True):
    """The numbering of a region: what a valid national number looks like, and what is dialled before it."""

    region: str
    code: str
    valid: re.Pattern[str]
    prefix: re.Pattern[str] | None
    leading: re.Pattern[str] | None
    abroad: re.Pattern[str]
    keeps_zeros: bool


def quickly(digits: str, region: str, *, international: bool) -> tuple[str, str] | None:
    """E.164 and region of a number that is plainly valid; None where only the library can tell.

    `digits` are all that were written, with the country code where it is `international`.
    """
    if international:
        return _international(digits)
    plan = _plan(region)
    if plan is None or plan.prefix is None or plan.abroad.match(digits):
        return None
    if plan.valid.fullmatch(digits) and not plan.prefix.match(digits) and not digits.startswith(plan.code):
        return _placed(plan.code, digits)
    dialled = plan.prefix.match(digits)
    if dialled and dialled.end() and not plan.valid.fullmatch(digits):
        rest = digits[dialled.end() :]
        if plan.valid.fullmatch(rest):
            return _placed(plan.code, rest)
    return None


def _international(digits: str) -> tuple[str, str] | None:
    for size in range(1, _CODE_MOST + 1):
        if int(digits[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            national = digits[size:]
            return _placed(digits[:size], national)
    return None


def _placed(code: str, national: str) -> tuple[str, str] | None:
    """The first region of a country code in which a national number is valid."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
    for region in regions:
        plan = _plan(region)
        if plan is None or (plan.prefix is None and len(regions) == 1):
            return None
        if national.startswith("0") and not plan.keeps_zeros:
            return None
        if plan.leading is not None:
            if plan.leading.match(national):
                return (f"+{code}{national}", region) if plan.valid.fullmatch(national) else None
        elif plan.valid.fullmatch(national):
            return f"+{code}{national}", region
    return None


@lru_cache(maxsize=512)
def _plan(region: str) -> _Plan | None:
    """None for what is no region with numbers of its own."""
    metadata = PhoneMetadata.metadata_for_region(region, None) if region.isalpha() else None
    if metadata is None or metadata.country_code is None:
        return None
    kinds = [getattr(metadata, name) for name in _TYPES]
    patterns = [it.national_number_pattern for it in kinds if it is not None and it.national_number_pattern]
    general = metadata.general_desc.national_number_pattern if metadata.general_desc else ".*"
    rewritten = metadata.national_prefix_transform_rule is not None
    prefix = metadata.national_prefix_for_parsing
    leading = metadata.leading_digits
    return _Plan(
        region,
        str(metadata.country_code),
        re.compile(f"(?=(?:{general})$)(?:{'|'.join(patterns)})"),
        None if rewritten else re.compile(prefix or r"(?!)"),
        re.compile(leading) if leading else None,
        re.compile(metadata.international_prefix or r"(?!)"),
        region in {"IT", "VA", "SM"},
    )
