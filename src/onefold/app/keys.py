"""Rotating keys while everything runs: what is wrapped is moved over later, and until then both keys hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from onefold.adapters.files.custody import FORMER_VARIABLE, FolderCustody, FolderSigner
from onefold.adapters.files.keys import MASTER_VARIABLE, rotate_master_key, rotate_signing_key
from onefold.app.folder import DataFolder
from onefold.kernel.errors import CallerError, OnefoldError
from onefold.record.audit.service import AuditLog
from onefold.usecases.processor import Processor

SERVER = "server"


class Rewrapped(Protocol):
    """Something that holds what is wrapped under master keys."""

    def rewrap(self) -> int:
        """Moves all of it under the present one; returns how many were moved."""
        ...


class KeyFollower:
    """Notices that a key was rotated, moves over what is under the former one, and writes that down.

    A crash in between leaves both keys in use; the next start moves the rest.
    """

    def __init__(
        self,
        custody: FolderCustody,
        signer: FolderSigner,
        holders: Sequence[Rewrapped],
        audit: AuditLog,
        processor: Processor,
    ) -> None:
        self._custody = custody
        self._signer = signer
        self._holders = holders
        self._audit = audit
        self._master = ""
        self._signing = signer.key_id
        self._processor = processor
        self._answering = processor.key_id

    def look(self, actor: str = SERVER) -> int:
        """Does what there is to do; returns how many keys were moved."""
        moved, master, signing = 0, self._custody.current, self._signer.key_id
        if master != self._master:
            moved = sum(it.rewrap() for it in self._holders)
            if moved or self._master:
                self._write_down(actor, {"key": "master", "id": master}, moved)
            self._master = master
        if signing != self._signing:
            self._write_down(actor, {"key": "signing", "id": signing}, 0)
            self._signing = signing
        if (answering := self._processor.key_id) != self._answering:
            self._write_down(actor, {"key": "opendsr", "id": answering}, 0)
            self._answering = answering
        return moved

    def look_quietly(self) -> None:
        """`look`, for whoever looks again in a while: a disk that is full now is not by then."""
        with suppress(OnefoldError):
            self.look()

    def _write_down(self, actor: str, details: dict[str, str], moved: int) -> None:
        self._audit.record(
            "key_rotation", actor=actor, outcome="done", counts={"moved": moved}, details=details
        )


def rotate(folder: DataFolder, *, signing: bool) -> str:
    """Makes a new master key, or signing key; returns its id.

    `CallerError` where the master key is kept in the environment: it is rotated there.
    """
    if signing:
        return rotate_signing_key(folder.keys)
    if os.environ.get(MASTER_VARIABLE):
        raise CallerError(
            "The master key is kept in the environment.",
            hint=f"Put the new one in {MASTER_VARIABLE}, the former one in {FORMER_VARIABLE}, and start the "
            "server again: it moves everything over while it serves.",
        )
    return rotate_master_key(folder.keys)
