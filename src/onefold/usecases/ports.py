"""What use cases need of the world, beyond the gate and the rooms below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from onefold.gate.model import Actor
from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.record.log.checkpoints import Signed
from onefold.record.log.proof import ConsistencyProof, RecordProof
from onefold.usecases.model import Machine


class Users(Protocol):
    """People who may sign in, and the write keys of sources."""

    def find(self, login: str) -> Actor | None:
        """Who has this login now."""
        ...

    def verify(self, login: str, password: str) -> Actor | None:
        """Who this is, if the password is theirs; takes as long for a login that does not exist."""
        ...

    def epoch(self, login: str) -> str:
        """Changes with every change of the password, the roles or what else is kept; empty for nobody."""
        ...

    def change_password(self, login: str, password: str, epoch: str) -> str:
        """Gives a login of ours another password, if this is its epoch still; its epoch from then on.

        `CallerError` for a password that is soon guessed, and for a login that was changed meanwhile.
        """
        ...

    def end_sessions(self, login: str) -> None:
        """Changes the epoch, so that no session from before is good."""
        ...

    def enrol(
        self, login: str, roles: tuple[str, ...], portfolios: tuple[str, ...] | None = None
    ) -> Actor | None:
        """Keeps the roles of somebody from outside, whose login says from where; None while it is disabled.

        Without roles nobody has the login any more. `portfolios`: None leaves those that were given here.
        """
        ...

    def source_of(self, write_key: str) -> str | None:
        """The source a write key belongs to."""
        ...


class Person(msgspec.Struct, frozen=True):
    """Somebody as the company's directory or provider knows them: a login, and the groups they are in."""

    login: str
    groups: tuple[str, ...]


class DirectoryDown(Unavailable):
    """The company's directory does not answer; logins of our own are not held up by that."""

    code = "directory_down"


class ProviderDown(Unavailable):
    """The provider that people sign in at does not answer as it should."""

    code = "provider_down"


class Directory(Protocol):
    """The directory of the company; `DirectoryDown` from each method where it cannot be asked."""

    def verify(self, login: str, password: str) -> Person | None:
        """Who this is, if the directory takes the password; asks as often for a login nobody has."""
        ...

    def find(self, login: str) -> Person | None:
        """Who has this login there now."""
        ...


class Provider(Protocol):
    """The provider of OpenID Connect that people of the company sign in at; `ProviderDown` where it is."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def address(self, state: str, nonce: str, challenge: str) -> str:
        """Where the browser is sent to sign in."""
        ...

    def redeem(self, code: str, verifier: str, nonce: str, issuer: str, now_seconds: int) -> Person:
        """Who signed in; `Unauthenticated` where the provider or its token says otherwise."""
        ...


class Machines(Protocol):
    """Programs that may call the API."""

    def by_token(self, token: str) -> Machine | None:
        """Whose service token this is, if it is good."""
        ...

    def by_secret(self, kind: str, machine_id: str, secret: str) -> Machine | None:
        """The program of that kind and id, if the secret is its own and it is still let in."""
        ...

    def find(self, kind: str, machine_id: str) -> Machine | None:
        """The program of that kind and id, while it is neither revoked nor over."""
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


class Writing(Protocol):
    """Tells whether what is said can be written down: into the log, and into the audit."""

    def fault(self) -> str:
        """Why one of them cannot be written now; empty where both can. Nothing in it is personal."""
        ...


class AuditProofs(Protocol):
    """Proofs about the audit that need no audit to be checked."""

    def prove(self, sequence: int) -> RecordProof:
        """The proof of one record that is there; it is signed for first where nobody did yet."""
        ...

    def since(self, first: Signed) -> ConsistencyProof:
        """That the audit only grew since a checkpoint; `Damaged` where it did not."""
        ...


class Papers(Protocol):
    """What an auditor reads beside the records: policies, contracts, and what each control answers to."""

    def all(self) -> dict[str, bytes]:
        """File name, with a digest where there are versions, and content."""
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


class Packages(Protocol):
    """Where packages that answer data subjects lie until they are handed over."""

    def staged(self, name: str, data: bytes) -> AbstractContextManager[Staged]:
        """Writes everything but the last step; what was not published when the block ends is gone."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a package; `NotFound` where it is gone."""
        ...

    def made_before(self, before_ms: int) -> list[str]:
        """The names of packages made before an instant (milliseconds)."""
        ...

    def remove(self, name: str) -> None:
        """Removes a package; one that is gone already is gone."""
        ...
