"""What sources sign their webhooks with, in a small file of the data folder, sealed under the master key.

To check a signature the secret itself is needed, so unlike a write key it cannot be kept as a digest. The
file alone opens nothing. Two secrets of a source count at a time, so that a sender can be moved to a new one.
"""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.entries import Entries
from onefold.kernel.errors import CallerError
from onefold.kernel.keys import KeyCustody, wrap_now

AT_ONCE = 2
SECRET_LETTERS_MIN = 16
SECRET_LETTERS_MAX = 500
PREFIX = "whsec_"
_BYTES = 32


class SealedSecret(msgspec.Struct, frozen=True):
    """One secret: the id of the master key that it is sealed under, and what came of that, in base64."""

    master: str
    sealed: str


class WebhookSecretsFile:
    """Implements `Secrets`; the file is read again when it changes."""

    def __init__(self, folder: Path, custody: KeyCustody, disk: Disk | None = None) -> None:
        self._custody = custody
        self._entries = Entries(folder / "webhooksecrets.json", tuple[SealedSecret, ...], disk or Disk())

    def of(self, source: str) -> tuple[str, ...]:
        """The secrets in use, the newest first."""
        return tuple(self._open(source, it) for it in self._entries.read().get(source, ()))

    def add(self, source: str, given: str = "", *, alone: bool = False) -> str:
        """Lets a source sign with the secret given, else with a new one, which is answered this once.

        The one before it still counts, unless the new one is to be `alone`.
        """
        secret = given.strip() or PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()
        if not SECRET_LETTERS_MIN <= len(secret) <= SECRET_LETTERS_MAX or not secret.isascii():
            raise CallerError(
                f"A webhook secret is {SECRET_LETTERS_MIN} to {SECRET_LETTERS_MAX} letters of ASCII.",
                hint="Copy it whole from where the sender shows it, or leave it out to have one made.",
            )
        former = () if alone else self._entries.read().get(source, ())
        self._entries.put(source, (self._seal(source, secret), *former)[:AT_ONCE])
        return secret

    def rewrap(self) -> int:
        """Seals every secret that is under a former master key under the present one; returns how many."""
        moved = 0
        for source, held in self._entries.read().items():
            former = sum(it.master != self._custody.current for it in held)
            if former:
                self._entries.put(source, tuple(self._seal(source, self._open(source, it)) for it in held))
            moved += former
        return moved

    def _seal(self, source: str, secret: str) -> SealedSecret:
        master, (sealed,) = wrap_now(self._custody, [(secret.encode(), _owner(source))])
        return SealedSecret(master, base64.b64encode(sealed).decode())

    def _open(self, source: str, it: SealedSecret) -> str:
        (opened,) = self._custody.unwrap(it.master, [(base64.b64decode(it.sealed), _owner(source))])
        return opened.decode()


def _owner(source: str) -> bytes:
    """What a secret is sealed for, so that one source's cannot be put in the place of another's."""
    return b"webhook:" + source.encode()
