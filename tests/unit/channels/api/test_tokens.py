"""Session tokens: ours, whole, not over, and nothing else."""

from __future__ import annotations

import base64
import json
import secrets

import jwt
import pytest

from onefold.channels.api.tokens import LIFE_SECONDS, SESSION_SECONDS, Tokens
from onefold.kernel.errors import Unauthenticated
from tests.unit.gate.bank import StoppedClock

SECRET = secrets.token_bytes(32)


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def tokens(clock):
    return Tokens(SECRET, "demo/uz", clock)


def payload(tokens: Tokens, **changes):
    token, _ = tokens.issue("rm")
    claims = jwt.decode(token, options={"verify_signature": False})
    return {name: value for name, value in (claims | changes).items() if value is not None}


def test_a_token_says_who_signed_in(tokens):
    token, issued = tokens.issue("rm")
    assert tokens.read(token) == issued
    assert issued.sub == "rm"


def test_a_token_is_over_after_its_life(tokens, clock):
    token, _ = tokens.issue("rm")
    clock.now += (LIFE_SECONDS - 1) * 1000
    assert tokens.read(token).sub == "rm"
    clock.now += 1000
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.read(token)


def test_a_session_can_be_renewed_for_a_day_of_work_and_no_longer(tokens, clock):
    token, claims = tokens.issue("rm")
    started = tokens.now()
    while claims.exp < started + SESSION_SECONDS:
        assert not claims.worth_renewing(tokens.now())
        clock.now += (LIFE_SECONDS // 2 + 1) * 1000
        claims = tokens.read(token)
        assert claims.worth_renewing(tokens.now())
        token, claims = tokens.renew(claims)
    assert not claims.worth_renewing(claims.exp - 1)
    assert claims.exp == started + SESSION_SECONDS
    clock.now = claims.exp * 1000
    with pytest.raises(Unauthenticated):
        tokens.read(token)


def test_signing_out_ends_every_token_of_the_session_and_of_no_other(tokens):
    token, claims = tokens.issue("rm")
    renewed, _ = tokens.renew(claims)
    other, _ = tokens.issue("rm")
    tokens.end(claims)
    for it in (token, renewed):
        with pytest.raises(Unauthenticated, match="signed out"):
            tokens.read(it)
    assert tokens.read(other).sub == "rm"


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "jti", "aud", "iss", "csrf", "auth_time"])
def test_a_token_without_one_of_its_claims_is_none_of_ours(tokens, missing):
    token = jwt.encode(payload(tokens, **{missing: None}), SECRET, algorithm="HS256")
    with pytest.raises(Unauthenticated, match="not one of our"):
        tokens.read(token)


@pytest.mark.parametrize("changed", [{"aud": "other"}, {"iss": "demo/kz"}, {"sub": 7}, {"exp": "never"}])
def test_a_token_for_somebody_else_is_none_of_ours(tokens, changed):
    token = jwt.encode(payload(tokens, **changed), SECRET, algorithm="HS256")
    with pytest.raises(Unauthenticated, match="not one of our"):
        tokens.read(token)


def test_a_token_of_another_key_or_algorithm_is_none_of_ours(tokens):
    claims = payload(tokens)
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    forged = [
        jwt.encode(claims, secrets.token_bytes(32), algorithm="HS256"),
        jwt.encode(claims, SECRET + bytes(32), algorithm="HS512"),
        (header + b"." + body + b".").decode(),
        "a.b.c",
        "",
    ]
    for token in forged:
        with pytest.raises(Unauthenticated, match="not one of our"):
            tokens.read(token)


def test_every_changed_byte_of_a_token_is_noticed(tokens):
    token, _ = tokens.issue("rm")
    for place, letter in enumerate(token[:-1]):
        other = "A" if letter != "A" else "B"
        with pytest.raises(Unauthenticated):
            tokens.read(token[:place] + other + token[place + 1 :])
