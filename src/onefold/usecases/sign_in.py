"""Sign people in and out, and say what a signed-in person may do."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.kernel.errors import Unauthenticated
from onefold.usecases.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Known:
    """A signed-in person: roles, purposes, and for each permitted action its purposes."""

    login: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    may: dict[str, tuple[str, ...]]


def sign_in(rooms: Rooms, login: str, password: str) -> str:
    """Checks the password and answers its epoch; `Unauthenticated` does not say which of the two was wrong.

    Audited either way. A login that nobody has is not written down: people type passwords into the wrong
    field.
    """
    rooms.attempts.begin(login)
    # Asked for first: a password that is changed meanwhile must not lend its epoch to the old one.
    epoch = rooms.users.epoch(login)
    actor = rooms.users.verify(login, password)
    if actor is None:
        known = rooms.users.find(login)
        rooms.gate.note(known.id if known else "unknown login", "sign_in", "refused", ("wrong password",))
        raise Unauthenticated("That login and password do not go together.", hint="Check both and try again.")
    rooms.attempts.succeeded(login)
    rooms.gate.note(actor.id, "sign_in", "done", ())
    return epoch


def sign_out(rooms: Rooms, login: str) -> None:
    """Records that the session ended."""
    rooms.gate.note(login, "sign_out", "done", ())


def describe_session(rooms: Rooms, login: str) -> Known:
    """Who this is now, by the users file and the policies of this moment."""
    actor = rooms.users.find(login)
    if actor is None:
        raise Unauthenticated("This account is no longer there.", hint="Ask who runs this server.")
    may = rooms.gate.may(actor)
    purposes = sorted({purpose for allowed in may.values() for purpose in allowed})
    return Known(actor.id, actor.roles, tuple(purposes), may)
