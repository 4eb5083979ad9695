"""The OpenAPI document: valid, whole, and the one the console's client was made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args, get_type_hints

import jsonschema
import msgspec
import pytest

from onefold.channels.api.endpoint import BY_SOURCE, Access
from onefold.channels.api.openapi import document
from onefold.channels.api.parameters import Channel, GlassBody, Purpose
from onefold.channels.api.routes import ENDPOINTS
from onefold.gate.portfolios import BECAUSE
from onefold.record.canon.purposes import PURPOSES
from onefold.record.canon.vocabulary import CHANNELS

DOCUMENT = document(ENDPOINTS)
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item]
COMMITTED = Path(__file__).parents[4] / "web" / "openapi.json"


def references(value):
    """Every `$ref` under a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_client_of_the_console_was_made_from_this_document():
    assert json.loads(COMMITTED.read_text()) == json.loads(msgspec.json.encode(DOCUMENT)), (
        "run `onefold openapi > web/openapi.json`"
    )


def test_every_reference_leads_somewhere_and_every_schema_is_one():
    schemas = DOCUMENT["components"]["schemas"]
    assert {it.rpartition("/")[2] for it in references(DOCUMENT)} <= set(schemas)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_endpoint_is_in_the_document_and_has_a_name_of_its_own():
    assert len(OPERATIONS) == len(ENDPOINTS)
    names = [DOCUMENT["paths"][path][method]["operationId"] for path, method in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_problem_is_described_as_one(path, method):
    for status, answer in DOCUMENT["paths"][path][method]["responses"].items():
        if status.startswith(("2", "303")):
            continue
        assert list(answer["content"]) == ["application/problem+json"]
        assert answer["description"]


@pytest.mark.parametrize("it", ENDPOINTS, ids=lambda it: f"{it.method} {it.path}")
def test_what_a_caller_needs_is_in_the_document(it):
    operation = DOCUMENT["paths"][it.path][it.method.lower()]
    schemes = {name for choice in operation["security"] for name in choice}
    assert (
        schemes
        == {
            Access.PERMIT: {"cookie", "bearer"},
            Access.SESSION: {"cookie", "bearer"},
            Access.WRITE_KEY: {"write_key"},
            Access.SIGNATURE: {"signature"},
            Access.OPEN: set(),
        }[it.access]
    )
    open_write = it.access is Access.OPEN and it.method != "GET"
    refusable = it.access is Access.PERMIT or open_write or "X-CSRF" in str(operation)
    assert ("403" in operation["responses"]) == refusable


@pytest.mark.parametrize("it", ENDPOINTS, ids=lambda it: f"{it.method} {it.path}")
def test_only_where_json_is_demanded_may_a_body_be_of_another_kind(it):
    demanded = it.body is not None and it.access not in BY_SOURCE
    assert (415 in it.problems()) == demanded


def test_an_answer_is_whole():
    view = DOCUMENT["components"]["schemas"]["View"]
    assert set(view["required"]) == set(view["properties"])


def test_the_words_of_the_api_are_those_of_the_canon():
    # People look for a purpose as a whole; consents may speak of its parts, too.
    assert set(get_args(Purpose)) | {"partner"} == {it.name for it in PURPOSES.values() if not it.part_of}
    assert set(get_args(Channel)) == CHANNELS
    assert get_args(get_type_hints(GlassBody)["because"]) == BECAUSE
