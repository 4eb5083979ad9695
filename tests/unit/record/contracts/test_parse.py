"""Reading contracts: each fault is found, named by its place, and says what to do."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Delivers, Store
from onefold.record.contracts.parse import parse_contract
from onefold.record.log.model import EventKind
from tests.unit.record.contracts.sample import contract, customers, document, movements, prop, table


def faults(given: dict | bytes) -> str:
    """What is wrong with a contract, as its author reads it."""
    data = given if isinstance(given, bytes) else json.dumps(given).encode()
    with pytest.raises(BrokenContract) as caught:
        parse_contract(data, "test.yaml")
    return str(caught.value)


def test_a_contract_is_read_whole():
    found = contract(
        customers(),
        movements(),
        slaProperties=[
            {"property": "freshness", "value": 6, "unit": "h"},
            {"property": "futureTolerance", "value": 3, "unit": "d"},
        ],
    )
    assert (found.source, found.version, found.owner) == ("core", "1.0.0", "Core banking")
    assert (found.freshness_hours, found.future_tolerance_days) == (6, 3)
    movement = found.objects["movement"]
    assert movement.delivers is Delivers.EVENT
    assert movement.kind is EventKind.UPSERT
    assert movement.key == ("id",)
    assert movement.rules["amount"].options == {"currency": "CZK"}
    assert len(found.digest) == 64


def test_the_key_is_the_primary_key_in_its_order():
    holder = table(
        "holder",
        [
            prop("party", primaryKey=True, primaryKeyPosition=2),
            prop("account", primaryKey=True, primaryKeyPosition=1),
        ],
        entity="holder",
        delivers="record",
        subject={"entity": "party", "key": "party"},
        map={"account": {"from": "account", "as": "ref"}, "party": {"from": "party", "as": "ref"}},
    )
    assert contract(holder).objects["holder"].key == ("account", "party")


def test_nested_properties_become_paths():
    call = table(
        "identify",
        [
            prop("userId"),
            prop("traits", logicalType="object", properties=[prop("email", classification="pii")]),
        ],
        entity="party",
        delivers="event",
        kind="patch",
        key="userId",
        map={"email": {"from": "traits.email", "as": "email"}},
    )
    assert [it.path for it in contract(call).objects["identify"].properties] == ["userId", "traits.email"]


def test_store_words_are_read():
    found = contract(
        customers(map={"full_name": "name"})
        | {"properties": [prop("id"), prop("name", classification="pii"), prop("pin", store="refuse")]}
    )
    assert found.objects["customer"].properties[2].store is Store.REFUSE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: [", "test.yaml:2:1: contract: "),
        (b"id: a\nid: b\n", "the key id stands here twice"),
        (b"\xc3(", "not YAML"),
        (b"[]", "is not of type 'object'"),
        (
            b"id: core\nversion: 1.0\nkind: DataContract\napiVersion: v3.1.0",
            "version: 1.0 is not of type 'string'",
        ),
    ],
)
def test_what_is_no_contract_is_told_with_its_place(data, said):
    assert said in faults(data)


def test_a_property_without_a_type_is_told_what_to_write():
    broken = document(customers())
    del broken["schema"][0]["properties"][1]["logicalType"]
    assert "schema.customer.properties.name: has no logicalType; write logicalType: string" in faults(broken)


def test_a_misspelt_word_of_ours_gets_the_nearest_one():
    said = faults(document(customers(occuredAt="day")))
    assert "there is no custom property occuredAt; did you mean occurredAt?" in said


def test_custom_properties_of_other_vendors_are_left_alone():
    other = customers()
    other["customProperties"].append({"property": "colour", "value": "blue", "vendor": "somebody"})
    assert contract(other).objects["customer"].entity == "party"


def test_every_fault_is_told_at_once():
    said = faults(
        document(
            customers(map={"nickname": "name", "full_name": "surname"}),
            team={},
            purposes=["spying"],
            status="live",
        )
    )
    for place in ("contract.team", "contract.purposes", "map.nickname", "contract.status"):
        assert place in said


def test_a_published_contract_is_not_held_to_the_schema_again():
    data = json.dumps(document(customers(), somethingNew=1)).encode()
    assert parse_contract(data, "x", published=True).source == "core"
    assert "somethingNew" in faults(data)


@pytest.mark.parametrize(
    "text",
    [
        b"version: 2024-13-45",
        b"version: !!bool x",
        b"version: !!timestamp x",
        b"version: 0b_",
        b"version: " + b"1" * 5000,
        b"version: &a [*a]",
        b"version: !!python/object/apply:os.getcwd []",
        b"version: !!python/name:os.system",
        b"a: " + b"[" * 200 + b"]" * 200,
        b"\n".join(
            b"l%d: &l%d [%s]" % (it, it, b", ".join([b"*l%d" % (it - 1)] * 9) if it else b"x")
            for it in range(20)
        ),
    ],
    ids=["date", "bool", "timestamp", "binary", "digits", "itself", "object", "name", "deep", "a billion"],
)
def test_a_document_that_breaks_its_parser_has_one_fault(text):
    with pytest.raises(BrokenContract, match="has 1 fault"):
        parse_contract(text, "bad.yaml")


def test_what_one_parser_of_yaml_takes_and_the_other_does_not_is_told_without_lines():
    with pytest.raises(BrokenContract):
        parse_contract(b'{"apiVersion": "v3.1.0", "x": [{\t"a": 1}]}', "bad.yaml")


def test_no_source_delivers_what_is_recorded_with_onefold_itself():
    template = table(
        "template",
        [prop("id", primaryKey=True), "face"],
        entity="biometric",
        delivers="record",
        subject={"entity": "party", "key": "id"},
        map={"party": {"from": "id", "as": "ref"}, "protected": "face"},
    )
    assert "no source delivers biometric" in faults(document(template))
