"""Contracts for tests, said shortly: a table is a dictionary, and JSON is YAML."""

from __future__ import annotations

import json

from onefold.kernel.ids import CellKey
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts

CELL_KEY = CellKey(b"\x07" * 32)


def prop(name: str, **entries) -> dict:
    """One property; `store=` becomes a custom property."""
    found = {"name": name, "logicalType": entries.pop("logicalType", "string")}
    if "store" in entries:
        found["customProperties"] = [{"property": "store", "value": entries.pop("store")}]
    return found | entries


def table(name: str, properties: list, **words) -> dict:
    """One object; the words are its custom properties."""
    return {
        "name": name,
        "properties": [prop(it) if isinstance(it, str) else it for it in properties],
        "customProperties": [{"property": word, "value": value} for word, value in words.items()],
    }


def document(*tables: dict, purposes=("servicing", "marketing"), **top) -> dict:
    """A whole contract that has no fault but those of its tables."""
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "core",
        "version": "1.0.0",
        "status": "active",
        "team": {"name": "Core banking"},
        "customProperties": [{"property": "purposes", "value": list(purposes)}],
        "schema": list(tables),
    } | top


def contract(*tables: dict, **top) -> Contract:
    """Parsed; a fault fails the test with its text."""
    return parse_contract(json.dumps(document(*tables, **top)).encode(), "test.yaml")


def compiled(*tables: dict, name: str = "", **top) -> CompiledObject:
    """The first table (or the named one), compiled."""
    contracts = Contracts(CELL_KEY, [contract(*tables, **top)])
    return contracts.latest("core").object(name or tables[0]["name"])


def customers(**words) -> dict:
    """A table of persons in a CSV file."""
    said = {
        "entity": "party",
        "delivers": "record",
        "key": "id",
        "file": {"name": "customers*.csv", "format": "csv", "delimiter": ";"},
        "map": {"full_name": "name", "birth_date": "born", "phone": {"from": "mobile", "as": "phone"}},
    }
    properties = [
        prop("id", required=True),
        prop("name", classification="pii"),
        prop("born", classification="pii"),
        prop("mobile", classification="pii"),
    ]
    return table("customer", properties, **{**said, **words})


def movements(**words) -> dict:
    """A table of transactions in a CSV file; the account is their subject."""
    said = {
        "entity": "transaction",
        "delivers": "event",
        "key": "id",
        "subject": {"entity": "account", "key": "account"},
        "occurredAt": {"from": "day", "as": "instant", "format": "YYYY-MM-DD"},
        "file": {"name": "movements*.csv", "format": "csv", "delimiter": ";"},
        "map": {
            "account": {"from": "account", "as": "ref"},
            "booked_at": {"event": "occurredAt"},
            "direction": {"from": "side", "as": "values", "values": {"C": "credit", "D": "debit"}},
            "amount": {"from": "amount", "as": "money", "currency": "CZK"},
            "currency": {"value": "CZK"},
        },
    }
    properties = [
        prop("id", required=True, logicalType="integer"),
        prop("account", required=True, classification="pci"),
        prop("day", required=True),
        prop("side", required=True),
        prop("amount", required=True, classification="pci"),
    ]
    return table("movement", properties, **{**said, **words})
