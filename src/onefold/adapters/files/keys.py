"""Key files: made once by `onefold init`, readable by their owner alone, and never shown.

`cell.key` turns source keys into ids, `master.key` wraps data keys, `signing.key` signs checkpoints (its
public half, `signing.pub`, is for everyone), `session.key` signs sessions (see session_keys.py). Each holds
32 bytes as 64 hexadecimal digits. After a rotation the former master keys stay as `master-<id>.key` until
nothing is wrapped under them. Losing `master.key` loses every body in the log: back it up apart from the
data.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.adapters.files.disk import Disk
from onefold.kernel.errors import CallerError, Damaged, Unavailable
from onefold.kernel.ids import Cell, CellKey
from onefold.kernel.keys import KEY_BYTES

PRIVATE_NAMES = ("cell", "master", "signing", "session")
LASTING_NAMES = ("cell", "master", "signing")
"""Those of which a lost one cannot be made again: ids, bodies and checkpoints were made with it."""

PUBLIC_NAME = "signing.pub"
MASTER_VARIABLE = "ONEFOLD_MASTER_KEY"
"""Where the master key may stand instead of in a file (`custody.py`)."""

_NONCE_BYTES = 12
_WIDER_THAN_OWNER = 0o077


def create_key_files(folder: Path) -> None:
    """Makes the key files that are missing, durable; one that exists is never touched."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in PRIVATE_NAMES:
        path = folder / f"{name}.key"
        if not (path.exists() or _is_elsewhere(name)):
            create_key_file(path, os.urandom(KEY_BYTES).hex(), 0o600)
    public = folder / PUBLIC_NAME
    if not public.exists():
        create_key_file(public, KeyFiles(folder).signer().public_key.hex(), 0o644)
    Disk().sync_folder(folder)


def require_key_files(folder: Path) -> None:
    """`CallerError` that names what is lost, where a key is that cannot be made again."""
    lost = [
        f"{name}.key"
        for name in LASTING_NAMES
        if not ((folder / f"{name}.key").exists() or _is_elsewhere(name))
    ]
    if lost:
        one = len(lost) == 1
        raise CallerError(
            f"The key file{'' if one else 's'} {', '.join(lost)} {'is' if one else 'are'} missing.",
            detail="This folder is in use, and a new key would not open what is in it. Nothing was touched.",
            hint=f"Restore {'it' if one else 'them'} into {folder} from the backup.",
        )


def _is_elsewhere(name: str) -> bool:
    return name == "master" and bool(os.environ.get(MASTER_VARIABLE))


def rotate_master_key(folder: Path) -> str:
    """Makes a new master key and keeps the former one for what it wrapped; returns the new id.

    Afterwards `SqliteSubjectKeys.rewrap` moves the data keys over; then the former file may go.
    """
    former = folder / "master.key"
    former_id = _key_id(read_key_file(former))
    kept = folder / f"master-{former_id}.key"
    if not kept.exists():
        os.link(former, kept)
    fresh = os.urandom(KEY_BYTES)
    staged = folder / "master.key.new"
    staged.unlink(missing_ok=True)
    create_key_file(staged, fresh.hex(), 0o600)
    staged.rename(former)
    Disk().sync_folder(folder)
    return _key_id(fresh)


def rotate_signing_key(folder: Path) -> str:
    """Makes a new key that signs checkpoints from now on; returns its id.

    The former private key is gone; its public half stays as `signing-<id>.pub`, so that what it signed can be
    checked for ever. The new public half is there before anything is signed with it.
    """
    former = KeyFiles(folder).signer()
    fresh = os.urandom(KEY_BYTES)
    signer = FileSigner(fresh)
    for it in (former, signer):
        kept = folder / f"signing-{it.key_id}.pub"
        if not kept.exists():
            create_key_file(kept, it.public_key.hex(), 0o644)
    for name, text, mode in (
        ("signing.key", fresh.hex(), 0o600),
        (PUBLIC_NAME, signer.public_key.hex(), 0o644),
    ):
        staged = folder / f"{name}.new"
        staged.unlink(missing_ok=True)
        create_key_file(staged, text, mode)
        staged.rename(folder / name)
    Disk().sync_folder(folder)
    return signer.key_id


def read_public_key(path: Path) -> bytes:
    """The 32 bytes of a public key file."""
    try:
        return _decode(path, path.read_text(encoding="ascii", errors="replace"))
    except OSError as error:
        raise CallerError(
            f"The public key {path.name} cannot be read.", detail=error.strerror or ""
        ) from error


