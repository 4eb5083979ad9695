"""An answer is read as a row is: checked, mapped, and believed only where it says whose it is."""

from __future__ import annotations

import pytest

from onefold.record.contracts.answers import Answers
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.keys import BirthIds
from tests.unit.record.contracts.sample import CELL_KEY, contract, prop, table

STATEMENT = "SELECT id, mobile, income, born FROM c WHERE id = :key"


def answers(key: object = "id", *, key_type: str = "string", statement: str = STATEMENT, **words) -> Answers:
    item = table(
        "customer",
        [
            prop("id", logicalType=key_type, required=True),
            prop("branch"),
            prop("name", classification="pii"),
            prop("mobile", classification="pii", store="reference"),
            prop("born", classification="pii", store="reference"),
            prop("tier", store="reference", enum=[{"value": "A"}, {"value": "B"}]),
        ],
        **{
            "entity": "party",
            "delivers": "record",
            "key": key,
            "fetch": {"using": "sql", "connection": "core", "statement": statement},
            "map": {
                "full_name": "name",
                "phone": {"from": "mobile", "as": "phone", "country": "UZ"},
                "birth_date": "born",
                "tier": "tier",
            },
            **words,
        },
    )
    read = contract(item)
    return Answers(read, read.objects["customer"], BirthIds(CELL_KEY))


FIELDS = ("phone", "birth_date")


def test_an_answer_passes_the_transforms_of_the_contract():
    found = answers().read("7", {"id": "7", "mobile": "90 246-81-35", "born": "1991-02-03"}, FIELDS)
    assert found == {"phone": "+998902468135", "birth_date": 7_703}


def test_only_the_fields_that_are_asked_for_are_read():
    assert answers().read("7", {"id": "7", "mobile": "902468135", "born": "1991-02-03"}, ("phone",)) == {
        "phone": "+998902468135"
    }


@pytest.mark.parametrize(
    "answer", [{"id": "8", "mobile": "902468135"}, {"mobile": "902468135"}, {"id": None}]
)
def test_an_answer_about_somebody_else_or_nobody_is_not_believed(answer):
    assert answers().read("7", answer, FIELDS) is None


def test_an_empty_value_says_nothing():
    assert answers().read("7", {"id": "7", "mobile": None, "born": ""}, FIELDS) == {}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"born": "yesterday"}, Reason.BAD_DATE),
        ({"mobile": {"number": "902468135"}}, Reason.BAD_TYPE),
        ({"tier": "Z"}, Reason.UNKNOWN_VALUE),
    ],
)
def test_an_answer_that_breaks_the_contract_is_a_fault(answer, reason):
    with pytest.raises(RowFault) as caught:
        answers().read("7", {"id": "7"} | answer, (*FIELDS, "tier"))
    assert caught.value.reason is reason


def test_the_key_is_bound_in_the_type_that_the_contract_says():
    assert answers(key_type="integer").parameters("7") == {"key": 7}
    assert answers().parameters("7") == {"key": "7"}
    assert answers(key_type="integer").parameters("7 OR 1=1") is None


def test_a_prefix_is_no_part_of_what_the_source_knows():
    prefixed = answers(keyPrefix="loan-")
    assert prefixed.parameters("loan-7") == {"key": "7"}
    assert prefixed.parameters("7") is None
    assert prefixed.read("loan-7", {"id": "7", "mobile": "902468135"}, ("phone",)) == {
        "phone": "+998902468135"
    }


@pytest.mark.parametrize("parts", [("a", "b"), ("a|b", "c"), ("a\\", "|b"), ("\\|", "|\\")])
def test_the_parts_of_a_composed_key_come_apart_as_they_were_joined(parts):
    composed = answers(["branch", "id"], statement="SELECT 1 WHERE :key_1 = :key_2")
    key = composed._read.key({"branch": parts[0], "id": parts[1]})
    assert key is not None
    assert composed.parameters(key) == {"key_1": parts[0], "key_2": parts[1]}
    assert composed.parameters("one part") is None


def test_only_what_the_fields_need_is_asked_for():
    assert answers().properties(["phone"]) == ("id", "mobile")
    assert answers().properties(["birth_date", "phone"]) == ("id", "mobile", "born")
