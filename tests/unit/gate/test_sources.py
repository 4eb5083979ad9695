"""What sources may serve follows the contracts in force, without a restart."""

from __future__ import annotations

import json

import msgspec

from onefold.gate.sources import ContractPurposes, classes_of
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from tests.letters import calls
from tests.unit.gate.bank import KEY
from tests.unit.record.contracts.sample import contract, customers, document


def version(number: str, *purposes: str) -> Contract:
    """One version of one source that may serve these."""
    data = json.dumps(document(customers(), purposes=purposes, version=number)).encode()
    return parse_contract(data, "core.yaml")


def test_a_new_version_counts_as_soon_as_it_is_published():
    contracts = Contracts(KEY, [version("1.0.0", "servicing", "marketing")])
    purposes = ContractPurposes(contracts)
    assert purposes.purposes_of("core") == {"servicing", "marketing"}
    assert purposes.served() == {"core": ("marketing", "servicing")}
    contracts.add(version("1.1.0", "servicing"))
    assert purposes.purposes_of("core") == {"servicing"}
    assert purposes.served() == {"core": ("servicing",)}


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


def classed(*classes: str) -> dict[str, str]:
    """What a contract says of the texts of calls, of a table for each class."""
    tables = []
    for number, it in enumerate(classes):
        table = calls(keyPrefix=f"{number}-")
        table["name"] = f"call{number}"
        table["properties"] = [
            prop | {"classification": it} if prop["name"] == "messages" else prop
            for prop in table["properties"]
        ]
        tables.append(table)
    return classes_of(contract(*tables))


def test_the_class_of_what_was_said_is_the_contracts_where_it_is_stricter():
    assert classed("pii") == {}
    assert classed("special") == {"interaction.text": "special"}
    assert classed("pci") == {"interaction.text": "pci"}
    assert classed("special", "pii", "pci") == {"interaction.text": "special"}
    assert classed("pci", "pii") == classed("pii", "pci") == {"interaction.text": "pci"}


def test_sources_say_their_classes_as_soon_as_they_are_published():
    contracts = Contracts(KEY)
    sources = ContractPurposes(contracts)
    assert sources.classes() == {}
    table = calls()
    table["properties"] = [
        prop | ({"classification": "secret"} if prop["name"] == "title" else {})
        for prop in table["properties"]
    ]
    contracts.add(contract(table))
    assert sources.classes() == {"core": {"interaction.topic": "secret"}}


def test_what_decides_is_of_the_class_that_fed_it_in_any_version():
    """An older version told the day of birth from what is special; its rows are in the state still."""
    table = customers()
    born = next(it for it in table["properties"] if it["name"] == "born")
    born["classification"] = "special"
    old = parse_contract(json.dumps(document(table)).encode(), "old.yaml", published=True)
    contracts = Contracts(KEY, [old])
    purposes = ContractPurposes(contracts)
    assert purposes.classes() == {"core": {"party.birth_date": "special"}}
    contracts.add(version("1.1.0", "servicing"))
    assert purposes.classes() == {"core": {"party.birth_date": "special"}}
