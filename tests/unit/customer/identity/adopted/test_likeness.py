"""What portraits say in the fields of a model hangs on nobody who is read with them."""

from __future__ import annotations

from typing import Any

from onefold.customer.identity.adopted.likeness import fields_of_portraits, texts_of_portrait
from onefold.customer.identity.portraits import portrait_of
from tests.properties.adopted import records

FIRM: dict[str, Any] = {
    "organisation_name": "Karimov Jasur MChJ",
    "phone": "+998901112233",
    "email": "j@karimov.uz",
}
OWNER: dict[str, Any] = {
    "full_name": "Karimov Jasur",
    "phone": "+998901112233",
    "email": "j@karimov.uz",
    "birth_date": 9,
}
WHOLE: dict[str, Any] = {
    "full_name": "Petrova Olga Ivanovna",
    "address": "12 Navoiy",
    "customer_number": "C-7",
}


def portraits():
    said = [portrait_of(bytes([at]) * 16, it) for at, it in enumerate((FIRM, OWNER, WHOLE), 1)]
    return [*said, *(it for _, it in records()[:40])]


def texts(fields, row):
    return {it.name: it.column.values[it.column.codes[row]] for it in fields}


def everything(row_texts):
    return {name: text for name, text in row_texts.items() if text}


def test_each_row_says_the_same_alone_and_among_others():
    people = portraits()
    among = fields_of_portraits(people)
    for row, portrait in enumerate(people):
        alone = texts(fields_of_portraits([portrait]), 0)
        assert everything(alone) == everything(texts(among, row))
    assert texts(among, 0)["nature"] == "firm"
    assert texts(among, 1)["nature"] == "person"


def test_a_portrait_alone_says_the_same_without_columns():
    people = portraits()
    among = fields_of_portraits(people)
    for row, portrait in enumerate(people):
        assert everything(texts_of_portrait(portrait)) == everything(texts(among, row))
