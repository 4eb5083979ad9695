"""Webhooks as rows: kind and id by the contract's paths; a body that cannot be read is a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import Signature, Webhook
from onefold.record.intake.envelopes.webhooks import WEBHOOK_BYTES_MAX, parse_webhook

HOOK = Webhook(Signature.STRIPE, "event.kind", "id")


def parse(body: Any, signed_id: str = ""):
    return parse_webhook(HOOK, json.dumps(body).encode(), signed_id)


def test_kind_and_id_stand_where_the_contract_says():
    found = parse({"id": "evt_1", "event": {"kind": "invoice.paid"}, "amount": 5})
    assert found.names == ("invoice.paid",)
    assert found.offered.row["amount"] == 5
    assert found.offered.message_id == parse({"id": "evt_1", "event": {}}, "msg").offered.message_id


def test_without_an_id_in_the_body_the_signed_one_counts():
    assert parse({}, "msg_1").offered.message_id == parse({"x": 1}, "msg_1").offered.message_id
    assert parse({}).offered.message_id == ""


@pytest.mark.parametrize("event", [None, [], "paid", {"kind": None}, {"kind": {}}, {"kind": True}, {}])
def test_without_a_kind_it_has_no_name(event):
    assert parse({"id": "1", "event": event}).names == ()


def test_a_body_that_is_none_is_a_fault():
    assert parse([1]).offered.fault is Reason.BAD_JSON
    assert parse({"x": "y" * WEBHOOK_BYTES_MAX}).offered.fault is Reason.MESSAGE_TOO_LARGE
