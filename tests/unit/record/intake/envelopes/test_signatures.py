"""Signatures of webhooks: what real senders sign is believed, and nothing else, nor twice, nor late."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Sender

from onefold.record.contracts.model import Signature, Webhook
from onefold.record.intake.envelopes.signatures import read_signed, verify

NOW_S = 1_750_000_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the specification
BODY = b'{"type": "ticket.created", "data": {}}'
STRIPE, GITHUB, STANDARD = (Webhook(style, "type") for style in Signature)


def standard(
    body: bytes = BODY, at: int = NOW_S, identity: str = "msg_1", secret: str = SECRET
) -> dict[str, str]:
    """Headers as the library of Standard Webhooks makes them."""
    signature = Sender(secret).sign(identity, datetime.fromtimestamp(at, UTC), body.decode())
    return {"webhook-id": identity, "webhook-timestamp": str(at), "webhook-signature": signature}


def stripe(body: bytes = BODY, at: int = NOW_S, secret: str = SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={at},v1={made},v0={'0' * 64}"}


def github(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def believed(webhook: Webhook, headers: dict[str, str], body: bytes = BODY, *secrets: str) -> bool:
    signed = read_signed(webhook, headers, body)
    return signed is not None and verify(webhook, signed, secrets or (SECRET,), NOW_S * 1000)


SENDERS = [(STRIPE, stripe), (GITHUB, github), (STANDARD, standard)]


@pytest.mark.parametrize(("webhook", "sign"), SENDERS, ids=[it[0].signature.value for it in SENDERS])
def test_what_the_sender_signed_is_believed_and_nothing_else(webhook, sign):
    other = "whsec_" + "QUJD" * 8
    assert believed(webhook, sign())
    assert not believed(webhook, sign(), BODY + b" ")
    assert not believed(webhook, sign(secret=other))
    assert believed(webhook, sign(), BODY, other, SECRET), "while secrets are changed both count"
    assert not believed(webhook, {})
    signed = read_signed(webhook, sign(), BODY)
    assert signed is not None
    assert not verify(webhook, signed, (), NOW_S * 1000), "without a secret nobody is believed"


def test_the_vector_that_github_publishes():
    headers = {
        "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }
    assert believed(GITHUB, headers, b"Hello, World!", "It's a Secret to Everybody")


@pytest.mark.parametrize(("webhook", "sign"), [(STRIPE, stripe), (STANDARD, standard)])
@pytest.mark.parametrize(
    ("late_s", "good"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_a_signed_time_must_be_near(webhook, sign, late_s, good):
    assert believed(webhook, sign(at=NOW_S - late_s)) is good


def test_time_and_id_are_signed_too():
    old = stripe(at=NOW_S - 9_999)["stripe-signature"].split(",")
    assert not believed(STRIPE, {"stripe-signature": f"t={NOW_S},{old[1]}"})
    for name, value in (("webhook-id", "msg_2"), ("webhook-timestamp", str(NOW_S + 1))):
        assert not believed(STANDARD, standard() | {name: value})
    assert read_signed(STANDARD, standard(), BODY).message_id == "msg_1"


def test_a_dot_in_an_id_cannot_move_bytes_between_id_time_and_body():
    inner = f"{NOW_S}.".encode() + BODY
    headers = standard(inner, at=7, identity="msg_1")
    moved = headers | {"webhook-id": "msg_1.7", "webhook-timestamp": str(NOW_S)}
    assert not believed(STANDARD, moved, BODY)


@pytest.mark.parametrize(
    ("webhook", "headers"),
    [
        (STRIPE, {"stripe-signature": "v1=00"}),
        (STRIPE, {"stripe-signature": f"t={NOW_S},v1=zz"}),
        (STRIPE, {"stripe-signature": f"t=-{NOW_S},v1=00"}),
        (STRIPE, {"stripe-signature": f"t={'9' * 400},v1=00"}),
        (STRIPE, {"stripe-signature": f"t={NOW_S},v0={'0' * 64}"}),
        (GITHUB, {"x-hub-signature-256": "sha1=00"}),
        (GITHUB, {"x-hub-signature-256": "sha256="}),
        (STANDARD, standard() | {"webhook-signature": "v1a,AAAA"}),
        (STANDARD, standard() | {"webhook-signature": "v1,***"}),
        (STANDARD, {"webhook-signature": standard()["webhook-signature"]}),
        (STANDARD, standard() | {"webhook-id": "a.b"}),
    ],
)
def test_what_claims_nothing_that_can_be_checked_is_not_looked_at(webhook, headers):
    assert read_signed(webhook, headers, BODY) is None


def test_many_signatures_are_no_work():
    flood = ",".join([f"t={NOW_S}", *["v1=" + "0" * 64] * 5000])
    assert len(read_signed(STRIPE, {"stripe-signature": flood}, BODY).signatures) <= 8


def test_another_header_may_carry_it():
    mine = Webhook(Signature.GITHUB, "type", header="X-Bank-Signature")
    assert believed(mine, {"x-bank-signature": github()["x-hub-signature-256"]})
