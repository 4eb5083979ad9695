"""Mapping of logged bodies: what takes something away counts from its record at the latest."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from onefold.customer.fragments.model import Statement
from onefold.pipeline.mapping import ContractMapping
from onefold.record.contracts.registry import Contracts
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from tests.unit.record.contracts.sample import CELL_KEY, contract, customers, table

DAY = 86_400_000
NOW = 20_000 * DAY
SAID = {"party": {"from": "id", "as": "ref"}, "channel": {"value": "any"}}
SUPPRESSIONS = table(
    "suppression",
    ["id", "state", "since"],
    entity="suppression",
    delivers="event",
    key="id",
    subject={"entity": "party", "key": "id"},
    occurredAt={"from": "since", "as": "instant"},
    map=SAID | {"reason": {"value": "wish"}, "state": "state", "since_at": {"event": "occurredAt"}},
)
CONSENTS = table(
    "consent",
    ["id", "fact", "given"],
    entity="consent",
    delivers="event",
    key="id",
    subject={"entity": "party", "key": "id"},
    map=SAID
    | {
        "purpose": {"value": "marketing"},
        "fact": "fact",
        "given_at": {"from": "given", "as": "instant"},
        "evidence": {"value": "form"},
    },
)


def statement(name: str, row: dict[str, Any], occurred_at: int, kind=EventKind.UPSERT) -> Statement:
    """What a row recorded now states."""
    mapping = ContractMapping(Contracts(CELL_KEY, [contract(customers(), SUPPRESSIONS, CONSENTS)]))
    event = EventHeader(b"e" * 16, b"f" * 16, kind, occurred_at, b"", 0)
    entity = "party" if name == "customer" else name
    frame = FrameHeader("demo/uz", "core", name, "1.0.0", entity, b"s" * 16, NOW, b"", (event,), 0)
    return mapping.statement(frame, event, msgspec.json.encode(row))


@pytest.mark.parametrize("state", ["on", "off"])
def test_a_suppression_dated_ahead_counts_from_its_record(state):
    found = statement("suppression", {"id": "1", "state": state, "since": "x"}, NOW + 9 * DAY)
    assert found.stamp[0] == NOW
    assert found.values["since_at"] == NOW


def test_a_withdrawal_with_an_instant_of_its_own_ahead_counts_from_its_record():
    row = {"id": "1", "fact": "withdrawn", "given": "2199-01-01T00:00:00Z"}
    assert statement("consent", row, NOW).values["given_at"] == NOW


def test_what_was_said_before_keeps_its_instant():
    row = {"id": "1", "fact": "withdrawn", "given": "2001-01-01T00:00:00Z"}
    found = statement("consent", row, NOW - DAY)
    assert (found.stamp[0], found.values["given_at"]) == (NOW - DAY, 978_307_200_000)


def test_a_consent_that_is_deleted_ahead_of_its_record_is_deleted_then():
    found = statement("consent", {"id": "1"}, NOW + DAY, EventKind.DELETE)
    assert (found.stamp[0], found.values) == (NOW, None)


def test_what_takes_nothing_away_keeps_its_date():
    assert statement("customer", {"id": "1"}, NOW + DAY).stamp[0] == NOW + DAY
