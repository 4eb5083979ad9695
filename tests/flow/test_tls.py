"""`onefold serve` with a certificate: HTTPS alone, cookies over it alone, and faults that are told."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onefold.app.demo import PASSWORD
from onefold.channels.api.server import check_certificate
from onefold.kernel.errors import CallerError
from tests.flow.server import Server, make_folder

pytestmark = pytest.mark.xdist_group("tls")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "onefold test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "server.crt", folder / "server.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    paths[1].chmod(0o600)
    return paths


class TlsServer(Server):
    """The server with a certificate; the health check trusts it."""

    def __init__(self, data: Path, certificate: tuple[Path, Path]) -> None:
        super().__init__(data)
        self.url = self.url.replace("http://", "https://")
        self.options = ("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]))
        self.verify = ssl.create_default_context(cafile=str(certificate[0]))


def test_a_server_with_a_certificate_speaks_https_and_nothing_else(tmp_path, certificate):
    make_folder(tmp_path / "data")
    with TlsServer(tmp_path / "data", certificate) as server:
        with httpx.Client(base_url=server.url, verify=server.verify, timeout=30) as client:
            answer = client.post("/api/session", json={"login": "rm", "password": PASSWORD})
            assert answer.status_code == 200
            assert "Secure" in answer.headers["set-cookie"]
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.url.replace("https://", "http://") + "/api/health", timeout=5)
        with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
            httpx.get(server.url + "/api/health", timeout=5)
        old = ssl.create_default_context(cafile=str(certificate[0]))
        old.minimum_version = ssl.TLSVersion.TLSv1_2
        with httpx.Client(verify=old, timeout=5) as client:
            assert client.get(server.url + "/api/health").status_code == 200
        assert "https://" in server.log()


def test_a_key_that_others_may_read_or_that_is_none_is_refused(tmp_path, certificate):
    check_certificate(*certificate)
    loose = tmp_path / "loose.key"
    loose.write_bytes(certificate[1].read_bytes())
    loose.chmod(0o644)
    with pytest.raises(CallerError, match="0644"):
        check_certificate(certificate[0], loose)
    with pytest.raises(CallerError, match="no certificate with its key"):
        check_certificate(certificate[0], certificate[0])
    with pytest.raises(CallerError, match="no certificate with its key"):
        check_certificate(certificate[0], tmp_path / "none.key")


def test_a_certificate_goes_with_its_key(tmp_path, certificate):
    make_folder(tmp_path / "data")
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(tmp_path / "data")]
    done = subprocess.run(
        [*command, "--tls-cert", str(certificate[0])], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "A certificate goes with its key" in done.stderr


def test_no_network_is_served_in_clear_unless_the_operator_says_so(tmp_path):
    make_folder(tmp_path / "data")
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(tmp_path / "data"), "--port", "1"]
    for host in ("0.0.0.0", "::", "10.0.0.1"):
        done = subprocess.run([*command, "--host", host], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "cross the network in clear" in done.stderr
        assert "--tls-cert" in done.stderr
    # One that would not be looked at if the first question were still open: nobody has this address here.
    for way in ("--in-clear", "--behind-tls"):
        done = subprocess.run(
            [*command, "--host", "192.0.2.1", way], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "in clear" not in done.stderr


OLD = (
    (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA"),
)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_protocols_and_weak_ciphers_are_turned_away_and_the_newest_comes_first(tmp_path, certificate):
    make_folder(tmp_path / "data")
    with TlsServer(tmp_path / "data", certificate) as server:
        host, place = "127.0.0.1", ("127.0.0.1", server.port)
        with server.verify.wrap_socket(socket.create_connection(place, 5), server_hostname=host) as spoken:
            assert spoken.version() == "TLSv1.3"
        for newest, ciphers in OLD:
            old = ssl.create_default_context(cafile=str(certificate[0]))
            old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, newest
            old.set_ciphers(ciphers)
            with socket.create_connection(place, 5) as plain, pytest.raises(ssl.SSLError, match=r"(?i)alert"):
                old.wrap_socket(plain, server_hostname=host)