def read_public_keys(folder: Path) -> dict[str, bytes]:
    """Every public key that checkpoints were ever signed with, by id: the present one and former ones."""
    paths = [folder / PUBLIC_NAME, *sorted(folder.glob("signing-*.pub"))]
    return {public_key_id(key): key for key in map(read_public_key, paths)}


def public_key_id(public_key: bytes) -> str:
    """The id that signatures name their key by."""
    return sha256(public_key).hexdigest()[:16]


class KeyFiles:
    """The keys of one data folder. Each is read when asked for; `CallerError` if others could read it too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def cell_key(self, cell: Cell) -> CellKey:
        """The key of one cell, derived so that ids of two cells in one folder cannot be linked."""
        return CellKey(
            hmac.digest(read_key_file(self._folder / "cell.key"), f"cell:{cell}".encode(), "sha256")
        )

    def custody(self) -> FileKeyCustody:
        """The master keys, the present and former ones."""
        former = [read_key_file(path) for path in sorted(self._folder.glob("master-*.key"))]
        return FileKeyCustody(read_key_file(self._folder / "master.key"), former)

    def signer(self) -> FileSigner:
        """The key that signs checkpoints."""
        return FileSigner(read_key_file(self._folder / "signing.key"))


class FileKeyCustody:
    """Implements `KeyCustody` with AES-256-GCM under master keys held in memory."""

    def __init__(self, master: bytes, former: Sequence[bytes] = ()) -> None:
        self.current = _key_id(master)
        self._ciphers = {_key_id(key): AESGCM(key) for key in (*former, master)}

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """Nonce, ciphertext and tag: 60 bytes for a key of 32."""
        encrypt = self._ciphers[self.current].encrypt
        nonces = os.urandom(_NONCE_BYTES * len(keys))
        wrapped = []
        at = 0
        for key, owner in keys:
            nonce = nonces[at : at + _NONCE_BYTES]
            wrapped.append(nonce + encrypt(nonce, key, owner))
            at += _NONCE_BYTES
        return wrapped

    def unwrap(self, master_id: str, wrapped: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """The keys; `Damaged` if one does not open, `Unavailable` without that master key."""
        cipher = self._ciphers.get(master_id)
        if cipher is None:
            raise Unavailable(
                "A master key is missing.",
                detail=f"Data keys are wrapped under {master_id}.",
                hint=f"Put back master-{master_id}.key, or master.key from the backup.",
            )
        decrypt = cipher.decrypt
        try:
            return [decrypt(it[:_NONCE_BYTES], it[_NONCE_BYTES:], owner) for it, owner in wrapped]
        except (InvalidTag, ValueError) as error:
            raise Damaged("A wrapped data key does not open.", detail=f"Master key {master_id}.") from error


class FileSigner:
    """Implements `Signer` with a private key held in memory."""

    def __init__(self, private: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.key_id = public_key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature."""
        return self._private.sign(data)


def _key_id(key: bytes) -> str:
    return sha256(b"onefold master key" + key).hexdigest()[:16]


def create_key_file(path: Path, text: str, mode: int) -> None:
    """A new file of that text, durable; only for this user where the mode says so."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.write(descriptor, text.encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_key_file(path: Path) -> bytes:
    """The key in a file; `CallerError` where there is none, or others could read it too."""
    return _decode(path, read_key_text(path))


def read_key_text(path: Path) -> str:
    """What a key file says; `CallerError` where there is none, or others could read it too."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            text = file.read()
    except FileNotFoundError as error:
        raise CallerError(
            f"The key file {path.name} is missing.",
            hint="A new folder gets its keys from `onefold init`, an existing one from its backup.",
        ) from error
    except OSError as error:
        raise CallerError(f"The key file {path.name} cannot be read.", detail=error.strerror or "") from error
    if mode & _WIDER_THAN_OWNER:
        raise CallerError(
            f"The key file {path.name} can be read by others.",
            detail=f"Its permissions are {mode:04o}.",
            hint="Make it yours alone (chmod 600), and ask who may have read it.",
        )
    return text


def _decode(path: Path, text: str) -> bytes:
    return key_of(f"The key file {path.name}", text)


def key_of(place: str, text: str) -> bytes:
    """The key that a text is; `CallerError` that names the place, and shows nothing of the text."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CallerError(
            f"{place} is not a key.",
            detail=f"It should hold {KEY_BYTES * 2} hexadecimal digits.",
            hint="Restore it from the backup.",
        )
    return key
