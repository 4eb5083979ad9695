"""Let programs in: by a service token, or by a client's secret for which it is given short-lived access."""

from __future__ import annotations

from onefold.gate.model import Actor, Bounds
from onefold.kernel.errors import CallerError, Unauthenticated
from onefold.usecases.model import CLIENT, Machine
from onefold.usecases.rooms import Rooms

_LETTERS_MAX = 100


class WrongScope(CallerError):
    """A program asks for more than it was given."""

    code = "wrong_scope"
    status = 400


class UnknownClient(Unauthenticated):
    """A client is not known, or its secret is wrong: nobody is told which."""

    code = "unknown_client"


def by_service_token(rooms: Rooms, token: str) -> Actor:
    """Who shows this token, bounded by it; `Unauthenticated` does not say why it is not good."""
    machine = rooms.machines.by_token(token)
    if machine is None:
        raise Unauthenticated(
            "This service token is not known, is over, or was revoked.", hint="Ask who runs this server."
        )
    return actor_of(rooms, machine, machine.actions)


def by_access(rooms: Rooms, client: str, epoch: str, actions: tuple[str, ...]) -> Actor:
    """Who was given access, bounded by what was asked for; `Unauthenticated` once the client was changed."""
    machine = rooms.machines.find(CLIENT, client)
    if machine is None or machine.epoch != epoch:
        raise Unauthenticated("This access was revoked.", hint="Ask who runs this server.")
    return actor_of(rooms, machine, tuple(it for it in actions if it in machine.actions))


def actor_of(rooms: Rooms, machine: Machine, actions: tuple[str, ...]) -> Actor:
    """The program as the gate knows it: its role, for one purpose, these actions and one firm alone."""
    bounds = Bounds((machine.purpose,), actions)
    name = f"{machine.kind}:{machine.id}"
    return Actor(name, (machine.role,), rooms.cell, bounds, controller=machine.controller)


def grant_access(
    rooms: Rooms, client: str, secret: str, scope: str, address: str
) -> tuple[Machine, tuple[str, ...]]:
    """The client, and the actions it is given: those it asks for, or all of its own. Audited either way."""
    if len(client) > _LETTERS_MAX:
        raise _unknown()
    # By address, so that nobody who knows its id locks a partner out.
    attempt = f"{CLIENT}:{client} {address}"
    rooms.attempts.begin(attempt, address)
    machine = rooms.machines.by_secret(CLIENT, client, secret)
    if machine is None:
        known = rooms.machines.find(CLIENT, client)
        who = f"{CLIENT}:{known.id}" if known else "unknown client"
        rooms.gate.note(who, "sign_in", "refused", ("wrong secret",))
        raise _unknown()
    rooms.attempts.succeeded(attempt, address)
    name = f"{CLIENT}:{client}"
    asked = tuple(dict.fromkeys(scope.split())) or machine.actions
    if not set(asked) <= set(machine.actions):
        rooms.gate.note(name, "sign_in", "refused", ("asked for more than it may",))
        raise WrongScope("The client asks for actions that it was not given.")
    rooms.gate.note(name, "sign_in", "done", ())
    return machine, asked


def _unknown() -> UnknownClient:
    return UnknownClient("The client and its secret do not go together.", hint="Check both.")
