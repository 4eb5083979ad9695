"""Consent that every call carries: what contracts may say of it, and what a change of that breaks."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.changes import Breaks
from onefold.record.contracts.compatibility import compare
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Stamped
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.stamps import GRANTED_BY
from tests.unit.record.contracts.sample import contract, customers, document, prop, table

CHOICE = "context.consent.categoryPreferences.Ads"


def call(name: str, **words) -> dict:
    """An object for a call that says who somebody is."""
    said = {"entity": "party", "delivers": "event", "kind": "patch", "key": "userId", "map": {}}
    return table(name, ["messageId", "userId"], **{**said, **words})


def choice(name: str = "ads", **words) -> dict:
    """What is made of a stamp."""
    said = {
        "entity": "consent",
        "delivers": "event",
        "key": ["userId", CHOICE],
        "subject": {"entity": "party", "key": "userId"},
        "occurredAt": {"from": "timestamp", "as": "instant"},
        "map": {
            "party": {"from": "userId", "as": "ref"},
            "purpose": {"value": "marketing"},
            "channel": {"value": "app"},
            "fact": {"from": CHOICE, "as": "values", "values": {"true": "granted", "false": "withdrawn"}},
            "given_at": {"event": "occurredAt"},
            "evidence": "messageId",
        },
    }
    return table(name, ["messageId", "userId", "timestamp", prop(CHOICE)], **{**said, **words})


def stamped(value: object, *tables: dict) -> dict:
    """A contract with the stamp declared."""
    found = document(*tables)
    found["customProperties"].append({"property": "stamped", "value": value})
    return found


def parsed(value: object, *tables: dict):
    return parse_contract(json.dumps(stamped(value, *tables)).encode(), "test.yaml")


def faults(value: object, *tables: dict) -> str:
    with pytest.raises(BrokenContract) as told:
        parsed(value, *tables)
    return str(told.value.detail)


def test_every_call_gives_what_its_stamp_says_beside_what_it_gives_already():
    device = call("device", entity="device", key="userId", keyPrefix="d-")
    found = parsed(
        "ads", call("identify", also=["device"]), call("track:Order Completed"), choice(), device, customers()
    )
    assert found.objects["identify"].also == ("device", "ads")
    assert found.objects["track:Order Completed"].also == ("ads",)
    assert found.objects["customer"].also == found.objects["ads"].also == ()
    assert found.stamped == Stamped(("ads",), GRANTED_BY)


def test_it_is_said_which_calls_may_grant():
    found = parsed({"objects": ["ads"], "grantedBy": ["track:Chosen"]}, call("track"), choice()).stamped
    assert found is not None
    assert found.grants("track", "Chosen")
    assert found.grants("track:Chosen", "")
    assert not found.grants("track", "Opened")
    assert not found.grants("identify", "")


@pytest.mark.parametrize(
    ("value", "tables", "told"),
    [
        ([], (call("track"), choice()), "is empty; name the objects"),
        ("adds", (call("track"), choice()), "did you mean ads?"),
        ("customer", (call("track"), customers()), "customer is no consent that calls carry"),
        ({"objects": "ads", "grantedBy": "tracks"}, (call("track"), choice()), "tracks is no call"),
        ("ads", (customers(), choice()), "needs an object for a call"),
        ({"objects": "ads", "by": []}, (call("track"), choice()), "there is no entry by"),
    ],
    ids=["none", "misspelt", "no consent", "no such call", "no calls", "word"],
)
def test_a_stamp_from_which_nothing_would_be_heard_is_a_fault(value, tables, told):
    assert told in faults(value, *tables)


def test_another_call_that_may_grant_is_for_people_to_look_at():
    old = parsed({"objects": "ads", "grantedBy": ["identify"]}, call("identify"), choice())
    new = parsed({"objects": "ads", "grantedBy": ["track"]}, call("identify"), choice())
    more, less = (it for it in compare(old, new) if it.place == "contract.stamped.grantedBy")
    assert (more.what, more.breaks) == ("track may now grant", (Breaks.PEOPLE,))
    assert (less.what, less.breaks) == ("identify no longer grants", ())


def test_a_stamp_that_is_no_longer_heard_breaks_who_reads_it():
    old = parsed("ads", call("identify"), choice())
    new = contract(call("identify"), choice())
    (told,) = (it for it in compare(old, new) if it.place == "contract.schema.identify.also")
    assert told.breaks == (Breaks.READERS,)
