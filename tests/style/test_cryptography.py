"""Which cryptography the package may use: what the page on security lists, and the system's randomness."""

from __future__ import annotations

import re

from tests.style.source import package, report

ED25519 = "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519"
RSA = "cryptography.hazmat.primitives.asymmetric.rsa"
LISTED = {
    *(f"{ED25519}PrivateKey", f"{ED25519}PublicKey", "cryptography.hazmat.primitives.ciphers.aead.AESGCM"),
    *("cryptography.x509", "cryptography.x509.oid.NameOID"),
    *("cryptography.hazmat.primitives.hashes", "cryptography.hazmat.primitives.serialization"),
    "cryptography.hazmat.primitives.asymmetric.padding.PKCS1v15",
    *(f"{RSA}.RSAPrivateKey", f"{RSA}.generate_private_key"),
    *("cryptography.exceptions.InvalidSignature", "cryptography.exceptions.InvalidTag"),
    *("hashlib", "hashlib.sha256", "hashlib.blake2b"),
}
ROOMS = {"cryptography", "hashlib", "random", "Crypto", "nacl"}
OTHER_HASH = re.compile(r"hashlib\.(?!sha256|file_digest)\w+|\"(?:md5|sha1)\"")


def test_no_cipher_hash_or_randomness_is_used_that_is_not_listed():
    ours = [it for it in package() if "/testing/" not in it.at]
    used = [(name, f"{it.at}:{line}") for it in ours for name, line in it.imports()]
    used = [(name, at) for name, at in used if name.split(".")[0] in ROOMS]
    faults = [f"{at}: imports {name}" for name, at in used if name not in LISTED]
    faults += [f"{it.at}: {found[0]}" for it in ours for found in OTHER_HASH.finditer(it.text)]
    assert not faults, report(faults)
    assert {name for name, _ in used} == LISTED
