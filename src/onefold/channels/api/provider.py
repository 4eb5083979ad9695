"""Endpoints of signing in at the company's provider (OpenID Connect, code flow with PKCE).

The browser is sent there and comes back with a code. What it began with is kept here, once; a cookie binds it
to the browser that began, and goes along on the way back, which no cookie of a session does.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlencode

from onefold.channels.api.endpoint import Access, Answer, Call, Endpoint, endpoint
from onefold.channels.api.parameters import BackQuery, CallbackQuery
from onefold.channels.api.session import cookie, end_before, session_in
from onefold.channels.api.tokens import SESSION_SECONDS
from onefold.kernel.errors import OnefoldError, Unauthenticated
from onefold.usecases.begun import BEGUN_SECONDS
from onefold.usecases.model import SignInWays
from onefold.usecases.sign_in import begin_at_provider, describe_ways, end_at_provider

BEGUN_COOKIE = "onefold_begun"
_PATH = "/api/session/provider"
_TAG, _OPEN = "session", Access.OPEN
_HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@endpoint(
    "GET", "/api/session/ways", "How people can sign in", tag="session", access=Access.OPEN, result=SignInWays
)
def sign_in_ways(call: Call) -> SignInWays:
    """For the sign-in page; says nothing about who may."""
    return describe_ways(call.rooms)


@endpoint(
    "GET",
    _PATH,
    "Sends the browser to the provider",
    tag="session",
    access=Access.OPEN,
    query=BackQuery,
    moves=True,
    also=((404, "Nobody signs in at a provider here"),),
)
def begin(call: Call) -> Answer:
    """A cookie binds what is begun to this browser; `back` is a path of the console."""
    back = call.query.back if _HERE.fullmatch(call.query.back) else "/"
    begun, address = begin_at_provider(call.rooms, back, session_in(call))
    bound = _begun_cookie(begun.state, BEGUN_SECONDS, secure=call.secure)
    return Answer(None, {"Location": address, "Set-Cookie": bound}, 303)


@endpoint(
    "GET",
    f"{_PATH}/callback",
    "Takes the browser back from the provider",
    tag="session",
    access=Access.OPEN,
    query=CallbackQuery,
    moves=True,
)
def end(call: Call) -> Answer:
    """Signs in and leads to where it began; whatever is wrong leads to the sign-in page, which says so."""
    asked = call.query
    try:
        if not asked.state or not hmac.compare_digest(_bound(call).encode(), asked.state.encode()):
            raise Unauthenticated("This sign-in was begun in another browser.", hint="Begin again.")
        signed_in, begun = end_at_provider(call.rooms, asked.state, asked.code, asked.iss)
    except OnefoldError as error:
        failed = "/sign-in?" + urlencode({"failed": error.code})
        return Answer(None, {"Location": failed, "Set-Cookie": _begun_cookie("", 0, secure=call.secure)}, 303)
    end_before(call, begun.session)
    token, _ = call.tokens.issue(signed_in.login, signed_in.epoch)
    return Answer(
        None,
        {"Location": begun.back, "Set-Cookie": cookie(token, seconds=SESSION_SECONDS, secure=call.secure)},
        303,
    )


def _begun_cookie(state: str, seconds: int, *, secure: bool) -> str:
    """Lax, since it must come along when the provider sends the browser back; good for nothing else."""
    flags = "HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
    return f"{_begun_name(secure=secure)}={state}; Path={_PATH}; Max-Age={seconds}; {flags}"


def _begun_name(*, secure: bool) -> str:
    return f"__Secure-{BEGUN_COOKIE}" if secure else BEGUN_COOKIE


def _bound(call: Call) -> str:
    found = re.search(
        rf"(?:^|;\s*){_begun_name(secure=call.secure)}=([A-Za-z0-9_-]*)", call.headers.get("cookie", "")
    )
    return found[1] if found else ""


ENDPOINTS: tuple[Endpoint, ...] = (sign_in_ways, begin, end)
