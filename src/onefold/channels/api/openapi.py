"""The OpenAPI document, made from the endpoints and their msgspec types, so that nothing can drift.

`python -m onefold.channels.api.openapi > web/openapi.json` writes it for the console's generated client.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from onefold import RELEASE
from onefold.channels.api.endpoint import Access, Endpoint
from onefold.channels.api.problems import Problem
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.api.session import COOKIE, SECURE_COOKIE

_REF = "#/components/schemas/{name}"
_ID_PATTERN = "^[0-9a-f]{32}$"
_IDS = {"customer", "account"}
_COOKIE = f"Behind TLS it is called {SECURE_COOKIE}."
_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.PERMIT: [{"cookie": []}, {"bearer": []}],
    Access.SESSION: [{"cookie": []}, {"bearer": []}],
    Access.WRITE_KEY: [{"write_key": []}],
    Access.SIGNATURE: [{"signature": []}],
    Access.OPEN: [],
}
_SCHEMES = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": _COOKIE},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "write_key": {"type": "http", "scheme": "basic", "description": "The write key is the user name."},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "HMAC-SHA256 over the raw body; the contract says which header and how it is written.",
    },
}


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for it in endpoints:
        paths.setdefault(it.path, {})[it.method.lower()] = _operation(it)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onefold",
            "version": RELEASE,
            "description": "One customer from many sources, shown as far as role, purpose and consent allow.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": _schemas(endpoints), "securitySchemes": _SCHEMES},
    }


def _schemas(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    results = [it.result for it in endpoints if it.result] + [Problem]
    bodies = [it.body for it in endpoints if it.body]
    _, answers = msgspec.json.schema_components(results, ref_template=_REF)
    _, questions = msgspec.json.schema_components(bodies, ref_template=_REF)
    for schema in answers.values():
        if "properties" in schema:  # what we answer is always whole; a default is not an omission
            schema["required"] = list(schema["properties"])
    return dict(sorted((questions | answers).items()))


def _operation(it: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": it.operation,
        "tags": [it.tag],
        "summary": it.summary,
        "description": it.handler.__doc__ or it.summary,
        "security": _SECURITY[it.access],
        "parameters": [*_path_parameters(it), *_query_parameters(it), *_header_parameters(it)],
        "responses": _responses(it),
    }
    if it.body:
        one = _ref(it.body)
        many = {"type": "array", "items": one}
        content = {kind: {"schema": many if "-batch" in kind else one} for kind in it.kinds}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _ref(type_: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=type_.__name__)}


def _path_parameters(it: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": _ID_PATTERN} if name in _IDS else {"type": "string"},
        }
        for name in re.findall(r"{(\w+)}", it.path)
    ]


def _query_parameters(it: Endpoint) -> list[dict[str, Any]]:
    if not it.query:
        return []
    _, components = msgspec.json.schema_components([it.query], ref_template=_REF)
    schema = components[it.query.__name__]
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]


def _header_parameters(it: Endpoint) -> list[dict[str, Any]]:
    if it.method == "GET" or it.access not in (Access.PERMIT, Access.SESSION):
        return []
    words = "The `csrf` of the session; needed when the cookie is what signs the request in."
    return [
        {
            "name": "X-CSRF",
            "in": "header",
            "required": False,
            "description": words,
            "schema": {"type": "string"},
        }
    ]


def _responses(it: Endpoint) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if it.result:
        done["content"] = {"application/json": {"schema": _ref(it.result)}}
    if it.gives:
        done["content"] = {it.gives: {}}
    answers = {"303" if it.moves else str(it.status or 200) if it.result or it.gives else "204": done}
    for status, words in it.problems().items():
        answers[str(status)] = {
            "description": words,
            "content": {"application/problem+json": {"schema": _ref(Problem)}},
        }
    return answers


def main() -> None:
    """Prints the document."""
    text = msgspec.json.format(msgspec.json.encode(document(ENDPOINTS)), indent=2)
    sys.stdout.buffer.write(text + b"\n")


if __name__ == "__main__":
    main()
