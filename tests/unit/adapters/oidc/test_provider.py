"""The company's provider, over real HTTP: only its own token for this sign-in lets anybody in."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from onefold.adapters.oidc.provider import (
    AGAIN_SECONDS,
    SKEW_SECONDS,
    OidcProvider,
    OidcSettings,
    _keys_in,
)
from onefold.kernel.errors import CallerError, Unauthenticated
from onefold.testing.clock import SetClock
from onefold.usecases.begun import BEGUN_SECONDS, BegunSignIns
from onefold.usecases.ports import Person, ProviderDown
from tests.certificates import certified_at
from tests.provider import CLIENT, SECRET, LocalProvider

BACK = "http://127.0.0.1:1/api/session/provider/callback"
FORGER = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def local():
    with LocalProvider() as provider:
        yield provider


@pytest.fixture
def seconds():
    return [0.0]


@pytest.fixture
def provider(local, seconds):
    return OidcProvider(settings_of(local), lambda: seconds[0])


def settings_of(local: LocalProvider, secret: str = SECRET) -> OidcSettings:
    return OidcSettings(local.issuer, CLIENT, BACK, "Bank account", secret)


def sign_in(provider: OidcProvider, *, verifier: str = "", nonce: str = "", issuer: str = "") -> Person:
    """A whole sign-in, as a browser and this server go through it."""
    begun = BegunSignIns(SetClock()).begin("/")
    sent = httpx.get(provider.address(begun.state, begun.nonce, begun.challenge))
    answer = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert answer["state"] == begun.state
    return provider.redeem(
        answer["code"],
        verifier or begun.verifier,
        nonce or begun.nonce,
        issuer or answer["iss"],
        int(time.time()),
    )


def test_whoever_signs_in_there_is_told_with_their_groups(provider, local):
    assert sign_in(provider) == Person("4711", ("c360-agents",))
    local.person = {"sub": "4712"}
    assert sign_in(provider) == Person("4712", ())


def test_another_verifier_nonce_or_issuer_lets_nobody_in(provider):
    for wrong in ({"verifier": "x" * 43}, {"nonce": "y" * 43}, {"issuer": "https://evil.example"}):
        with pytest.raises(Unauthenticated):
            sign_in(provider, **wrong)


def test_a_code_is_good_once(provider, local):
    begun = BegunSignIns(SetClock()).begin("/")
    sent = httpx.get(provider.address(begun.state, begun.nonce, begun.challenge))
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    now = int(time.time())
    assert provider.redeem(code, begun.verifier, begun.nonce, "", now).login == "4711"
    with pytest.raises(Unauthenticated):
        provider.redeem(code, begun.verifier, begun.nonce, "", now)


SPOILS = {
    "another issuer": lambda header, claims: claims.update(iss="https://evil.example"),
    "another audience": lambda header, claims: claims.update(aud="another client"),
    "several audiences without a party": lambda header, claims: claims.update(aud=[CLIENT, "another"]),
    "another party": lambda header, claims: claims.update(azp="another"),
    "no audience": lambda header, claims: claims.pop("aud") and None,
    "over": lambda header, claims: claims.update(exp=claims["iat"] - SKEW_SECONDS - 5),
    "not begun": lambda header, claims: claims.update(nbf=claims["iat"] + SKEW_SECONDS + 30),
    "of tomorrow": lambda header, claims: claims.update(iat=claims["iat"] + 86_400),
    "no end": lambda header, claims: claims.pop("exp") and None,
    "no nonce": lambda header, claims: claims.pop("nonce") and None,
    "nobody": lambda header, claims: claims.update(sub=""),
    "an odd name": lambda header, claims: claims.update(sub="a\nb"),
    "another key": lambda header, claims: FORGER,
    "an unknown key": lambda header, claims: header.update(kid="unknown"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_token_with_anything_wrong_lets_nobody_in(provider, local, name):
    local.spoil = SPOILS[name]
    with pytest.raises(Unauthenticated):
        sign_in(provider)


def test_a_token_signed_with_what_everybody_knows_lets_nobody_in(provider, local):
    """HS256 over the public modulus, or no signature: the two classics."""

    def confuse(header, claims):
        header["alg"] = "HS256"
        return local._public(*local.keys[0])["n"]

    def unsigned(header, claims):
        header["alg"] = "none"
        return ""

    for spoil in (confuse, unsigned):
        local.spoil = spoil
        with pytest.raises(Unauthenticated):
            sign_in(provider)


def test_clocks_may_differ_by_a_minute(provider, local):
    local.spoil = lambda header, claims: claims.update(iat=claims["iat"] + SKEW_SECONDS - 10)
    assert sign_in(provider).login == "4711"


def test_a_new_key_of_the_provider_is_found_and_one_it_forgot_is_not_taken(provider, local, seconds):
    assert sign_in(provider).login == "4711"
    local.rotate()
    seconds[0] += AGAIN_SECONDS
    assert sign_in(provider).login == "4711"
    former = local.keys[1]
    local.rotate(forget=True)
    seconds[0] += AGAIN_SECONDS
    assert sign_in(provider).login == "4711"
    local.keys.insert(0, former)
    published = local._public
    local._public = lambda key_id, key: published(*local.keys[1])
    seconds[0] += AGAIN_SECONDS
    with pytest.raises(Unauthenticated):
        sign_in(provider)


def test_unknown_keys_do_not_make_us_ask_the_provider_each_time(provider, local):
    assert sign_in(provider).login == "4711"
    local.spoil = SPOILS["an unknown key"]
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            sign_in(provider)
    assert local.asked.count("/keys") == 1


def test_a_provider_that_calls_itself_something_else_is_not_taken(provider, local):
    local.said_issuer = "https://evil.example"
    with pytest.raises(ProviderDown, match="something else"):
        provider.address("s", "n", "c")


def test_a_wrong_secret_lets_nobody_in_and_is_not_shown(local):
    with pytest.raises(Unauthenticated) as caught:
        sign_in(OidcProvider(settings_of(local, "another")))
    assert "another" not in str(caught.value)


def test_a_provider_that_is_down_is_told():
    with LocalProvider() as local:
        provider = OidcProvider(settings_of(local))
    with pytest.raises(ProviderDown, match="does not answer"):
        provider.address("s", "n", "c")


@pytest.mark.parametrize(
    "issuer", ["http://login.bank.example", "ftp://x", "https://u:p@x", "", "https://x#y"]
)
def test_only_an_address_over_tls_or_on_this_machine_is_asked(issuer):
    with pytest.raises(CallerError):
        OidcProvider(OidcSettings(issuer, CLIENT, BACK, "x"))


def test_what_was_begun_is_ended_once_and_in_time():
    clock = SetClock()
    signing_in = BegunSignIns(clock)
    first, second = signing_in.begin("/a"), signing_in.begin("/b")
    assert signing_in.take(first.state) == first
    clock.advance(BEGUN_SECONDS * 1000)
    for state in (first.state, second.state, "never"):
        with pytest.raises(Unauthenticated):
            signing_in.take(state)


def test_a_provider_that_points_elsewhere_is_not_followed(provider, local, monkeypatch):
    def elsewhere(request):
        local.asked.append(request.path)
        request.send_response(302)
        request.send_header("Location", f"{local.issuer}/keys")
        request.send_header("Content-Length", "0")
        request.end_headers()

    monkeypatch.setattr(local, "get", elsewhere)
    with pytest.raises(ProviderDown, match="something else"):
        provider.address("s", "n", "c")
    assert len(local.asked) == 1


def test_a_key_that_could_be_broken_is_not_taken(local):
    weak = local._public("weak", rsa.generate_private_key(65537, 1024))
    assert set(_keys_in({"keys": [weak, local._public("good", FORGER)]})) == {"good"}


def test_a_provider_that_no_authority_vouches_for_is_asked_for_nothing(tmp_path):
    context, authority = certified_at(tmp_path)
    with LocalProvider(context) as local:
        begun = BegunSignIns(SetClock()).begin("/")
        asked = begun.state, begun.nonce, begun.challenge
        with pytest.raises(ProviderDown):
            OidcProvider(settings_of(local)).address(*asked)
        assert local.asked == []
        trusting = replace(settings_of(local), ca_file=authority)
        assert OidcProvider(trusting).address(*asked).startswith(local.issuer)
        # Vouched for, and another machine than the certificate names.
        elsewhere = local.issuer.replace("127.0.0.1", "localhost")
        before = list(local.asked)
        with pytest.raises(ProviderDown):
            OidcProvider(replace(trusting, issuer=elsewhere)).address(*asked)
        assert local.asked == before
