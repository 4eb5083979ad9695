"""Security headers on every response. Scripts come from our own files only: no inline code, no other host."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DIRECTIVES = (
    "default-src 'self'",
    "script-src 'self'",
    # The console sets styles through the DOM alone, which needs no exception (web/tools/budget.mjs holds it).
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
POLICY = "; ".join(_DIRECTIVES)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class SecurityHeaders:
    """ASGI middleware; without buffering, so that it costs nothing to speak of."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        self._app = app
        headers = _HEADERS | (_TLS_ONLY if secure else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._ours = frozenset(name for name, _ in self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers to whatever the application answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._with_ours(message["headers"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _with_ours(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers of an answer and those of ours that it does not set itself."""
        names = [name for name, _ in given]
        if self._ours.isdisjoint(names):
            return given + self._headers
        return given + [it for it in self._headers if it[0] not in names]
