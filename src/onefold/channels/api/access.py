"""Access of partners: the short-lived tokens that a client is given for its secret."""

from __future__ import annotations

import secrets

import msgspec

from onefold.channels.api.signing import Over, Signing
from onefold.kernel.errors import Unauthenticated
from onefold.kernel.keys import TokenKeys
from onefold.kernel.time import Clock

PREFIX = "ofa_"
"""What tells an access token from a session's at a glance."""
ACCESS_SECONDS = 10 * 60
AHEAD_SECONDS = 60
"""Further than this ahead of our clock no token of ours can have been signed."""
_AUDIENCE = "onefold-access"


class AccessClaims(msgspec.Struct, frozen=True):
    """What an access token says: which client, until when, for which actions; `epoch` as of the client."""

    sub: str
    jti: str
    iat: int
    exp: int
    epoch: str
    actions: tuple[str, ...]


class AccessTokens:
    """Issues and reads the access tokens of one cell."""

    def __init__(self, keys: TokenKeys, issuer: str, clock: Clock) -> None:
        self._signing = Signing(keys, issuer, _AUDIENCE, AccessClaims, clock)

    def issue(self, client: str, epoch: str, actions: tuple[str, ...]) -> str:
        """A token for these actions."""
        now = self._signing.now()
        claims = AccessClaims(client, secrets.token_hex(16), now, now + ACCESS_SECONDS, epoch, actions)
        return PREFIX + self._signing.sign(claims)

    def read(self, token: str) -> AccessClaims:
        """The claims of a good token; `Unauthenticated` where it is over or none of ours."""
        claims = self._signing.read(token.removeprefix(PREFIX))
        if claims.exp <= self._signing.now():
            raise Over("This access is over.", hint="Ask for a new token.")
        if claims.iat > self._signing.now() + AHEAD_SECONDS:
            raise Unauthenticated("This access has not begun.", hint="Ask for a new token.")
        return claims
