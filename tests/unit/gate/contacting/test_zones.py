"""Where a clock may stand by a phone number: as numbering plans say, without reading most of them."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType, timezone

from onefold.customer.profile.clocks import clue_of
from onefold.gate.contacting.zones import EVERYWHERE, zones_of, zones_of_clue

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


ODD = ["", "Asia/Tashkent", "a,b", "x" * 65, "Asia/Ташкент", "nowhere", "?", "="]
COUNTRIES = ["", "UZ", "uz", "US", "Uzbekistan", "ZZ", "U,", "\u0130Z", "001"]


@pytest.mark.parametrize("number", [*EXAMPLES, "", "no number", "+", "+1", "+7000", "+998\u0661", "+998,12"])
def test_a_clue_tells_the_zones_of_its_record_or_that_it_does_not_know(number):
    for declared, country in [*((it, "UZ") for it in ODD), *(("", it) for it in COUNTRIES)]:
        record = {"time_zone": declared, "phone": number, "country": country}
        clue = clue_of(record)
        assert "," not in clue
        assert zones_of_clue(clue) in (None, zones_of(record))


def test_most_clues_do_know():
    told = [it for it in EXAMPLES if zones_of_clue(clue_of({"phone": it})) is not None]
    assert len(told) > len(EXAMPLES) // 2
    assert zones_of_clue(clue_of({"phone": "+998901112233", "country": "UZ"})) == frozenset({"Asia/Tashkent"})
    assert zones_of_clue(clue_of({"time_zone": "Asia/Almaty", "phone": "+12025550123"})) == frozenset(
        {"Asia/Almaty"}
    )
    assert zones_of_clue(clue_of({"phone": "+12025550123"})) is None
    assert zones_of_clue(clue_of({})) == frozenset()


def test_a_clue_holds_no_more_of_a_number_than_its_calling_code():
    assert clue_of({"phone": "+998901112233", "country": "uz"}) == "+998/UZ"
