"""An OpenLDAP server of our own in a temporary folder: for tests, and to try signing in over a directory.

`python tools/services/openldap.py` starts one with a few people in it, prints its address and ends it with
Ctrl-C. It needs Debian's `slapd` package and no rights of its own. Its certificate is made with it.
"""

from __future__ import annotations

import ipaddress
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

START_SECONDS = 30.0
SUFFIX = "dc=bank,dc=example"
PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"
SERVICE, SERVICE_PASSWORD = f"cn=onefold,{SUFFIX}", "service password"
PASSWORD = "directory password"
MODULES = (Path("/usr/lib/ldap"), Path("/usr/lib/openldap"))
SCHEMAS = Path("/etc/ldap/schema")
_CONFIG = """\
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/ca.pem
TLSCertificateKeyFile {folder}/key.pem
{demands}
database mdb
suffix "{suffix}"
rootdn "{service}"
rootpw "{password}"
directory {folder}/data
dbnosync
overlay memberof
"""
_ENTRIES = """\
dn: {suffix}
objectClass: dcObject
objectClass: organization
dc: bank
o: A bank

dn: {people}
objectClass: organizationalUnit
ou: people

dn: {groups}
objectClass: organizationalUnit
ou: groups
"""


def program() -> str | None:
    """Where the server is; None where it is not installed."""
    return shutil.which("slapd", path="/usr/sbin:/usr/libexec:/usr/lib/openldap:/usr/bin:/usr/local/sbin")


class PrivateDirectory:
    """A server on free ports, its data gone with it. Use as a context. `demands_tls`: nothing in clear."""

    def __init__(self, *, demands_tls: bool = False) -> None:
        self._program = program()
        if self._program is None:
            raise SystemExit("There is no slapd here; Debian: apt-get install slapd")
        self.folder = Path(tempfile.mkdtemp(prefix="onefold-slapd-"))
        self._demands = "security simple_bind=128" if demands_tls else ""
        self._port, self._tls_port = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address in clear, or with StartTLS."""
        return f"ldap://127.0.0.1:{self._port}"

    @property
    def tls_url(self) -> str:
        """Its address over TLS."""
        return f"ldaps://127.0.0.1:{self._tls_port}"

    @property
    def ca_file(self) -> Path:
        """What its certificate is checked with."""
        return self.folder / "ca.pem"

    def prepare(self) -> None:
        """Writes its settings, its certificate and the top of its tree."""
        (self.folder / "data").mkdir()
        _certificate(self.folder)
        modules = next(it for it in MODULES if it.is_dir())
        settings = _CONFIG.format(
            folder=self.folder,
            schemas=SCHEMAS,
            modules=modules,
            demands=self._demands,
            suffix=SUFFIX,
            service=SERVICE,
            password=SERVICE_PASSWORD,
        )
        (self.folder / "slapd.conf").write_text(settings)
        entries = _ENTRIES.format(suffix=SUFFIX, people=PEOPLE, groups=GROUPS)
        self._add(entries)

    def _add(self, entries: str) -> None:
        slapadd = shutil.which("slapadd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        command = [str(slapadd), "-f", str(self.folder / "slapd.conf")]
        subprocess.run(command, input=entries.encode(), check=True, capture_output=True)

    def start(self) -> None:
        """Starts it; returns when it takes connections."""
        addresses = f"{self.url} {self.tls_url}"
        command = [str(self._program), "-d", "0", "-h", addresses, "-f", str(self.folder / "slapd.conf")]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + START_SECONDS
        while not all(_answers(port) for port in (self._port, self._tls_port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("slapd did not start:\n" + (self.folder / "server.log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it; what it holds stays."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _certificate(folder: Path) -> None:
    """One that signs itself, for this machine alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "directory of a test")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)


def main() -> None:
    """Runs one until it is told to stop."""
    with PrivateDirectory() as server:
        print(f"{server.url}  {server.tls_url}  bind as {SERVICE} with {SERVICE_PASSWORD!r}")
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.exit(0)


if __name__ == "__main__":
    main()
