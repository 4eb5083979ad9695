"""Releases as CSV files: whole or not at all, for the owner's eyes, safe to open in a spreadsheet."""

from __future__ import annotations

import contextlib
import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from onefold.kernel.errors import Unavailable
from onefold.usecases.packing import safe_cell

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.csv")


class StagedFile:
    """A file under a name of its own beside the one it is to have."""

    def __init__(self, fresh: Path, final: Path) -> None:
        self._fresh = fresh
        self._final = final

    def publish(self) -> None:
        """Renames it, and makes the name durable."""
        try:
            self._fresh.rename(self._final)
            descriptor = os.open(self._final.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _failed(error) from error


class CsvFolder:
    """Implements `Destination`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def staged(self, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[StagedFile]:
        """Writes and syncs the file; it appears when it is published."""
        assert _NAME.fullmatch(name), "names of releases are made by us"
        final = self._folder / name
        fresh = self._folder / f".{name}.new"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows([[safe_cell(text) for text in row] for row in rows])
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise _failed(error) from error
        try:
            yield StagedFile(fresh, final)
        finally:
            # Gone already when it was published.
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()


def _failed(error: OSError) -> Unavailable:
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    return Unavailable(
        "The file cannot be written; nothing was released.", detail=reason, retry_after_seconds=30
    )
