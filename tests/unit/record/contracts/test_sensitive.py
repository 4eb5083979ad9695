"""What columns look like: each kind is found, chance is not, and nothing of a value is repeated."""

from __future__ import annotations

import csv
import json
import random

import pytest
from stdnum import iban, luhn, verhoeff

from onefold.record.canon.entities import FieldClass
from onefold.record.contracts.sensitive import (
    KINDS,
    ROWS_ALL,
    ROWS_STEP,
    WORDS,
    Suspecting,
    is_no_chance,
    word_of,
)
from tests.shared_data import shared_data
from tests.unit.record.contracts.sample import compiled, prop, table

MANY = 400


def item(*properties):
    """The object of a contract with an id and these columns."""
    words = {"entity": "party", "delivers": "record", "key": "id", "map": {"full_name": {"value": "Anna"}}}
    return compiled(table("t", ["id", *properties], **words)).item


def looked_at(values, **entries):
    """What is suspected of one column, declared as the entries say."""
    suspecting = Suspecting(item(prop("x", **entries)))
    for number, value in enumerate(values):
        suspecting.add({"id": str(number), "x": value})
    return suspecting.results()


def card(chance: random.Random) -> str:
    body = "4" + "".join(str(chance.randrange(10)) for _ in range(14))
    return body + luhn.calc_check_digit(body)


def bank_account(chance: random.Random) -> str:
    body = "".join(str(chance.randrange(10)) for _ in range(18))
    return "DE" + iban.calc_check_digits("DE00" + body) + body


def aadhaar(chance: random.Random) -> str:
    body = "7" + "".join(str(chance.randrange(10)) for _ in range(10))
    return body + verhoeff.calc_check_digit(body)


def pinfl(chance: random.Random) -> str:
    """Born in the last century; the check digit is that of machine-readable documents (ICAO 9303)."""
    digits = [3, 1, 5, 0, 6, 8, chance.randrange(10), *(chance.randrange(10) for _ in range(6))]
    last = sum(it * (7, 3, 1)[at % 3] for at, it in enumerate(digits)) % 10
    return "".join(map(str, [*digits, last]))


def birth_number(chance: random.Random) -> str:
    while True:
        found = f"{chance.randrange(60, 99)}{chance.choice((1, 51)) + chance.randrange(9):02}"
        found += f"{chance.randrange(1, 29):02}{chance.randrange(10**4):04}"
        if int(found) % 11 == 0:
            return found


MADE = {
    "card numbers": card,
    "bank accounts (IBAN)": bank_account,
    "Aadhaar numbers": aadhaar,
    "Uzbek personal numbers (PINFL)": pinfl,
    "Czech birth numbers": birth_number,
    "e-mail addresses": lambda chance: f"a{chance.randrange(10**6)}@mail.example",
    "phone numbers": lambda chance: f"+99890{chance.randrange(10**6, 10**7)}",
    "keys or tokens": lambda chance: f"AKIA{chance.randrange(10**15, 10**16)}",
}


@pytest.mark.parametrize("name", MADE)
def test_a_column_of_a_kind_is_told_with_its_class(name):
    chance = random.Random(name)
    values = [MADE[name](chance) for _ in range(MANY)]
    (found,) = looked_at(values)
    kind = next(it for it in KINDS if it.name == name)
    assert (found.property, found.declared, found.looks_like) == ("x", FieldClass.INTERNAL, name)
    assert (found.field_class, found.values, found.of) == (
        kind.field_class,
        len(set(values)),
        len(set(values)),
    )


@pytest.mark.parametrize("name", MADE)
def test_nothing_of_a_value_is_repeated(name):
    chance = random.Random(name)
    values = [MADE[name](chance) for _ in range(MANY)]
    (found,) = looked_at(values)
    assert not any(it in str(found) for it in values)
    assert f"cleared: [{word_of(name)}]" in str(found)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("digits", [9, 10, 11, 12, 14, 16, 20])
def test_numbers_that_are_drawn_or_counted_are_no_kind(digits, seed):
    chance = random.Random(seed)
    first = chance.randrange(10 ** (digits - 1), 10**digits - 10**6)
    drawn = [str(chance.randrange(10 ** (digits - 1), 10**digits)) for _ in range(MANY)]
    assert looked_at(drawn) == ()
    assert looked_at([str(first + it) for it in range(MANY)]) == ()
    assert looked_at([first + 7 * it for it in range(MANY)]) == ()


