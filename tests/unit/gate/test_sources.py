"""What sources may serve follows the contracts in force, without a restart."""

from __future__ import annotations

import json

import msgspec

from onefold.gate.sources import ContractPurposes
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from tests.unit.gate.bank import KEY
from tests.unit.record.contracts.sample import customers, document


def version(number: str, *purposes: str) -> Contract:
    """One version of one source that may serve these."""
    data = json.dumps(document(customers(), purposes=purposes, version=number)).encode()
    return parse_contract(data, "core.yaml")


def test_a_new_version_counts_as_soon_as_it_is_published():
    contracts = Contracts(KEY, [version("1.0.0", "servicing", "marketing")])
    purposes = ContractPurposes(contracts)
    assert purposes.purposes_of("core") == {"servicing", "marketing"}
    contracts.add(version("1.1.0", "servicing"))
    assert purposes.purposes_of("core") == {"servicing"}


def test_a_source_that_is_new_or_gone_is_known_at_once():
    contracts = Contracts(KEY)
    purposes = ContractPurposes(contracts)
    assert purposes.sources() == ()
    first = version("1.0.0", "servicing")
    contracts.add(first)
    assert purposes.sources() == ("core",)
    contracts.add(msgspec.structs.replace(first, status="retired"))
    assert purposes.sources() == purposes.trusted() == ()
    assert purposes.purposes_of("core") == frozenset()
