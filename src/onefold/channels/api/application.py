"""The HTTP application: every endpoint behind one entrance that checks size, caller, permit and types."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from onefold.channels.api.console import console_routes
from onefold.channels.api.endpoint import Endpoint
from onefold.channels.api.entrance import Entrance
from onefold.channels.api.openapi import document
from onefold.channels.api.problems import UNEXPECTED, of_status, problem_of, render
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.api.security import SecurityHeaders
from onefold.channels.api.tokens import Tokens
from onefold.kernel.errors import OnefoldError
from onefold.usecases.rooms import Rooms

_LOG = logging.getLogger("onefold.api")


def create_application(
    rooms: Rooms,
    tokens: Tokens,
    *,
    console: Path | None = None,
    secure: bool = False,
    endpoints: Sequence[Endpoint] = ENDPOINTS,
) -> ASGIApp:
    """The application of one cell. `console` is the folder of the built console; `secure`: behind TLS."""
    entrance = Entrance(rooms, tokens, secure=secure)
    routes: list[BaseRoute] = [Route(it.path, _served(entrance, it), methods=[it.method]) for it in endpoints]
    application = FastAPI(
        title="Onefold", routes=routes, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    application.openapi = lambda: document(endpoints)  # type: ignore[method-assign]
    # Last, because it takes every address that is left.
    application.router.routes += console_routes(console)
    application.add_exception_handler(OnefoldError, _our_error)
    application.add_exception_handler(HTTPException, _http_error)
    application.add_exception_handler(Exception, _bug)
    # Outermost, so that the answer to a bug carries the headers too.
    return SecurityHeaders(application, secure=secure)


def _served(entrance: Entrance, it: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return await entrance.answer(it, request)

    return serve


async def _our_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, OnefoldError)
    return render(*problem_of(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return render(of_status(error.status_code), dict(error.headers or {}))


async def _bug(request: Request, error: Exception) -> Response:
    """Where it happened goes to the server's log; what it says may be somebody's data and goes nowhere."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("bug: %s\n%s", type(error).__name__, places)
    return render(UNEXPECTED, {})
