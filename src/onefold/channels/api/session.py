"""Endpoints of signing in and out. The token lives in a cookie that no script can read."""

from __future__ import annotations

import re
from contextlib import suppress

from onefold.channels.api.endpoint import Access, Answer, Call, endpoint
from onefold.channels.api.parameters import PasswordBody, SignInBody, SignOutQuery
from onefold.channels.api.tokens import SESSION_SECONDS, Claims
from onefold.kernel.errors import Unauthenticated
from onefold.kernel.time import iso_instant
from onefold.usecases.change_password import change_password
from onefold.usecases.model import Session
from onefold.usecases.sign_in import describe_session, sign_in, sign_out

COOKIE = "onefold_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Behind TLS: browsers take it over TLS alone, from this host alone."""
_PATH = "/api/session"


def cookie(token: str, *, seconds: int, secure: bool) -> str:
    """The Set-Cookie value; zero seconds takes the cookie away."""
    flags = "; Secure" if secure else ""
    return (
        f"{cookie_name(secure=secure)}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{flags}"
    )


def cookie_name(*, secure: bool) -> str:
    """What the cookie is called, behind TLS and without."""
    return SECURE_COOKIE if secure else COOKIE


def session_in(call: Call) -> str:
    """The token of the session that this browser has; empty for none."""
    name = cookie_name(secure=call.secure)
    found = re.search(rf"(?:^|;\s*){name}=([^;\s]+)", call.headers.get("cookie", ""))
    return found[1] if found else ""


def end_before(call: Call, token: str) -> None:
    """Ends the session that a browser had until now: whoever signs in anew goes on with one alone."""
    if token:
        with suppress(Unauthenticated):
            call.tokens.end(call.tokens.read(token))


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
    also=(
        (401, "Login and password do not go together"),
        (429, "Too many wrong passwords; wait"),
    ),
)
def open_session(call: Call) -> Answer:
    """Sets an HttpOnly cookie; the body's `csrf` goes with every later write."""
    signed_in = sign_in(call.rooms, call.body.login, call.body.password, call.address)
    end_before(call, session_in(call))
    token, claims = call.tokens.issue(signed_in.login, signed_in.epoch)
    header = cookie(token, seconds=SESSION_SECONDS, secure=call.secure)
    return Answer(_session(call, claims), {"Set-Cookie": header})


@endpoint("GET", _PATH, "Who is signed in", tag="session", access=Access.SESSION, result=Session)
def read_session(call: Call) -> Session:
    """401 when nobody is."""
    return _session(call, call.signed_in)


@endpoint("DELETE", _PATH, "Signs out", tag="session", access=Access.SESSION, query=SignOutQuery)
def close_session(call: Call) -> Answer:
    """Ends this session, or with `everywhere` each of this person, and takes the cookie away."""
    sign_out(call.rooms, call.signed_in.sub, everywhere=call.query.everywhere)
    call.tokens.end(call.signed_in)
    return Answer(None, {"Set-Cookie": cookie("", seconds=0, secure=call.secure)})


@endpoint(
    "POST",
    f"{_PATH}/password",
    "Changes one's own password",
    tag="session",
    access=Access.SESSION,
    body=PasswordBody,
    result=Session,
    also=((429, "Too many wrong passwords; wait"),),
)
def change_own_password(call: Call) -> Answer:
    """Ends every other session of this person, and goes on with a new one in the cookie."""
    body, login = call.body, call.signed_in.sub
    changed = change_password(call.rooms, login, body.present, body.wanted, call.address)
    token, claims = call.tokens.issue(changed.login, changed.epoch)
    header = cookie(token, seconds=SESSION_SECONDS, secure=call.secure)
    return Answer(_session(call, claims), {"Set-Cookie": header})


ENDPOINTS = (open_session, read_session, close_session, change_own_password)
