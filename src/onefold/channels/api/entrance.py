"""The one way from a request to a handler: size, caller, CSRF, types, permit; then the handler, in a thread.

The event loop waits for no disk. Everything that may runs in the thread pool, where waiting threads share the
fsyncs of log and audit. An endpoint that is asked more often than all others has a way without a thread
(`soon`): its handler is awaited, and whatever is not plain goes the ordinary way after all. When too much
waits already, a request is turned away at once.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from onefold.channels.api.access import PREFIX
from onefold.channels.api.callers import ForeignPage, ForeignWrite, address_of, check_origin
from onefold.channels.api.endpoint import BY_SOURCE, JSON, Access, Answer, Call, Endpoint, SoonHandler
from onefold.channels.api.pace import Pace
from onefold.channels.api.parameters import AudienceQuery
from onefold.channels.api.problems import invalid, unreadable
from onefold.channels.api.queues import Place, Queues, Shares
from onefold.channels.api.session import cookie, cookie_name
from onefold.channels.api.signing import Over
from onefold.channels.api.threads import Threads
from onefold.channels.api.tokens import SESSION_SECONDS, Claims, Tokens
from onefold.gate.model import Actor
from onefold.kernel.errors import CallerError, OnefoldError, Unauthenticated
from onefold.usecases.grant_access import by_access, by_service_token
from onefold.usecases.ingest import write_key_in
from onefold.usecases.model import SERVICE_TOKEN
from onefold.usecases.rooms import Rooms
from onefold.usecases.sign_in import may_go_on, turn_away
from onefold.usecases.turned_away import Why

THREADS = 64
THREADS_OF_ONE_MAX = THREADS // 2
"""Of one person or program, whatever sessions they have: the others are answered meanwhile."""
ANONYMOUS = "-"
"""Who sends with a key in the body, or a signature: one sender, all together, until the body is read."""
BODY_BYTES_MAX = 64 * 1024
BATCH_BYTES_MAX = 512 * 1024
BODY_SECONDS = 30.0
"""For the whole of a body: seventeen kilobytes a second for the largest one."""
_READS = {"GET", "HEAD"}
_OF_SOMEBODY = frozenset({Access.PERMIT, Access.SESSION})


class TooLarge(CallerError):
    """The body is over the limit of its endpoint."""

    code = "too_large"
    status = 413


class TooSlow(CallerError):
    """The body did not arrive in time: somebody who sends a byte now and then may not keep a place."""

    code = "too_slow"
    status = 408


class NotJson(CallerError):
    """The body is of another kind than the endpoint takes."""

    code = "not_json"
    status = 415


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, a person with their session; `by_cookie`: a browser said so by itself."""

    actor: Actor
    claims: Claims | None
    by_cookie: bool


