"""What a contract may not say, although it is a valid ODCS file."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.parse import parse_contract
from tests.unit.record.contracts.sample import contract, customers, document, movements, prop, table

MAP = {"full_name": "name"}


def faults(*tables: dict, **top) -> list[str]:
    """Every fault, as `place: what`, in the order of the file."""
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(*tables, **top)).encode(), "test.yaml")
    return [str(fault) for fault in caught.value.faults]


def mapped(**rules) -> dict:
    """The customer table with other rules."""
    return customers(map={**MAP, **rules})


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"nickname": "name"}, "map.nickname: there is no field of party nickname"),
        ({"full_name": "surname"}, "map.full_name.from: there is no property surname"),
        ({"full_name": {"from": "name", "as": "shout"}}, "map.full_name.as: there is no transform shout"),
        ({"full_name": {"from": "name", "as": "date"}}, "date gives no text; use text or lower"),
        ({"full_name": {"from": ["name", "id"]}}, "text takes one property"),
        ({"full_name": {"from": "name", "colour": "red"}}, "there is no option of text colour"),
        ({"full_name": {"from": "name", "limit": "9"}}, "map.full_name.limit: must be int"),
        ({"kind": {"from": "name", "as": "values"}}, "map.kind.values: is missing; values needs it"),
        ({"kind": {"value": "human"}}, "map.kind: there is no word of party.kind human"),
        ({"kind": {"from": "name", "as": "values", "values": {"P": "human"}}}, "no word of party.kind human"),
        ({"birth_date": {"value": 3}}, "is a day, which cannot be a constant"),
        ({"birth_date": {"from": "born", "format": "YY"}}, "needs a year"),
        ({"email_verified": {"value": "yes"}}, "holds str where flag belongs"),
        ({"full_name": {}}, "says nothing"),
        ({"full_name": {"event": "occurredAt"}}, "fits only an instant"),
        ({"phone": {"from": "mobile", "as": "phone", "country": "Uzbekistan"}}, "is not a country"),
        (
            {"full_name": {"from": "name", "or": {"from": "other"}}},
            "map.full_name.or.from: there is no property",
        ),
        (
            {"place": {"from": "id", "as": "ref", "object": "customer"}},
            "customer is a party, but the field",
        ),
    ],
)
def test_a_rule_that_cannot_work_is_told(rules, said):
    assert any(said in fault for fault in faults(mapped(**rules))), faults(mapped(**rules))


def test_codes_that_yaml_reads_as_something_else_are_told():
    text = json.dumps(document(mapped(kind={"from": "name", "as": "values", "values": {"Q": "person"}})))
    with pytest.raises(BrokenContract) as caught:
        parse_contract(text.replace('"Q"', "no").encode(), "test.yaml")
    assert "put them in quotes" in str(caught.value)


def test_money_needs_a_currency_from_somewhere():
    broken = movements()
    broken["customProperties"][-1]["value"] = {
        **broken["customProperties"][-1]["value"],
        "amount": {"from": "amount", "as": "money"},
        "currency": {"value": "crown"},
    }
    assert any("has no currency" in fault for fault in faults(broken))


def test_a_personal_field_cannot_be_fed_by_an_open_property():
    table_ = customers()
    table_["properties"][1]["classification"] = "open"
    (said,) = faults(table_)
    assert said.startswith("contract.schema.customer.properties.name.classification: is open but feeds")


@pytest.mark.parametrize("stated", ["special", "secret"])
def test_what_is_declared_to_be_more_than_the_field_is_not_shown_as_the_field_is(stated):
    """A field is shown by its own class: a secret that feeds a name would be read by whoever reads names."""
    table_ = customers()
    table_["properties"][1]["classification"] = stated
    (said,) = faults(table_)
    assert said.startswith(f"contract.schema.customer.map.full_name.from: name is {stated}, and the field is")


def test_what_is_special_feeds_what_is_special():
    table_ = customers(map={**MAP, "gender": {"from": "name", "as": "values", "values": {"F": "female"}}})
    table_["properties"][1]["classification"] = "special"
    assert [it for it in faults(table_) if "map.gender" in it] == []


@pytest.mark.parametrize("store", ["drop", "refuse", "reference"])
def test_a_key_must_be_kept(store):
    broken = customers()
    broken["properties"][0]["customProperties"] = [{"property": "store", "value": store}]
    assert any("this needs store: keep" in fault for fault in faults(broken))


def test_nothing_can_be_made_of_what_is_not_stored():
    broken = customers()
    broken["properties"][1]["customProperties"] = [{"property": "store", "value": "drop"}]
    assert any("name is not stored (drop)" in fault for fault in faults(broken))


def test_rows_that_are_not_their_own_subject_need_one():
    broken = movements()
    broken["customProperties"] = [it for it in broken["customProperties"] if it["property"] != "subject"]
    assert any("movement.subject: is missing" in fault for fault in faults(broken))


def test_whole_rows_must_give_what_makes_them_mean_something():
    said = faults(movements(map={"account": {"from": "account", "as": "ref"}}))
    assert sorted(fault.split(":")[0] for fault in said) == [
        f"contract.schema.movement.map.{field}" for field in ("amount", "booked_at", "currency", "direction")
    ]


def test_two_tables_of_one_entity_need_keys_that_cannot_meet():
    loans = customers() | {"name": "prospect"}
    assert any("give one a keyPrefix" in fault for fault in faults(customers(), loans))
    prefixed = customers(keyPrefix="p-", file={"name": "prospects.csv"}) | {"name": "prospect"}
    assert set(contract(customers(), prefixed).objects) == {"customer", "prospect"}


def consents(**words) -> dict:
    """A table of consents without a fault."""
    said = {
        "entity": "consent",
        "delivers": "event",
        "key": "id",
        "subject": {"entity": "party", "key": "who"},
        "map": {
            "party": {"from": "who", "as": "ref"},
            "purpose": {"value": "marketing"},
            "channel": {"value": "any"},
            "fact": {"value": "granted"},
            "given_at": "at",
            "evidence": "form",
        },
    }
    return table("consent", ["id", "who", "at", prop("form")], **{**said, **words})


def test_a_snapshot_cannot_grant_consent():
    assert contract(consents()).objects["consent"].entity == "consent"
    assert any(
        "consents are facts with their own instant" in it for it in faults(consents(delivers="record"))
    )


def test_a_consent_needs_its_evidence():
    rules = {key: value for key, value in _rules(consents()).items() if key != "evidence"}
    assert any("a grant needs its evidence" in fault for fault in faults(consents(map=rules)))


def _rules(of: dict) -> dict:
    return next(it["value"] for it in of["customProperties"] if it["property"] == "map")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"format": "csv"}, "file.name: is missing"),
        ({"name": "a", "format": "xls"}, "there is no format xls"),
        ({"name": "a", "format": "csv", "sheet": "Data"}, "sheet: is for workbooks alone"),
        ({"name": "a", "format": "csv", "quote": "``"}, "quote: must be one character"),
        ({"name": "a", "delimiter": ";;"}, "delimiter: must be one character"),
        ({"name": "a", "encoding": "utf-16"}, "must be utf-8 or a one-byte encoding"),
        ({"name": "a", "encoding": "klingon"}, "must be utf-8 or a one-byte encoding"),
        ({"name": "a", "separator": ";"}, "there is no entry separator"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(file, said):
    assert any(said in fault for fault in faults(customers(file=file)))


@pytest.mark.parametrize("source", ["Core", "core/1", "a" * 64, "-x"])
def test_a_source_is_a_plain_word(source):
    assert any("contract.id" in fault for fault in faults(customers(), id=source))


def test_a_version_is_three_numbers():
    assert any("contract.version" in fault for fault in faults(customers(), version="2024"))


TRUSTED = [
    {"property": "purposes", "value": ["servicing"]},
    {"property": "trusted", "value": True},
]


def test_proof_is_for_trusted_sources_to_map():
    claims = mapped(email_verified={"value": True})
    assert any("email_verified: is proof that only a trusted source has" in it for it in faults(claims))
    contract(claims, customProperties=TRUSTED)


def test_that_a_source_is_trusted_is_said_of_the_source_and_not_mapped():
    for top in ({}, {"customProperties": TRUSTED}):
        with pytest.raises(BrokenContract, match="identifiers_verified: is made from the custom property"):
            contract(mapped(identifiers_verified={"value": True}), **top)
