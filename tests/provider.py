"""A provider of OpenID Connect on this machine, for tests: real HTTP, and as wrong as a test wants it.

It signs anybody in who is sent to it, as `person`. `spoil` changes claims, header or key of the next token.
"""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "onefold", "client secret"
Spoil = Callable[[dict[str, Any], dict[str, Any]], Any]


class LocalProvider:
    """Use as a context. `keys` are those it publishes, the newest first; the first signs."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.keys = [self._fresh()]
        self.person: dict[str, Any] = {"sub": "4711", "groups": ["c360-agents"]}
        self.spoil: Spoil = lambda header, claims: None
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.said_issuer = self.issuer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @staticmethod
    def _fresh() -> tuple[str, rsa.RSAPrivateKey]:
        return secrets.token_hex(4), rsa.generate_private_key(65537, 2048)

    def rotate(self, *, forget: bool = False) -> None:
        """Signs with a new key from now on; `forget`: publishes no former one."""
        self.keys = [self._fresh(), *([] if forget else self.keys)]

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Its description, its keys, and the page where people sign in."""
        parts = urlsplit(request.path)
        self.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            urls = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            _send(request, 200, {"issuer": self.said_issuer} | urls)
        elif parts.path == "/keys":
            _send(request, 200, {"keys": [self._public(*it) for it in self.keys]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
            code = secrets.token_urlsafe(8)
            self._codes[code] = asked
            back = {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "x"}
            request.send_response(302)
            request.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
        else:
            _send(request, 404, {})

    @staticmethod
    def _public(key_id: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
        described = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
        return described | {"kid": key_id, "use": "sig", "alg": "RS256"}

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """A token for a code, once, for the client that proves itself and knows the verifier."""
        self.asked.append("/token")
        raw = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        asked = self._codes.pop(form["code"], None)
        digest = (
            base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        )
        pair = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            _send(request, 401, {"error": "invalid_client"})
        elif (
            asked is None
            or asked["code_challenge"] != digest
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            _send(request, 400, {"error": "invalid_grant"})
        else:
            token = {"id_token": self.token(asked["nonce"]), "access_token": "x", "token_type": "Bearer"}
            _send(request, 200, token)

    def token(self, nonce: str) -> str:
        """The token of the person who is signed in, spoiled as a test wants it."""
        now = int(time.time())
        key_id, key = self.keys[0]
        header = {"kid": key_id, "alg": "RS256"}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.person
        signed_with: Any = self.spoil(header, claims) or (None if header["alg"] == "none" else key)
        return jwt.encode(claims, signed_with, algorithm=header["alg"], headers={"kid": header["kid"]})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _send(request: BaseHTTPRequestHandler, status: int, document: dict[str, Any]) -> None:
    body = json.dumps(document).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
