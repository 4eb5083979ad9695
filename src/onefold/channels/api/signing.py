"""Signed tokens (JWT, RFC 7519) of this cell: one key signs, those it replaced still verify for a while.

Every token names its key (`kid`), its audience and this cell as issuer, and every claim of its kind is
required. One algorithm; whatever a token says of its own algorithm is not believed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Generic, TypeVar

import jwt
import msgspec
from jwt.utils import base64url_decode, base64url_encode

from onefold.kernel.errors import Unauthenticated
from onefold.kernel.keys import TokenKeys
from onefold.kernel.time import Clock

REMEMBERED = 1024
"""Tokens whose signature need not be checked again."""
TOKEN_LETTERS_MAX = 4096
_ALGORITHM = "HS256"

T = TypeVar("T", bound=msgspec.Struct)


class Signing(Generic[T]):
    """Signs and reads the tokens of one audience; `claims` is the type of what they say."""

    def __init__(self, keys: TokenKeys, issuer: str, audience: str, claims: type[T], clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._type = claims
        self._clock = clock
        self._required = [*(it.encode_name for it in msgspec.structs.fields(claims)), "aud", "iss"]
        # A signature holds for ever; whether its key and the token are still good is asked each time.
        self._signed_by_us = lru_cache(maxsize=REMEMBERED)(self._verified)

    def now(self) -> int:
        """Seconds since the epoch."""
        return self._clock.now_ms() // 1000

    def sign(self, claims: T) -> str:
        """The token that says this."""
        key = self._keys.signing()
        payload: dict[str, Any] = msgspec.to_builtins(claims)
        payload |= {"aud": self._audience, "iss": self._issuer}
        return jwt.encode(payload, key.secret, algorithm=_ALGORITHM, headers={"kid": key.id})

    def read(self, token: str) -> T:
        """What a token of ours says, however old; `Unauthenticated` where it is none."""
        if len(token) > TOKEN_LETTERS_MAX:
            raise _not_ours()
        key_id, secret = self._key_of(token)
        return self._signed_by_us(token, key_id, secret)

    def _key_of(self, token: str) -> tuple[str, bytes]:
        key_id = _named_in(token)
        if key_id is None:
            raise _not_ours()
        secret = self._keys.verifying(key_id, self.now())
        if secret is None:
            raise _not_ours()
        return key_id, secret

    def _verified(self, token: str, key_id: str, secret: bytes) -> T:
        try:
            signature = token.rpartition(".")[2].encode()
            if base64url_encode(base64url_decode(signature)) != signature:  # One token has one spelling.
                raise _not_ours()
            payload = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": self._required,
                    "verify_exp": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
            return msgspec.convert(payload, self._type)
        except (jwt.InvalidTokenError, msgspec.ValidationError, ValueError):
            raise _not_ours() from None


@lru_cache(maxsize=REMEMBERED)
def _named_in(token: str) -> str | None:
    """The key that a token says it was signed with, which proves nothing; None where it says none.

    Remembered, because finding it takes longer than all else that a known token costs.
    """
    try:
        key_id = jwt.get_unverified_header(token).get("kid", "")
    except jwt.InvalidTokenError:
        return None
    return key_id if isinstance(key_id, str) else None


class Over(Unauthenticated):
    """It was one of ours, and is over: nobody tries anything by it."""


def _not_ours() -> Unauthenticated:
    return Unauthenticated("This is not one of our tokens.", hint="Sign in again.")
