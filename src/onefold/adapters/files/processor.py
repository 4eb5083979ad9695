"""What controllers are answered with under our signature: an RSA key with its certificate, in one file.

`opendsr.pem` in the folder of keys holds both, readable by its owner alone, so that they are replaced at once
and never one without the other. A new key waits as `opendsr-next.key` until an authority has signed for it:
the one in use goes on meanwhile. Files are looked at each time, so that a server that runs notices.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.keys import create_key_file, read_key_text
from onefold.kernel.errors import CallerError

IN_USE, NEXT = "opendsr.pem", "opendsr-next.key"
RSA_BITS = 3072
RSA_BITS_LEAST = 2048
TRIAL_DAYS = 90
_PEM = serialization.Encoding.PEM


class ProcessorKeyFile:
    """Implements `ProcessorKey` with the file of a folder; thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int] = (-1, -1)
        self._held: tuple[RSAPrivateKey, bytes] | None = None

    @property
    def id(self) -> str:
        """The first digits of the SHA-256 of the certificate; empty where there is none."""
        return sha256(self.certificate).hexdigest()[:16] if self.certificate else ""

    @property
    def certificate(self) -> bytes:
        """As the port says."""
        held = self._now()
        return held[1] if held else b""

    def sign(self, data: bytes) -> bytes:
        """As the port says."""
        held = self._now()
        if held is None:
            raise CallerError(f"The key file {IN_USE} is missing.", hint="Make one: onefold opendsr key.")
        return held[0].sign(data, PKCS1v15(), hashes.SHA256())

    def _now(self) -> tuple[RSAPrivateKey, bytes] | None:
        with self._lock:
            seen = _stamp(self._folder / IN_USE)
            if seen != self._seen:
                self._held = _read(self._folder / IN_USE) if seen != (0, 0) else None
                self._seen = seen
            return self._held


def make_next_key(folder: Path, domain: str) -> bytes:
    """Makes a key that waits for its certificate, and the request for one to hand to an authority (PEM).

    One that waits already is kept: it may be at the authority.
    """
    path = folder / NEXT
    if not path.exists():
        create_key_file(path, _private_text(generate_private_key(65537, RSA_BITS)).rstrip(), 0o600)
        Disk().sync_folder(folder)
    builder = x509.CertificateSigningRequestBuilder(_name(domain))
    named = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
    return named.sign(_private(path), hashes.SHA256()).public_bytes(_PEM)


def install_certificate(folder: Path, domain: str, pem: bytes, now: datetime) -> str:
    """Puts a certificate in use, with the key it was made for: the waiting one, or the one in use.

    Returns the id. `CallerError` for one of another key or domain, one that is not good now, or no RSA.
    """
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CallerError(
            "That is no certificate.", hint="Give the PEM file that the authority sent."
        ) from None
    own = chain[0]
    waiting = folder / NEXT
    keys = [_private(waiting)] if waiting.exists() else []
    if (in_use := _read_if_there(folder / IN_USE)) is not None:
        keys.append(in_use[0])
    key = next((it for it in keys if it.public_key() == own.public_key()), None)
    if key is None:
        raise CallerError(
            "The certificate is not for a key of ours.",
            hint="The answer to the request that `onefold opendsr key` wrote stands first in the file.",
        )
    _check(own, domain, now)
    text = _private_text(key) + b"".join(it.public_bytes(_PEM) for it in chain).decode()
    staged = folder / f"{IN_USE}.new"
    staged.unlink(missing_ok=True)
    create_key_file(staged, text.rstrip(), 0o600)
    staged.rename(folder / IN_USE)
    if waiting.exists() and _private(waiting).public_key() == own.public_key():
        waiting.unlink()
    Disk().sync_folder(folder)
    return ProcessorKeyFile(folder).id


def sign_for_trial(folder: Path, domain: str, now: datetime) -> bytes:
    """A certificate that the waiting key signs for itself, to try things out: nobody must trust it."""
    key = _private(folder / NEXT)
    name = _name(domain)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(minutes=5))
    builder = builder.not_valid_after(now + timedelta(days=TRIAL_DAYS))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(_PEM)


def _check(own: x509.Certificate, domain: str, now: datetime) -> None:
    if not own.not_valid_before_utc <= now.astimezone(UTC) < own.not_valid_after_utc:
        raise CallerError(
            "The certificate is not good now.",
            detail=f"It is from {own.not_valid_before_utc:%Y-%m-%d} to {own.not_valid_after_utc:%Y-%m-%d}.",
        )
    try:
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = names.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        known = []
    if domain not in known:
        raise CallerError(
            f"The certificate is not for {domain}.", detail=f"It is for {', '.join(known) or 'no domain'}."
        )


def _name(domain: str) -> x509.Name:
    """The subject; a common name has room for 64 letters, and the domain stands among the other names."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain[:64])])


def _private_text(key: RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(_PEM, form, serialization.NoEncryption()).decode()


def _private(path: Path) -> RSAPrivateKey:
    return _private_in(path, read_key_text(path))


def _private_in(path: Path, text: str) -> RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError):
        raise _no_key(path) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < RSA_BITS_LEAST:
        raise _no_key(path)
    return key


def _no_key(path: Path) -> CallerError:
    return CallerError(
        f"The key file {path.name} holds no RSA key of {RSA_BITS_LEAST} bits or more.",
        hint="Restore it from the backup, or make another: onefold opendsr key.",
    )


def _read(path: Path) -> tuple[RSAPrivateKey, bytes]:
    text = read_key_text(path)
    key = _private_in(path, text)
    try:
        chain = x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        raise CallerError(f"The key file {path.name} holds no certificate.") from None
    return key, b"".join(it.public_bytes(_PEM) for it in chain)


def _read_if_there(path: Path) -> tuple[RSAPrivateKey, bytes] | None:
    return _read(path) if path.exists() else None


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns
