"""Session tokens: ours, whole, not over, and nothing else."""

from __future__ import annotations

import base64
import errno
import json
import secrets

import jwt
import pytest

from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.channels.api.tokens import LIFE_SECONDS, SESSION_SECONDS, Tokens
from onefold.kernel.errors import Unauthenticated, Unavailable
from onefold.testing.keys import OneTokenKey
from tests.faulty_disk import FaultyDisk
from tests.unit.gate.bank import StoppedClock

SECRET = secrets.token_bytes(32)
NAMED = {"kid": "one"}


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def ended(tmp_path):
    return EndedSessionsFile(tmp_path)


@pytest.fixture
def tokens(clock, ended):
    return Tokens(OneTokenKey(SECRET), "demo/uz", clock, ended)


def payload(tokens: Tokens, **changes):
    token, _ = tokens.issue("rm", "epoch")
    claims = jwt.decode(token, options={"verify_signature": False})
    return {name: value for name, value in (claims | changes).items() if value is not None}


def test_a_token_says_who_signed_in(tokens):
    token, issued = tokens.issue("rm", "epoch")
    assert tokens.read(token) == issued
    assert issued.sub == "rm"


def test_a_token_is_over_after_its_life(tokens, clock):
    token, _ = tokens.issue("rm", "epoch")
    clock.now += (LIFE_SECONDS - 1) * 1000
    assert tokens.read(token).sub == "rm"
    clock.now += 1000
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.read(token)


def test_a_session_can_be_renewed_for_a_day_of_work_and_no_longer(tokens, clock):
    token, claims = tokens.issue("rm", "epoch")
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
    token, claims = tokens.issue("rm", "epoch")
    renewed, _ = tokens.renew(claims)
    other, _ = tokens.issue("rm", "epoch")
    tokens.end(claims)
    for it in (token, renewed):
        with pytest.raises(Unauthenticated, match="signed out"):
            tokens.read(it)
    assert tokens.read(other).sub == "rm"


def test_a_session_that_was_signed_out_stays_so_after_a_restart(tokens, clock, ended):
    token, claims = tokens.issue("rm", "epoch")
    other, _ = tokens.issue("rm", "epoch")
    tokens.end(claims)
    again = Tokens(OneTokenKey(SECRET), "demo/uz", clock, ended)
    with pytest.raises(Unauthenticated, match="signed out"):
        again.read(token)
    assert again.read(other).sub == "rm"


def test_a_session_is_remembered_until_its_last_token_is_over(tokens, clock, ended):
    _, claims = tokens.issue("rm", "epoch")
    tokens.end(claims)
    clock.now += (SESSION_SECONDS - 1) * 1000
    _, later = tokens.issue("rm", "epoch")
    tokens.end(later)
    assert set(ended.read()) == {claims.jti, later.jti}
    clock.now += 1000
    _, last = tokens.issue("rm", "epoch")
    tokens.end(last)
    assert set(ended.read()) == {later.jti, last.jti}


def test_a_sign_out_that_cannot_be_kept_is_told_and_counts_at_once(tokens, clock, tmp_path):
    disk = FaultyDisk()
    disk.sync_error = errno.EIO
    tokens = Tokens(OneTokenKey(SECRET), "demo/uz", clock, EndedSessionsFile(tmp_path, disk))
    token, claims = tokens.issue("rm", "epoch")
    with pytest.raises(Unavailable, match="ended-sessions"):
        tokens.end(claims)
    with pytest.raises(Unauthenticated, match="signed out"):
        tokens.read(token)


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "jti", "aud", "iss", "csrf", "auth_time", "epoch"])
def test_a_token_without_one_of_its_claims_is_none_of_ours(tokens, missing):
    token = jwt.encode(payload(tokens, **{missing: None}), SECRET, algorithm="HS256", headers=NAMED)
    with pytest.raises(Unauthenticated, match="not one of our"):
        tokens.read(token)


@pytest.mark.parametrize("changed", [{"aud": "other"}, {"iss": "demo/kz"}, {"sub": 7}, {"exp": "never"}])
def test_a_token_for_somebody_else_is_none_of_ours(tokens, changed):
    token = jwt.encode(payload(tokens, **changed), SECRET, algorithm="HS256", headers=NAMED)
    with pytest.raises(Unauthenticated, match="not one of our"):
        tokens.read(token)


def test_a_token_of_another_key_or_algorithm_is_none_of_ours(tokens):
    claims = payload(tokens)
    header = base64.urlsafe_b64encode(
        json.dumps({"alg": "none", "typ": "JWT", "kid": "one"}).encode()
    ).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    forged = [
        jwt.encode(claims, secrets.token_bytes(32), algorithm="HS256", headers=NAMED),
        jwt.encode(claims, SECRET + bytes(32), algorithm="HS512", headers=NAMED),
        (header + b"." + body + b".").decode(),
        "a.b.c",
        "",
    ]
    for token in forged:
        with pytest.raises(Unauthenticated, match="not one of our"):
            tokens.read(token)


def test_every_changed_byte_of_a_token_is_noticed(tokens):
    token, _ = tokens.issue("rm", "epoch")
    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        with pytest.raises(Unauthenticated):
            tokens.read(token[:place] + other + token[place + 1 :])


def test_no_session_can_be_guessed_from_another(tokens):
    sessions = [tokens.issue("rm", "epoch")[1] for _ in range(100)]
    assert len({it.jti for it in sessions}) == len({it.csrf for it in sessions}) == 100
    assert all(len(it.jti) >= 32 and len(it.csrf) >= 22 for it in sessions)
