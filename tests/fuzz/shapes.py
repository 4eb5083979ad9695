"""A contract whose objects have every kind of property, transform and file that a contract can have."""

from __future__ import annotations

import json
from typing import Any

from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract
from tests.unit.record.contracts.sample import customers, document, movements, prop, table

SOURCE = "core"


def _client() -> dict[str, Any]:
    """A party as nested patches: what is kept whole, what is a digest, what must not come."""
    return table(
        "client",
        [
            prop("id", required=True),
            prop("messageId"),
            prop("op"),
            prop("at"),
            prop("name", classification="pii"),
            prop("traits.mail", classification="pii"),
            prop("traits.born", classification="pii"),
            prop("traits.secret", classification="pii", store="reference"),
            prop("card", classification="pci", store="refuse"),
            prop("more", logicalType="object"),
            prop("list", logicalType="array"),
            prop("tier", enum=[{"value": "gold"}, {"value": "plain"}]),
            prop("points", logicalType="integer"),
        ],
        entity="party",
        delivers="event",
        kind="patch",
        key="id",
        occurredAt={"from": "at", "as": "instant"},
        deletedWhen={"from": "op", "values": ["D"]},
        file={"name": "clients*.jsonl", "format": "jsonl"},
        envelope={"as": "cloudevents", "names": ["client"]},
        map={
            "full_name": "name",
            "email": {"from": "traits.mail", "as": "email"},
            "birth_date": {"from": "traits.born", "as": "date"},
            "tier": "tier",
            "city": {"from": ["name", "tier"], "as": "join"},
        },
    )


def _wish() -> dict[str, Any]:
    """Consent in every word of it: rows that take something away."""
    return table(
        "wish",
        [
            prop("id"),
            prop("who", classification="pii"),
            prop("purpose"),
            prop("channel"),
            prop("fact"),
            prop("at"),
            prop("form"),
            prop("gone"),
        ],
        entity="consent",
        delivers="event",
        key="id",
        subject={"entity": "party", "key": "who"},
        occurredAt={"from": "at", "as": "instant"},
        deletedWhen={"from": "gone", "values": ["true"]},
        file={"name": "wishes*.jsonl", "format": "jsonl"},
        map={
            "party": {"from": "who", "as": "ref"},
            "purpose": "purpose",
            "channel": "channel",
            "fact": "fact",
            "given_at": {"event": "occurredAt"},
            "evidence": "form",
        },
    )


def _deal() -> dict[str, Any]:
    """An account with every kind of number; a record."""
    return table(
        "deal",
        [
            prop("id", required=True),
            prop("amount", classification="pci", logicalType="number"),
            prop("currency"),
            prop("months", logicalType="integer"),
            prop("opened"),
            prop("closed"),
            prop("state"),
            prop("owner", classification="pii"),
        ],
        entity="account",
        delivers="record",
        key="id",
        keyPrefix="deal-",
        absent=["-", "[NULL]"],
        file={"name": "deals*.jsonl", "format": "jsonl"},
        map={
            "amount": {"from": "amount", "as": "money", "currency": {"from": "currency"}},
            "months": {"from": "months", "as": "integer", "round": True},
            "opened_on": {"from": "opened", "as": "date", "format": "DD.MM.YY", "pivot": 50},
            "closed_on": {"from": "closed", "as": "date"},
            "status": {"from": "state", "as": "values", "values": {"1": "open", "2": "closed"}},
            "party": {"from": "owner", "as": "ref"},
        },
    )


def _payment() -> dict[str, Any]:
    """A transaction in JSON, whose amounts may be numbers or texts."""
    return table(
        "payment",
        [
            prop("id", required=True),
            prop("account", required=True, classification="pci"),
            prop("at", required=True),
            prop("amount", required=True, classification="pci"),
            prop("text", classification="pii"),
        ],
        entity="transaction",
        delivers="event",
        key="id",
        subject={"entity": "account", "key": "account", "prefix": "deal-"},
        occurredAt={"from": "at", "as": "instant", "format": "epoch_ms"},
        file={"name": "payments*.jsonl", "format": "jsonl"},
        map={
            "account": {"from": "account", "as": "ref", "prefix": "deal-"},
            "booked_at": {"event": "occurredAt"},
            "direction": {"from": "amount", "as": "sign", "positive": "credit", "negative": "debit"},
            "amount": {"from": "amount", "as": "money", "currency": "UZS", "absolute": True},
            "currency": {"value": "UZS"},
            "text": "text",
        },
    )


def _chat() -> dict[str, Any]:
    """Something said, as lists of messages and of names."""
    return table(
        "chat",
        [
            prop("id", required=True),
            prop("who", classification="pii"),
            prop("messages", logicalType="array", classification="pii"),
            prop("people", logicalType="array", classification="pii"),
            prop("note", classification="pii"),
        ],
        entity="interaction",
        delivers="event",
        key="id",
        subject={"entity": "party", "key": "who"},
        file={"name": "chats*.jsonl", "format": "jsonl"},
        map={
            "party": {"from": "who", "as": "ref"},
            "channel": {"value": "web"},
            "action": {"value": "chat"},
            "happened_at": {"event": "occurredAt"},
            "text": {"from": "messages", "as": "talk"},
            "participants": {"from": "people", "as": "list"},
            "topic": {"from": "note", "as": "passage"},
        },
    )


def core() -> Contract:
    """The contract; parsed as strictly as one that is linted."""
    tables = (customers(), movements(), _client(), _wish(), _deal(), _payment(), _chat())
    webhook = {"property": "webhook", "value": {"signature": "github", "object": "type", "id": "id"}}
    said = document(*tables)
    said["customProperties"].append(webhook)
    return parse_contract(json.dumps(said).encode(), "core.yaml")
