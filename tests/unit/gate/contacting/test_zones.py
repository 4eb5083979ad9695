"""Where a clock may stand by a phone number: as numbering plans say, without reading most of them."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType, timezone

from onefold.gate.contacting.zones import EVERYWHERE, zones_of

KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP)
EXAMPLES = sorted(
    {
        phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in KINDS
        if (found := phonenumbers.example_number_for_type(region, kind)) is not None
    }
)


@pytest.mark.parametrize("number", EXAMPLES)
def test_a_number_of_any_country_has_the_zones_of_its_plan(number):
    planned = timezone.time_zones_for_number(phonenumbers.parse(number))
    assert zones_of({"phone": number}) == (EVERYWHERE if planned == ("Etc/Unknown",) else frozenset(planned))


def test_where_all_numbers_of_a_code_share_a_zone_one_that_nobody_has_does_too():
    assert zones_of({"phone": "+998000"}) == {"Asia/Tashkent"}


@pytest.mark.parametrize("number", ["no number", "901112233", "+", "+999", "+1", "+7000", "+998abc"])
def test_what_tells_no_zone_leaves_all_of_them(number):
    assert zones_of({"phone": number}) == EVERYWHERE
