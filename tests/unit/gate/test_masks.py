"""Masks keep what is needed to recognise a value and no more."""

from __future__ import annotations

from itertools import product

import pytest

from onefold.gate.masks import DOTS, TOKENED, Minting, cut, initials, key_as_shown, last_four
from onefold.record.canon.entities import ENTITIES, FieldClass, FieldType
from onefold.record.tokens.rules import KINDS, kind_in

FULL = {it.value: "full" for it in FieldClass}
MASKED = {it.value: "masked" for it in FieldClass}
SECRET_TEXT = "Xq7Zj2Wv9Kp4"
SAMPLES = {
    FieldType.TEXT: SECRET_TEXT,
    FieldType.INTEGER: 991_337,
    FieldType.FLAG: True,
    FieldType.DAY: 8_765,
    FieldType.INSTANT: 757_382_400_123,
    FieldType.MONEY: 123_456,
    FieldType.REF: bytes(range(16)),
}
EVERY_FIELD = [(entity.name, name) for entity in ENTITIES.values() for name in entity.fields]


@pytest.mark.parametrize(("entity", "name"), EVERY_FIELD)
def test_a_hidden_field_shows_nothing(entity, name):
    field = ENTITIES[entity].fields[name]
    rights = FULL | {field.field_class.value: "hidden"}
    assert cut(entity, name, SAMPLES[field.type], {}, rights).value is None


@pytest.mark.parametrize(("entity", "name"), EVERY_FIELD)
def test_a_class_the_permit_does_not_speak_of_is_hidden(entity, name):
    assert cut(entity, name, SAMPLES[ENTITIES[entity].fields[name].type], {}, {}).value is None


@pytest.mark.parametrize(("entity", "name"), EVERY_FIELD)
def test_a_masked_text_keeps_at_most_four_of_its_letters_in_a_row(entity, name):
    if ENTITIES[entity].fields[name].type is FieldType.TEXT:
        shown = str(cut(entity, name, SECRET_TEXT, {}, MASKED).value)
        parts = {SECRET_TEXT[at : at + 5] for at in range(len(SECRET_TEXT) - 4)}
        assert not any(part in shown for part in parts)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("full_name", "Anna Karimova", "A. K."),
        ("given_name", "Ольга", "О."),
        ("organisation_name", "Silk & Road LLC", "S. R. L."),
        ("email", "anna@example.com", "a•••@•••"),
        ("phone", "+998901234567", "•••• 4567"),
        ("national_id", "31234567890123", "•••• 0123"),
        ("birth_date", 3_652, "1980"),
        ("address", "12 Navoi street", "•••"),
    ],
)
def test_each_kind_of_personal_value_has_its_mask(name, value, shown):
    result = cut("party", name, value, {}, MASKED)
    assert result == (shown, True)


def test_an_amount_stays_under_a_mask_and_says_its_decimals():
    assert cut("transaction", "amount", 70_050, {"currency": "CZK"}, MASKED) == ("700.50", False)
    assert cut("transaction", "amount", 700, {"currency": "JPY"}, FULL) == ("700", False)


@pytest.mark.parametrize(
    ("entity", "name", "shown"),
    [("party", "birth_date", "1993-12-31"), ("transaction", "booked_at", "1994-01-01T00:00:00.123Z")],
)
def test_in_full_days_and_instants_are_iso_8601(entity, name, shown):
    value = SAMPLES[ENTITIES[entity].fields[name].type]
    assert cut(entity, name, value, {}, FULL) == (shown, False)


def test_a_short_number_gives_nothing_away():
    assert last_four("1234567") == "••••"
    assert last_four("12345678") == "•••• 5678"


def test_a_name_without_letters_is_dots():
    assert initials("42 !!") == "•••"


def test_a_sources_own_key_follows_the_rights_over_personal_data():
    key = "anna@example.com"
    shown = [key_as_shown("party", key, {"pii": right}) for right in ("full", "masked", "hidden")]
    assert shown == [key, "•••• .com", ""]


@pytest.mark.parametrize("entity", [it for it in ENTITIES if it != "party"])
def test_the_key_of_anything_else_follows_the_rights_over_account_numbers(entity):
    key = "20206000000761245405"
    shown = [key_as_shown(entity, key, FULL | {"pci": right}) for right in ("full", "masked", "hidden")]
    assert shown == [key, "•••• 5405", ""]


def test_every_right_is_one_of_three():
    for right, (entity, name) in product(("full ", "FULL", "yes", ""), EVERY_FIELD[:5]):
        value = SAMPLES[ENTITIES[entity].fields[name].type]
        assert cut(entity, name, value, {}, dict.fromkeys(FULL, right)).value is None


TOKENS = {it.value: "token" for it in FieldClass}
RECORD = bytes(range(16))


@pytest.mark.parametrize(("entity", "name"), EVERY_FIELD)
def test_under_tokens_a_text_is_a_token_of_its_kind_or_dots(entity, name):
    field = ENTITIES[entity].fields[name]
    minting = Minting(bytes(32))
    shown = cut(entity, name, SAMPLES[field.type], {}, TOKENS, minting=minting, fragment_id=RECORD).value
    if field.type is FieldType.TEXT:
        assert kind_in(str(shown)) == TOKENED.get(name, "")
        assert (shown == DOTS) == (name not in TOKENED)
        assert bool(minting.made) == (name in TOKENED)
    else:
        assert shown == cut(entity, name, SAMPLES[field.type], {}, MASKED).value
        assert not minting.made


@pytest.mark.parametrize(("entity", "name"), EVERY_FIELD)
def test_where_nobody_makes_tokens_what_would_be_one_is_hidden(entity, name):
    assert cut(entity, name, SAMPLES[ENTITIES[entity].fields[name].type], {}, TOKENS).value is None


def test_what_a_token_stands_for_is_remembered_with_the_record_that_says_it():
    minting = Minting(bytes(32))
    shown = cut("party", "phone", "+998901234567", {}, TOKENS, minting=minting, fragment_id=RECORD)
    assert shown.masked
    assert minting.made == {(shown.value, RECORD): ("phone", "+998901234567")}


def test_every_kind_of_token_has_a_field_and_what_names_many_has_none():
    assert set(TOKENED.values()) == set(KINDS)
    assert not TOKENED.keys() & {"given_name", "family_name", "city", "postcode", "text", "birth_date"}


def test_under_tokens_a_key_of_a_source_is_hidden():
    assert key_as_shown("party", "anna@x.uz", TOKENS) == ""
