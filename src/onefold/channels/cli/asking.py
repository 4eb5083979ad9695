"""Who asks on the command line.

The owner of the folder holds its keys, so there is no password to check here. What is kept is the rule that
every look has a role and a purpose, and the record of who looked.
"""

from __future__ import annotations

from onefold.channels.cli.options import operator
from onefold.gate.model import Actor, Permit
from onefold.kernel.errors import NotFound
from onefold.usecases.models import ModelHouse
from onefold.usecases.rooms import Rooms

WITHOUT_LOGIN = "engineer"
"""The role of whoever names none: it sees no personal data."""


def asking(rooms: Rooms | ModelHouse, login: str) -> Actor:
    """The actor: the operator with the rights of a login, or with those of an engineer."""
    if not login:
        return Actor(operator(), (WITHOUT_LOGIN,), rooms.cell)
    known = rooms.users.find(login)
    if known is None:
        raise NotFound("Nobody has that login.", hint="`onefold user` lists the logins.")
    return Actor(f"{operator()} as {login}", known.roles, rooms.cell, portfolios=known.portfolios)


def permit(rooms: Rooms | ModelHouse, login: str, action: str, purpose: str, channel: str = "cli") -> Permit:
    """The gate's permit for one command."""
    return rooms.gate.permit(asking(rooms, login), action, purpose, channel)
