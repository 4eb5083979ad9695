"""Session tokens: short-lived signed JWTs.

One secret of this data folder, one algorithm, every claim required.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import jwt
import msgspec

from onefold.kernel.errors import Unauthenticated
from onefold.kernel.time import Clock

LIFE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 3600
"""However busy, a session ends and its owner signs in again."""
REMEMBERED = 1024
"""Tokens whose signature need not be checked again."""
_ALGORITHM = "HS256"
_AUDIENCE = "onefold"
_CLAIMS = ["exp", "iat", "sub", "jti", "aud", "iss", "csrf", "auth_time", "epoch"]


class Claims(msgspec.Struct, frozen=True):
    """What a token says. Roles are not in it: they are looked up, so that a change counts at once.

    `epoch` is the one of the user's password at sign-in; the entrance compares it at each request.
    """

    sub: str
    jti: str
    csrf: str
    iat: int
    exp: int
    auth_time: int
    epoch: str

    def worth_renewing(self, now_seconds: int) -> bool:
        """Whether half of its life is over and the session itself goes on."""
        return now_seconds - self.iat > LIFE_SECONDS // 2 and self.exp < self.auth_time + SESSION_SECONDS


class EndedSessions(Protocol):
    """Keeps which sessions signed out, by id, with the second from which none of their tokens is good."""

    def read(self) -> dict[str, int]:
        """What was kept last."""
        ...

    def write(self, sessions: Mapping[str, int]) -> None:
        """Keeps these and no others, durable."""
        ...


class Tokens:
    """Issues and reads tokens of one cell.

    Tokens of a session that signed out are refused until they expire, by whoever starts with the same
    `ended` too.
    """

    def __init__(self, secret: bytes, issuer: str, clock: Clock, ended: EndedSessions) -> None:
        self._secret = secret
        self._issuer = issuer
        self._clock = clock
        self._ended = ended
        self._over = ended.read()
        self._lock = threading.Lock()
        # A signature holds for ever; only whether the token is over is asked each time.
        self._signed_by_us = lru_cache(maxsize=REMEMBERED)(self._verified)

    def now(self) -> int:
        """Seconds since the epoch."""
        return self._clock.now_ms() // 1000

    def issue(self, login: str, epoch: str) -> tuple[str, Claims]:
        """A new session's first token; it holds for this epoch of the user's password."""
        now = self.now()
        return self._signed(login, secrets.token_hex(16), secrets.token_urlsafe(24), now, epoch)

    def renew(self, claims: Claims) -> tuple[str, Claims]:
        """The same session, a later end."""
        return self._signed(claims.sub, claims.jti, claims.csrf, claims.auth_time, claims.epoch)

    def _signed(self, login: str, session: str, csrf: str, auth_time: int, epoch: str) -> tuple[str, Claims]:
        now = self.now()
        end = min(now + LIFE_SECONDS, auth_time + SESSION_SECONDS)
        claims = Claims(login, session, csrf, now, end, auth_time, epoch)
        payload = msgspec.to_builtins(claims) | {"aud": _AUDIENCE, "iss": self._issuer}
        return jwt.encode(payload, self._secret, algorithm=_ALGORITHM), claims

    def read(self, token: str) -> Claims:
        """The claims of a good token; `Unauthenticated` says whether it is over or was never one of ours."""
        claims = self._signed_by_us(token)
        if claims.exp <= self.now():
            raise Unauthenticated("Your session has expired.", hint="Sign in again.")
        if claims.jti in self._over:
            raise Unauthenticated("You have signed out of this session.", hint="Sign in again.")
        return claims

    def _verified(self, token: str) -> Claims:
        try:
            payload = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=self._issuer,
                options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False},
            )
            return msgspec.convert(payload, Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            raise Unauthenticated("This is not one of our session tokens.", hint="Sign in again.") from None

    def end(self, claims: Claims) -> None:
        """Signs the session out: none of its tokens is good any more, after a restart neither.

        `Unavailable` when that could not be kept; this process refuses them all the same.
        """
        with self._lock:
            now = self.now()
            self._over = {session: end for session, end in self._over.items() if end > now}
            self._over[claims.jti] = claims.auth_time + SESSION_SECONDS
            self._ended.write(self._over)