class Entrance:
    """Answers the endpoints of one cell."""

    def __init__(
        self,
        rooms: Rooms,
        tokens: Tokens,
        *,
        secure: bool,
        proxies: Collection[str] = (),
        requests_a_minute: int = 0,
    ) -> None:
        self._rooms = rooms
        self._tokens = tokens
        self._secure = secure
        self._proxies = frozenset(proxies)
        self._threads = Threads(THREADS, "onefold-answer")
        self._queues = Queues()
        self._shares = Shares(THREADS_OF_ONE_MAX)
        self._pace = Pace(requests_a_minute)

    async def answer(self, it: Endpoint, request: Request) -> Response:
        """The response to one request; our own errors are raised for the application to render."""
        sender = request.headers.get("authorization", ANONYMOUS) if it.access in BY_SOURCE else ""
        try:
            with self._queues.place(sender) as place:
                raw = await _body(it, request, place)
                caller = self._caller(request) if it.access in _OF_SOMEBODY else None
                if caller is not None:
                    self._pace.enter(caller.actor.id, self._tokens.now() * 1000)
                    if it.soon is not None and (soon := await self._soon(it, it.soon, request, caller)):
                        return soon
                with self._shares.of(caller.actor.id if caller else ""):
                    response: Response = await self._threads.run(self._answer, it, request, raw)
                return response
        except OnefoldError as error:
            self._count(it, request, error)
            raise

    def _count(self, it: Endpoint, request: Request, error: OnefoldError) -> None:
        """Counts what tried to get around a control; the audit is told once a minute."""
        why: Why | None = None
        if isinstance(error, ForeignPage):
            why = Why.ORIGIN
        elif isinstance(error, ForeignWrite):
            why = Why.CSRF
        elif isinstance(error, Unauthenticated) and not isinstance(error, Over):
            if it.access in BY_SOURCE:
                why = Why.KEY
            elif it.access in _OF_SOMEBODY and self._credential(request)[0]:
                why = Why.TOKEN
        if why is not None:
            turn_away(self._rooms, why)

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
            return _rendered(it, it.handler(call), {})
        caller = None if it.access is Access.OPEN else self._caller(request)
        if request.method not in _READS and (caller is None or caller.by_cookie):
            check_origin(request.headers)
            if caller and caller.claims:
                _check_csrf(request.headers, caller.claims)
        if it.access is Access.SESSION and caller and not caller.claims:
            raise Unauthenticated("A program has no session.", hint="Its token goes with every request.")
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
            raw=raw,
            headers=request.headers,
            secure=self._secure,
            address=address_of(request, self._proxies),
        )
        return _rendered(it, it.handler(call), self._renewal(caller))

    async def _soon(
        self, it: Endpoint, handler: SoonHandler, request: Request, caller: Caller
    ) -> Response | None:
        """The answer of an endpoint that takes no body, on the loop; None where it needs a thread.

        That is where somebody is refused, which is written down, and where a session is renewed, which may
        mean to ask a directory. Who asks and what they may is found out anew each time, as in a thread: the
        files that say so are in memory and only looked at.
        """
        if caller.by_cookie and caller.claims and caller.claims.worth_renewing(self._tokens.now()):
            return None
        query = _query(it, request)
        permit = self._rooms.gate.permit_at_once(caller.actor, it.action, *_asked(it, query, None, caller))
        if permit is None:
            return None
        path = dict(request.path_params)
        body = await handler(Call(self._rooms, self._tokens, path, query, None, caller.claims, permit))
        if body is None:
            return None
        return _Soon(body)

    def _caller(self, request: Request) -> Caller:
        token, by_cookie = self._credential(request)
        if not token:
            raise Unauthenticated("Nobody is signed in.", hint="Sign in first.")
        if token.startswith(SERVICE_TOKEN) and not by_cookie:
            return Caller(by_service_token(self._rooms, token), None, by_cookie)
        if token.startswith(PREFIX) and not by_cookie:
            access = self._tokens.access.read(token)
            return Caller(by_access(self._rooms, access.sub, access.epoch, access.actions), None, by_cookie)
        claims = self._tokens.read(token)
        actor = self._rooms.users.find(claims.sub)
        if actor is None:
            raise Unauthenticated("This account may not sign in.", hint="Ask who runs this server.")
        if claims.epoch != self._rooms.users.epoch(claims.sub):
            raise Over("Your password or your rights were changed.", hint="Sign in again.")
        return Caller(actor, claims, by_cookie)

    def _credential(self, request: Request) -> tuple[str, bool]:
        """What a request says for who asks, and whether a browser said it by itself; empty for nobody."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        by_cookie = scheme.lower() != "bearer"
        if by_cookie:
            token = request.cookies.get(cookie_name(secure=self._secure), "")
        return token.strip(), by_cookie

    def _renewal(self, caller: Caller | None) -> dict[str, str]:
        claims = caller.claims if caller and caller.by_cookie else None
        if claims is None or not claims.worth_renewing(self._tokens.now()):
            return {}
        if not may_go_on(self._rooms, claims.sub, claims.auth_time):
            return {}
        token, _ = self._tokens.renew(claims)
        return {"Set-Cookie": cookie(token, seconds=SESSION_SECONDS, secure=self._secure)}


class _Soon(Response):
    """An answer of JSON, with the headers it always has as they go out."""

    media_type = JSON

    def __init__(self, body: bytes) -> None:
        self.status_code = 200
        self.background = None
        self.body = body
        self.raw_headers = [
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(body)),
            (b"content-type", b"application/json"),
        ]


def _asked(it: Endpoint, query: Any, body: Any, caller: Caller) -> tuple[str, str]:
    """The purpose and the channel the gate is asked for.

    Fixed, or in the query. The channel is that of the caller, but where customers are to be reached by one:
    a filter that happens to be called so is none.
    """
    own = "console" if caller.by_cookie else "api"
    if it.purpose:
        return it.purpose, own
    if query is None:
        return body.purpose, body.channel
    return query.purpose, query.channel if isinstance(query, AudienceQuery) else own


async def _body(it: Endpoint, request: Request, place: Place) -> bytes:
    if it.method in _READS:
        return b""
    most = BATCH_BYTES_MAX if it.access in BY_SOURCE else BODY_BYTES_MAX
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise _too_large(most)
                place.hold(len(chunk))
                chunks.append(chunk)
    except TimeoutError:
        raise TooSlow(
            f"The body did not arrive within {BODY_SECONDS:g} seconds.", hint="Send less at a time."
        ) from None
    except ClientDisconnect:
        raise CallerError("The body ended before it was whole.") from None
    return b"".join(chunks)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body is larger than {most // 1024} KiB.", hint="Send less at a time.")


def _check_csrf(headers: Headers, claims: Claims) -> None:
    sent = headers.get("x-csrf", "")
    if not hmac.compare_digest(sent.encode(), claims.csrf.encode()):
        raise ForeignWrite(
            "This write did not come from the console.",
            reasons=("the X-CSRF header is missing or is not this session's",),
        )


def _query(it: Endpoint, request: Request) -> Any:
    pairs = request.query_params.multi_items() if request.scope["query_string"] else []
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
    except (UnicodeDecodeError, RecursionError):
        raise unreadable("body") from None


def _write_key(request: Request, raw: bytes) -> str:
    """The write key: user name of Basic authentication (RFC 7617), or in the address, or in the body."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:  # Not base64, not even letters of it, or not UTF-8.
        text = ""
    key: str = text.partition(":")[0] or request.path_params.get("key", "")
    key = key or write_key_in(raw, request.headers.get("content-encoding", "").strip().lower())
    if not key:
        raise Unauthenticated("A write key is needed.", hint="Send it as the Basic user name.")
    return key


def _rendered(it: Endpoint, result: Any, headers: dict[str, str]) -> Response:
    status, sealed = 204, None
    if isinstance(result, Answer):
        headers, status, sealed = headers | result.headers, result.status or status, result.sealed
        result = result.result
    headers["Cache-Control"] = "no-store"
    if result is None:
        return Response(status_code=status, headers=headers)
    body = result if it.gives else msgspec.json.encode(result)
    if sealed is not None:
        headers |= sealed(body)
    if it.gives:
        return Response(body, media_type=it.gives, headers=headers)
    return Response(body, it.status or 200, media_type="application/json", headers=headers)
