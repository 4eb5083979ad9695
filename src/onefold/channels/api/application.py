"""The HTTP application: addresses to endpoints, every endpoint behind one entrance, every error a problem.

It speaks ASGI itself. Between the socket and the entrance stands one look-up and nothing else: a stack of
middleware cost more than cutting a customer's view.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onefold.channels.api.addresses import Addresses, Methods
from onefold.channels.api.console import Console
from onefold.channels.api.endpoint import Access, Endpoint
from onefold.channels.api.entrance import Entrance
from onefold.channels.api.oauth import AccessDesk
from onefold.channels.api.openapi import document
from onefold.channels.api.origins import Origins
from onefold.channels.api.problems import UNEXPECTED, of_status, problem_of, render
from onefold.channels.api.registry import Registry
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.api.security import SecurityHeaders
from onefold.channels.api.tokens import Tokens
from onefold.kernel.errors import OnefoldError
from onefold.usecases.rooms import Rooms

OPENAPI = "/api/openapi.json"
_LOG = logging.getLogger("onefold.api")


def create_application(
    rooms: Rooms,
    tokens: Tokens,
    *,
    console: Path | None = None,
    secure: bool = False,
    origins: Sequence[str] = (),
    proxies: Sequence[str] = (),
    endpoints: Sequence[Endpoint] = ENDPOINTS,
    requests_a_minute: int = 0,
) -> ASGIApp:
    """The application of one cell. `console` is the folder of the built console; `secure`: behind TLS.

    Pages of `origins` may send tracking calls; `proxies` are believed when they say whom they speak for. One
    person or program may send so many `requests_a_minute`; 0: as many as they like.
    """
    entrance = Entrance(rooms, tokens, secure=secure, proxies=proxies, requests_a_minute=requests_a_minute)
    application = Application(entrance, endpoints, Console(console), Origins(origins))
    # The headers are outermost, so that the answer to a bug carries them too.
    return SecurityHeaders(ServerErrorMiddleware(application, handler=_bug), secure=secure)


class Application:
    """The endpoints, their OpenAPI document, and the console at every address that is left."""

    def __init__(
        self, entrance: Entrance, endpoints: Sequence[Endpoint], console: Console, origins: Origins
    ) -> None:
        self._entrance = entrance
        self._origins = origins
        self._addresses = Addresses(endpoints)
        self._registry = Registry(entrance)
        self._access = AccessDesk(entrance)
        self._console = console
        self._document = msgspec.json.encode(document(endpoints))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except OnefoldError as error:
            response = render(*problem_of(error))
        except HTTPException as error:
            response = render(of_status(error.status_code), dict(error.headers or {}))
        if origin := request.headers.get("origin"):
            methods, _ = self._addresses.find(scope["path"])
            if _for_pages(methods):
                response.headers.update(self._origins.headers(origin))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path, method = request.scope["path"], request.method
        if self._registry.has(path):
            return await self._registry.answer(request)
        if self._access.has(path):
            return await self._access.answer(request)
        methods, request.scope["path_params"] = self._addresses.find(path)
        found = methods.get("GET" if method == "HEAD" else method)
        if found is not None:
            return await self._entrance.answer(found, request)
        if method == "OPTIONS" and _for_pages(methods):
            preflight = self._origins.preflight(request.headers.get("origin", ""), list(methods))
            if preflight is not None:
                return preflight
        if methods:
            raise _not_allowed(methods)
        if method not in ("GET", "HEAD"):
            raise _not_allowed(("GET",)) if path == OPENAPI or self._console.has(path) else HTTPException(404)
        if path == OPENAPI:
            return Response(self._document, media_type="application/json")
        return await self._console.answer(request)


def _for_pages(methods: Methods) -> bool:
    """Whether pages of other origins may be let in there: to tracking, and to nothing else."""
    return any(it.access is Access.WRITE_KEY and it.tag == "tracking" for it in methods.values())


def _not_allowed(methods: Iterable[str]) -> HTTPException:
    known = {*methods, *("HEAD" for it in methods if it == "GET")}
    return HTTPException(405, headers={"Allow": ", ".join(sorted(known))})


async def _bug(request: Request, error: Exception) -> Response:
    """Where it happened goes to the server's log; what it says may be somebody's data and goes nowhere."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("bug: %s\n%s", type(error).__name__, places)
    return render(UNEXPECTED, {})
