"""People who may sign in, and the write keys of sources, in small files of the data folder.

`users.json` holds argon2id hashes, `writekeys.json` SHA-256 digests: a write key is 32 random bytes, so a
fast digest gives nothing away, and a password is not. `visitors.json` holds who came from outside, with the
roles they had last, and no password. The files are read again when they change.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.entries import Entries
from onefold.adapters.files.passwords import check_password
from onefold.gate.model import Actor
from onefold.gate.words import ROLES
from onefold.kernel.errors import CallerError, Unavailable
from onefold.kernel.ids import Cell
from onefold.usecases.ways import DIRECTORY, PROVIDER

EPOCH_LETTERS = 16
PORTFOLIO_LETTERS_MAX = 100
OUTSIDE = (DIRECTORY, PROVIDER)
_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB for a moment; a flood of sign-ins must take neither all memory nor every thread."""
_TURN_SECONDS = 2.0


class StoredUser(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person: the hash of the password, and the roles.

    `ended` counts how often all sessions were ended at once; `disabled` lets nobody in; `portfolios` are the
    names under which sources know whose customers these are.
    """

    password: str
    roles: tuple[str, ...]
    disabled: bool = False
    ended: int = 0
    portfolios: tuple[str, ...] = ()


class StoredVisitor(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person from outside: the roles their groups gave them last; the rest as of a user."""

    roles: tuple[str, ...]
    disabled: bool = False
    ended: int = 0
    portfolios: tuple[str, ...] = ()


class StoredKey(msgspec.Struct, frozen=True):
    """What a write key may write: one source."""

    source: str


class UsersFile:
    """The users and write keys of one data folder; actors belong to its cell."""

    def __init__(self, folder: Path, cell: Cell, disk: Disk | None = None) -> None:
        self._cell = cell
        disk = disk or Disk()
        self._users = Entries(folder / "users.json", StoredUser, disk)
        self._visitors = Entries(folder / "visitors.json", StoredVisitor, disk)
        self._keys = Entries(folder / "writekeys.json", StoredKey, disk)
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def find(self, login: str) -> Actor | None:
        """Who has this login now; nobody while it is disabled."""
        user = self._visitor(login) if _is_outside(login) else self._enabled(login)
        return self._actor(login, user)

    def verify(self, login: str, password: str) -> Actor | None:
        """Who this is, if the password is theirs; takes as long for a login that does not exist."""
        user = self._enabled(login)
        try:
            with _turn():
                self._hasher.verify(user.password if user else self._nobody, password)
        except (VerificationError, InvalidHashError):
            return None
        return self._actor(login, user)

    def _actor(self, login: str, user: StoredUser | StoredVisitor | None) -> Actor | None:
        return Actor(login, user.roles, self._cell, portfolios=user.portfolios) if user else None

    def epoch(self, login: str) -> str:
        """A short digest of all that is kept of a user, the salted hash among it; empty for nobody."""
        user = self._visitor(login) if _is_outside(login) else self._enabled(login)
        return _epoch_of(user) if user else ""

    def source_of(self, write_key: str) -> str | None:
        """The source a write key belongs to."""
        key = self._keys.read().get(_digest(write_key))
        return key.source if key else None

    def logins(self) -> dict[str, tuple[str, ...]]:
        """Every login with its roles, those from outside too."""
        local = {login: user.roles for login, user in self._users.read().items()}
        return local | {login: it.roles for login, it in self._visitors.read().items()}

    def portfolios(self) -> dict[str, tuple[str, ...]]:
        """The portfolios of every login that keeps some."""
        everybody = self._users.read() | self._visitors.read()
        return {login: it.portfolios for login, it in everybody.items() if it.portfolios}

    def add(
        self, login: str, password: str, roles: tuple[str, ...], portfolios: tuple[str, ...] | None = None
    ) -> None:
        """Adds a person, or gives one another password and other roles; None leaves the portfolios."""
        unknown = sorted(set(roles) - set(ROLES))
        if unknown or not roles:
            raise CallerError("A user needs roles that exist.", hint=f"The roles are {', '.join(ROLES)}.")
        if not login.isprintable() or not login.strip() or len(login) > 100 or _is_outside(login):
            raise CallerError(
                "A login is 1 to 100 printable characters.",
                hint=f"None begins with {' or '.join(OUTSIDE)}: those come from outside.",
            )
        check_password(login, password)
        given = None if portfolios is None else checked_portfolios(portfolios)
        hashed = self._hasher.hash(password)

        def added(known: StoredUser | None) -> StoredUser:
            before = known.portfolios if known else ()
            return StoredUser(hashed, roles, portfolios=before if given is None else given)

        self._users.change(login, added)

    def disable(self, login: str) -> None:
        """Lets nobody in with this login, and ends its sessions, until it is enabled."""
        self._change(login, disabled=True)

    def enable(self, login: str) -> None:
        """Lets its owner in again; sessions from before stay ended."""
        self._change(login, disabled=False)

    def assign(self, login: str, portfolios: tuple[str, ...]) -> None:
        """Gives a person, from outside too, other portfolios, and ends the sessions; none: no limit."""
        self._change(login, portfolios=checked_portfolios(portfolios))

    def change_password(self, login: str, password: str, epoch: str) -> str:
        """Gives a person of ours another password, which ends the sessions; the epoch from then on.

        `CallerError` where it would soon be guessed, or `epoch` is not that of the login any more: somebody
        has changed, disabled or signed out the login meanwhile.
        """
        check_password(login, password)
        with _turn():
            hashed = self._hasher.hash(password)

        def changed(user: StoredUser | None) -> StoredUser:
            if user is None or user.disabled or _epoch_of(user) != epoch:
                raise CallerError("Your login was changed meanwhile.", hint="Sign in again.")
            return msgspec.structs.replace(user, password=hashed)

        return _epoch_of(self._users.change(login, changed))

    def end_sessions(self, login: str) -> None:
        """Ends every session of a user, wherever it is."""
        self._change(login)

    def enrol(
        self, login: str, roles: tuple[str, ...], portfolios: tuple[str, ...] | None = None
    ) -> Actor | None:
        """Keeps the roles of somebody from outside; None while the login is disabled here."""
        known = self._visitors.read().get(login)
        if known is None and not roles:
            return None

        def enrolled(before: StoredVisitor | None) -> StoredVisitor:
            before = before or StoredVisitor(())
            kept = before.portfolios if portfolios is None else portfolios
            return msgspec.structs.replace(before, roles=roles, portfolios=kept)

        if enrolled(known) != known:
            self._visitors.change(login, enrolled)
        return self.find(login)

    def _change(self, login: str, **what: bool | tuple[str, ...]) -> None:
        if login in self._users.read():
            self._users.change(login, lambda it: _changed(it, what))
        else:
            self._visitors.change(login, lambda it: _changed(it, what))

    def _visitor(self, login: str) -> StoredVisitor | None:
        visitor = self._visitors.read().get(login)
        return visitor if visitor and visitor.roles and not visitor.disabled else None

    def _enabled(self, login: str) -> StoredUser | None:
        user = self._users.read().get(login)
        return user if user and not user.disabled else None

    def new_write_key(self, source: str) -> str:
        """Makes a write key of a source; it is shown this once and kept only as a digest."""
        key = secrets.token_urlsafe(32)
        self.add_write_key(key, source)
        return key

    def add_write_key(self, key: str, source: str) -> None:
        """Lets a key that was made elsewhere write a source."""
        self._keys.put(_digest(key), StoredKey(source))


Kept = TypeVar("Kept", StoredUser, StoredVisitor)


def _changed(known: Kept | None, what: dict[str, bool | tuple[str, ...]]) -> Kept:
    if known is None:
        raise CallerError("There is no such login.", hint="`onefold user` lists them.")
    return msgspec.structs.replace(known, ended=known.ended + 1, **what)


@contextmanager
def _turn() -> Iterator[None]:
    """A place for one hash."""
    if not _AT_ONCE.acquire(timeout=_TURN_SECONDS):
        raise Unavailable("Too many people are signing in at once.", retry_after_seconds=2)
    try:
        yield
    finally:
        _AT_ONCE.release()


@lru_cache(maxsize=1024)
def _epoch_of(user: StoredUser | StoredVisitor) -> str:
    return _digest(msgspec.json.encode(user).decode())[:EPOCH_LETTERS]


def checked_portfolios(portfolios: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, without space around; `CallerError` for what is no name."""
    if any(not it.strip() or not it.isprintable() or len(it) > PORTFOLIO_LETTERS_MAX for it in portfolios):
        raise CallerError(
            f"A portfolio is 1 to {PORTFOLIO_LETTERS_MAX} printable characters.",
            hint="Write it as the sources name whose customers these are.",
        )
    return tuple(dict.fromkeys(it.strip() for it in portfolios))


def _is_outside(login: str) -> bool:
    return login.startswith(OUTSIDE)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
