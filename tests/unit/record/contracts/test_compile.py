"""Compiled objects: rows checked, minimised and mapped as the contract says."""

from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest

from onefold.kernel.time import day_from_date
from onefold.record.canon.identifiers import PROOFS
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts, builtin_contract, published_row
from tests.unit.record.contracts.sample import (
    CELL_KEY,
    compiled,
    customers,
    document,
    movements,
    prop,
    table,
)

MOVEMENT = {"id": "7", "account": "A1", "day": "2024-05-01", "side": "D", "amount": "12.50"}
AT = 1_714_521_600_000


def fault(work, *given) -> tuple[Reason, str]:
    """Reason and field of a refused row."""
    with pytest.raises(RowFault) as caught:
        work(*given)
    return caught.value.reason, caught.value.field


def test_a_row_becomes_canonical_values():
    movement = compiled(movements())
    row = movement.check(MOVEMENT)
    assert movement.occurred_at(row) == AT
    assert movement.values(row, AT) == {
        "account": CELL_KEY.birth_id("core", "account", "A1"),
        "booked_at": AT,
        "direction": "debit",
        "amount": 1250,
        "currency": "CZK",
    }
    assert movement.key(row) == "7"
    assert movement.subject_id(row) == CELL_KEY.birth_id("core", "account", "A1")


def test_mapping_a_logged_body_gives_what_the_door_saw():
    movement = compiled(movements())
    row = movement.check(MOVEMENT)
    assert movement.read(msgspec.json.encode(row), AT) == ("7", movement.values(row, AT))


def test_what_is_not_declared_is_not_kept_and_order_is_the_contracts():
    customer = compiled(customers())
    row = {"salary": "9", "mobile": "", "born": "1990-01-02", "name": "Anna", "id": "1"}
    assert list(customer.check(row).items()) == [
        ("id", "1"),
        ("name", "Anna"),
        ("born", "1990-01-02"),
        ("mobile", ""),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": ""}, (Reason.REQUIRED_MISSING, "id")),
        ({"id": "x1"}, (Reason.BAD_TYPE, "id")),
        ({"account": None}, (Reason.REQUIRED_MISSING, "account")),
    ],
)
def test_a_row_that_breaks_its_properties_is_refused_at_the_check(change, expected):
    assert fault(compiled(movements()).check, MOVEMENT | change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"side": "X"}, (Reason.UNKNOWN_VALUE, "side")),
        ({"amount": "a lot"}, (Reason.BAD_AMOUNT, "amount")),
        ({"amount": "1.234"}, (Reason.BAD_AMOUNT, "amount")),
        ({"amount": " "}, (Reason.REQUIRED_MISSING, "amount")),
    ],
)
def test_a_row_that_cannot_be_mapped_names_the_property(change, expected):
    movement = compiled(movements())
    assert fault(movement.values, movement.check(MOVEMENT | change), AT) == expected


def test_a_bad_event_time_names_its_property():
    movement = compiled(movements())
    assert fault(movement.occurred_at, MOVEMENT | {"day": "31.12.2024"}) == (Reason.BAD_INSTANT, "day")


def test_an_invented_birth_date_says_nothing():
    customer = compiled(customers())
    assert customer.values({"id": "1", "name": "A", "born": "1900-01-01", "mobile": ""}, 0) == {
        "full_name": "A"
    }
    assert customer.values({"id": "1", "born": "1991-02-03"}, 0) == {"birth_date": _day("1991-02-03")}


def _day(text: str) -> int:
    return day_from_date(date.fromisoformat(text))


