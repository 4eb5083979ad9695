"""The registry over a contract: what may be registered, why not, and that ids stay."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from onefold.adapters.sqlite.schemas import SqliteSchemas
from onefold.kernel.errors import Refused
from onefold.record.contracts.model import Compatibility
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.errors import (
    LevelInvalid,
    SchemaIncompatible,
    SchemaInvalid,
    SchemaUnknown,
    SubjectUnknown,
    VersionInvalid,
    VersionUnknown,
)
from onefold.record.contracts.schemas.model import SchemaKind
from onefold.record.contracts.schemas.service import SchemaRegistry, schema_of
from tests.unit.record.contracts.sample import CELL_KEY, contract, prop, table

SUBJECT = "core.payment-value"


def payments(*more: dict, name: str = "payment"):
    properties = [
        prop("id", required=True),
        prop("account", required=True, classification="pci"),
        prop("amount", required=True, logicalType="number", classification="pci"),
        prop("count", logicalType="integer"),
        prop("direction", required=True, enum=[{"value": "in"}, {"value": "out"}]),
        prop("pan", classification="pci", store="refuse"),
        prop("internal", store="drop"),
        *more,
    ]
    return table(
        name,
        properties,
        entity="transaction",
        delivers="event",
        key="id",
        subject={"entity": "account", "key": "account"},
        file={"name": "payments*.jsonl", "format": "jsonl"},
        map={
            "account": {"from": "account", "as": "ref"},
            "amount": {"from": "amount", "as": "money", "currency": "UZS"},
            "currency": {"value": "UZS"},
            "booked_at": {"event": "occurredAt"},
            "direction": {"from": "direction", "as": "values", "values": {"in": "credit", "out": "debit"}},
        },
    )


def stated(level: str) -> dict:
    purposes = {"property": "purposes", "value": ["servicing"]}
    return {"customProperties": [purposes, {"property": "compatibility", "value": level}]}


@pytest.fixture
def made(tmp_path):
    with closing(SqliteSchemas(tmp_path / "schemas.db")) as store:
        yield lambda *contracts: SchemaRegistry(Contracts(CELL_KEY, contracts), store)


@pytest.fixture
def registry(made) -> SchemaRegistry:
    return made(contract(payments()))


FIELDS = {"id": "string", "account": "string", "amount": "double", "direction": "string"}


def record(name: str = "Payment", **fields):
    """An Avro record; a pair is a type with its default, None takes a field away."""
    found = []
    for field, kind in (FIELDS | fields).items():
        if kind is not None:
            pair = {"type": kind[0], "default": kind[1]} if isinstance(kind, tuple) else {"type": kind}
            found.append({"name": field} | pair)
    return schema_of(json.dumps({"type": "record", "name": name, "fields": found}))


def thing(required=("id", "account", "amount", "direction"), **properties):
    """A JSON Schema."""
    kinds = {name: {"type": kind.replace("double", "number")} for name, kind in FIELDS.items()}
    return schema_of(
        json.dumps({"type": "object", "properties": kinds | properties, "required": list(required)}), "JSON"
    )


def why(registry: SchemaRegistry, schema, subject=SUBJECT) -> str:
    with pytest.raises(SchemaIncompatible) as caught:
        registry.register("core", subject, schema)
    assert registry.check(subject, "", schema)
    return caught.value.detail


def test_each_object_has_a_subject_with_the_derived_schema_in_both_languages(registry):
    assert registry.subjects() == ["core.payment-value", "core.payment.json-value"]
    avro, json_ = registry.version(SUBJECT, "latest"), registry.version("core.payment.json-value", "1")
    assert (avro.version, avro.schema.kind, avro.derived) == (1, SchemaKind.AVRO, True)
    assert json_.schema.kind is SchemaKind.JSON
    fields = {it["name"]: it for it in json.loads(avro.schema.text)["fields"]}
    assert list(fields) == ["id", "account", "amount", "count", "direction"]
    assert fields["amount"]["type"] == "double"
    assert fields["count"] == {"name": "count", "type": ["null", "long"], "default": None}
    shown = json.loads(json_.schema.text)
    assert shown["title"] == "core.payment"
    assert shown["properties"]["direction"] == {"type": "string", "enum": ["in", "out"]}
    assert shown["required"] == ["id", "account", "amount", "direction"]


def test_what_is_derived_satisfies_the_contract_and_is_the_same_every_time(registry, made):
    for subject in registry.subjects():
        derived = registry.version(subject, "latest").schema
        assert registry.check(subject, "latest", derived) == []
        assert registry.register("core", subject, derived).version == 1
        again = made(contract(payments(), version="1.0.1"))
        assert [it.schema for it in again.versions(subject)] == [derived]


def test_a_producer_registers_types_of_its_own(registry):
    first = registry.register("core", SUBJECT, record(amount="float", count=("int", 0)))
    assert (first.version, first.derived) == (2, False)
    assert registry.version(SUBJECT, "latest") == first
    assert registry.find(SUBJECT, record(amount="float", count=("int", 0))) == first
    with pytest.raises(SchemaUnknown):
        registry.find(SUBJECT, record())


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (record(amount=None), "amount: is required by the contract, and this schema does not write it"),
        (
            record(amount=["null", "double"]),
            "amount: is required by the contract, and may be missing or null",
        ),
        (record(amount="string"), "amount: the contract reads number, and this schema writes string"),
        (record(count="double"), "count: the contract reads integer, and this schema writes number"),
        (record(pan="string"), "pan: must not be stored"),
        (
            record(direction={"type": "enum", "name": "D", "symbols": ["in", "sideways"]}),
            "direction: the contract has no value sideways",
        ),
        (schema_of('"string"'), "the row: has to be a record or an object"),
        (thing(required=["id"]), "account: is required by the contract, and may be missing"),
        (thing(amount={}), "amount: is required by the contract, and may be missing or null"),
        (
            thing(amount={"type": "string"}),
            "amount: the contract reads number, and this schema writes string",
        ),
        (thing(pan={"anyOf": [{"type": "string"}, {"type": "null"}]}), "pan: must not be stored"),
        (thing(direction={"const": "sideways"}), "direction: the contract has no value sideways"),
        (schema_of("true", "JSON"), "the row: has to be a record or an object"),
    ],
)
def test_what_the_contract_cannot_take_is_refused_by_field_and_reason(registry, schema, reason):
    assert reason in why(registry, schema)
    assert len(registry.versions(SUBJECT)) == 1


def test_what_the_contract_does_not_keep_may_be_written(registry):
    schema = record(internal="string", remark="string", pan="null", count=["null", "int"])
    assert registry.register("core", SUBJECT, schema).version == 2


def test_backward_is_judged_against_the_newest_that_was_registered(registry):
    registry.register("core", SUBJECT, record(note="string"))
    assert "remark: is not always written, and has no default (reading version 2)" in why(
        registry, record(remark="string")
    )
    assert registry.register("core", SUBJECT, record("Other", remark=("string", ""))).version == 3
    assert "note: reader type: int not compatible" not in str(
        registry.check(SUBJECT, "3", record(note="int"))
    )
    assert "note: reader type: int not compatible with writer type: string (reading version 2)" in str(
        registry.check(SUBJECT, "2", record(note="int"))
    )


def test_transitive_looks_at_all(made):
    registry = made(contract(payments(), **stated("backward_transitive")))
    registry.register("core", SUBJECT, record(note="string"))
    registry.register("core", SUBJECT, record())
    assert "(reading version 2)" in why(registry, record(note=("int", 0)))


def test_forward_and_full_ask_the_other_way(made):
    registry = made(contract(payments(), **stated("forward")))
    registry.register("core", SUBJECT, record(note="string"))
    assert "note: is not always written, and has no default (read by version 2)" in why(registry, record())
    assert registry.register("core", SUBJECT, record(note="string", more="string")).version == 3
    assert registry.set_level("core", SUBJECT, "FULL") is Compatibility.FULL
    assert "(reading version 3)" in why(registry, record(note="string", more="string", most="string"))
    with pytest.raises(LevelInvalid, match="BACKWARD promises less than the contract, which says FORWARD"):
        registry.set_level("core", SUBJECT, "BACKWARD")


def test_none_only_where_the_contract_says_so(registry, made):
    with pytest.raises(LevelInvalid):
        registry.set_level("core", SUBJECT, "NONE")
    with pytest.raises(LevelInvalid):
        registry.set_level("core", SUBJECT, "SIDEWAYS")
    free = made(contract(payments(), **stated("none")))
    free.register("core", SUBJECT, record(note="string"))
    assert free.register("core", SUBJECT, record(note="int")).version == 3
    assert free.register("core", SUBJECT, thing()).version == 4
    assert "amount" in why(free, record(amount=None))


def test_a_level_that_was_set_gives_way_to_a_contract_that_promises_more(registry, made):
    registry.set_level("core", SUBJECT, "BACKWARD_TRANSITIVE")
    assert registry.level(SUBJECT) is Compatibility.BACKWARD_TRANSITIVE
    assert made(contract(payments(), **stated("full"))).level(SUBJECT) is Compatibility.FULL


def test_json_schemas_evolve_too(registry):
    registry.register("core", SUBJECT, thing(note={"type": "string", "maxLength": 10}))
    assert "the schema: is AVRO, and version 2 is JSON" in why(registry, record())
    assert "note: string is not read, only integer" in why(registry, thing(note={"type": "integer"}))
    assert "note: maxLength 5 is not promised" in why(
        registry, thing(note={"type": "string", "maxLength": 5})
    )
    needed = thing(required=["id", "account", "amount", "direction", "note"], note={"type": "string"})
    assert "note: is required, and not always written" in why(registry, needed)
    longer = thing(note={"anyOf": [{"type": "string", "maxLength": 20}, {"type": "null"}]})
    assert registry.register("core", SUBJECT, longer).version == 3


def test_a_new_contract_version_adds_the_schema_it_asks_for_until_producers_write_another_language(made):
    made(contract(payments())).versions(SUBJECT)
    newer = contract(payments(prop("branch")), version="1.1.0")
    assert [it.derived for it in made(newer).versions(SUBJECT)] == [True, True]
    made(newer).register("core", SUBJECT, thing())
    newest = contract(payments(prop("branch"), prop("teller")), version="1.2.0")
    assert len(made(newest).versions(SUBJECT)) == 3


def test_an_object_that_avro_cannot_name_is_described_in_json(made):
    registry = made(contract(payments(prop("booking text"))))
    assert registry.version(SUBJECT, "1").schema.kind is SchemaKind.JSON


def test_nested_properties_are_records_within(made):
    nested = payments(prop("by.teller.name", required=True), prop("by.branch"))
    registry = made(contract(nested))
    derived = registry.version(SUBJECT, "1").schema
    assert registry.check(SUBJECT, "1", derived) == []
    by = {
        "type": "record",
        "name": "By",
        "fields": [{"name": "teller", "type": {"type": "map", "values": "string"}}],
    }
    assert "by.teller.name: is required by the contract" in why(registry, record(by=by))
    teller = {"type": "record", "name": "T", "fields": [{"name": "name", "type": "string"}]}
    by["fields"][0]["type"] = ["null", teller]
    assert "by.teller.name: is required by the contract, and may be missing or null" in why(
        registry, record(by=by)
    )
    by["fields"][0]["type"] = teller
    assert registry.register("core", SUBJECT, record(by=by)).version == 2


def test_ids_are_one_for_each_schema_and_outlive_the_process(registry, made):
    first = registry.register("core", SUBJECT, record())
    spaced = schema_of(json.dumps(json.loads(record().text), indent=4, sort_keys=True))
    assert registry.register("core", SUBJECT, spaced) == first
    other = made(contract(payments(), payments(name="refund")))
    assert other.register("core", "core.refund-value", record()).id == first.id
    assert other.places(first.id) == [(SUBJECT, 2), ("core.refund-value", 2)]
    assert other.schema(first.id) == record()
    with pytest.raises(SchemaUnknown):
        other.schema(999)


def test_threads_that_register_the_same_get_the_same(registry):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: registry.register("core", SUBJECT, record()).id, range(32)))
    assert len(found) == 1
    assert len(registry.versions(SUBJECT)) == 2


def test_a_source_registers_for_itself_alone(registry):
    with pytest.raises(Refused, match="belongs to another source"):
        registry.register("crm", SUBJECT, record())
    with pytest.raises(Refused):
        registry.set_level("crm", SUBJECT, "FULL")


@pytest.mark.parametrize("version", ["0", "x", "-2", "1.0", "٣", "9" * 30, ""])
def test_versions_that_are_none(registry, version):
    with pytest.raises(VersionInvalid):
        registry.version(SUBJECT, version)


def test_what_is_not_there(registry):
    with pytest.raises(VersionUnknown):
        registry.version(SUBJECT, "7")
    with pytest.raises(SubjectUnknown):
        registry.versions("core.payment")
    assert registry.version(SUBJECT, "-1").version == 1


BOMB = {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}] * 100}}, "$ref": "#/$defs/a"}
OWN = {"type": "record", "name": "A", "fields": [{"name": f"f{n}", "type": ["null", "A"]} for n in range(40)]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (None, ""),
        (" ", ""),
        ("{", ""),
        ("NaN", ""),
        ('{"type":"record"}', "AVRO"),
        ('"strin"', "AVRO"),
        ("7", "AVRO"),
        ("[" * 100_000, "JSON"),
        ('{"type":"strin"}', "JSON"),
        ("1.5", "JSON"),
        ('{"$schema":-1}', "JSON"),
        ('{"$schema":"http://["}', "JSON"),
        ('{"$schema":{"type":"string"}}', "JSON"),
        ('{"$ref":"http://example.com/x"}', "JSON"),
        ('{"$ref":"#/$defs/x"}', "JSON"),
        ('{"type":"object"}', "PROTOBUF"),
        (json.dumps(BOMB), "JSON"),
        (json.dumps(OWN), "AVRO"),
    ],
)
def test_what_is_no_schema(registry, text, kind):
    with pytest.raises(SchemaInvalid):
        registry.register("core", SUBJECT, schema_of(text, kind))


def test_references_and_rules_are_not_understood():
    with pytest.raises(SchemaInvalid, match="References"):
        schema_of('"string"', "AVRO", [{"name": "x"}])
    with pytest.raises(SchemaInvalid, match="Rule sets"):
        schema_of('"string"', "AVRO", None, {"domainRules": []})


def test_a_type_within_itself_is_compared(registry):
    def tree(**fields):
        inner = [{"name": "next", "type": ["null", "T"], "default": None}]
        more = [{"name": name, "type": kind} for name, kind in fields.items()]
        return record(tree={"type": "record", "name": "T", "fields": [*inner, *more]})

    registry.register("core", SUBJECT, tree())
    assert "tree.size: is not always written, and has no default" in why(registry, tree(size="int"))


def test_changes_of_a_database_are_judged_by_the_row_within(made):
    changes = payments()
    changes["customProperties"].append({"property": "envelope", "value": "debezium"})
    registry = made(contract(changes))
    derived = json.loads(registry.version(SUBJECT, "1").schema.text)
    assert "__op" not in {it["name"] for it in derived["fields"]}

    def change(row):
        fields = [{"name": "after", "type": ["null", row]}, {"name": "op", "type": "string"}]
        return schema_of(json.dumps({"type": "record", "name": "Envelope", "fields": fields}))

    assert "amount: is required" in why(registry, change(json.loads(record(amount=None).text)))
    assert registry.register("core", SUBJECT, change(json.loads(record().text))).version == 2
