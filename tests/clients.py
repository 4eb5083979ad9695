"""A small source of clients, its contract and rows, for tests that need both and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onefold.record.intake.model import Offered

SOURCE, TABLE = "bank", "client"
NAMES = "given_name: last_name\n          family_name: first_name"
MENDED_NAMES = "given_name: first_name\n          family_name: last_name"
KINDS = "{p: person}"
MENDED_KINDS = "{p: person, f: organisation}"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: bank
name: Bank
version: 1.0.0
status: active
domain: banking
description: {purpose: Clients of a bank that does not exist.}
team: {name: core}
customProperties:
  - {property: purposes, value: [servicing, stewardship]}
schema:
  - name: client
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: type, logicalType: string, required: true}
      - {name: first_name, logicalType: string, classification: pii}
      - {name: last_name, logicalType: string, classification: pii}
      - {name: email, logicalType: string, classification: pii}
      - {name: changed, logicalType: string, required: true}
    customProperties:
      - {property: entity, value: party}
      - {property: delivers, value: record}
      - {property: occurredAt, value: {from: changed, as: instant}}
      - {property: file, value: {name: "clients*.jsonl", format: jsonl}}
      - property: map
        value:
          kind: {from: type, as: values, values: {p: person}}
          given_name: last_name
          family_name: first_name
          email: {from: email, as: email}
"""
"""Who wrote it mixed up the names, and knew of no firms."""


def corrected(version: str = "1.0.0+1") -> str:
    """The same contract with its mapping mended."""
    text = CONTRACT.replace("version: 1.0.0", f"version: {version}")
    return text.replace(NAMES, MENDED_NAMES).replace(KINDS, MENDED_KINDS)


def put_contract(folder: Path, text: str = CONTRACT, name: str = "bank.yaml") -> Path:
    """Writes the contract into a folder; its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def client(key: int, **more: Any) -> dict[str, Any]:
    """One row as the source says it."""
    row = {"id": f"C{key}", "type": "p", "first_name": "Dilnoza", "last_name": f"Karimova{key}"}
    return row | {"email": f"dilnoza{key}@karimov.uz", "changed": "2026-01-31T10:00:00Z"} | more


def clients(*keys: int, **more: Any) -> list[Offered]:
    """Rows as a reader offers them."""
    return [Offered(client(key, **more), number) for number, key in enumerate(keys, 1)]
