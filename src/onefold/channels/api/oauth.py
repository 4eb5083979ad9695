"""Access of partners: a client's secret is swapped for a token that lives minutes (RFC 6749, section 4.4).

`POST /oauth/token` is another protocol than ours: forms instead of JSON, errors of its own. It stands in a
list of its own and is not in the OpenAPI document; docs/how-to/let-programs-in.md has it.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from onefold.channels.api.access import ACCESS_SECONDS
from onefold.channels.api.endpoint import Access, Call, endpoint
from onefold.channels.api.entrance import Entrance
from onefold.kernel.errors import CallerError, OnefoldError, Unavailable
from onefold.usecases.grant_access import UnknownClient, WrongScope, grant_access

PATH = "/oauth/token"
FIELDS_MAX = 20
GRANT = "client_credentials"


class WrongRequest(CallerError):
    """A request for access is not one; `error` is the word of RFC 6749 for it."""

    code = "wrong_request"

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class Granted(msgspec.Struct, frozen=True):
    """The answer of RFC 6749, section 5.1."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class Denied(msgspec.Struct, frozen=True):
    """The error of RFC 6749, section 5.2."""

    error: str
    error_description: str


@endpoint("POST", PATH, "Gives a partner's client access for minutes", tag="access", access=Access.OPEN)
def grant(call: Call) -> Granted:
    """Client credentials only; the client in HTTP basic authentication, or in the form."""
    form = _form(call)
    if "grant_type" not in form:
        raise WrongRequest("invalid_request", "There is no grant_type.")
    if form["grant_type"] != GRANT:
        raise WrongRequest("unsupported_grant_type", f"The one grant is {GRANT}.")
    client, secret = _client(call, form)
    machine, actions = grant_access(call.rooms, client, secret, form.get("scope", ""), call.address)
    token = call.tokens.access.issue(machine.id, machine.epoch, actions)
    return Granted(token, "Bearer", ACCESS_SECONDS, " ".join(actions))


ENDPOINTS = (grant,)


class AccessDesk:
    """Answers requests for access in the words of their protocol."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def has(self, path: str) -> bool:
        """Whether it is the one address of this protocol."""
        return path == PATH

    async def answer(self, request: Request) -> Response:
        """The token, or the error of RFC 6749."""
        if request.method != "POST":
            return _denied("invalid_request", "Only POST is taken.", 405, {"Allow": "POST"})
        try:
            return await self._entrance.answer(grant, request)
        except UnknownClient as error:
            return _denied(
                "invalid_client", error.message, 401, {"WWW-Authenticate": 'Basic realm="onefold"'}
            )
        except WrongScope as error:
            return _denied("invalid_scope", error.message, 400)
        except WrongRequest as error:
            return _denied(error.error, error.message, 400)
        except Unavailable as error:
            wait = {"Retry-After": str(error.retry_after_seconds)}
            return _denied("temporarily_unavailable", error.message, error.status, wait)
        except OnefoldError as error:
            return _denied("invalid_request", error.message, error.status)


def _form(call: Call) -> dict[str, str]:
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise WrongRequest("invalid_request", "The body must be application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(call.raw.decode(), strict_parsing=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError:
        raise WrongRequest("invalid_request", "The form cannot be read.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise WrongRequest("invalid_request", "A parameter is given twice.")
    return dict(pairs)


def _client(call: Call, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret: by one of the two ways, not by both (RFC 6749, section 2.3)."""
    scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
    in_form = "client_id" in form or "client_secret" in form
    if not scheme:
        if not (form.get("client_id") and form.get("client_secret")):
            raise UnknownClient("There is no client and no secret.")
        return form["client_id"], form["client_secret"]
    if in_form and "client_secret" in form:
        raise WrongRequest("invalid_request", "The client is stated twice.")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:
        text = ""
    client, _, secret = (unquote_plus(part) for part in text.partition(":"))
    if not client or not secret or form.get("client_id", client) != client:
        raise UnknownClient("There is no client and no secret.")
    return client, secret


def _denied(error: str, words: str, status: int, headers: dict[str, str] | None = None) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"} | (headers or {})
    body: Any = Denied(error, words)
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
