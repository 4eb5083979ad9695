"""The crosswalk: our names are of the model, their names are in the published interfaces."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from onefold.record.canon.crosswalk import BIAN, CUSTOMER, PARTY, TM_FORUM, Elsewhere
from onefold.record.canon.entities import ENTITIES
from tests.shared_data import shared_data

FILES = {
    PARTY: "tmf/TMF632-Party_Management-v5.0.0.oas.yaml",
    CUSTOMER: "tmf/TMF629-Customer_Management-v5.0.1.oas.yaml",
}
LINES = [
    pytest.param(it, id=str(it)) for fields in TM_FORUM.values() for names in fields.values() for it in names
]


@cache
def schemas(api: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(
        (shared_data("standards") / FILES[api]).read_text(), Loader=yaml.CSafeLoader
    )
    found: dict[str, Any] = loaded["components"]["schemas"]
    return found


def properties(api: str, name: str) -> dict[str, str]:
    """Property → the schema it refers to, those of parents included."""
    found: dict[str, str] = {}
    schema = schemas(api)[name]
    for part in (schema, *schema.get("allOf", ())):
        if "$ref" in part:
            found |= properties(api, target(part))
        found |= {
            key: target(value) or target(value.get("items", {}))
            for key, value in part.get("properties", {}).items()
        }
    return found


def target(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def test_every_name_on_our_side_is_of_the_model():
    assert {name: set(fields) - set(ENTITIES[name].fields) for name, fields in TM_FORUM.items()} == {
        name: set() for name in TM_FORUM
    }
    assert set(BIAN) <= set(ENTITIES)


@pytest.mark.parametrize("it", LINES)
def test_every_name_on_their_side_is_in_the_published_interface(it: Elsewhere):
    resource, *path = it.path.split(".")
    for name in path:
        known = properties(it.api, resource)
        assert name in known
        resource = known[name]
