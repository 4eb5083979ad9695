"""What is only referenced: it is never taken in, and how it is asked for is checked before it goes live."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onefold.record.contracts.changes import Breaks
from onefold.record.contracts.compatibility import compare, refused, with_consumers
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Compatibility, Consumer, Fetch, Using
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.rows import columns_of
from onefold.record.contracts.schemas.json_schemas import derive_json
from tests.unit.record.contracts.sample import compiled, contract, customers, document, prop, table

SQL: dict[str, Any] = {
    "using": "sql",
    "connection": "core",
    "statement": "SELECT id, mobile FROM c WHERE id = :key",
}
REST: dict[str, Any] = {
    "using": "rest",
    "connection": "crm",
    "path": "/customers/{key}/contact",
    "fields": {"id": "/id", "mobile": "/contact/0/mobile"},
}
PROPERTIES = [
    prop("id", required=True),
    prop("name", classification="pii"),
    prop("mobile", classification="pii", store="reference", required=True, enum=[{"value": "1"}]),
]
MAP = {"full_name": "name", "phone": {"from": "mobile", "as": "phone"}}


def people(fetch: object = SQL, *, properties=PROPERTIES, **words) -> dict:
    """Customers whose phone stays where it is."""
    return customers(**{"map": MAP, "fetch": fetch, **words}) | {"properties": properties}


def faults(*tables: dict) -> list[str]:
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(*tables)).encode(), "test.yaml")
    return [str(fault) for fault in caught.value.faults]


def test_how_to_ask_is_read():
    found = contract(people(SQL | {"timeoutMs": 300, "cacheSeconds": 20})).objects["customer"]
    statement = "SELECT id, mobile FROM c WHERE id = :key"
    assert found.fetch == Fetch(Using.SQL, "core", statement, timeout_ms=300, cache_seconds=20)
    assert found.fetched == {"mobile"}
    assert found.fetched_fields == ("phone",)
    rest = contract(people(REST)).objects["customer"].fetch
    assert rest == Fetch(Using.REST, "crm", path="/customers/{key}/contact", fields=REST["fields"])


def test_nothing_of_a_fetched_value_is_taken_in_even_where_rows_hold_it():
    customer = compiled(people())
    row = {"id": "1", "name": "Anna", "mobile": "+998901234567"}
    assert customer.check(row) == {"id": "1", "name": "Anna"}
    assert customer.redact(row) == {"id": "1", "name": "Anna"}
    assert not customer.keeps_lines
    assert customer.values(row, 0) == {"full_name": "Anna"}, "the map is applied to answers alone"


def test_rows_need_not_hold_what_is_fetched():
    customer = compiled(people())
    assert customer.check({"id": "1", "name": "Anna"}) == {"id": "1", "name": "Anna"}
    assert columns_of(customer.item) == (("id", "name", "mobile"), frozenset({"id", "name"}))
    assert "mobile" not in derive_json("core", customer.item)


def test_without_fetch_a_reference_is_a_digest_as_before():
    kept = compiled(people(map={"full_name": "name"}, fetch=None) | {"customProperties": [
        it for it in people(map={"full_name": "name"})["customProperties"] if it["property"] != "fetch"
    ]}).check({"id": "1", "name": "Anna", "mobile": "1"})  # fmt: skip
    assert kept["mobile"].startswith("ref:")


@pytest.mark.parametrize(
    ("fetch", "said"),
    [
        ({}, "fetch.using: is missing; say one of: sql, rest"),
        (SQL | {"using": "soap"}, "no such word as soap"),
        (SQL | {"connection": "postgresql://u:p@h/d"}, "fetch.connection: must name a connection"),
        (SQL | {"timeoutMs": 60_000}, "fetch.timeoutMs: must be 10 to 5000"),
        (SQL | {"cacheSeconds": -1}, "fetch.cacheSeconds: must be 0 to 300"),
        (SQL | {"password": "x"}, "there is no entry password"),
        (SQL | {"statement": "DELETE FROM c WHERE id = :key"}, "statement: must be one SELECT"),
        (SQL | {"statement": "SELECT id, mobile FROM c"}, "it lacks :key"),
        (SQL | {"statement": "SELECT id, mobile FROM c WHERE id = :key_1"}, "has :key_1, but the key is key"),
        (SQL | {"statement": "SELECT id::text, x::key FROM c"}, "it lacks :key"),
        (SQL | {"path": "/x/{key}"}, "path: is for using: rest"),
        (REST | {"statement": "SELECT 1"}, "statement: is for using: sql"),
        (REST | {"path": "https://elsewhere/{key}"}, "path: must be a path on the connection's host"),
        (REST | {"path": "//elsewhere/{key}"}, "path: must be a path on the connection's host"),
        (REST | {"path": "/a/../{key}"}, "path: must be a path on the connection's host"),
        (REST | {"path": "/a b/{key}"}, "path: must be a path on the connection's host"),
        (REST | {"path": "/c?id={key}"}, "has the key behind the question mark"),
        (REST | {"path": "/c/c-{key}"}, "the key must be a segment of its own"),
        (REST | {"path": "/c/all"}, "it lacks {key}"),
        (REST | {"path": "/c/{id}"}, "has {id}, but the key is key"),
        (REST | {"fields": {"mobile": "/mobile"}}, "fields.id: is missing; without the key nobody knows"),
        (REST | {"fields": {"id": "/id"}}, "fields.mobile: is missing"),
        (REST | {"fields": {"id": "/id", "mobile": "mobile"}}, "fields.mobile: must be a JSON pointer"),
        (REST | {"fields": {"id": "/id", "mobile": 3}}, "must name a JSON pointer"),
        (REST | {"fields": REST["fields"] | {"nick": "/x"}}, "there is no property nick"),
    ],
)
def test_a_question_that_cannot_be_put_safely_is_told(fetch, said):
    assert any(said in fault for fault in faults(people(fetch))), faults(people(fetch))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"map": {"full_name": "name"}}, "properties.mobile: is fetched, but nothing in map is made of it"),
        ({"map": MAP | {"guardian": {"from": "mobile", "as": "ref"}}}, "guardian: holds together what is"),
        ({"map": {"full_name": {"from": ["name", "mobile"], "as": "join"}}}, "mixes what is fetched"),
        ({"map": MAP | {"phone": {"from": "mobile", "as": "phone", "or": "name"}}}, "mixes what is fetched"),
        ({"map": MAP | {"city": {"from": "mobile", "or": {"value": "x"}}}}, "mixes what is fetched"),
        ({"occurredAt": {"from": "mobile", "as": "instant"}}, "occurredAt: must be made of what is kept"),
        ({"key": "mobile"}, "mobile is stored as reference; this needs store: keep"),
        ({"entity": "device", "map": {"model": "mobile"}}, "fetch: is for party and account"),
    ],
)  # fmt: skip
def test_what_must_be_kept_cannot_be_fetched(words, said):
    assert any(said in fault for fault in faults(people(**words))), faults(people(**words))


@pytest.mark.parametrize("asked", ["id = :key", "id=:key::bigint", "(:key) = id -- :other", "id IN (:key)"])
def test_the_key_is_found_among_other_colons(asked):
    assert contract(people(SQL | {"statement": f"SELECT id, mobile::text FROM c WHERE {asked}"}))


def test_something_must_be_left_to_fetch():
    kept = [prop("id"), prop("name", classification="pii"), prop("mobile", classification="pii")]
    assert any("has nothing to fetch" in it for it in faults(people(properties=kept)))


def test_two_objects_do_not_answer_for_the_same_field():
    other = people(kind="patch") | {"name": "again"}
    assert any("gives party.phone, and so does again" in it for it in faults(people(), other))
    apart = people(kind="patch", keyPrefix="b-") | {"name": "again"}
    assert contract(people(), apart)


def test_a_composed_key_is_asked_for_in_its_parts():
    account = table(
        "account",
        [prop("branch"), prop("no"), prop("payment", store="reference", classification="pci")],
        entity="account",
        delivers="record",
        key=["branch", "no"],
        fetch=SQL | {"statement": "SELECT branch, no, payment FROM a WHERE branch = :key_1 AND no = :key_2"},
        map={"payment": {"from": "payment", "as": "money", "currency": "UZS"}},
    )
    assert contract(account).objects["account"].fetched_fields == ("payment",)
    half = json.loads(json.dumps(account).replace(" AND no = :key_2", ""))
    assert any("it lacks :key_2" in it for it in faults(half))


KEPT = customers(map=MAP) | {
    "properties": [it | {"customProperties": []} if it["name"] == "mobile" else it for it in PROPERTIES]
}


def test_what_is_no_longer_kept_breaks_those_who_read_it():
    changes = with_consumers(
        compare(contract(KEPT), contract(people(), version="1.1.0")),
        [Consumer("Risk", ("party.phone",)), Consumer("Others", ("party.city",))],
    )
    (change,) = [it for it in changes if "no longer kept: it is asked" in it.what]
    assert set(change.breaks) == {Breaks.READERS}
    assert change.consumers == ("Risk",)
    assert change in refused(changes, Compatibility.BACKWARD)


def test_keeping_what_was_only_referenced_is_more_than_was_said():
    changes = compare(contract(people()), contract(KEPT, version="1.1.0"))
    assert any(set(it.breaks) == {Breaks.PEOPLE} and "more is kept" in it.what for it in changes)


def test_asking_otherwise_breaks_nobody():
    changes = compare(contract(people()), contract(people(REST), version="1.1.0"))
    assert [(it.what, it.breaks) for it in changes] == [("asks otherwise", ())]
