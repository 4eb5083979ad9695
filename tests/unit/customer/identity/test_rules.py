"""The deterministic rules, on the people that make identity hard."""

from __future__ import annotations

from datetime import date

import pytest

from onefold.customer.identity.model import Portrait
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import RULES, Birth, births, conflicts_between, evidence_between
from onefold.kernel.time import day_from_date


def day(text: str) -> int:
    """The day number of an ISO date."""
    return day_from_date(date.fromisoformat(text))


PHONE, EMAIL = "+998901112233", "aziz@mail.uz"


def portrait(number: int = 1, **values) -> Portrait:
    """A person as one source knows them."""
    return portrait_of(bytes([number]) * 16, {"kind": "person"} | values)


def rules(left: Portrait, right: Portrait) -> list[str]:
    """The names of the rules that join two."""
    found = evidence_between(left, right)
    assert [it.rule for it in found] == [it.rule for it in evidence_between(right, left)]
    return [it.rule for it in found]


def conflicts(left: Portrait, right: Portrait) -> list[str]:
    """What keeps two apart."""
    return [it.rule for it in conflicts_between(left, right)]


AZIZ = {"given_name": "Aziz", "family_name": "Karimov", "birth_date": day("1980-05-12")}


def test_a_national_id_joins_across_scripts_and_slips():
    other = {"given_name": "Азиз", "family_name": "Каримов", "birth_date": day("1980-05-21")}
    assert "national id" in rules(
        portrait(1, **AZIZ, national_id="N1"), portrait(2, **other, national_id="N1")
    )


def test_a_national_id_does_not_join_what_everything_else_contradicts():
    child = {"given_name": "Lola", "family_name": "Karimova", "birth_date": day("2011-01-02")}
    assert rules(portrait(1, **AZIZ, national_id="N1"), portrait(2, **child, national_id="N1")) == []


def test_a_married_name_keeps_the_customer():
    before = {
        "given_name": "Lola",
        "family_name": "Karimova",
        "birth_date": day("1990-03-04"),
        "phone": PHONE,
    }
    after = before | {"family_name": "Rahimova"}
    assert rules(portrait(1, **before), portrait(2, **after)) == ["contact, given name and birth date"]


def test_twins_are_two_people():
    home = {
        "family_name": "Karimov",
        "birth_date": day("2001-02-03"),
        "address": "12 Navoiy",
        "city": "Toshkent",
    }
    hasan = portrait(1, given_name="Hasan", **home, phone=PHONE, email=EMAIL)
    husan = portrait(2, given_name="Husan", **home, phone=PHONE, email=EMAIL)
    assert rules(hasan, husan) == []


def test_father_and_son_of_one_name_are_two_people():
    younger = AZIZ | {"birth_date": day("2004-08-30")}
    proven = {
        "phone": PHONE,
        "phone_verified": True,
        "email": EMAIL,
        "email_verified": True,
        "address": "12 Navoiy",
    }
    father, son = portrait(1, **AZIZ, **proven), portrait(2, **younger, **proven)
    assert rules(father, son) == []
    assert conflicts(father, son) == ["two birth dates"]


def test_a_father_is_not_found_in_his_sons_patronymic():
    son = portrait(
        1,
        given_name="Komil",
        middle_name="Jasur ogli",
        family_name="Torayev",
        phone=PHONE,
        phone_verified=True,
    )
    plain = portrait(
        1, given_name="Komil", middle_name="Jasur", family_name="Torayev", phone=PHONE, phone_verified=True
    )
    father = portrait(2, given_name="Jasur", family_name="To'rayev", phone=PHONE, phone_verified=True)
    assert rules(son, father) == rules(plain, father) == []


def test_a_recycled_phone_does_not_join_its_two_owners():
    proven = {"phone": PHONE, "phone_verified": True}
    assert rules(portrait(1, **AZIZ, **proven), portrait(2, full_name="Olga Petrova", **proven)) == []


def test_weak_things_never_join_alone():
    weak = {"phone": PHONE, "address": "12 Navoiy", "city": "Toshkent", "postcode": "100100"}
    assert rules(portrait(1, **weak), portrait(2, **weak)) == []
    assert rules(portrait(1, **weak), portrait(2, **weak, **AZIZ)) == []


def test_the_same_name_in_the_same_town_is_not_the_same_person():
    assert (
        rules(
            portrait(1, full_name="Aziz Karimov", city="Toshkent"),
            portrait(2, full_name="Aziz Karimov", city="Toshkent"),
        )
        == []
    )


def test_name_and_birth_date_need_a_place_or_a_third_name():
    assert rules(portrait(1, **AZIZ), portrait(2, **AZIZ)) == []
    there = {"city": "Тошкент"}
    assert rules(portrait(1, **AZIZ, **there), portrait(2, **AZIZ, **there)) == ["name, birth date and place"]
    three = AZIZ | {"middle_name": "Rustamovich"}
    assert rules(portrait(1, **three), portrait(2, **three)) == ["three names and birth date"]


def test_exchanged_name_columns_are_still_the_name():
    swapped = AZIZ | {"given_name": "Karimov", "family_name": "Aziz"}
    assert "phone, name and birth date" in rules(
        portrait(1, **AZIZ, phone=PHONE), portrait(2, **swapped, phone=PHONE)
    )


