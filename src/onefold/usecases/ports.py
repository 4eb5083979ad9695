"""What use cases need of the world and of the rooms below, beyond the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from onefold.gate.model import Actor
from onefold.usecases.model import (
    Accounting,
    Health,
    QuarantinePage,
    SourceList,
)


class Users(Protocol):
    """People who may sign in, and the write keys of sources."""

    def find(self, login: str) -> Actor | None:
        """Who has this login now."""
        ...

    def verify(self, login: str, password: str) -> Actor | None:
        """Who this is, if the password is theirs; takes as long for a login that does not exist."""
        ...

    def source_of(self, write_key: str) -> str | None:
        """The source a write key belongs to."""
        ...


class Sources(Protocol):
    """The published contracts and what came through their doors."""

    def report(self) -> SourceList:
        """All of them, by name."""
        ...


class Quarantine(Protocol):
    """The rows that were not let in."""

    def page(self, *, source: str, reason: str, cursor: str, limit: int) -> QuarantinePage:
        """One page, newest first."""
        ...


class Desk(Protocol):
    """The door for what people of the firm state themselves, and for what arrives over HTTP."""

    def state(self, object_name: str, row: dict[str, str]) -> str:
        """Logs one row of our own source and waits until the state has it; the event's id."""
        ...

    def take(self, source: str, calls: Sequence[bytes]) -> Accounting:
        """Logs tracking calls of a source; waits for the state where one of them withdraws something."""
        ...


class Exports(Protocol):
    """Files that leave: written whole or not at all, readable by the owner of the data folder alone."""

    def write(self, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Writes one file of that name; a name that exists is `CallerError`."""
        ...


class Segments(Protocol):
    """The published segments."""


class Vitals(Protocol):
    """Whether the server takes and serves data."""

    def read(self) -> Health:
        """Counts only."""
        ...