def test_a_value_that_must_not_be_stored_refuses_the_row():
    card = customers(map={"full_name": "name"}) | {
        "properties": [
            prop("id"),
            prop("name", classification="pii"),
            prop("cvv", store="refuse"),
            prop("note", store="drop"),
            prop("pan", store="reference"),
        ]
    }
    customer = compiled(card)
    row = {"id": "1", "name": "A", "cvv": "", "note": "secret", "pan": "4000"}
    kept = customer.check(row)
    assert fault(customer.check, row | {"cvv": "123"}) == (Reason.MUST_NOT_STORE, "cvv")
    assert set(kept) == {"id", "name", "pan"}
    assert kept["pan"].startswith("ref:")
    assert "4000" not in kept["pan"]
    assert kept == customer.check(dict(row))
    assert not customer.keeps_lines


def identify(**words) -> dict:
    """A nested call that patches a party and links a device."""
    said = {
        "entity": "party",
        "delivers": "event",
        "kind": "patch",
        "key": "userId",
        "also": ["device"],
        "map": {
            "email": {"from": "traits.email", "as": "email", "or": {"from": "context.email", "as": "email"}},
            "given_name": "traits.name",
        },
    }
    paths = [
        prop("userId"),
        prop("traits.email", classification="pii"),
        prop("traits.name", classification="pii"),
        prop("context.email", classification="pii"),
        prop("context.consent", logicalType="object"),
    ]
    return table("identify", paths, **{**said, **words})


DEVICE = table(
    "device",
    ["anonymousId", "userId"],
    entity="device",
    delivers="event",
    kind="patch",
    key="anonymousId",
    map={"party": {"from": "userId", "as": "ref", "object": "identify"}},
)


def test_nested_rows_are_minimised_to_their_paths():
    call = compiled(identify(), DEVICE)
    row = {
        "userId": 7,
        "traits": {"email": "A@b.uz", "salary": 1},
        "context": {"ip": "::1", "consent": {"any": True}},
    }
    assert call.check(row) == {
        "userId": 7,
        "traits": {"email": "A@b.uz"},
        "context": {"consent": {"any": True}},
    }
    assert call.key(row) == "7"
    assert [it.name for it in call.also] == ["device"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"traits": {"email": "A@b.uz"}}, {"email": "a@b.uz"}),
        ({"traits": {"email": None}}, {"email": None}),
        ({"traits": {"email": ""}, "context": {"email": "c@d.uz"}}, {"email": "c@d.uz"}),
        ({"traits": {}}, {}),
        ({"traits": "none"}, {}),
        ({"traits": {"name": None, "email": "none@x.uz"}}, {"given_name": None}),
    ],
)
def test_a_patch_states_what_is_there_and_null_clears(row, expected):
    values = compiled(identify(), DEVICE).values({"userId": "7", **row}, 0)
    assert values == expected | dict.fromkeys(PROOFS), "and what nobody has proof of is not proven"


@pytest.mark.parametrize(
    "row",
    [
        {"userId": {"a": 1}},
        {"userId": "1", "traits": {"email": ["x"]}},
        {"userId": "1", "context": {"consent": "yes"}},
    ],
)
def test_nested_values_where_a_scalar_belongs_are_faults(row):
    assert fault(compiled(identify(), DEVICE).check, row)[0] is Reason.BAD_TYPE


def test_the_first_subject_that_the_row_names_counts():
    track = table(
        "track",
        ["messageId", "userId", "anonymousId"],
        entity="interaction",
        delivers="event",
        kind="patch",
        key="messageId",
        subject=[{"entity": "party", "key": "userId"}, {"entity": "device", "key": "anonymousId"}],
        map={"action": {"value": "visit"}},
    )
    found = compiled(track)
    party, device = CELL_KEY.birth_id("core", "party", "u"), CELL_KEY.birth_id("core", "device", "d")
    assert found.subject_id({"userId": "u", "anonymousId": "d"}) == party
    assert found.subject_id({"userId": None, "anonymousId": "d"}) == device
    assert fault(found.subject_id, {"messageId": "m"}) == (Reason.SUBJECT_MISSING, "userId")


