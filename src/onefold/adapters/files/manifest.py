"""Manifests: a table beside documents, with a line that says of each what it does not say itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from onefold.record.contracts.documents import Manifest
from onefold.record.intake.errors import WrongFile

BYTES_MAX = 64 << 20


class ManifestFiles:
    """The manifests of a folder, read before any of its documents.

    A document is looked up in the manifest of its own folder, else in that of the folder all of them lie in,
    by its name or its path from there.
    """

    def __init__(self, root: Path, manifest: Manifest, encoding: str) -> None:
        self._root = root
        self._manifest = manifest
        self._encoding = encoding
        self._read: dict[Path, dict[str, dict[str, str]] | None] = {}
        self._hashed = sha256()

    @property
    def digest(self) -> str:
        """What tells the manifests that were read from others."""
        return self._hashed.hexdigest()

    def read_beside(self, paths: Sequence[Path]) -> None:
        """Reads every manifest that will be asked; `WrongFile` where documents have none."""
        for folder in sorted({self._root, *(path.parent for path in paths)}):
            self._read[folder] = self._rows(folder / self._manifest.name)
        if any(self._read[path.parent] is None for path in paths) and self._read[self._root] is None:
            raise WrongFile(
                f"There is no manifest {self._manifest.name} beside the documents.",
                hint="The contract says that it tells what they are about; nothing was loaded.",
            )

    def columns_of(self, path: Path) -> dict[str, str]:
        """What the manifest says of a document; nothing where it has no line for it."""
        folder = path.parent if self._read[path.parent] is not None else self._root
        rows = self._read[folder] or {}
        return rows.get(path.relative_to(folder).as_posix()) or rows.get(path.name) or {}

    def _rows(self, path: Path) -> dict[str, dict[str, str]] | None:
        """The lines by the file they speak of; None where there is no manifest."""
        try:
            data = path.read_bytes() if path.stat().st_size <= BYTES_MAX else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WrongFile(f"{path.name} cannot be read.", detail=error.strerror or "") from error
        if data is None:
            raise WrongFile(f"{path.name} is larger than {BYTES_MAX} bytes.", hint="Is it the manifest?")
        self._hashed.update(sha256(data).digest())
        encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        try:
            lines = data.decode(encoding).replace("\x00", "\ufffd").splitlines()
            found = list(csv.DictReader(lines, delimiter=self._manifest.delimiter))
        except (UnicodeDecodeError, csv.Error):
            raise WrongFile(
                f"{path.name} is not delimited text in {self._encoding}.",
                hint="Mend file.encoding in the contract, or ask the source for another manifest.",
            ) from None
        rows: dict[str, dict[str, str]] = {}
        for row in found:
            columns = {name: value for name, value in row.items() if isinstance(name, str) and value}
            file = columns.pop(self._manifest.file, "").replace("\\", "/")
            if file in rows and rows[file] != columns:
                raise WrongFile(
                    f"{path.name} speaks of one document twice.", hint="Ask the source which line counts."
                )
            rows[file] = columns
        if not any(rows):
            raise WrongFile(
                f"{path.name} names no document.",
                hint=f"The contract says that its column {self._manifest.file} does.",
            )
        return rows
