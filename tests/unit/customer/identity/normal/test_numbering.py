"""The quick way of telling a valid number says what the library says, or nothing."""

from __future__ import annotations

import phonenumbers
import pytest

from onefold.customer.identity.normal.numbering import quickly

KINDS = [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]


def told(written, region):
    """What the library says: E.164 and region of a valid number, or None."""
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, phonenumbers.region_code_for_number(number)


def examples(region):
    """National numbers of a region: those that the library gives, and others with other last digits."""
    for kind in KINDS:
        if number := phonenumbers.example_number_for_type(region, kind):
            national = phonenumbers.national_significant_number(number)
            yield from (national, f"{national[:-2]}07", f"{national[:-4]}9406")


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_what_is_told_quickly_is_what_the_library_says(region):
    code = str(phonenumbers.country_code_for_region(region))
    for national in examples(region):
        for written in (national, f"0{national}", f"8{national}", f"1{national}", f"{code}{national}"):
            quick = quickly(written, region, international=False)
            assert quick is None or quick == told(written, region)
        quick = quickly(code + national, "", international=True)
        assert quick is None or quick == told(f"+{code}{national}", None)


def test_most_regions_are_told_quickly():
    regions = [it for it in phonenumbers.SUPPORTED_REGIONS if next(examples(it), None)]
    quick = [
        it
        for it in regions
        if quickly(f"{phonenumbers.country_code_for_region(it)}{next(examples(it))}", "", international=True)
    ]
    assert len(quick) / len(regions) > 0.8
