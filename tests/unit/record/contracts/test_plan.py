"""A tracking plan: everything that is wrong with a message, by name and never by value."""

from __future__ import annotations

import json

import pytest

from onefold.kernel.errors import CallerError
from onefold.record.contracts.model import Contract
from onefold.record.contracts.plan import planned, violations
from onefold.record.contracts.registry import Contracts
from onefold.usecases.check_plan import check_plan
from onefold.usecases.describe_plan import plan_page
from tests.unit.record.contracts.sample import CELL_KEY, contract, customers, document, prop, table


def call(name: str, *properties: dict, **words) -> dict:
    """One call of the plan, an interaction of the user."""
    said = {
        "entity": "interaction",
        "delivers": "event",
        "key": "messageId",
        "subject": {"entity": "party", "key": "userId"},
        "map": {
            "channel": {"value": "app"},
            "action": {"from": "type", "as": "text"},
            "happened_at": {"from": "timestamp", "as": "instant"},
        },
    }
    own = [
        prop("type"),
        prop("messageId", required=True),
        prop("userId", classification="pii"),
        prop("timestamp", required=True),
        *properties,
    ]
    return table(name, own, **{**said, **words})


ORDER = call(
    "track:Order Completed",
    prop("properties.total", logicalType="number", required=True, description="with tax"),
    prop("properties.coupon"),
    prop("properties.plan", enum=[{"value": "basic"}, {"value": "gold"}]),
    prop("properties.card", store="refuse"),
    owner="Checkout team",
    version="2.1.0",
) | {"description": "An order was paid | in full."}
TABLES = (ORDER, call("track:Logged In"), call("identify"))
GOOD = {
    "type": "track",
    "event": "Order Completed",
    "messageId": "m1",
    "userId": "u1",
    "timestamp": "2026-05-01T10:00:00Z",
    "properties": {"total": 12.5, "plan": "gold"},
}


def plan() -> Contract:
    return contract(*TABLES)


def told(**changes) -> list[tuple[str, str]]:
    """(property, expected) of each violation of a message that differs from the good one."""
    compiled = Contracts(CELL_KEY, [plan()]).latest("core")
    row = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return [(it.property, it.expected) for it in violations(compiled, row)]


def test_the_plan_is_the_events_of_the_contract():
    assert sorted(planned(Contracts(CELL_KEY, [plan()]).latest("core"))) == ["Logged In", "Order Completed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"messageId": None}, [("messageId", "a string, which is required")]),
        (
            {"properties": {"total": "much", "plan": "tin"}},
            [("properties.total", "a number"), ("properties.plan", "one of basic, gold")],
        ),
        ({"properties": {"total": 1, "card": "4111"}}, [("properties.card", "nothing: it must not be sent")]),
        (
            {"properties": {"total": 1, "cupon": "x"}},
            [("properties.cupon", "no such property: it is not in the plan; did you mean coupon?")],
        ),
        (
            {"event": "Order Complete"},
            [("event", "an event of the plan; did you mean Order Completed?")],
        ),
        ({"type": "page"}, [("type", "one of identify, track:Logged In, track:Order Completed")]),
        ({"type": 7}, [("type", "the name of a call, such as track")]),
        (
            {"userId": None},
            [("userId", "the row does not say whom it is about, so nothing could encrypt it")],
        ),
        (
            {"timestamp": "yesterday"},
            [
                (
                    "timestamp",
                    "a point in time does not exist or is not written as the contract says",
                )
            ],
        ),
    ],
)
def test_every_violation_of_a_message_is_told(changes, said):
    assert told(**changes) == said


def plan_file() -> tuple[str, bytes]:
    return "plan.yaml", json.dumps(document(*TABLES)).encode()


def test_a_file_is_checked_line_by_line_and_batches_too():
    lines = [
        json.dumps(GOOD).encode(),
        b"",
        b"not json",
        json.dumps({"batch": [GOOD, GOOD | {"event": "Ordered", "userId": "ann@mail.uz"}]}).encode(),
    ]
    found = check_plan(plan_file(), lines)
    assert (found.messages, found.faulty) == (4, 2)
    assert [(it.line, it.event) for it in found.violations] == [(3, ""), (4, "Ordered")]
    assert "ann@mail.uz" not in repr(found)


def test_a_contract_without_calls_is_no_plan():
    with pytest.raises(CallerError, match="has no calls"):
        check_plan(("core.yaml", json.dumps(document(customers())).encode()), [])


def test_the_page_tells_events_properties_types_owners_and_versions():
    page = plan_page(plan_file())
    assert "| Order Completed | `track` | 2.1.0 | Checkout team | An order was paid \\| in full. |" in page
    assert "| Logged In | `track` | 1.0.0 | Core banking |" in page
    assert "| `properties.total` | number | yes | internal |  | with tax |" in page
    assert "| `properties.plan` | string |  | internal | `basic`, `gold` |" in page
    assert "must not be sent" in page
