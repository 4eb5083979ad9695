"""Sign people in and out, and say what a signed-in person may do."""

from __future__ import annotations

from dataclasses import dataclass

from onefold.kernel.errors import NotFound, Refused, Unauthenticated, Unavailable
from onefold.usecases.begun import Begun
from onefold.usecases.model import SignInWays
from onefold.usecases.ports import Person, Provider
from onefold.usecases.rooms import Rooms
from onefold.usecases.turned_away import Why
from onefold.usecases.ways import DIRECTORY, PROVIDER, PROVIDER_SECONDS, Roles, portfolios_of, roles_of


@dataclass(frozen=True, slots=True)
class Known:
    """A signed-in person: roles, purposes, and for each permitted action its purposes."""

    login: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    may: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the epoch their session holds for."""

    login: str
    epoch: str


def sign_in(rooms: Rooms, login: str, password: str, address: str = "") -> SignedIn:
    """Checks the password, here and then in the directory; `Unauthenticated` does not say what was wrong.

    Audited either way. A login that nobody has is not written down: people type passwords into the wrong
    field. A directory that is down keeps nobody out whose password is kept here.
    """
    rooms.attempts.begin(login, address)
    # Asked for first: a password that is changed meanwhile must not lend its epoch to the old one.
    epoch = rooms.users.epoch(login)
    try:
        # Looked at in any case, so that it takes as long for a login that may not use a password of ours.
        actor = rooms.users.verify(login, password)
        if actor is not None and rooms.ways.takes_password_of(login):
            signed_in = SignedIn(actor.id, epoch)
        else:
            signed_in = _over_directory(rooms, login, password)
    except Unavailable:
        rooms.attempts.undecided(login, address)
        raise
    rooms.attempts.succeeded(login, address)
    rooms.gate.note(signed_in.login, "sign_in", "done", ())
    return signed_in


def _over_directory(rooms: Rooms, login: str, password: str) -> SignedIn:
    ways = rooms.ways
    person = ways.directory.verify(login, password) if ways.directory else None
    if person is None:
        known = rooms.users.find(login)
        rooms.gate.note(known.id if known else "unknown login", "sign_in", "refused", ("wrong password",))
        raise Unauthenticated("That login and password do not go together.", hint="Check both and try again.")
    return admit_person(rooms, DIRECTORY, person, ways.directory_roles, ways.directory_portfolios)


def admit_person(
    rooms: Rooms, prefix: str, person: Person, roles: Roles, portfolios: Roles | None = None
) -> SignedIn:
    """Lets somebody in whom the directory or provider vouches for; `Refused` where no role is theirs."""
    login = f"{prefix}{person.login}"
    kept = portfolios_of(person.groups, portfolios)
    actor = rooms.users.enrol(login, roles_of(person.groups, roles), kept)
    if actor is None:
        rooms.gate.note(login, "sign_in", "refused", ("no group of theirs has a role here",))
        raise Refused(
            "You may not sign in here.",
            reasons=("none of your groups has a role here, or your account is disabled",),
            hint="Ask who runs this server.",
        )
    return SignedIn(login, rooms.users.epoch(login))


def describe_ways(rooms: Rooms) -> SignInWays:
    """How people can sign in here."""
    ways = rooms.ways
    return SignInWays(
        password=ways.local is None or bool(ways.local) or ways.directory is not None,
        provider=ways.provider.name if ways.provider else "",
    )


def begin_at_provider(rooms: Rooms, back: str, session: str = "") -> tuple[Begun, str]:
    """What is begun, and where to send the browser; `session` is the token of the one it has until now.

    `NotFound` where the settings name no provider.
    """
    provider = _provider(rooms)
    begun = rooms.begun.begin(back, session)
    return begun, provider.address(begun.state, begun.nonce, begun.challenge)


def end_at_provider(rooms: Rooms, state: str, code: str, issuer: str) -> tuple[SignedIn, Begun]:
    """Who came back with this state and code, and what was begun; audited either way."""
    provider, begun = _provider(rooms), rooms.begun.take(state)
    try:
        person = provider.redeem(code, begun.verifier, begun.nonce, issuer, rooms.clock.now_ms() // 1000)
    except Unauthenticated as error:
        rooms.gate.note("unknown login", "sign_in", "refused", ("the provider does not vouch for it",))
        raise error from None
    ways = rooms.ways
    signed_in = admit_person(rooms, PROVIDER, person, ways.provider_roles, ways.provider_portfolios)
    rooms.gate.note(signed_in.login, "sign_in", "done", ())
    return signed_in, begun


def _provider(rooms: Rooms) -> Provider:
    if rooms.ways.provider is None:
        raise NotFound("Nobody signs in at a provider here.", hint="Use a login and its password.")
    return rooms.ways.provider


def may_go_on(rooms: Rooms, login: str, since_seconds: int) -> bool:
    """Whether a session may be renewed: whoever came from outside is asked about there again.

    While the directory is down nobody from there is renewed: what they have ends within minutes.
    """
    if login.startswith(PROVIDER):
        return rooms.clock.now_ms() // 1000 < since_seconds + PROVIDER_SECONDS
    if not login.startswith(DIRECTORY):
        return rooms.ways.takes_password_of(login)
    if rooms.ways.directory is None:
        return False
    try:
        person = rooms.ways.directory.find(login.removeprefix(DIRECTORY))
    except Unavailable:
        return False
    before = rooms.users.epoch(login)
    groups, ways = person.groups if person else (), rooms.ways
    kept = portfolios_of(groups, ways.directory_portfolios)
    rooms.users.enrol(login, roles_of(groups, ways.directory_roles), kept)
    return rooms.users.epoch(login) == before


def sign_out(rooms: Rooms, login: str, *, everywhere: bool = False) -> None:
    """Records that the session ended; `everywhere` ends every other one of this person too."""
    if everywhere:
        rooms.users.end_sessions(login)
    rooms.gate.note(login, "sign_out", "done", ("from every session",) if everywhere else ())


def turn_away(rooms: Rooms, why: Why) -> None:
    """Counts for the audit that somebody whom nobody knows tried to get around a control."""
    rooms.turned_away.count(why, rooms.clock.now_ms())


def describe_session(rooms: Rooms, login: str) -> Known:
    """Who this is now, by the users file and the policies of this moment."""
    actor = rooms.users.find(login)
    if actor is None:
        raise Unauthenticated("This account is no longer there.", hint="Ask who runs this server.")
    may = rooms.gate.may(actor)
    purposes = sorted({purpose for allowed in may.values() for purpose in allowed})
    return Known(actor.id, actor.roles, tuple(purposes), may)
