"""Session tokens: short-lived, renewed while somebody works, over as soon as what they stand for changed."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from typing import Protocol

import msgspec

from onefold.channels.api.access import AHEAD_SECONDS, AccessTokens
from onefold.channels.api.signing import Over, Signing
from onefold.kernel.errors import Unauthenticated
from onefold.kernel.keys import TokenKeys
from onefold.kernel.time import Clock

LIFE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 3600
"""However busy, a session ends and its owner signs in again."""
_AUDIENCE = "onefold"


class Claims(msgspec.Struct, frozen=True):
    """What a token says. Roles are not in it: they are looked up, so that a change counts at once.

    `epoch` is the one of the user at sign-in; the entrance compares it at each request.
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
    """Issues and reads session tokens of one cell.

    Tokens of a session that signed out are refused until they expire, by whoever starts with the same
    `ended` too.
    """

    def __init__(self, keys: TokenKeys, issuer: str, clock: Clock, ended: EndedSessions) -> None:
        self._signing = Signing(keys, issuer, _AUDIENCE, Claims, clock)
        self.access = AccessTokens(keys, issuer, clock)
        """Those of programs, which have no session."""
        self._ended = ended
        self._over = ended.read()
        self._lock = threading.Lock()

    def now(self) -> int:
        """Seconds since the epoch."""
        return self._signing.now()

    def issue(self, login: str, epoch: str) -> tuple[str, Claims]:
        """A new session's first token; it holds for this epoch of the user."""
        now = self.now()
        return self._signed(login, secrets.token_hex(16), secrets.token_urlsafe(24), now, epoch)

    def renew(self, claims: Claims) -> tuple[str, Claims]:
        """The same session, a later end."""
        return self._signed(claims.sub, claims.jti, claims.csrf, claims.auth_time, claims.epoch)

    def _signed(self, login: str, session: str, csrf: str, auth_time: int, epoch: str) -> tuple[str, Claims]:
        now = self.now()
        end = min(now + LIFE_SECONDS, auth_time + SESSION_SECONDS)
        claims = Claims(login, session, csrf, now, end, auth_time, epoch)
        return self._signing.sign(claims), claims

    def read(self, token: str) -> Claims:
        """The claims of a good token; `Unauthenticated` says whether it is over or was never one of ours."""
        claims = self._signing.read(token)
        now = self.now()
        if claims.exp <= now:
            raise Over("Your session has expired.", hint="Sign in again.")
        if max(claims.iat, claims.auth_time) > now + AHEAD_SECONDS:
            raise Unauthenticated("Your session has not begun.", hint="Sign in again.")
        if claims.jti in self._over:
            raise Over("You have signed out of this session.", hint="Sign in again.")
        return claims

    def end(self, claims: Claims) -> None:
        """Signs the session out: none of its tokens is good any more, after a restart neither.

        `Unavailable` when that could not be kept; this process refuses them all the same.
        """
        with self._lock:
            now = self.now()
            self._over = {session: end for session, end in self._over.items() if end > now}
            self._over[claims.jti] = claims.auth_time + SESSION_SECONDS
            self._ended.write(self._over)
