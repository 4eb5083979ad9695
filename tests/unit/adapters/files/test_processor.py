"""The key that controllers are answered with: certified for a domain, replaced whole, read by us alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as make_curve
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as make_rsa
from cryptography.x509.oid import NameOID

from onefold.adapters.files.processor import (
    IN_USE,
    NEXT,
    RSA_BITS,
    ProcessorKeyFile,
    install_certificate,
    make_next_key,
    sign_for_trial,
)
from onefold.kernel.errors import CallerError

DOMAIN = "opendsr.bank.example"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Authority:
    """Somebody who signs what we ask for."""

    def __init__(self) -> None:
        self._key = make_curve(SECP256R1())

    def signs(self, request: bytes, *, domain: str = DOMAIN, start: datetime = NOW, days: int = 90) -> bytes:
        asked = x509.load_pem_x509_csr(request)
        assert asked.is_signature_valid
        return self.certificate(asked.public_key(), domain, start, days)

    def certificate(self, public_key, domain: str, start: datetime = NOW, days: int = 90) -> bytes:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "whoever")])
        builder = x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=days))
        names = x509.SubjectAlternativeName([x509.DNSName(domain)])
        made = builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)


def verify(certificate: bytes, signature: bytes, data: bytes) -> None:
    key = x509.load_pem_x509_certificate(certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, data, PKCS1v15(), hashes.SHA256())


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[bytes, bytes]:
    """A key and its certificate, made once."""
    folder = tmp_path_factory.mktemp("keys")
    request = make_next_key(folder, DOMAIN)
    return (folder / NEXT).read_bytes(), Authority().signs(request)


@pytest.fixture
def folder(tmp_path, first) -> Path:
    """A folder where a key waits for its certificate."""
    (tmp_path / NEXT).write_bytes(first[0])
    (tmp_path / NEXT).chmod(0o600)
    return tmp_path


def test_what_is_signed_is_proved_by_the_certificate_and_nothing_else_is(folder, first):
    made = install_certificate(folder, DOMAIN, first[1], NOW)
    key = ProcessorKeyFile(folder)
    assert key.id == made
    assert x509.load_pem_x509_certificate(key.certificate) == x509.load_pem_x509_certificate(first[1])
    signature = key.sign(b"a body")
    verify(key.certificate, signature, b"a body")
    with pytest.raises(InvalidSignature):
        verify(key.certificate, signature, b"another body")
    assert (folder / IN_USE).stat().st_mode & 0o777 == 0o600
    assert not (folder / NEXT).exists()
    assert b"PRIVATE" not in key.certificate


def test_the_key_is_long_enough_and_the_request_names_the_domain(folder):
    asked = x509.load_pem_x509_csr(make_next_key(folder, DOMAIN))
    key = asked.public_key()
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == RSA_BITS >= 2048
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [DOMAIN]


def test_a_key_that_waits_is_kept_when_it_is_asked_for_again(folder):
    before = (folder / NEXT).read_bytes()
    make_next_key(folder, DOMAIN)
    assert (folder / NEXT).read_bytes() == before


def test_the_chain_of_the_authority_is_given_out_with_it(folder, first):
    authority = Authority()
    above = authority.certificate(make_curve(SECP256R1()).public_key(), "authority.example")
    install_certificate(folder, DOMAIN, first[1] + above, NOW)
    assert len(x509.load_pem_x509_certificates(ProcessorKeyFile(folder).certificate)) == 2


def test_until_a_new_key_is_certified_the_one_in_use_signs_and_then_the_new_one_at_once(folder, first):
    install_certificate(folder, DOMAIN, first[1], NOW)
    key = ProcessorKeyFile(folder)
    former = key.certificate
    request = make_next_key(folder, DOMAIN)
    verify(former, key.sign(b"x"), b"x")
    install_certificate(folder, DOMAIN, Authority().signs(request), NOW)
    assert key.certificate != former
    verify(key.certificate, key.sign(b"x"), b"x")
    with pytest.raises(InvalidSignature):
        verify(former, key.sign(b"x"), b"x")


def test_a_renewed_certificate_of_the_same_key_needs_no_new_one(folder, first):
    install_certificate(folder, DOMAIN, first[1], NOW)
    public = x509.load_pem_x509_certificate(first[1]).public_key()
    renewed = Authority().certificate(public, DOMAIN, NOW, 300)
    before = ProcessorKeyFile(folder).id
    assert install_certificate(folder, DOMAIN, renewed, NOW) != before


def test_a_certificate_that_would_prove_nothing_is_not_put_in_use(folder, first):
    authority, request = Authority(), make_next_key(folder, DOMAIN)
    another = make_rsa(65537, 2048).public_key()
    faulty = {
        "not for a key of ours": authority.certificate(another, DOMAIN),
        "not for opendsr": authority.signs(request, domain="other.example"),
        "not good now": authority.signs(request, start=NOW - timedelta(days=91)),
        "is no certificate": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    }
    for word, pem in (
        *faulty.items(),
        ("not good now", authority.signs(request, start=NOW + timedelta(days=1))),
    ):
        with pytest.raises(CallerError, match=word):
            install_certificate(folder, DOMAIN, pem, NOW)
    assert not (folder / IN_USE).exists()
    assert (folder / NEXT).exists()
    assert ProcessorKeyFile(folder).certificate == b""
    with pytest.raises(CallerError, match="missing"):
        ProcessorKeyFile(folder).sign(b"x")


def test_one_that_signs_itself_is_for_trying_things_out(folder):
    install_certificate(folder, DOMAIN, sign_for_trial(folder, DOMAIN, NOW), NOW)
    found = x509.load_pem_x509_certificate(ProcessorKeyFile(folder).certificate)
    assert found.issuer == found.subject
    assert found.not_valid_after_utc - NOW == timedelta(days=90)


def test_a_file_that_others_can_read_or_that_holds_no_long_key_is_refused(folder, first):
    install_certificate(folder, DOMAIN, first[1], NOW)
    (folder / IN_USE).chmod(0o640)
    with pytest.raises(CallerError, match="read by others"):
        ProcessorKeyFile(folder).sign(b"x")
    short = make_rsa(65537, 1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for text in (b"nonsense", short + first[1], first[0]):
        (folder / IN_USE).unlink()
        (folder / IN_USE).write_bytes(text)
        (folder / IN_USE).chmod(0o600)
        with pytest.raises(CallerError, match=r"opendsr\.pem") as told:
            ProcessorKeyFile(folder).sign(b"x")
        assert "PRIVATE" not in str(told.value)
