"""The ports of models: the shelf where a house keeps them, and who goes over from one to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec

from onefold.customer.identity.adoption import Adoption

Told = Callable[[str, int, int | None], None]
"""Told how far a task is: its name, how much is done, of how much (None where nobody knows)."""


BEGUN, REFUSED = "begun", "refused"


class ModelNote(msgspec.Struct, frozen=True):
    """That something was done with models: `train`, `import`, `compare`, `adopt` or `rollback`; by whom.

    `at` is in milliseconds. `number` is that of the adoption. `stage` is empty for what was done, or says
    that it was begun, or refused for the `reasons` given. `role`, `purpose` and `channel` are those of the
    permit, `policy` is its version.
    """

    step: str
    version: str
    by: str
    at: int
    against: str = ""
    number: int = 0
    stage: str = ""
    role: str = ""
    purpose: str = ""
    channel: str = ""
    policy: str = ""
    reasons: tuple[str, ...] = ()


class ModelShelf(Protocol):
    """Where the models of a house are kept, each by its version, never changed."""

    def versions(self) -> list[str]:
        """All of them, in order."""
        ...

    def read(self, version: str) -> bytes:
        """The file of one; `NotFound` where there is none."""
        ...

    def put(self, version: str, data: bytes) -> None:
        """Takes a file in, whole and durable; `CallerError` where there is one of that version."""
        ...

    def note(self, note: ModelNote) -> None:
        """Keeps that something was done, durable."""
        ...


class Succeeded(NamedTuple):
    """A state that was built under another model: what it was built from, and whether it is in use now."""

    frames: int
    at: int
    seconds: float
    in_use: bool


class Successor(Protocol):
    """Builds states beside the one in use, and has them take its place."""

    def history(self) -> list[Adoption]:
        """Every adoption that the log holds, in order."""
        ...

    def succeed(self, adoption: Adoption, told: Told) -> Succeeded:
        """Builds a state under an adoption, beside the one in use, and leaves it for whoever serves.

        With it the adoption comes into the log. `CallerError` where another was adopted meanwhile.
        """
        ...
