"""Who else is named in a text: in any script, by two letters too, and without hiding ordinary words."""

from __future__ import annotations

import pytest

from onefold.gate.others import Others
from tests.unit.gate.bank import Bank

THEM = (
    {"full_name": "Li Na"},
    {"full_name": "Do Muhammad"},
    {"full_name": "Karimov Boris"},
    {"given_name": "Siew", "family_name": "Ng"},
    {"full_name": "Jo'rayev Jasur"},
    {"family_name": "李", "given_name": "伟"},
    {"full_name": "Kat Kal"},
)
"""Those a text may name; the customer is Anna Karimova."""


def others(*names: dict[str, str], **own: str) -> Others:
    """What names these people, beside a customer."""
    bank = Bank()
    me = bank.add("party", "core", "C1", **(own or {"full_name": "Anna Karimova"}))
    them = [bank.add("party", "core", f"X{number}", **it) for number, it in enumerate(names)]
    found = bank.state.fragments([me, *them])
    return Others([found[me]], [found[it] for it in them])


@pytest.mark.parametrize(
    "text",
    [
        "rent to li", "LI, for the rent", "оплата Ли за обед", "Came with Li Na", "ПЕРЕВОД ЛИ НА",
        "paid by Ng", "ng called", "she sent it to Do for the flat", "Do Muhammad came",
        "пришёл Борис", "от КАРИМОВ Б.", "محمد", "Жасур", "Жўраев", "付款给李伟先生", "李 伟", "with Kat",
    ],
)  # fmt: skip
def test_a_name_is_known_in_any_script_and_with_two_letters(text):
    assert others(*THEM).named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "do it now", "Do not pay", "DO NOT PAY TWICE", "what to do", "придёт ли он", "знает ли на деле",
        "на карту", "На карту", "мы на ней", "call the cat", "bread and a boring loan", "linen", "n. g.",
        "от Каримова", "Анна Каримова", "karimova", "李先生", "伟大", "", "12 34",
    ],
)  # fmt: skip
def test_ordinary_words_and_what_the_customer_bears_name_nobody(text):
    assert not others(*THEM).named_in(text)


def test_a_name_the_customer_bears_in_another_script_is_theirs_too():
    text = "Каримова, за квартиру"
    assert not others({"full_name": "Karimova Nigora"}, full_name="Anna Karimova").named_in(text)
    assert others({"full_name": "Karimova Nigora"}, full_name="Anna Petrova").named_in(text)
    assert not others({"full_name": "李伟"}, full_name="李伟").named_in("付款给李伟")


def test_a_key_is_no_sentence_in_which_two_letters_would_name_somebody():
    found = others(*THEM, {"full_name": "Boris Sidorov", "national_id": "31201800001234"})
    assert not found.marked_in("LI-77")
    assert found.marked_in("A-31201800001234")
    assert found.marked_in("boris-7")


def test_of_nobody_nothing_is_looked_for():
    assert not others().named_in("Li Na")
