"""Endpoints of signing in and out. The token lives in a cookie that no script can read."""

from __future__ import annotations

from onefold.channels.api.endpoint import Access, Answer, Call, endpoint
from onefold.channels.api.parameters import SignInBody
from onefold.channels.api.tokens import SESSION_SECONDS, Claims
from onefold.kernel.time import iso_instant
from onefold.usecases.model import Session
from onefold.usecases.sign_in import describe_session, sign_in, sign_out

COOKIE = "onefold_session"
_PATH = "/api/session"


def cookie(token: str, *, seconds: int, secure: bool) -> str:
    """The Set-Cookie value; zero seconds takes the cookie away."""
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{flags}"


def _session(call: Call, claims: Claims) -> Session:
    known = describe_session(call.rooms, claims.sub)
    return Session(
        login=known.login,
        roles=known.roles,
        cell=str(call.rooms.cell),
        purposes=known.purposes,
        may=known.may,
        csrf=claims.csrf,
        until=iso_instant(claims.exp * 1000),
    )


@endpoint(
    "POST",
    _PATH,
    "Signs in",
    tag="session",
    access=Access.OPEN,
    body=SignInBody,
    result=Session,
    also=((401, "Login and password do not go together"), (429, "Too many wrong passwords; wait")),
)
def open_session(call: Call) -> Answer:
    """Sets an HttpOnly cookie; the body's `csrf` goes with every later write."""
    epoch = sign_in(call.rooms, call.body.login, call.body.password)
    token, claims = call.tokens.issue(call.body.login, epoch)
    header = cookie(token, seconds=SESSION_SECONDS, secure=call.secure)
    return Answer(_session(call, claims), {"Set-Cookie": header})


@endpoint("GET", _PATH, "Who is signed in", tag="session", access=Access.SESSION, result=Session)
def read_session(call: Call) -> Session:
    """401 when nobody is."""
    return _session(call, call.signed_in)


@endpoint("DELETE", _PATH, "Signs out", tag="session", access=Access.SESSION)
def close_session(call: Call) -> Answer:
    """Ends the session everywhere and takes the cookie away."""
    sign_out(call.rooms, call.signed_in.sub)
    call.tokens.end(call.signed_in)
    return Answer(None, {"Set-Cookie": cookie("", seconds=0, secure=call.secure)})


ENDPOINTS = (open_session, read_session, close_session)
