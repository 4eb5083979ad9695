"""A browser of sorts: requests to an application in this process, without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class Client:
    """Each call is a connection of its own; an unhandled error is what the application answers for it."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    def request(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Sends one request and reads the whole answer."""
        return asyncio.run(self._request(method, path, **what))

    def get(self, path: str, **what: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **what)

    def post(self, path: str, **what: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **what)

    async def _request(self, method: str, path: str, **what: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, **what)
