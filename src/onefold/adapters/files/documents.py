"""A folder of documents as offered rows, one file in memory at a time.

What is no document of its kind is held by its digest and its number in the order of paths: its name may be
somebody's, and its bytes are more than any contract keeps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from onefold.adapters.files.manifest import ManifestFiles
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.model import FileShape
from onefold.record.intake.documents.model import Folder, Row
from onefold.record.intake.documents.readers import read_document
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered


class DocumentTable:
    """Rows of documents in the order of their paths; `line` counts rows, which mostly are documents."""

    def __init__(self, folder: Folder, compiled: CompiledObject) -> None:
        shape = compiled.item.file
        assert shape is not None
        assert shape.documents is not None
        self._folder = folder
        self._shape: FileShape = shape
        self._limit = shape.documents.limit_bytes
        self._pattern = re.compile(shape.documents.pattern) if shape.documents.pattern else None
        manifest = shape.documents.manifest
        self._manifests = ManifestFiles(folder.path, manifest, shape.encoding) if manifest else None
        try:
            self._sizes = [path.stat().st_size for path in folder.files]
        except OSError as error:
            raise WrongFile(f"{folder.name} cannot be read.", detail=error.strerror or "") from error
        self.size_bytes = sum(self._sizes)
        if self._manifests is not None:
            self._manifests.read_beside(folder.files)
        self.read_bytes = 0
        self.is_whole = False
        self._behind_line = 0
        self._hashed = (0, sha256())

    def end_of(self, line: int) -> int:
        """How many bytes, of all documents in order, decide what rows up to the one given last are."""
        return self.read_bytes

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone."""
        self._behind_line = line

    def digest_of(self, offset: int) -> str:
        """The SHA-256 of names and contents of the documents up to an offset, and of the manifests read."""
        count, hashed = self._hashed
        if offset < sum(self._sizes[:count]):
            count, hashed = 0, sha256()
        end = sum(self._sizes[:count])
        while count < len(self._sizes) and end + self._sizes[count] <= offset:
            path = self._folder.files[count]
            hashed.update(path.relative_to(self._folder.path).as_posix().encode("utf-8", "surrogateescape"))
            hashed.update(b"\x00" + self._digest(count))
            end += self._sizes[count]
            count += 1
        self._hashed = count, hashed
        whole = hashed.copy()
        whole.update((self._manifests.digest if self._manifests else "").encode())
        return whole.hexdigest()

    def __iter__(self) -> Iterator[Offered]:
        number = 0
        self.read_bytes = 0
        one_each = self._shape.format != "json"
        for place, path in enumerate(self._folder.files):
            if one_each and number < self._behind_line:
                number += 1
                self.read_bytes += self._sizes[place]
                continue
            self.read_bytes += self._sizes[place]
            for offered in self._offered(place, path):
                number += 1
                offered.line = number
                if number > self._behind_line:
                    yield offered
        self.is_whole = True

    def _offered(self, place: int, path: Path) -> Iterator[Offered]:
        try:
            rows = read_document(self._bytes(place), self._shape)
        except RowFault as fault:
            yield Offered(None, fault=fault.reason, digest=self._digest(place))
            return
        beside = self._beside(path)
        for row in rows:
            row.setdefault("file", _name_of(path))
            if any(name in row and str(row[name]) != said for name, said in beside.items()):
                # Two say of it what only one can say; which of them is right is not for us to guess.
                yield Offered(None, fault=Reason.BAD_DOCUMENT, digest=self._digest(place))
            else:
                yield Offered({**beside, **row})

    def _beside(self, path: Path) -> Row:
        """The columns that a document does not have by itself: from its name, and from the manifest."""
        beside: Row = dict(self._manifests.columns_of(path)) if self._manifests else {}
        found = self._pattern.search(_name_of(path)) if self._pattern else None
        if found is not None:
            beside |= {name: text for name, text in found.groupdict().items() if text}
        return beside

    def _bytes(self, place: int) -> bytes:
        """The bytes of a document, no more than one beyond the limit."""
        try:
            with self._folder.files[place].open("rb") as file:
                return file.read(self._limit + 1)
        except OSError as error:
            raise self._unreadable(place, error) from error

    def _digest(self, place: int) -> bytes:
        """The digest of a document, however large."""
        try:
            with self._folder.files[place].open("rb") as file:
                return hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise self._unreadable(place, error) from error

    def _unreadable(self, place: int, error: OSError) -> WrongFile:
        return WrongFile(
            f"Document {place + 1:,} of {self._folder.name} cannot be read.", detail=error.strerror or ""
        )


def _name_of(path: Path) -> str:
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def folder_of(path: Path | Folder) -> Folder:
    """One file as a folder of one document."""
    return path if isinstance(path, Folder) else Folder(path.parent, (path,))
