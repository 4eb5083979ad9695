"""Signatures of webhooks: HMAC-SHA256 over the bytes as they came, in the three ways that senders write it.

`stripe`: `Stripe-Signature: t=<seconds>,v1=<hex>` over `<t>.<body>`. `github`: `X-Hub-Signature-256:
sha256=<hex>` over the body. `standard`: Standard Webhooks, `webhook-id`, `webhook-timestamp` and
`webhook-signature: v1,<base64>` over `<id>.<timestamp>.<body>`; the key is what follows `whsec_`, in base64.

Only what is signed is believed. A signed time outside the tolerance is refused, so an old request cannot be
sent again; `github` signs no time, and there the door's memory alone keeps a second sending without effect.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from onefold.record.contracts.model import Signature, Webhook

_HEADERS = {
    Signature.STRIPE: "stripe-signature",
    Signature.GITHUB: "x-hub-signature-256",
    Signature.STANDARD: "webhook-signature",
}
_STANDARD_PREFIX = "whsec_"
_CANDIDATES_MAX = 8
"""Signatures looked at in one header: one for each secret while they are changed, and no work for a flood."""


class Signed(NamedTuple):
    """What a request claims: the bytes that are signed, its signatures, what is signed beside the body."""

    content: bytes
    signatures: tuple[bytes, ...]
    at_seconds: int | None = None
    message_id: str = ""


def read_signed(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> Signed | None:
    """The claim of a request; None where it makes none."""
    stated = headers.get(webhook.header.lower() or _HEADERS[webhook.signature], "")
    if webhook.signature is Signature.GITHUB:
        kind, _, text = stated.partition("=")
        found = _hex(text) if kind.strip() == "sha256" else None
        return Signed(body, (found,)) if found else None
    if webhook.signature is Signature.STRIPE:
        return _stripe(stated, body)
    return _standard(stated, headers, body)


def verify(webhook: Webhook, signed: Signed, secrets: Sequence[str], now_ms: int) -> bool:
    """Whether one of the secrets made one of the signatures, within the tolerance; in constant time."""
    good = False
    for secret in secrets:
        made = hmac.digest(_key(webhook.signature, secret), signed.content, "sha256")
        for candidate in signed.signatures:
            good |= hmac.compare_digest(made, candidate)
    if signed.at_seconds is None:
        return good
    return good and abs(now_ms - signed.at_seconds * 1000) <= webhook.tolerance_seconds * 1000


def _stripe(stated: str, body: bytes) -> Signed | None:
    at = ""
    found = []
    for part in stated.split(",")[: _CANDIDATES_MAX + 1]:
        name, _, value = part.strip().partition("=")
        if name == "t":
            at = value
        elif name == "v1" and (signature := _hex(value)):
            found.append(signature)
    seconds = _seconds(at)
    if seconds is None or not found:
        return None
    return Signed(at.encode() + b"." + body, tuple(found), seconds)


def _standard(stated: str, headers: Mapping[str, str], body: bytes) -> Signed | None:
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    found = []
    for part in stated.split(" ")[:_CANDIDATES_MAX]:
        version, _, value = part.partition(",")
        if version == "v1" and (signature := _base64(value)):
            found.append(signature)
    seconds = _seconds(at)
    if seconds is None or not identity or "." in identity or not found:
        return None
    content = f"{identity}.{at}.".encode("latin-1", "replace") + body
    return Signed(content, tuple(found), seconds, identity)


def _key(style: Signature, secret: str) -> bytes:
    if style is Signature.STANDARD:
        return _base64(secret.removeprefix(_STANDARD_PREFIX)) or secret.encode()
    return secret.encode()


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text.strip()) or None
    except ValueError:
        return None


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None
