"""The models of a house as files of one folder, and beside them what was done with them and by whom."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import structlog

from onefold.adapters.files.disk import Disk, alone_in, failed
from onefold.kernel.errors import CallerError, NotFound
from onefold.usecases.model_shelf import ModelNote

NOTES = "history.jsonl"
_SUFFIX = ".json"
_VERSION = re.compile(r"[0-9a-z][0-9a-z.-]{0,63}")
_NOTES = msgspec.json.Decoder(ModelNote)


class ModelFolder:
    """Implements `ModelShelf`; for their owner alone."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()
        self._warned: set[int] = set()

    def versions(self) -> list[str]:
        """All of them, in order."""
        found = (it.name.removesuffix(_SUFFIX) for it in self._folder.glob(f"*{_SUFFIX}"))
        return sorted(it for it in found if _VERSION.fullmatch(it))

    def read(self, version: str) -> bytes:
        """The file of one; `NotFound` where there is none."""
        if version in self.versions():
            try:
                return self._path(version).read_bytes()
            except OSError as error:
                raise failed(error, f"the model {version} was not read") from error
        known = ", ".join(self.versions())
        raise NotFound(
            "There is no model of that version.",
            hint=f"There are: {known}." if known else "Make one: onefold model train.",
        )

    def put(self, version: str, data: bytes) -> None:
        """Takes a file in, whole and durable; `CallerError` where there is one of that version."""
        if not _VERSION.fullmatch(version):
            raise CallerError("That is no version of a model.")
        if version in self.versions():
            raise CallerError(f"There is a model {version} already; it never changes.")
        self._replace(self._path(version), data, f"the model {version} was not kept")

    def note(self, note: ModelNote) -> None:
        """Keeps that something was done, durable."""
        what = "what was done with a model was not noted"
        path = self._folder / NOTES
        try:
            self._folder.mkdir(exist_ok=True, mode=0o700)
            with alone_in(self._folder):
                kept = path.read_bytes() if path.exists() else b""
                broken = b"\n" if kept and not kept.endswith(b"\n") else b""
                self._disk.replace(path, kept + broken + msgspec.json.encode(note) + b"\n")
        except OSError as error:
            raise failed(error, what) from error

    def notes(self) -> list[ModelNote]:
        """Everything that was done, oldest first; of a line that cannot be read is warned, once."""
        path = self._folder / NOTES
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for number, line in enumerate(lines, start=1):
            try:
                found.append(_NOTES.decode(line))
            except msgspec.MsgspecError:
                if number in self._warned:
                    continue
                self._warned.add(number)
                hint = "Restore the models folder from its backup."
                structlog.get_logger("onefold.models").warning(
                    "model_note_damaged", file=path.name, line=number, hint=hint
                )
        return found

    def _path(self, version: str) -> Path:
        return self._folder / f"{version}{_SUFFIX}"

    def _replace(self, path: Path, data: bytes, what: str) -> None:
        try:
            self._folder.mkdir(exist_ok=True, mode=0o700)
            self._disk.replace(path, data)
        except OSError as error:
            raise failed(error, what) from error
