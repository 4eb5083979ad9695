"""Requests nobody would write, made from the OpenAPI document: each answer is one the document describes.

`ONEFOLD_FUZZ` says how many examples an endpoint gets. Nothing may be a server error; every status, content
type and body has to be one that a generated client knows.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onefold.app.house import LocalHouse
from onefold.channels.api.endpoint import Access
from onefold.channels.api.openapi import document
from onefold.channels.api.routes import ENDPOINTS
from tests.flow.server import Server
from tests.flow.test_leaks import GRANTED

EXAMPLES = int(os.environ.get("ONEFOLD_FUZZ", "15"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LOGINS = GRANTED | {"balance_history": "rm", "decide_judgement": "steward"}
SCHEMA = schemathesis.openapi.from_dict(document(ENDPOINTS))

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def sessions(server: Server):
    """Headers that get a request in, for every login and for a write key."""
    found: dict[str, dict[str, str]] = {}
    for login in sorted(set(LOGINS.values())):
        with server.signed_in(login) as client:
            token = client.cookies["onefold_session"]
            found[login] = {"Authorization": f"Bearer {token}"}
    return found


@pytest.fixture(scope="module")
def write_key(server: Server) -> str:
    return LocalHouse().users(server.data).new_write_key("digital")


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_document_describes(case: Any, server, sessions, write_key):
    asked = (case.operation.method.upper(), case.operation.path)
    it = next(it for it in ENDPOINTS if (it.method, it.path) == asked)
    login = LOGINS.get(it.action, "privacy")
    what: dict[str, Any] = {"headers": sessions[login] if it.access is Access.PERMIT else {}}
    if it.access is Access.SESSION:
        what["headers"] = sessions["rm"] if it.method == "GET" else {"Authorization": "Bearer x"}
    if it.access is Access.WRITE_KEY:
        what = {"auth": (write_key, "")}
    response = case.call(base_url=server.url, **what)
    if case.method.upper() != it.method:
        assert response.status_code in (200, 204, 401, 403, 404, 405, 415, 422), (
            "a method of another endpoint, or none"
        )
    else:
        case.validate_response(response, checks=CHECKS)
