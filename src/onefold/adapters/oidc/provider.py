"""A provider of OpenID Connect: where to send people, and who came back, by tokens of which all is checked.

Only the issuer of the settings is asked, over TLS or on this machine; no redirect is followed. Its keys are
read again when a token names one that is not known, and not more often than every few seconds.
"""

from __future__ import annotations

import base64
import hmac
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote_plus, urlencode, urlsplit

import jwt
import msgspec

from onefold.kernel.errors import CallerError, Unauthenticated
from onefold.kernel.hosts import is_this_machine
from onefold.usecases.ports import Person, ProviderDown

TIMEOUT_SECONDS = 5
ANSWER_BYTES_MAX = 256 << 10
SKEW_SECONDS = 60
KEPT_SECONDS = 3600.0
AGAIN_SECONDS = 5.0
RSA_BITS_LEAST = 2048
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_REQUIRED = ["iss", "aud", "sub", "exp", "iat", "nonce"]
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The provider, what we are to it, and where it sends people back to."""

    issuer: str
    client_id: str
    redirect_url: str
    name: str
    client_secret: str = ""
    scope: str = "openid"
    login_claim: str = "sub"
    groups_claim: str = "groups"
    ca_file: Path | None = None


class _Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Key(msgspec.Struct, frozen=True):
    kid: str
    kty: str
    use: str = "sig"


class OidcProvider:
    """Implements `Provider`; `monotonic` tells seconds."""

    def __init__(self, settings: OidcSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.name = settings.name
        self._it = settings
        self._monotonic = monotonic
        self._tls = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        self._lock = threading.Lock()
        self._metadata: _Metadata | None = None
        self._read_at = self._keys_at = -KEPT_SECONDS
        self._keys: dict[str, jwt.PyJWK] = {}
        for it in (settings.issuer, settings.redirect_url):
            _checked(it)

    def address(self, state: str, nonce: str, challenge: str) -> str:
        """Where the browser is sent to sign in (code flow, PKCE with S256)."""
        asked = {
            "response_type": "code",
            "client_id": self._it.client_id,
            "redirect_uri": self._it.redirect_url,
            "scope": self._it.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        place = self._described().authorization_endpoint
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def redeem(self, code: str, verifier: str, nonce: str, issuer: str, now_seconds: int) -> Person:
        """Who signed in; `Unauthenticated` where the provider, or a claim of its token, says otherwise."""
        if issuer and issuer != self._it.issuer:  # RFC 9207: an answer of another provider.
            raise _refused("The answer is of another provider.")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._it.redirect_url,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": _FORM}
        if self._it.client_secret:
            pair = f"{quote_plus(self._it.client_id)}:{quote_plus(self._it.client_secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form["client_id"] = self._it.client_id
        answer = self._ask("POST", self._described().token_endpoint, urlencode(form), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused("The provider gave no token.")
        return self._person(self._claims(token, nonce, now_seconds))

    def _person(self, claims: dict[str, Any]) -> Person:
        login, groups = claims.get(self._it.login_claim), claims.get(self._it.groups_claim, [])
        if not isinstance(login, str) or not login.strip() or len(login) > 100 or not login.isprintable():
            raise _refused("The token names nobody.")
        held = groups if isinstance(groups, list) else [groups]
        return Person(login, tuple(it for it in held if isinstance(it, str)))

    def _claims(self, token: str, nonce: str, now: int) -> dict[str, Any]:
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            options: Any = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat"), False)
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._it.client_id,
                issuer=self._it.issuer,
                options=options | {"require": _REQUIRED},
            )
        except (jwt.InvalidTokenError, jwt.PyJWTError):
            raise _refused("The token of the provider is not good.") from None
        times = {name: claims.get(name, now) for name in ("exp", "iat", "nbf")}
        if not all(isinstance(it, int | float) and not isinstance(it, bool) for it in times.values()):
            raise _refused("The token has no times.")
        if times["exp"] + SKEW_SECONDS <= now or max(times["iat"], times["nbf"]) - SKEW_SECONDS > now:
            raise _refused("The token is over, or has not begun.")
        said = claims["nonce"]
        if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
            raise _refused("The token is of another sign-in.")
        audience, party = claims["aud"], claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if (several or party is not None) and party != self._it.client_id:
            raise _refused("The token was made for somebody else.")
        return claims

    def _key(self, key_id: object) -> jwt.PyJWK:
        """The key that a token names; the provider is asked again where it may have a new one."""
        with self._lock:
            known = isinstance(key_id, str) and key_id in self._keys
            age = self._monotonic() - self._keys_at
            if age >= KEPT_SECONDS or (not known and age >= AGAIN_SECONDS):
                self._keys = _keys_in(self._ask("GET", self._describe().jwks_uri))
                self._keys_at = self._monotonic()
            if not isinstance(key_id, str) or key_id not in self._keys:
                raise _refused("The token is signed with a key we do not know.")
            return self._keys[key_id]

    def _described(self) -> _Metadata:
        with self._lock:
            return self._describe()

    def _describe(self) -> _Metadata:
        """What the provider says of itself (OpenID Connect Discovery 1.0), kept for a while."""
        if self._metadata is None or self._monotonic() - self._read_at >= KEPT_SECONDS:
            place = f"{self._it.issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                found = msgspec.convert(self._ask("GET", place), _Metadata)
            except msgspec.ValidationError:
                raise _down("It does not describe itself as it should.") from None
            if found.issuer != self._it.issuer:
                raise _down("It calls itself something else than our settings do.")
            for it in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                _checked(it)
            self._metadata, self._read_at = found, self._monotonic()
        return self._metadata

    def _ask(
        self, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON that the provider answers; a refusal of a sign-in is the caller's, all else is its own."""
        place = _checked(address)
        connection = self._connection(place)
        try:
            path = place.path + (f"?{place.query}" if place.query else "")
            connection.request(method, path or "/", body, {"Accept": "application/json"} | (headers or {}))
            response = connection.getresponse()
            text = response.read(ANSWER_BYTES_MAX + 1)
        except (OSError, HTTPException):
            raise _down("It does not answer, or its certificate is not one we trust.") from None
        finally:
            connection.close()
        if method == "POST" and response.status in (400, 401, 403):
            raise _refused("The provider does not take this sign-in.")
        if response.status != 200 or len(text) > ANSWER_BYTES_MAX:
            raise _down("It answers something else.")
        try:
            return msgspec.json.decode(text, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise _down("It answers something else.") from None

    def _connection(self, place: SplitResult) -> HTTPConnection:
        host = place.hostname or ""
        if place.scheme == "https":
            return HTTPSConnection(host, place.port, timeout=TIMEOUT_SECONDS, context=self._tls)
        return HTTPConnection(host, place.port, timeout=TIMEOUT_SECONDS)


def _keys_in(document: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """The signing keys of a key set (RFC 7517) by id; what is none, or weak, is passed over."""
    found: dict[str, jwt.PyJWK] = {}
    for it in document.get("keys", ()):
        try:
            said = msgspec.convert(it, _Key)
            if said.kty in ("RSA", "EC", "OKP") and said.use == "sig":
                key = jwt.PyJWK(it)
                if said.kty != "RSA" or key.key.key_size >= RSA_BITS_LEAST:
                    found[said.kid] = key
        except (msgspec.ValidationError, jwt.PyJWTError, ValueError, KeyError):
            continue
    return found


def _checked(address: str) -> SplitResult:
    """An address that may be asked: https, or http on this machine."""
    found = SplitResult("", "", "", "", "")
    try:
        found = urlsplit(address)
        safe = found.scheme == "https" or (found.scheme == "http" and is_this_machine(found.hostname or ""))
        known = safe and found.hostname and not found.fragment and "@" not in found.netloc and found.port != 0
    except ValueError:
        known = False
    if not known:
        raise CallerError("An address of the provider is not https.", hint="http is for this machine alone.")
    return found


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated("The sign-in at the provider did not work.", detail=detail, hint="Try again.")


def _down(detail: str) -> ProviderDown:
    return ProviderDown(
        "The provider that people sign in at cannot be asked.", detail=detail, hint="Try again in a moment."
    )
