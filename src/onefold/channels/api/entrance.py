"""The one way from a request to a handler: size, caller, CSRF, types, permit; then the handler, in a thread.

The event loop only reads and writes sockets. Everything that may wait for a disk runs in the thread pool,
where waiting threads share the fsyncs of log and audit. When too much waits already, a request is turned away
at once.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from onefold.channels.api.endpoint import BY_SOURCE, Access, Answer, Call, Endpoint
from onefold.channels.api.problems import invalid
from onefold.channels.api.queues import Place, Queues
from onefold.channels.api.session import COOKIE, cookie
from onefold.channels.api.tokens import SESSION_SECONDS, Claims, Tokens
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, Refused, Unauthenticated
from onefold.usecases.ingest import write_key_in
from onefold.usecases.rooms import Rooms

THREADS = 64
ANONYMOUS = "-"
"""Who sends with a key in the body, or a signature: one sender, all together, until the body is read."""
BODY_BYTES_MAX = 64 * 1024
BATCH_BYTES_MAX = 512 * 1024
_READS = {"GET", "HEAD"}


class TooLarge(CallerError):
    """The body is over the limit of its endpoint."""

    code = "too_large"
    status = 413


class NotJson(CallerError):
    """The body is of another kind than the endpoint takes."""

    code = "not_json"
    status = 415


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a session with its actor, and whether a cookie (which a browser sends by itself) says so."""

    actor: Actor
    claims: Claims
    by_cookie: bool


class Entrance:
    """Answers the endpoints of one cell."""

    def __init__(self, rooms: Rooms, tokens: Tokens, *, secure: bool) -> None:
        self._rooms = rooms
        self._tokens = tokens
        self._secure = secure
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="onefold-answer")
        self._queues = Queues()

    async def answer(self, it: Endpoint, request: Request) -> Response:
        """The response to one request; our own errors are raised for the application to render."""
        sender = request.headers.get("authorization", ANONYMOUS) if it.access in BY_SOURCE else ""
        with self._queues.place(sender) as place:
            raw = await _body(it, request, place)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._answer, it, request, raw)

    def _answer(self, it: Endpoint, request: Request, raw: bytes) -> Response:
        if it.access in BY_SOURCE:
            by_key = it.access is Access.WRITE_KEY
            call = Call(
                self._rooms,
                self._tokens,
                dict(request.path_params),
                _query(it, request) if it.query else None,
                None,
                write_key=_write_key(request, raw) if by_key else "",
                raw=raw,
                headers=request.headers,
                secure=self._secure,
            )
            return _rendered(it.handler(call), {})
        caller = None if it.access is Access.OPEN else self._caller(request)
        if caller and caller.by_cookie and request.method not in _READS:
            _check_csrf(request.headers, caller.claims)
        query = _query(it, request)
        body = _decoded(it, raw, request.headers)
        permit = None
        if it.access is Access.PERMIT:
            assert caller is not None
            purpose, channel = _asked(it, query, body, caller)
            permit = self._rooms.gate.permit(caller.actor, it.action, purpose, channel)
        call = Call(
            self._rooms,
            self._tokens,
            dict(request.path_params),
            query,
            body,
            claims=caller.claims if caller else None,
            permit=permit,
            secure=self._secure,
        )
        return _rendered(it.handler(call), self._renewal(caller))

    def _caller(self, request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        by_cookie = scheme.lower() != "bearer"
        if by_cookie:
            token = request.cookies.get(COOKIE, "")
        if not token:
            raise Unauthenticated("Nobody is signed in.", hint="Sign in first.")
        claims = self._tokens.read(token.strip())
        actor = self._rooms.users.find(claims.sub)
        if actor is None:
            raise Unauthenticated("This account is no longer there.", hint="Ask who runs this server.")
        if claims.epoch != self._rooms.users.epoch(claims.sub):
            raise Unauthenticated("Your password was changed.", hint="Sign in again.")
        return Caller(actor, claims, by_cookie)

    def _renewal(self, caller: Caller | None) -> dict[str, str]:
        if caller is None or not caller.by_cookie or not caller.claims.worth_renewing(self._tokens.now()):
            return {}
        token, _ = self._tokens.renew(caller.claims)
        return {"Set-Cookie": cookie(token, seconds=SESSION_SECONDS, secure=self._secure)}


def _asked(it: Endpoint, query: Any, body: Any, caller: Caller) -> tuple[str, str]:
    """The purpose and the channel the gate is asked for.

    Fixed, in the query, or (activations) in the body.
    """
    if it.purpose or hasattr(query, "purpose"):
        return it.purpose or query.purpose, "console" if caller.by_cookie else "api"
    return body.purpose, body.channel


async def _body(it: Endpoint, request: Request, place: Place) -> bytes:
    if it.method in _READS:
        return b""
    most = BATCH_BYTES_MAX if it.access in BY_SOURCE else BODY_BYTES_MAX
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise _too_large(most)
            place.hold(len(chunk))
            chunks.append(chunk)
    except ClientDisconnect:
        raise CallerError("The body ended before it was whole.") from None
    return b"".join(chunks)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body is larger than {most // 1024} KiB.", hint="Send less at a time.")


def _check_csrf(headers: Headers, claims: Claims) -> None:
    sent = headers.get("x-csrf", "")
    if not hmac.compare_digest(sent.encode(), claims.csrf.encode()):
        raise Refused(
            "This write did not come from the console.",
            reasons=("the X-CSRF header is missing or is not this session's",),
        )


def _query(it: Endpoint, request: Request) -> Any:
    pairs = request.query_params.multi_items()
    if it.query is None:
        if pairs:
            raise CallerError("This address takes no parameters.")
        return None
    if len({name for name, _ in pairs}) != len(pairs):
        raise CallerError("A parameter is given twice.")
    try:
        return msgspec.convert(dict(pairs), it.query, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error, "query") from None


def _decoded(it: Endpoint, raw: bytes, headers: Headers) -> Any:
    if it.body is None:
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson("The body must be JSON.", hint="Send Content-Type: application/json.")
    try:
        return msgspec.json.decode(raw, type=it.body)
    except msgspec.DecodeError as error:
        raise invalid(error, "body") from None


def _write_key(request: Request, raw: bytes) -> str:
    """The write key: user name of Basic authentication (RFC 7617), or in the address, or in the body."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    key: str = text.partition(":")[0] or request.path_params.get("key", "")
    key = key or write_key_in(raw, request.headers.get("content-encoding", "").strip().lower())
    if not key:
        raise Unauthenticated("A write key is needed.", hint="Send it as the Basic user name.")
    return key


def _rendered(result: Any, headers: dict[str, str]) -> Response:
    if isinstance(result, Answer):
        headers = headers | result.headers
        result = result.result
    headers["Cache-Control"] = "no-store"
    if result is None:
        return Response(status_code=204, headers=headers)
    return Response(msgspec.json.encode(result), media_type="application/json", headers=headers)
