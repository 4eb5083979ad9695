"""Packages that answer a request for access or portability, as files; and forgetting whom they are about."""

from __future__ import annotations

import contextlib
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk, failed
from onefold.kernel.errors import NotFound
from onefold.kernel.ids import id_text
from onefold.record.erasure.model import Erased
from onefold.usecases.subject_package import MANIFEST, RECORDS

_NAME = re.compile(r"[0-9a-f-]{36}\.zip")


class _Manifest(msgspec.Struct, frozen=True):
    members: tuple[str, ...]


class _Record(msgspec.Struct, frozen=True):
    id: str


_MANIFEST = msgspec.json.Decoder(_Manifest)
_RECORDS = msgspec.json.Decoder(tuple[_Record, ...])


class StagedPackage:
    """A package beside the name it is to have."""

    def __init__(self, fresh: Path, final: Path, disk: Disk) -> None:
        self._fresh = fresh
        self._final = final
        self._disk = disk

    def publish(self) -> None:
        """Renames it, and makes the name durable."""
        try:
            self._fresh.rename(self._final)
            self._disk.sync_folder(self._final.parent)
        except OSError as error:
            raise failed(error, "the package was not handed over") from error


class PackageFolder:
    """Implements `Packages`: for the owner's eyes, whole or not at all."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()

    @contextmanager
    def staged(self, name: str, data: bytes) -> Iterator[StagedPackage]:
        """Writes and syncs the file; it appears when it is published."""
        assert _NAME.fullmatch(name), "names of packages are made by us"
        fresh = self._folder / f".{name}.new"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                self._disk.write(descriptor, data, 0)
                self._disk.sync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise failed(error, "no package was made") from error
        try:
            yield StagedPackage(fresh, self._folder / name, self._disk)
        finally:
            # Gone already when it was published.
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()

    def read(self, name: str) -> bytes:
        """The bytes of a package; `NotFound` where it is gone."""
        assert _NAME.fullmatch(name), "names of packages are made by us"
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise NotFound(
                "There is no such package any more.",
                hint="Open a request anew; packages go after some days, and with an erasure.",
            ) from None
        except OSError as error:
            raise failed(error, "the package cannot be read") from error

    def drop_unfinished(self) -> None:
        """Removes what a crash left half written; to be called before anybody makes a package."""
        try:
            for left in self._folder.glob(".*.new"):
                left.unlink()
        except OSError as error:
            raise failed(error, "a half-written package cannot be removed") from error

    def made_before(self, before_ms: int) -> list[str]:
        """The names of packages made before an instant."""
        try:
            found = sorted(self._folder.glob("*.zip"))
            return [it.name for it in found if it.stat().st_mtime * 1000 < before_ms]
        except OSError as error:
            raise failed(error, "packages are kept longer than they should be") from error

    def remove(self, name: str) -> None:
        """Removes a package; one that is gone already is gone."""
        assert _NAME.fullmatch(name), "names of packages are made by us"
        try:
            (self._folder / name).unlink(missing_ok=True)
            self._disk.sync_folder(self._folder)
        except OSError as error:
            raise failed(error, "packages are kept longer than they should be") from error


class PackageErasure:
    """Implements `Erasable`: a package goes whole with anybody, or any record, that is in it.

    One that cannot be read goes, too: nobody could say whom it is about.
    """

    room = "packages"

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()

    def erase(self, erased: Erased) -> int:
        """Packages that are gone."""
        ids = {id_text(it) for it in (*erased.parties, *erased.fragments)}
        found = 0
        try:
            for left in self._folder.glob(".*.new"):
                left.unlink()
            for path in sorted(self._folder.glob("*.zip")):
                if _is_about(path, ids):
                    path.unlink()
                    found += 1
            if found:
                self._disk.sync_folder(self._folder)
        except OSError as error:
            raise failed(error, "packages still hold who was erased") from error
        return found


def _is_about(path: Path, ids: set[str]) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _MANIFEST.decode(archive.read(MANIFEST)).members
            records = _RECORDS.decode(archive.read(RECORDS))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, msgspec.MsgspecError):
        return True
    return not ids.isdisjoint(members) or any(it.id in ids for it in records)
