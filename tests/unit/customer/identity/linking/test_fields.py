"""Fields: what columns say, in comparable form."""

from __future__ import annotations

import pytest

from onefold.customer.identity.linking.columns import APART, column_of
from onefold.customer.identity.linking.fields import (
    email,
    fields_of,
    identifier,
    organisation,
    postcode,
    reading,
    street,
    words,
)


def said(columns: dict[str, list[list[str]]]) -> dict[str, list[str]]:
    """What each row says in each field, from columns by kind."""
    given = {
        kind: [(f"{kind} {at}", column_of(values)) for at, values in enumerate(several)]
        for kind, several in columns.items()
    }
    return {it.name: [it.column.values[code] for code in it.column.codes] for it in fields_of(given)}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1971-06-24", "19710624"),
        ("24/06/1971", "19710624"),
        ("Mar 1 1970", "19700301"),
        ("24-May-11", "20110524"),
        ("3/1/70", "19700103"),
        ("19560409", "19560409"),
        ("1856-86-18", "18568618"),
        ("unknown", ""),
        ("1900-01-01", ""),
        ("1985-01-01", "19850101"),
        ("1985", "1985"),
        ("1985-04", "198504"),
    ],
)
def test_a_date_is_eight_digits_however_it_is_written_and_fewer_where_less_is_known(text, read):
    assert reading([text])(text) == read


def test_a_column_says_whether_days_come_first():
    assert reading(["13/02/1980", "01/02/1980"])("03/04/1980") == "19800403"
    assert reading(["02/13/1980", "01/02/1980"])("03/04/1980") == "19800304"


def test_values_lose_what_does_not_tell():
    assert email('"Jay" <J.Jones+shop@Gmail.com>') == "jjones@gmail.com"
    assert email("j..jones@mail") == "j..jones@mail"
    assert email("noemail@mail.com") == ""
    assert words("  Café,  No. 7 ") == "cafe no 7"
    assert postcode("SW1A 1AA") == postcode("sw1a1aa")
    assert identifier("294-66-9999") == identifier("294 66 9999") == "294669999"
    assert identifier("0000000") == ""
    assert organisation("ООО «Ромашка»") == organisation("Romashka LLC")


def test_an_address_is_its_numbers_and_the_words_that_tell():
    ways = ("140 Kakhkhara street, apt 30", "ul. Kakhkhara 140-30", "Каххара ko'chasi, 140-uy, 30-xonadon")
    assert {street(it) for it in ways} == {"140 30 kahara"}
    assert street("140 Kakhkhara street, apt 31") != street(ways[0])


@pytest.mark.parametrize(
    ("whole", "given", "middle", "family"),
    [
        ("Ivanov Anton Timurovich", "anton", "timur", "ivanov"),
        ("Anton Timurovich Ivanov", "anton", "timur", "ivanov"),
        ("Каримова Хилола Сардор кизи", "hilola", "sardor", "karimova"),
        ("Smith, Robert", "robert", "", "smit"),
        ("Mr. Robert Lee Smith Jr", "robert", "le", "smit"),
        ("Smith Nancy", "nansi", "", "smit"),
        ("Khan", "", "", "han"),
    ],
)
def test_a_whole_name_is_taken_apart_by_what_its_words_are(whole, given, middle, family):
    found = said({"full_name": [[whole, "Ann Mary Lee"]]})
    assert [found[it][0] for it in ("given_name", "middle_name", "family_name")] == [given, middle, family]


def test_a_name_in_another_script_and_spelling_is_the_same_text():
    found = said(
        {"given_name": [["Юлия", "Yuliya", "Gulnora"]], "family_name": [["Раҳимова", "Raximova", "Ли"]]}
    )
    assert found["given_name"][0] == found["given_name"][1] != found["given_name"][2]
    assert found["family_name"][0] == found["family_name"][1]


def test_a_whole_name_and_its_parts_become_one_name():
    found = said(
        {
            "full_name": [["Thomas Clifford, 1st Baron", "Ann Lee", "Frank E Moss"]],
            "given_name": [["Thomas", "", "Frank"]],
            "family_name": [["Baron", "", "Moss"]],
        }
    )
    assert found["given_name"] == ["tomas", "an", "frank"]
    assert found["family_name"] == ["baron", "le", "mos"]
    assert found["middle_name"][2] == "e"


def test_several_columns_of_a_kind_are_alternatives_of_one_field():
    found = said(
        {
            "phone": [["+998 90 931-23-45", "", "71 200 00 01"], ["712000001", "90 931 23 45", "712000001"]],
            "family_name": [["Karimova", "Lee"], ["Olimova", ""]],
            "given_name": [["Aziza", "Ann"]],
        }
    )
    assert found["phone"] == [APART.join(("712000001", "909312345")), "909312345", "712000001"]
    assert found["family_name"] == [APART.join(("karimova", "olimova")), "le"]


def test_a_number_and_a_street_in_two_columns_are_one_address():
    found = said({"street": [["29", "Navoi 29", "12 Park Road"], ["ul. Navoi", "", "4 Lake Lane"]]})
    assert found["street"][0] == found["street"][1] == "29 navoi"
    assert len(found["street"][2].split(APART)) == 2


def test_a_second_name_in_another_script_stands_beside_the_first():
    found = said({"full_name": [["Dara Chen", "Ann Lee"], ["Тара Чень", ""]]})
    assert found["given_name"][0].split(APART) == ["dara", "tara"]


def test_a_name_with_a_legal_form_is_of_a_firm():
    found = said(
        {
            "full_name": [["MEDIA PRINT ООО", "Ann Lee", "Karimov Aziz Rustamovich", "Ershov Ziyo PE"]],
            "organisation": [["", "", "", ""]],
            "birth_date": [["", "1990-02-03", "", ""]],
        }
    )
    assert found["organisation"] == ["media print", "", "", ""]
    assert found["given_name"][0] == ""
    assert found["nature"] == ["firm", "person", "person", ""]


def test_a_mailbox_of_a_desk_tells_of_a_firm_and_of_none_of_its_people():
    found = said(
        {
            "given_name": [["Ann", ""]],
            "organisation": [["", "Delta LLC"]],
            "email": [["info@delta.example", "info@delta.example"]],
        }
    )
    assert found["email"] == ["", "info@delta.example"]


def test_equal_values_have_equal_codes_in_every_name_column():
    fields = fields_of(
        {
            "given_name": [("first", column_of(["Alan", "Robert"]))],
            "family_name": [("last", column_of(["Robert", "Alan"]))],
        }
    )
    given, family = (it.column.codes.tolist() for it in fields if it.kind == "name")
    assert given == family[::-1]


def test_a_name_says_its_generation_in_whichever_column_and_a_firm_none():
    found = said(
        {
            "given_name": [["David", "David", "", ""]],
            "family_name": [["Dobbins Jr", "Dobbins", "", ""]],
            "full_name": [["", "", "Karimov Aziz II", "Senior Services LLC"]],
        }
    )
    assert found["generation"] == ["2", "", "2", ""]
    assert found["family_name"] == ["dobins", "dobins", "karimov", ""]
    assert "generation" not in said({"full_name": [["Ivan Petrov", "Ann Lee"]]})
