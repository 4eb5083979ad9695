"""Check messages against a tracking plan, in a product team's own build: each violation with its line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey
from onefold.record.contracts.model import CALLS
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.plan import violations
from onefold.record.contracts.registry import CompiledContract, Contracts

VIOLATIONS_MOST = 10_000
_MESSAGE = msgspec.json.Decoder(dict[str, Any])


class PlanViolation(NamedTuple):
    """Where (the line, from 1), in which event, at which property, and what was expected there."""

    line: int
    event: str
    property: str
    expected: str


class PlanCheck(NamedTuple):
    """The messages of a file against a plan; `violations` ends at ten thousand."""

    plan: str
    messages: int
    faulty: int
    violations: tuple[PlanViolation, ...]


def check_plan(file: tuple[str, bytes], lines: Iterable[bytes]) -> PlanCheck:
    """Every line is one call as JSON, or a batch of them; empty lines are passed over."""
    contract = parse_contract(file[1], file[0])
    compiled = CompiledContract(contract, Contracts(CellKey(bytes(32))).ids)
    if not any(name.partition(":")[0] in CALLS for name in compiled.objects):
        raise CallerError(
            f"The contract of {contract.source} has no calls.",
            hint="A tracking plan has objects such as identify, track or track:Order Completed.",
        )
    messages = faulty = 0
    found: list[PlanViolation] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        for row in _messages(line):
            messages += 1
            broken = _broken(compiled, row, number)
            faulty += bool(broken)
            found += broken[: max(0, VIOLATIONS_MOST - len(found))]
    return PlanCheck(f"{contract.source} {contract.version}", messages, faulty, tuple(found))


def _messages(line: bytes) -> list[dict[str, Any] | None]:
    """The calls of a line; None for what is no JSON object."""
    try:
        row = _MESSAGE.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [None]
    batch = row.get("batch")
    if "type" not in row and isinstance(batch, list):
        return [it if isinstance(it, dict) else None for it in batch]
    return [row]


def _broken(contract: CompiledContract, row: dict[str, Any] | None, line: int) -> list[PlanViolation]:
    if row is None:
        return [PlanViolation(line, "", "", "a call as a JSON object")]
    return [PlanViolation(line, *it) for it in violations(contract, row)]
