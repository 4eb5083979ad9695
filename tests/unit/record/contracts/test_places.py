"""Faults of a contract: each with its line and column, none of them only because of another."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from pathlib import Path

import pytest
import yaml

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.parse import parse_contract
from tests.unit.record.contracts.sample import customers, document, movements, prop, table

GOOD = """\
apiVersion: v3.1.0
kind: DataContract
id: core
version: 1.0.0
status: active
team: {name: Core banking}
customProperties:
  - {property: purposes, value: [servicing]}
schema:
  - name: customer
    properties:
      - {name: id, logicalType: string, required: true}
      - name: name
        logicalType: string
        classification: pii
      - name: traits
        logicalType: object
        properties:
          - {name: email, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: party}
      - {property: delivers, value: event}
      - {property: kind, value: patch}
      - {property: key, value: id}
      - property: map
        value:
          full_name: name
          email: {from: traits.email, as: email}
"""


def told(text: str) -> list[str]:
    """The faults as they are printed, one a line; none if it is good."""
    try:
        parse_contract(text.encode(), "core.yaml")
    except BrokenContract as broken:
        return [fault.at("core.yaml") for fault in broken.faults]
    return []


def test_the_sample_has_no_fault():
    assert told(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "full_name: name",
            "full_name: nme",
            "core.yaml:27:11: contract.schema.customer.map.full_name.from: ",
        ),
        ("as: email", "as: mail", "core.yaml:28:39: contract.schema.customer.map.email.as: "),
        ("id: core\n", "", "core.yaml:1:1: contract.id: is missing"),
        ("status: active", "status: live", "core.yaml:5:1: contract.status: there is no status live"),
        ("[servicing]", "[spying]", "core.yaml:8:5: contract.purposes: there is no purpose spying"),
        ("value: event", "value: evnt", "core.yaml:22:9: contract.schema.customer.delivers: "),
        ("        logicalType: string\n", "", "core.yaml:13:9: contract.schema.customer.properties.name: "),
        ("kind, value: patch", "knd, value: patch", "core.yaml:23:9: contract.schema.customer.customProp"),
        ("id: core\n", "id: core\nid: other\n", "core.yaml:1:1: contract: the key id stands here twice"),
        ("team: {name", "team: {nam", "core.yaml:6:8: contract.team.nam: there is no entry nam"),
        ("classification: pii}", "classification: open}", "core.yaml:19:"),
    ],
)
def test_a_fault_is_one_line_with_its_place_in_the_file(old, new, said):
    faults = told(GOOD.replace(old, new, 1))
    assert [fault for fault in faults if fault.startswith(said)], faults
    allowed = 2 if "team" in old else 1  # a team without a name is also a contract without an owner
    assert len(faults) <= allowed, faults


@pytest.mark.parametrize(
    "line", ["      - {property: delivers, value: event}\n", "      - {property: entity, value: party}\n"]
)
def test_a_faulty_object_is_not_called_missing_as_well(line):
    (fault,) = told(GOOD.replace(line, ""))
    assert "is missing" in fault
    assert "has no object" not in fault


def test_the_map_is_looked_at_whatever_is_wrong_elsewhere():
    faults = told(GOOD.replace("version: 1.0.0", "version: 1").replace("full_name: name", "nickname: name"))
    assert [fault.split(": ")[1] for fault in faults] == [
        "contract.version",
        "contract.schema.customer.map.nickname",
    ]


def test_a_misspelt_word_is_taken_for_what_was_meant():
    (fault,) = told(GOOD.replace("property: entity", "property: entty"))
    assert "did you mean entity?" in fault


def test_the_error_lists_each_fault_on_a_line_of_its_own():
    broken = GOOD.replace("status: active", "status: live").replace("as: email", "as: mail")
    with pytest.raises(BrokenContract) as caught:
        parse_contract(broken.encode(), "core.yaml")
    assert [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:3]] == ["core.yaml"] * 2


def _places(node: object, path: tuple = ()):
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from _places(child, (*path, key))


def _put(root: dict, path: tuple, value: object) -> object:
    if not path:
        return value
    root = copy.deepcopy(root)
    at = root
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return root


STRANGE = [None, 5, -1.5, "x", "", [], {}, [1], ["x"], {"a": 1}, True, [{"name": "x"}], [{"property": "map"}]]


def test_no_document_whatever_breaks_the_reader():
    """Anything at all in any place is a contract or a list of faults: never an exception of Python's."""
    start = document(customers(), movements(absent=["-"], deletedWhen={"from": "side", "values": ["X"]}))
    start["schema"][0]["properties"].append(prop("n", quality=[{"metric": "nullValues", "mustBe": 0}]))
    start["slaProperties"] = [{"property": "freshness", "value": 1, "unit": "h"}]
    places = list(_places(start))
    dice = random.Random(5)
    silent = 0
    for _ in range(120):
        broken = _put(start, dice.choice(places), dice.choice(STRANGE))
        if isinstance(broken, dict) and dice.random() < 0.3:
            broken = _put(broken, dice.choice(list(_places(broken))), dice.choice(STRANGE))
        silent += not told(json.dumps(broken))
        told_published(json.dumps(broken))
    assert silent < 40


def told_published(text: str) -> None:
    """The same for what is in the data folder."""
    with contextlib.suppress(BrokenContract):
        parse_contract(text.encode(), "core.yaml", published=True)


def test_an_alias_that_holds_itself_is_told():
    assert told("id: &a [*a]\n")


def test_every_contract_of_the_repository_is_sound():
    for path in sorted((Path(__file__).parents[4] / "contracts").rglob("*.yaml")):
        assert told(path.read_text()) == [], path
        assert yaml.safe_load(path.read_text())["status"] == "active"


def test_tables_that_take_the_same_rows_are_told_once():
    twice = [it for it in told(json.dumps(document(customers(), customers()))) if "two objects" in it]
    assert len(twice) == 1
    assert (
        told(json.dumps(document(table("t", ["id"], entity="party", delivers="record", key="id", map={}))))
        == []
    )
