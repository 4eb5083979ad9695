"""What use cases need of the world, beyond the gate and the rooms below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from onefold.gate.model import Actor
from onefold.kernel.errors import OnefoldError


class Users(Protocol):
    """People who may sign in, and the write keys of sources."""

    def find(self, login: str) -> Actor | None:
        """Who has this login now."""
        ...

    def verify(self, login: str, password: str) -> Actor | None:
        """Who this is, if the password is theirs; takes as long for a login that does not exist."""
        ...

    def epoch(self, login: str) -> str:
        """Changes with every change of the user's password, and says nothing about it; empty for nobody."""
        ...

    def source_of(self, write_key: str) -> str | None:
        """The source a write key belongs to."""
        ...


class Secrets(Protocol):
    """What sources sign their webhooks with."""

    def of(self, source: str) -> tuple[str, ...]:
        """The secrets in use, the newest first; none where none was made."""
        ...


class Barrier(Protocol):
    """Tells when the state that the gate reads has caught up with the log."""

    def wait_for(self, sequence: int, timeout_seconds: float) -> None:
        """Returns when the state has the effect of a log sequence; `Unavailable` when not in time."""
        ...

    def wake(self) -> None:
        """Says that the log has grown."""
        ...

    @property
    def failure(self) -> OnefoldError | None:
        """What keeps the state from catching up, if anything does."""
        ...


class Proofs(Protocol):
    """Tells whether the checkpoints of the logs reach the folder outside."""

    @property
    def fault(self) -> str:
        """Why the last one of a log could not be written; empty when all could."""
        ...


class Staged(Protocol):
    """A file that is written, and that nobody sees yet."""

    def publish(self) -> None:
        """Puts it under its name, durable; `Unavailable` where that fails."""
        ...


class Destination(Protocol):
    """Where a release goes."""

    def staged(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> AbstractContextManager[Staged]:
        """Writes everything but the last step; what was not published when the block ends is gone."""
        ...