def test_consent_may_follow_only_what_both_sides_have_proof_of():
    proven = AZIZ | {"email": EMAIL, "email_verified": True, "identifiers_verified": True}
    both = evidence_between(portrait(1, **proven), portrait(2, **proven))
    one = evidence_between(portrait(1, **proven), portrait(2, **AZIZ, email=EMAIL, identifiers_verified=True))
    assert both[0].rule == "proven e-mail and name"
    assert both[0].verified
    assert one
    assert not any(it.verified for it in one)


@pytest.mark.parametrize("field", ["national_id", "tax_id", "customer_number"])
def test_a_number_of_somebody_else_joins_but_carries_no_consent(field):
    known = portrait(1, **AZIZ, **{field: "N1"}, identifiers_verified=True)
    claimed = evidence_between(known, portrait(2, **AZIZ, **{field: "N1"}))
    assert claimed
    assert not any(it.verified for it in claimed)
    proven = evidence_between(known, portrait(2, **AZIZ, **{field: "N1"}, identifiers_verified=True))
    assert [(it.rule, it.weight) for it in proven] == [(it.rule, it.weight) for it in claimed]
    assert proven[0].verified


def test_a_person_and_an_organisation_are_never_one():
    firm = portrait_of(b"2" * 16, {"kind": "organisation", "organisation_name": "Karimov", "tax_id": "T1"})
    assert rules(portrait(1, **AZIZ, tax_id="T1"), firm) == []
    assert conflicts(portrait(1, **AZIZ), firm) == ["a person and an organisation"]


def test_an_organisation_is_joined_by_tax_id_or_by_name_and_contact():
    def firm(number: int, name: str, **more):
        return portrait_of(bytes([number]) * 16, {"kind": "organisation", "organisation_name": name} | more)

    assert rules(firm(1, "Chorsu Savdo MChJ", tax_id="T1"), firm(2, "ООО Чорсу Савдо", tax_id="T1")) == [
        "tax id"
    ]
    assert rules(firm(1, "Chorsu Savdo MChJ", phone=PHONE), firm(2, "OOO Chorsu Savdo", phone=PHONE)) == [
        "organisation and contact"
    ]
    assert rules(firm(1, "Chorsu Savdo MChJ"), firm(2, "OOO Chorsu Savdo")) == []


def test_two_national_ids_of_one_form_are_two_people_and_of_two_forms_may_be_one():
    pair = (
        portrait(1, **AZIZ, national_id="30101900000017"),
        portrait(2, **AZIZ, national_id="30202910000028"),
    )
    assert conflicts(*pair) == ["two national ids"]
    assert conflicts(pair[0], portrait(2, **AZIZ, national_id="AA1234567")) == []


def test_under_an_equal_sole_identifier_a_birth_date_is_the_likelier_mistake():
    other = AZIZ | {"birth_date": day("1951-11-01")}
    assert conflicts(portrait(1, **AZIZ), portrait(2, **other)) == ["two birth dates"]
    assert conflicts(portrait(1, **AZIZ, national_id="N1"), portrait(2, **other, national_id="N1")) == []


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("1980-05-12", "1980-05-12", Birth.SAME),
        ("1980-05-12", "1980-12-05", Birth.NEAR),
        ("1980-05-12", "1980-05-13", Birth.NEAR),
        ("1980-05-12", "1990-05-12", Birth.NEAR),
        ("1980-05-12", "1981-06-12", Birth.CONFLICT),
        ("1980-05-12", "2004-08-30", Birth.CONFLICT),
    ],
)
def test_a_slip_of_the_pen_in_a_birth_date_is_no_conflict(left, right, verdict):
    assert births(day(left), day(right)) is births(day(right), day(left)) is verdict


def test_a_birth_date_that_is_no_date_is_only_ever_itself():
    assert births(10**9, day("1980-05-12")) is Birth.CONFLICT
    assert births(10**9, 10**9) is Birth.SAME
    assert births(None, 10**9) is Birth.UNKNOWN


def test_rules_are_listed_from_the_heaviest():
    assert [it.weight for it in RULES] == sorted((it.weight for it in RULES), reverse=True)


@pytest.mark.parametrize("said", [{"vulnerable": True}, {"protected": True}, {"guardian": bytes(16)}])
def test_where_one_is_of_a_sensitive_group_only_identifiers_and_proof_join(said):
    shared = AZIZ | {"phone": PHONE, "email": EMAIL}
    assert "e-mail, name and birth date" in rules(portrait(1, **shared), portrait(2, **shared))
    assert not rules(portrait(1, **shared, **said), portrait(2, **shared))
    proven = shared | {"email_verified": True}
    assert rules(portrait(1, **proven, **said), portrait(2, **proven)) == ["proven e-mail and name"]
    known = shared | {"national_id": "N1"}
    assert rules(portrait(1, **known, **said), portrait(2, **known)) == ["national id"]


def test_a_word_that_is_taken_back_and_an_age_make_no_difference_to_who_is_who():
    shared = AZIZ | {"phone": PHONE, "email": EMAIL}
    assert rules(portrait(1, **shared, vulnerable=False), portrait(2, **shared))
    child = shared | {"birth_date": day("2020-05-12")}
    assert rules(portrait(1, **child), portrait(2, **child))
