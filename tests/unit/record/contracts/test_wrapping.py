"""Envelopes in contracts: what they add by themselves, who gets which message, what makes no sense."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Rate, Signature, Webhook
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from tests.unit.record.contracts.sample import CELL_KEY, contract, customers, document, prop, table


def visits(name: str = "visit", **words) -> dict:
    """An object of CloudEvents."""
    said = {
        "entity": "party",
        "delivers": "event",
        "key": "subject",
        "envelope": "cloudevents",
        "map": {"full_name": "data.name"},
    }
    return table(name, ["subject", prop("data.name", classification="pii")], **{**said, **words})


def faults(*tables: dict) -> str:
    with pytest.raises(BrokenContract) as told:
        parse_contract(json.dumps(document(*tables)).encode(), "test.yaml")
    return str(told.value.detail)


def found(*tables: dict):
    return Contracts(CELL_KEY, [contract(*tables)]).latest("core")


def test_the_time_of_a_cloudevent_is_when_it_happened():
    item = found(visits()).object("visit")
    row = {"subject": "c-1", "time": "2026-01-31T10:00:00.123456789Z", "data": {"name": "Anna"}}
    assert item.occurred_at(row) == 1_769_853_600_123
    assert item.check(row)["time"] == row["time"]


def test_a_contract_may_say_otherwise():
    stated = visits(occurredAt={"from": "data.at", "as": "instant"})
    stated["properties"].append({"name": "data.at", "logicalType": "string"})
    item = found(stated).object("visit")
    assert item.occurred_at({"time": "2026-01-31T10:00:00Z", "data": {"at": "1970-01-01T00:00:01Z"}}) == 1000


def test_a_message_finds_the_object_that_names_it():
    known = found(
        visits(envelope={"as": "cloudevents", "names": ["opened", "closed"]}),
        visits("rest", envelope={"as": "cloudevents", "names": ["*"]}, keyPrefix="r-"),
        customers(),
    )
    assert known.call("cloudevents", "closed") is known.object("visit")
    assert known.call("cloudevents", "visit") is known.object("rest")
    assert known.call("debezium", "opened") is None
    assert known.call("visit", "") is None, "an object in an envelope is no call of its own"
    assert known.call("customer", "") is known.object("customer")


def test_two_objects_cannot_take_the_same_messages():
    told = faults(
        visits(envelope={"as": "cloudevents", "names": ["opened"]}),
        visits("other", envelope={"as": "cloudevents", "names": ["opened"]}, keyPrefix="o-"),
    )
    assert "takes the messages of visit" in told


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"envelope": "debesium"}, "did you mean debezium"),
        ({"envelope": {"as": "cloudevents", "type": "x"}}, "type"),
        ({"envelope": "debezium", "delivers": "record"}, "delivers: event"),
        ({"envelope": {"as": "debezium", "names": ["*"]}}, "name the table"),
        ({"file": {"name": "x*.csv", "format": "csv"}}, "format: jsonl"),
    ],
)
def test_what_makes_no_sense_is_said(words, what):
    assert what in faults(visits(**words))


# ------------------------------------------------------------------ webhooks, rates


def stated(**said) -> dict:
    """The custom properties of a whole contract."""
    return {"customProperties": [{"property": name, "value": value} for name, value in said.items()]}


def faults_of(**said) -> str:
    with pytest.raises(BrokenContract) as told:
        contract(visits(), **stated(purposes=["servicing"], **said))
    return str(told.value.detail)


def test_how_webhooks_are_signed_and_how_much_is_taken_is_the_contracts_to_say():
    found = contract(
        visits(envelope={"as": "webhook", "names": ["seen"]}),
        **stated(
            purposes=["servicing"],
            webhook={"signature": "stripe", "object": "type", "id": "id"},
            rateLimit={"eventsPerSecond": 0.5},
        ),
    )
    assert found.webhook == Webhook(Signature.STRIPE, "type", "id")
    assert found.rate == Rate(0.5, 1)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"webhook": {"signature": "stripy", "object": "type"}}, "did you mean stripe"),
        ({"webhook": {"signature": "stripe"}}, "say where in the body"),
        (
            {"webhook": {"signature": "stripe", "object": "t", "toleranceSeconds": 90_000}},
            "must be 1 to 3600",
        ),
        ({"rateLimit": {"eventsPerSecond": 0}}, "above 0"),
        ({"rateLimit": {"requestsPerSecond": 0}}, "above 0"),
        ({"rateLimit": {"eventsPerSecond": True}}, "above 0"),
        ({"rateLimit": {"eventsPerSecond": 5, "burst": 0}}, "at least 1"),
        ({"rateLimit": {"perSecond": 5}}, "perSecond"),
    ],
)
def test_what_is_stated_wrongly_is_said(said, what):
    assert what in faults_of(**said)


def test_an_object_of_webhooks_needs_to_know_how_they_are_signed():
    assert "set its custom property webhook" in faults(visits(envelope="webhook"))
