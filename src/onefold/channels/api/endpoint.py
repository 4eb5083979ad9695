"""One endpoint is one value: path, permit, types, handler. Routes, checks, OpenAPI and tests are made of it.

A handler is a plain function of a `Call`. It runs in a thread, so it may read files and wait for the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from onefold.channels.api.tokens import Claims, Tokens
from onefold.gate.model import Permit
from onefold.usecases.rooms import Rooms

JSON = "application/json"

Handler = Callable[["Call"], Any]
SoonHandler = Callable[["Call"], Awaitable[bytes | None]]
"""Awaited on the event loop; None: the handler has to be asked, as if nobody had asked before."""


class Access(StrEnum):
    """What a caller needs. Everything but `PERMIT` is on the allow-list that the leak test reviews."""

    PERMIT = "permit"
    SESSION = "session"
    WRITE_KEY = "write_key"
    SIGNATURE = "signature"
    OPEN = "open"


BY_SOURCE = frozenset({Access.WRITE_KEY, Access.SIGNATURE})
"""Systems call these, not people; the body is read as it came."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request after parsing. `permit` and `claims` are set exactly when the endpoint asks for them.

    A handler that answers anything but its result type returns an `Answer`.
    """

    rooms: Rooms
    tokens: Tokens
    path: dict[str, str]
    query: Any
    body: Any
    claims: Claims | None = None
    permit: Permit | None = None
    write_key: str = ""
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secure: bool = False
    address: str = ""
    """Where the request came from, as far as we know."""

    @property
    def encoding(self) -> str:
        """The content encoding of the body."""
        return self.headers.get("content-encoding", "").strip().lower()

    @property
    def permitted(self) -> Permit:
        """The permit; an endpoint that did not ask for one is a bug."""
        assert self.permit is not None
        return self.permit

    @property
    def signed_in(self) -> Claims:
        """The session; an endpoint that did not ask for one is a bug."""
        assert self.claims is not None
        return self.claims


@dataclass(frozen=True, slots=True)
class Answer:
    """A result with headers of its own, such as a cookie."""

    result: msgspec.Struct | bytes | None
    headers: dict[str, str]
    status: int = 0
    """Of an answer without a result that leads the browser elsewhere."""
    sealed: Callable[[bytes], dict[str, str]] | None = None
    """Headers that are made of the very bytes that are answered, such as a signature."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path and method. `action` names what the gate is asked for.

    `query`, `body`, `result` are msgspec types.
    """

    method: str
    path: str
    summary: str
    handler: Handler
    access: Access
    action: str
    query: type[msgspec.Struct] | None
    body: type[msgspec.Struct] | None
    result: type[msgspec.Struct] | None
    purpose: str
    tag: str
    also: tuple[tuple[int, str], ...]
    """Statuses of its own problems, each with a few words."""
    kinds: tuple[str, ...] = (JSON,)
    """Media types of the body, the usual one first; `-batch` holds an array."""
    moves: bool = False
    """It leads the browser elsewhere (303)."""
    status: int = 0
    """Of an answer that is done, where a protocol wants another than 200."""
    gives: str = ""
    """The media type of a file that is the answer."""
    named: str = ""
    """The operation, where another endpoint has the action for its name."""
    soon: SoonHandler | None = None
    """Answers most requests without a thread: the very bytes of what `handler` would return."""

    @property
    def operation(self) -> str:
        """The operation's id in OpenAPI, and so the function's name in generated clients."""
        head, *rest = (self.named or self.action or self.handler.__name__).split("_")
        return head + "".join(word.capitalize() for word in rest)

    def problems(self) -> dict[int, str]:
        """The statuses of the problems it can answer with, each in a few words."""
        words = {503: "Something this needs is down, or there is too much to do; try again"}
        if self.query or self.body or "{" in self.path or self.access in BY_SOURCE:
            words |= {400: "The request cannot be read", 422: "The request says something that cannot be"}
        if self.access is not Access.OPEN:
            words[401] = "Nobody we know is asking, or the session is over"
        if self.access is Access.PERMIT:
            words[403] = "Policy says no; `reasons` says why"
        if self.access is Access.SESSION and self.method != "GET":
            words[403] = "The X-CSRF header is not this session's"
        if self.access is Access.OPEN and self.method != "GET":
            words[403] = "A page of another origin asked"
        if "{" in self.path and self.access not in BY_SOURCE:
            words[404] = "There is none of that name for you"
        if "{customer}" in self.path:
            words[410] = "The customer was erased"
        if self.access in BY_SOURCE:
            words[429] = "The source sends more than its contract allows; try again after `Retry-After`"
        elif self.access is not Access.OPEN:
            words[429] = "You ask more than one may at a time, or in a minute; try again after `Retry-After`"
        if self.body:
            words[408] = "The body did not arrive in time"
            words[413] = "The body is too large"
        if self.body and self.access not in BY_SOURCE:  # SDKs send JSON under many content types.
            words[415] = "The body is not JSON"
        return dict(sorted((words | dict(self.also)).items()))


def endpoint(
    method: str,
    path: str,
    summary: str,
    *,
    tag: str,
    action: str = "",
    access: Access = Access.PERMIT,
    purpose: str = "",
    query: type[msgspec.Struct] | None = None,
    body: type[msgspec.Struct] | None = None,
    result: type[msgspec.Struct] | None = None,
    also: tuple[tuple[int, str], ...] = (),
    kinds: tuple[str, ...] = (JSON,),
    moves: bool = False,
    status: int = 0,
    gives: str = "",
    named: str = "",
    soon: SoonHandler | None = None,
) -> Callable[[Handler], Endpoint]:
    """Makes an endpoint of a handler. `purpose` is taken where the query has no `purpose` of its own."""
    if (access is Access.PERMIT) != bool(action):
        raise AssertionError(f"{method} {path}: an action goes with a permit, and only with a permit")

    def made(handler: Handler) -> Endpoint:
        return Endpoint(
            method,
            path,
            summary,
            handler,
            access,
            action,
            query,
            body,
            result,
            purpose,
            tag,
            also,
            kinds,
            moves,
            status,
            gives,
            named,
            soon,
        )

    return made