def test_keys_of_other_tables_and_sources_meet_their_fragments():
    loan = table(
        "loan",
        ["id", "branch", "owner"],
        entity="account",
        delivers="record",
        key=["branch", "id"],
        keyPrefix="loan-",
        map={
            "party": {"from": "owner", "as": "ref", "source": "crm"},
            "account": {"from": ["branch", "id"], "as": "ref", "object": "loan"},
        },
    )
    found = compiled(loan)
    row = {"id": "1", "branch": "a|b", "owner": "9"}
    key = "loan-a\\|b|1"
    assert found.key(row) == key
    values = found.values(row, 0)
    assert values["party"] == CELL_KEY.birth_id("crm", "party", "9")
    assert values["account"] == found.fragment_id(key)


def test_composed_keys_cannot_meet():
    pair = compiled(customers(key=["id", "name"]))
    assert pair.key({"id": "a|b", "name": "c"}) != pair.key({"id": "a", "name": "b|c"})
    assert pair.key({"id": "a", "name": ""}) is None


def test_a_deleting_row_is_known():
    gone = compiled(customers(deletedWhen={"from": "name", "values": ["D"]}))
    assert gone.is_deleted({"name": " D "})
    assert not gone.is_deleted({"name": "Dan"})


def test_words_for_nothing_are_the_contracts():
    customer = compiled(customers(absent=["NULL", "-"]))
    assert customer.values({"name": "NULL", "born": " - "}, 0) == {}


def builtin():
    """Onefold's own contract, compiled."""
    return Contracts(CELL_KEY).latest("onefold")


CONSENT = {
    "id": "1",
    "party": "ab" * 16,
    "purpose": "marketing",
    "channel": "any",
    "fact": "granted",
    "given_at": "2024-05-01T00:00:00Z",
    "evidence": "form 12",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"purpose": "spying"}, (Reason.UNKNOWN_PURPOSE, "purpose")),
        ({"channel": "pigeon"}, (Reason.UNKNOWN_VALUE, "channel")),
        ({"evidence": ""}, (Reason.UNPROVEN_GRANT, "evidence")),
        ({"party": "12"}, (Reason.BAD_REFERENCE, "party")),
    ],
)
def test_a_consent_that_cannot_count_is_refused(change, expected):
    consent = builtin().object("consent")
    assert consent.values(CONSENT, 0)["fact"] == "granted"
    assert fault(consent.values, CONSENT | change, 0) == expected


def test_a_withdrawal_needs_no_evidence():
    consent = builtin().object("consent")
    assert consent.values(CONSENT | {"fact": "withdrawn", "evidence": ""}, 0)["fact"] == "withdrawn"


def test_a_published_contract_is_a_row_of_our_own():
    own = builtin_contract()
    row = published_row(own)
    found = builtin().object("contract")
    assert found.values(found.check(row), 0) == {
        "source": "onefold",
        "version": own.version,
        "digest": own.digest,
    }


CLAIMS = customers(map={"full_name": "name", "email_verified": {"value": True}})
TRUSTED = [{"property": "purposes", "value": ["servicing"]}, {"property": "trusted", "value": True}]


def published(*tables, **top):
    """The first table of a contract that went live, whatever is asked of new ones."""
    found = parse_contract(json.dumps(document(*tables, **top)).encode(), "old.yaml", published=True)
    return Contracts(CELL_KEY, [found]).latest("core").object(tables[0]["name"])


def test_only_a_trusted_source_states_proof():
    row = {"id": "7", "name": "Anna"}
    assert published(CLAIMS).values(row, 0) == {"full_name": "Anna"}
    trusted = published(CLAIMS, customProperties=TRUSTED).values(row, 0)
    assert trusted == {"full_name": "Anna", "email_verified": True, "identifiers_verified": True}


def test_a_patch_of_a_source_no_longer_trusted_takes_its_proof_back():
    patch = customers(kind="patch", map={"full_name": "name", "email_verified": {"value": True}})
    values = published(patch).values({"id": "7", "name": "Anna"}, 0)
    assert [values[it] for it in ("email_verified", "phone_verified", "identifiers_verified")] == [None] * 3
