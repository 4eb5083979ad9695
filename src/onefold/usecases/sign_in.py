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


def sign_in(rooms: Rooms, login: str, password: str) -> None:
    """Checks the password; `Unauthenticated` does not say which of the two was wrong."""
    if rooms.users.verify(login, password) is None:
        raise Unauthenticated("That login and password do not go together.")


def sign_out(rooms: Rooms, login: str) -> None:
    """Records that the session ended."""
    raise NotImplementedError


def describe_session(rooms: Rooms, login: str) -> Known:
    """Who this is now, by the users file and the policies of this moment."""
    raise NotImplementedError
