"""A customer is found by what people type: any script, any order, any part."""

from __future__ import annotations

import pytest

from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.terms import KINDS, begins_with, question, terms_of
from onefold.record.canon.entities import ENTITIES

ID = b"f" * 16


def terms(entity: str, key: str = "k-1", **values) -> set[tuple[str, str]]:
    """(term, kind) of one fragment."""
    fragment = Fragment(ID, entity, "core", key, ID, (1, b""), values, {})
    return {(term, kind) for term, kind, _ in terms_of(fragment, values)}


def finds(text: str, found: set[tuple[str, str]]) -> set[str]:
    """The kinds by which a typed text leads to somebody with these terms."""
    return {
        asked.kind
        for asked in question(text)
        if all(
            any(
                term == spelling if asked.whole else term.startswith(spelling)
                for term, kind in found
                if kind == asked.kind
                for spelling in part
            )
            for part in asked.parts
        )
    }


@pytest.mark.parametrize("text", ["qqq", "wwww", "zzzzqq", "kkk zakharov"])
def test_what_nobody_is_called_finds_nobody(text):
    found = terms("party", given_name="Konstantin", family_name="Zakharov", full_name="Zk Vasil")
    assert "name" not in finds(text, found)


@pytest.mark.parametrize(
    "text", ["Raximov", "Рахимов", "Rakhimov", "rahim", "Aziz Rahimov", "рахимов азиз", "RAXIM"]
)
def test_a_name_is_found_in_any_script_order_and_spelling(text):
    assert finds(text, terms("party", full_name="Азиз Рахимов")) == {"name"}


def test_every_word_typed_has_to_be_there():
    assert not finds("Aziz Karimov", terms("party", full_name="Aziz Rahimov"))


@pytest.mark.parametrize("text", ["+998 90 123-45-67", "998901234567", "90 123 45 67", "901234"])
def test_a_phone_is_found_with_and_without_its_country_code(text):
    assert finds(text, terms("party", phone="+998901234567")) == {"phone"}


def test_an_email_is_found_by_its_beginning():
    assert finds("Aziz.K@", terms("party", email="aziz.k@mail.uz")) == {"email"}


def test_a_source_key_is_found_in_any_case_and_with_its_separators():
    assert finds("crm 00-17", terms("party", key="CRM-0017")) == {"key"}


def test_the_beginning_of_a_source_key_finds_nothing():
    assert not finds("crm 00-1", terms("party", key="CRM-0017"))


@pytest.mark.parametrize("text", ["c-1", "C-626612669", "u2646b5ab", "AB1234567", "90 k1"])
def test_letters_beside_digits_ask_for_no_name(text):
    assert "name" not in {asked.kind for asked in question(text)}


def test_a_name_with_a_number_behind_it_is_still_a_name():
    assert finds("Bank24", terms("party", organisation_name="Bank 24")) == {"name"}


def test_a_letter_alone_asks_for_that_initial_and_not_for_every_name_with_it():
    assert not finds("k", terms("party", full_name="Aziz Karimov"))
    assert finds("k", terms("party", full_name="K. Aziz")) == {"name"}


def test_a_sign_that_is_a_whole_name_is_no_initial():
    assert finds("李", terms("party", full_name="李伟")) == {"name"}


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("Karimov A", "Aziz Karimov", True),
        ("A. Karimov", "Karimov Aziz", True),
        ("Karimov K", "Aziz Karimov", False),
        ("Karimov K", "Karim Karimov", True),
        ("Каримов А.К.", "Azamat Komilovich Karimov", True),
        ("Karimov A A", "Aziz Karimov", False),
    ],
)
def test_an_initial_beside_a_word_stands_for_another_word(text, name, holds):
    (asked,) = (it for it in question(text) if it.kind == "name")
    assert asked.initials
    assert begins_with([name, name], asked.parts, asked.initials) is holds


def test_an_account_is_found_by_number_with_spaces_and_by_key():
    found = terms("account", key="A7", number="8600 1234")
    assert finds("8600 12", found) == {"account"}
    assert finds("a7", found) == {"account_key"}


def test_the_key_of_an_account_is_of_the_class_of_its_number():
    assert KINDS["account_key"].field_class is KINDS["account"].field_class
    assert {kind for _, kind in terms("account", key="20206000000761245405")} == {"account_key"}
    assert {kind for _, kind in terms("party", key="C1")} == {"key"}


def test_other_entities_are_not_searched():
    assert terms("transaction", text="salary of Aziz") == set()


def test_each_kind_is_made_of_fields_of_its_class():
    for kind in KINDS.values():
        for entity, fields in kind.fields.items():
            assert {ENTITIES[entity].fields[name].field_class for name in fields} <= {kind.field_class}


def test_nothing_typed_asks_nothing():
    assert question("  ") == question("-") == ()