def test_one_number_proves_no_more_in_a_thousand_rows():
    assert looked_at([card(random.Random(1))] * 1000 + ["no number"] * 10) == ()


def test_cards_are_found_within_words_and_among_other_numbers():
    chance = random.Random(5)
    orders = [f"about order {chance.randrange(4 * 10**15, 5 * 10**15)}, again" for _ in range(200)]
    notes = [f"the customer read out {card(chance)} to us" for _ in range(60)]
    (found,) = looked_at(orders + notes)
    assert (found.looks_like, found.of) == ("card numbers", 260)
    assert looked_at(orders) == ()


def test_dates_amounts_and_ids_with_letters_are_no_kind():
    chance = random.Random(3)
    dates = [f"2026-{it % 12 + 1:02}-{it % 28 + 1:02}T10:00:00Z" for it in range(MANY)]
    amounts = [f"{chance.randrange(10**9)}.{chance.randrange(100):02}" for _ in range(MANY)]
    ids = [f"A-{chance.randrange(10**15, 10**16)}" for _ in range(MANY)]
    assert looked_at(dates) == looked_at(amounts) == looked_at(ids) == ()


def test_few_values_are_enough_where_nothing_has_the_shape_by_chance():
    (found,) = looked_at(["anna@mail.example"])
    assert (found.values, found.of) == (1, 1)
    assert looked_at([card(random.Random(1))]) == ()


@pytest.mark.parametrize(
    "entries",
    [
        {"classification": "pci"},
        {"classification": "secret"},
        {"store": "drop"},
        {"customProperties": [{"property": "cleared", "value": ["card_numbers"]}]},
    ],
    ids=str,
)
def test_what_is_declared_dropped_or_cleared_is_not_told(entries):
    chance = random.Random(2)
    assert looked_at([card(chance) for _ in range(MANY)], **entries) == ()


def test_cards_declared_as_personal_data_are_told_and_addresses_among_cards_are_not():
    chance = random.Random(2)
    (found,) = looked_at([card(chance) for _ in range(MANY)], classification="pii")
    assert found.field_class is FieldClass.PCI
    assert looked_at(["a@mail.example"] * 3, classification="pci") == ()


def test_what_begins_late_in_a_large_delivery_is_found():
    chance = random.Random(4)
    rows = ["nothing"] * ROWS_ALL + [card(chance) for _ in range(40 * ROWS_STEP)]
    (found,) = looked_at(rows)
    assert found.of == 40


def test_a_word_that_clears_nothing_is_a_fault_of_the_contract():
    with pytest.raises(Exception, match="cleared"):
        item(prop("x", customProperties=[{"property": "cleared", "value": ["cards"]}]))
    assert {"card_numbers", "bank_accounts_iban", "e_mail_addresses"} <= WORDS


def test_chance_is_what_it_is_said_to_be():
    assert not is_no_chance(0, 0, 0.1)
    assert not is_no_chance(22, 100, 0.1)
    assert is_no_chance(23, 100, 0.1)
    assert not is_no_chance(2, 100, 0.0)
    assert is_no_chance(3, 100, 0.0)


def test_marked_sentences_hold_the_kinds_that_are_marked_in_them():
    marked = json.loads((shared_data("pii_presidio") / "synth_dataset_v2.json").read_text(encoding="utf-8"))
    texts = {
        "CREDIT_CARD": "card numbers",
        "IBAN_CODE": "bank accounts (IBAN)",
        "EMAIL_ADDRESS": "e-mail addresses",
    }
    for entity, kind in texts.items():
        with_it = [it["full_text"] for it in marked if any(s["entity_type"] == entity for s in it["spans"])]
        assert kind in {it.looks_like for it in looked_at(with_it)}, entity
    without = [
        it["full_text"]
        for it in marked
        if not {s["entity_type"] for s in it["spans"]} & {*texts, "PHONE_NUMBER", "US_SSN", "DOMAIN_NAME"}
    ]
    assert len(without) > 500
    assert looked_at(without) == ()


def test_of_a_table_of_invented_people_only_what_is_personal_is_told():
    path = shared_data("pii_presidio") / "FakeNameGenerator.com_3000.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {name: found for name in rows[0] if (found := looked_at([it[name] for it in rows]))}
    assert set(told) <= {"EmailAddress", "NationalID"}
    assert told["EmailAddress"][0].values > 1_900
